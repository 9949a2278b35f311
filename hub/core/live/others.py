"""Positions that other nodes have accepted, as they come out of the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from hub.core.fixes.accept import is_live, is_more_exact
from hub.core.live.facts.removal import outdated
from hub.core.live.fleet import Fleet
from hub.core.live.hub import Hub
from hub.core.live.log_place import SEQUENCE_BITS
from hub.core.live.update import Update

SEQ = b'"seq":'

LASTS = 60_000 << SEQUENCE_BITS
"""How far the log goes on, in its milliseconds, while an overtaken position may still come: no node reads it while none
can append to it."""


Instant = Annotated[datetime, Meta(tz=True)]


class Row(Struct, rename="camel", gc=False):
    """What decides where a logged position is shown; the rest is passed on as it is."""

    driver_id: str
    latitude: float
    longitude: float
    recorded_at: Instant
    received_at: Instant
    accuracy: float | None = None
    clock_offset: float | None = None


Inverted = Callable[[Fleet, Update], object]


class Others:
    """Applies positions of other nodes to a hub. The newest by time of record wins at every node, so positions may come
    in any order and repeatedly, and all nodes show the same in the end.

    Each entry of the log also replaced the stored latest positions of its drivers. ``inverted`` is called with the
    newest position of a driver where a later entry may have put an older one in its place.
    """

    def __init__(self, hub: Hub, inverted: Inverted) -> None:
        self._hub, self._inverted = hub, inverted
        # (fleet, driver) -> its position that a newer one of another node has overtaken on the way to the log, where it
        # will replace all that come before it, and the entry of the newer one.
        self._overtaken: dict[tuple[str, str], tuple[Update, int]] = {}

    def forget(self) -> None:
        """The latest positions were dropped, and nothing waits for the log."""
        self._overtaken.clear()

    def apply(self, fleet: Fleet, row: Row, payload: bytes, entry: int, now: datetime) -> bool:
        """Apply a position of the entry ``entry`` (a number of ``log_place``): spread it if it is the newest of its
        driver. ``payload`` is its JSON. Returns whether it was spread; the caller ends the turn."""
        driver_id = row.driver_id
        ordered_at = self._ordered(fleet, row)
        old = fleet.latest.get(driver_id)
        heard_at = min(row.received_at, now)
        if old is None:
            previous, until = None, fleet.gone.get(driver_id)
            if until is not None and row.received_at <= until:
                return False
        else:
            previous = old.recorded_at
            if heard_at > (fleet.heard_at(driver_id) or heard_at):
                self._hub.presence.mark(fleet, driver_id, heard_at)
        horizon = now + self._hub.max_future
        if not is_live(ordered_at, previous, horizon):
            assert old is not None or ordered_at > horizon
            if old is None or ordered_at > horizon:
                return False
            if ordered_at != previous:
                if 0 < old.entry < entry:
                    self._inverted(fleet, old)
                self._hub.arrivals.overtaken(fleet, old, row.latitude, row.longitude)
                return False
            if not is_more_exact(row.accuracy, old.accuracy):
                if 0 < old.entry < entry and (old.latitude, old.longitude) == (row.latitude, row.longitude):
                    old.entry = entry  # the same position: loaded at start, or this entry repeats it
                return False
        hub = self._hub
        seq = hub.seq + 1
        frame = hub.frame(renumbered(payload, seq))
        update = Update(driver_id, row.latitude, row.longitude, ordered_at, seq, frame, 0, row.accuracy, entry)
        if old is None and fleet.erased and outdated(fleet, update):
            return False
        hub.seq = seq
        if old is None:
            self._hub.presence.mark(fleet, driver_id, heard_at)
        hub.spread(fleet, update)
        if old is not None and not 0 < old.entry <= entry:
            self._inverted(fleet, update)
            self._overtaken[fleet.id, driver_id] = old, entry
        elif self._overtaken:
            self._overtake(fleet, update)
        return True

    def needed(self, fleet: Fleet, rows: list[Row], now: datetime) -> list[int]:
        """Which rows of an entry, by index, have to be applied: all while a client watches the fleet. Otherwise those
        that a later row replaces are left out, as nothing but the newest position of a driver remains of them."""
        if fleet.watched:
            return list(range(len(rows)))
        horizon = now + self._hub.max_future
        needed: list[int] = []
        later: dict[str, Row] = {}
        for index in range(len(rows) - 1, -1, -1):
            row = rows[index]
            newer = later.get(row.driver_id)
            if newer is not None and row.clock_offset is None and replaces(newer, row):
                continue
            needed.append(index)
            # One in the future is not shown, and the order of corrected times is that of ``apply``.
            if row.clock_offset is None and row.recorded_at <= horizon:
                later[row.driver_id] = row
            else:
                later.pop(row.driver_id, None)
        needed.reverse()
        return needed

    def _overtake(self, fleet: Fleet, update: Update) -> None:
        """A position that follows others of its node may come before the overtaken one, too."""
        key = fleet.id, update.driver_id
        if key in self._overtaken:
            overtaken, since = self._overtaken[key]
            if 0 < overtaken.entry <= update.entry or update.entry - since > LASTS:
                del self._overtaken[key]
            else:
                self._inverted(fleet, update)

    def _ordered(self, fleet: Fleet, row: Row) -> datetime:
        """The instant by which a position is ordered; the clock of its driver is known from now on, so that the driver
        may change nodes."""
        clocks = fleet.clocks
        watched = clocks.watched.get(row.driver_id)
        if row.clock_offset is None:
            if watched is not None and watched.proven:
                clocks.remove(row.driver_id)
            return row.recorded_at
        ahead = timedelta(seconds=row.clock_offset)
        try:
            if watched is None or watched.ahead is None or abs(watched.ahead - ahead) > timedelta(seconds=0.1):
                return clocks.restore(row.driver_id, row.recorded_at, row.received_at, row.clock_offset)
            return row.recorded_at - ahead
        except OverflowError:  # before year 1 or after 9999
            return row.recorded_at


def replaces(newer: Row, older: Row) -> bool:
    """Whether nothing remains of an earlier row once a later one of the same driver was applied."""
    return newer.recorded_at > older.recorded_at and newer.received_at >= older.received_at


def renumbered(payload: bytes, seq: int) -> bytes:
    """The JSON of a position with another ``seq``. Ids have no quotes and attributes come last, so the first
    ``"seq":`` is that of the position."""
    start = payload.index(SEQ) + len(SEQ)
    end = payload.find(b",", start)
    if end < 0:
        end = payload.index(b"}", start)
    return b"%s%d%s" % (payload[:start], seq, payload[end:])
