"""The states of drivers: free, busy or off duty, as they or dispatchers have set them, and who is told of a change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec import Struct

from hub.core.live.broadcast import Broadcaster
from hub.core.live.fleet import Fleet
from hub.core.live.subscriptions import Known
from hub.core.live.update import Update
from hub.core.messages import StateMessage
from hub.core.nouns import Position

Bytes = Callable[[bytes], bytes]


class DriverState(StrEnum):
    """What a driver is doing. A driver that has never set a state has none of them."""

    FREE = "free"
    BUSY = "busy"
    OFF_DUTY = "off_duty"


class Change(Struct, frozen=True, gc=False):
    """A state as it is stored: ``version`` rises with each change. ``state`` is None where it was deleted."""

    state: str | None
    version: int
    changed_at: datetime


class States:
    """Sets states, and sends each change to the clients that watch the driver.

    A state is also in every ``location`` of its driver, so that it is known wherever the driver is, in snapshots and in
    areas that the driver enters.
    """

    def __init__(self, broadcaster: Broadcaster, frame: Bytes, unframe: Bytes) -> None:
        self.broadcaster, self._frame, self._unframe = broadcaster, frame, unframe
        # Whether the stored states have been read: until then the latest positions tell them.
        self.current = False
        self._encode = msgspec.json.Encoder().encode
        self._decode = msgspec.json.Decoder(Position).decode

    def set(self, fleet: Fleet, driver_id: str, change: Change, seq: int) -> None:
        """Take a state, unless a later one is known. ``seq`` is the number of the last position."""
        old = fleet.states.get(driver_id)
        if change.state is not None and old is not None and change.version <= old.version:
            return
        before = None if old is None else old.state
        known = Known(change.state, change.version, change.changed_at, seq)
        update = fleet.latest.get(driver_id)
        if change.state is None and update is None:
            # No client has a position of the driver, which would have to be without the state.
            fleet.states.pop(driver_id, None)
            return
        if before == change.state or update is None:
            if old is not None:
                known.seq = old.seq
            fleet.states[driver_id] = known
            return
        # Positions of the old state come first.
        self.broadcaster.flush()
        fleet.states[driver_id] = known
        update = fleet.latest[driver_id] = self._restated(update, change.state)
        self._announce(fleet, update, before, known)

    def message(self, driver_id: str, known: Known) -> bytes:
        """The finished message of a state."""
        return self._frame(self._encode(StateMessage(driver_id, known.state, known.changed_at)))

    def _restated(self, update: Update, state: str | None) -> Update:
        position = msgspec.structs.replace(self._decode(self._unframe(update.frame)), state=state)
        return msgspec.structs.replace(update, frame=self._frame(self._encode(position)))

    def _announce(self, fleet: Fleet, update: Update, before: str | None, known: Known) -> None:
        driver_id, broadcaster = update.driver_id, self.broadcaster
        frame = self.message(driver_id, known)
        for client in fleet.around(update):
            covering = [
                subscription
                for subscription in (client.subscriptions or {}).values()
                if subscription.covers(driver_id, update.latitude, update.longitude)
            ]
            had = [subscription for subscription in covering if subscription.takes(before)]
            has = [subscription for subscription in covering if subscription.takes(known.state)]
            kept = any(subscription in has for subscription in had)
            broadcaster.release(client, driver_id)
            for subscription in had:
                if subscription not in has:
                    broadcaster.leave(client, subscription.id, driver_id, still=kept)
            if kept and client.blocked:
                # Behind the position that is owed, which may be of the old state.
                client.owe_last(("state", driver_id), frame)
            elif kept:
                client.write(frame)
            elif has and update.origin != client.id:
                broadcaster.show(client, update)
