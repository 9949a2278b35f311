"""The hub: owns live state and decides what each client is owed. Pure: plain calls in, ``client.write`` calls out."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from hub.core.fixes.accept import Rejected, checked_attributes, is_live, is_more_exact, recorded_instant
from hub.core.fixes.clocks import MAX_BEHIND
from hub.core.live.arrivals import Arrivals
from hub.core.live.broadcast import Broadcaster, settle_pending
from hub.core.live.client import Client
from hub.core.live.facts.inside import owe_inside
from hub.core.live.facts.presence import Presence
from hub.core.live.facts.removal import outdated, remove, removed_since
from hub.core.live.facts.states import Change, States
from hub.core.live.fleet import Fleet, Thresholds, matches
from hub.core.live.log_place import LogPlace
from hub.core.live.outbox import Write
from hub.core.live.resumption import NOTHING, Resumption, token
from hub.core.live.subscriptions import Known, Subscription
from hub.core.live.update import Update
from hub.core.messages import Heartbeat, Message, Subscribed, Synced, Unsubscribed
from hub.core.nouns import ID_PATTERN, Fix, Position
from hub.core.principal import Principal

MOST_LEFT = 1_000
"""``left`` messages that a resumption may cost before it is a reset: some 70 kB, and a millisecond of a turn."""

HEARTBEAT = ("heartbeat",)
"""Key of an owed heartbeat. Keys of what is owed are driver ids for positions, and tuples for everything else."""

Frame = Callable[[bytes], bytes]
"""Turns an encoded message into what is written to a socket."""


class Hub:
    """Latest positions, cohorts and outboxes of all fleets of one node. One loop calls it; nothing here waits.

    ``epoch`` names this run of numbering. ``frame`` finishes an encoded message for the socket, ``unframe`` returns the
    message of a frame. ``max_future`` seconds
    is the tolerance for device clocks that are ahead; ``max_drivers`` bounds the drivers of a fleet. ``partition_of``:
    number of the partition of the log that has a fleet, of ``partitions``.
    """

    def __init__(
        self,
        epoch: str,
        frame: Frame = bytes,
        unframe: Frame = bytes,
        *,
        max_future: float = 60.0,
        max_drivers: int = 100_000,
        partitions: int = 1,
        partition_of: Callable[[str], int] = lambda fleet: 0,
    ) -> None:
        self.epoch = epoch
        self.frame = frame
        self.max_future = timedelta(seconds=max_future)
        self.max_drivers = max_drivers
        self.seq = 0
        # Whether drivers that were removed before the start are known.
        self.knows_past = True
        self.log_places = [LogPlace() for _ in range(partitions)]
        self._partition_of = partition_of
        self.fleets: dict[str, Fleet] = {}
        self.clients: dict[int, Client] = {}
        self.broadcaster = broadcaster = Broadcaster(self.message)
        self.arrivals = Arrivals(broadcaster)
        # End of a turn; sending what ``maxHz`` held back.
        self.flush, self.tick = broadcaster.flush, broadcaster.tick
        self.presence = presence = Presence(self.fleets, broadcaster, self.message, lambda: self.seq)
        self.hear, self.sweep_presence = presence.hear, presence.sweep
        self.states = States(broadcaster, frame, unframe)
        self._last_id = 0
        self._encode = msgspec.json.Encoder().encode

    def fleet(self, id: str) -> Fleet:
        """The live state of a fleet, created at first use."""
        fleet = self.fleets.get(id)
        if fleet is None:
            fleet = self.fleets[id] = Fleet(id, self.log_places[self._partition_of(id)])
        return fleet

    def message(self, message: Message) -> bytes:
        """A finished frame of a message."""
        return self.frame(self._encode(message))

    # Clients ---------------------------------------------------------------------------------------------------

    def connect(self, principal: Principal, write: Write, *, lane_limit: int = 131_072) -> Client:
        """A new client, subscribed to nothing."""
        self._last_id += 1
        client = self.clients[self._last_id] = Client(self._last_id, principal, write, lane_limit)
        self.fleet(principal.fleet).log_place.clients += 1
        return client

    def disconnect(self, client: Client) -> None:
        """Forget a client; calling it again does nothing."""
        if self.clients.pop(client.id, None) is None:
            return
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        fleet.leave(client)
        fleet.log_place.clients -= 1
        self.arrivals.remove(client)
        self.broadcaster.withdraw(client)
        client.close()

    def watch_plainly(self, client: Client) -> None:
        """The first contract: the whole fleet, snapshot first, location objects only."""
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        client.plain = True
        fleet.join(client)
        for update in fleet.latest.values():
            client.owe(update.driver_id, update.frame)
        if not client.blocked:
            client.drain()

    def subscribe(self, client: Client, new: Subscription, since: Resumption | None = None) -> None:
        """Add a subscription, or move the one with the same id: ``subscribed``, what is new, ``synced``.

        The client must be caught up (not blocked): its owed frames belong to the old subscriptions.
        ``since`` resumes: only what the client does not have yet is owed, or all (``reset``) where that is not known.
        Positions that another subscription of the client already covers are not sent again. A subscription without
        positions is answered likewise, and has nothing to resume.
        """
        settle_pending(client)
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        new.sees = fleet.filter(new.groups, client.principal.groups)
        fleet.leave(client)
        client.plain = False
        new.states = fleet.states
        subscriptions = client.subscriptions = client.subscriptions or {}
        facts = client.facts = client.facts or {}
        facts.pop(new.id, None)
        if not new.positions:
            subscriptions.pop(new.id, None)
            facts[new.id] = new
            fleet.join(client)
            client.send(self.message(Subscribed(new.id, self.epoch, self.seq, 0, True, fleet.log_place.token())))
            for driver_id in fleet.inside if new.fences is not None else ():
                if new.concerns(driver_id, fleet.place(driver_id)):
                    owe_inside(client, fleet, new, driver_id, self.message)
            self._synced(client, fleet, new)
            return
        old = subscriptions.get(new.id)
        # Moving a subscription does not resume: the earlier positions were sent on this connection.
        known = since.known(self.epoch, self.seq, fleet.log_place) if old is None and since is not None else None
        if known is None or known.facts < fleet.removed_before or not (known.facts or self.knows_past):
            known = NOTHING
        gone = [
            update.driver_id
            for update in (fleet.find(old) if old is not None else ())
            if not new.matches(update.driver_id, update.latitude, update.longitude)
        ]
        if known is not NOTHING and (new.area is not None or new.state is not None):
            # A driver that moved, or changed its state, while the client was away may have matched before.
            moved = [
                update.driver_id
                for update in fleet.latest.values()
                if (known.lacks(update) or fleet.changed_state(update.driver_id, known.facts))
                and (new.drivers is None or update.driver_id in new.drivers)
                and not new.matches(update.driver_id, update.latitude, update.longitude)
            ]
            # After a long absence a reset costs less.
            if len(moved) <= MOST_LEFT:
                gone += moved
            else:
                known = NOTHING
        floor = known.facts
        if known is not NOTHING:
            gone += removed_since(fleet, new, floor)
        owed = [
            update
            for update in fleet.find(new)
            if (known.lacks(update) or (new.state is not None and fleet.changed_state(update.driver_id, floor)))
            and update.origin != client.id
            and not matches(client, update)
        ]
        subscriptions[new.id] = new
        fleet.join(client)
        if known.seq is None:
            self.arrivals.add(client, fleet)
        reset = known is NOTHING and old is None
        client.send(self.message(Subscribed(new.id, self.epoch, self.seq, len(owed), reset, fleet.log_place.token())))
        for driver_id in gone:
            latest = fleet.latest.get(driver_id)
            still = latest is not None and matches(client, latest)
            self.broadcaster.leave(client, new.id, driver_id, still=still)
        for update in owed:
            client.owe(update.driver_id, update.frame)
        resumed = known is not NOTHING
        self.presence.owe(client, fleet, new, floor, resumed=resumed)
        if resumed:  # else every position of the snapshot has its driver's state
            self._owe_states(client, fleet, new, floor)
        if new.fences is not None:
            for update in fleet.find(new):
                owe_inside(client, fleet, new, update.driver_id, self.message)
        self._synced(client, fleet, new)

    def _synced(self, client: Client, fleet: Fleet, new: Subscription) -> None:
        client.owe_last(("synced", new.id), self.message(Synced(new.id, self.seq, fleet.log_place.token())))
        if not client.blocked:
            client.drain()

    def unsubscribe(self, client: Client, id: str) -> bool:
        """End a subscription of a client that is not blocked. False if it does not exist."""
        subscriptions, facts = client.subscriptions or {}, client.facts or {}
        if id not in subscriptions and id not in facts:
            return False
        settle_pending(client)
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        fleet.leave(client)
        (subscriptions if id in subscriptions else facts).pop(id)
        fleet.join(client)
        if client.blocked:  # by what it was just sent: the rest of that comes first
            client.owe_last(("unsubscribed", id), self.message(Unsubscribed(id)))
        else:
            client.write(self.message(Unsubscribed(id)))
        return True

    # Positions -------------------------------------------------------------------------------------------------

    def publish(
        self, fleet: Fleet, driver_id: str, fix: Fix, now: datetime, origin: int = 0
    ) -> tuple[bytes, Update | None]:
        """Accept and number a fix, and spread it when it is live. ``origin`` as in ``Update``.

        Returns the encoded position for the log, and the update by which it is the latest position of its driver (None
        when late or in the future). For a fix that is sent again because the log had refused it, that is the older
        update. Raises ``Rejected`` and changes nothing when the fix cannot be accepted.
        """
        old = fleet.latest.get(driver_id)
        payload, update, live = self.accept(fleet, driver_id, fix, now, origin)
        if live and old is None and fleet.erased and outdated(fleet, update):
            return payload, None
        self.presence.mark(fleet, driver_id, now)
        if live:
            self.spread(fleet, update)
            return payload, update
        assert old is not None  # the first fix of a driver is always live
        if update.recorded_at == old.recorded_at and _place(old) == _place(update):
            return payload, old
        fleet.late.count(driver_id, (old.recorded_at - update.recorded_at).total_seconds())
        self.arrivals.overtaken(fleet, old, fix.latitude, fix.longitude)
        return payload, None

    def accept(
        self, fleet: Fleet, driver_id: str, fix: Fix, now: datetime, origin: int = 0
    ) -> tuple[bytes, Update, bool]:
        """Check a fix and number it: the encoded position, its update, and whether it is live.

        Changes nothing but ``seq`` and what is known of the driver's clock. Raises ``Rejected``.
        """
        old = fleet.latest.get(driver_id)
        if old is None:
            self._check_driver(fleet, driver_id)
            previous = None
        else:
            previous = old.recorded_at
        recorded_at = recorded_instant(fix, now, previous)
        attributes = checked_attributes(fix.attributes) if fix.attributes else None
        seq = self.seq = self.seq + 1
        ordered_at, clock_offset = recorded_at, None
        clocks, timed = fleet.clocks, fix.recorded_at is not None
        newer = previous is None or recorded_at > previous
        in_time = recorded_at is now or MAX_BEHIND <= recorded_at - now <= self.max_future
        if not in_time or driver_id in clocks.watched:
            judged = clocks.judge(driver_id, recorded_at, now, previous, self.max_future, timed=timed)
            ordered_at, clock_offset, previous = judged
            newer = is_live(ordered_at, previous, now + self.max_future)
        known = fleet.states.get(driver_id)
        payload = self._encode(
            Position(
                driver_id,
                fix.latitude,
                fix.longitude,
                recorded_at,
                now,
                seq,
                fix.speed,
                0.0 if fix.heading == 360 else fix.heading,
                fix.accuracy,
                fix.altitude,
                fix.battery,
                UNSET if attributes is None else attributes,
                clock_offset,
                None if known is None else known.state,
                fix.traceparent,
            )
        )
        # A fix without a time of its own is live also after our clock was set back.
        live = (
            not timed
            or newer
            or (old is not None and ordered_at == previous and is_more_exact(fix.accuracy, old.accuracy))
        )
        update = Update(
            driver_id, fix.latitude, fix.longitude, ordered_at, seq, self.frame(payload), origin, fix.accuracy
        )
        return payload, update, live

    def spread(self, fleet: Fleet, update: Update) -> None:
        """Make an update the latest position of its driver, and owe it to every client that watches the driver.

        The caller has made sure that it is newer than the latest position.
        """
        self.broadcaster.publish(fleet, update, fleet.latest.get(update.driver_id))

    def load(
        self, fleet_id: str, positions: Iterable[Position], entry: int = 0, heard: Mapping[str, datetime] | None = None
    ) -> None:
        """Restore latest positions, with a new ``seq``; all of them count as of the entry ``entry``. Call it before the
        first subscription, with the drivers that were heard the longest ago first. ``heard``: when drivers were heard
        without a position, if later. Those that were removed meanwhile are left out."""
        fleet = self.fleet(fleet_id)
        heard = heard or {}
        for position in sorted(positions, key=lambda position: last_heard(position, heard)):
            driver_id = position.driver_id
            until = fleet.gone.get(driver_id)
            if until is not None and position.received_at <= until:
                continue
            self.seq += 1
            position = msgspec.structs.replace(position, seq=self.seq)
            if self.states.current:
                position.state = fleet.states[driver_id].state if driver_id in fleet.states else None
            payload = self._encode(position)
            ordered_at = position.recorded_at
            if position.clock_offset is not None:
                with contextlib.suppress(OverflowError):  # before year 1 or after 9999
                    ordered_at = fleet.clocks.restore(
                        driver_id, position.recorded_at, position.received_at, position.clock_offset
                    )
            frame, place = self.frame(payload), (position.latitude, position.longitude)
            update = Update(driver_id, *place, ordered_at, self.seq, frame, 0, position.accuracy, entry)
            if fleet.erased and outdated(fleet, update):
                continue
            fleet.grid.move(driver_id, *place)
            fleet.latest[driver_id] = update
            fleet.heard_of(driver_id)[driver_id] = last_heard(position, heard)
            if position.state is not None and not self.states.current:
                # Until the stored states are read, which have versions.
                fleet.states[driver_id] = Known(position.state, 0, position.received_at, self.seq)

    def unload(self, place: LogPlace) -> list[dict[str, Any]]:
        """Forget the latest positions of a partition, which no connected client needs. Returns as ``Fleet.unload``."""
        self.flush()
        self.seq += 1
        place.forget(self.seq)
        fleets = [fleet for fleet in self.fleets.values() if fleet.log_place is place]
        return [old for fleet in fleets for old in fleet.unload()]

    def set_state(self, fleet_id: str, driver_id: str, change: Change) -> None:
        """Take the state of a driver, and send it to the clients that watch the driver."""
        self.states.set(self.fleet(fleet_id), driver_id, change, self.seq)

    def set_thresholds(self, fleet_id: str, changes: Mapping[str, Thresholds | None]) -> None:
        """Give drivers thresholds of presence of their own, or none, from the next sweep on."""
        self.presence.set_thresholds(self.fleet(fleet_id), changes)

    def remove(self, fleet: Fleet, driver_id: str) -> bool:
        """Remove a driver from the live fleet, which its subscribers are told by ``left``; False if it is not there.
        Its next fix brings it back."""
        if driver_id not in fleet.latest:
            return False
        self.flush()
        self.seq += 1
        remove(self.broadcaster, fleet, driver_id, self.seq)
        return True

    def announce(self, fleet_id: str, driver_id: str, payload: bytes) -> None:
        """Send an event of a driver, an encoded message, to the clients that watch the driver now; never conflated."""
        fleet = self.fleets.get(fleet_id)
        update = fleet.latest.get(driver_id) if fleet is not None else None
        if fleet is None or update is None:
            return
        self.flush()
        frame = self.frame(payload)
        for client in fleet.clients_of(update):
            client.send(frame)

    def alert(self, fleet_id: str, driver_id: str, payload: bytes) -> None:
        """Send an alert about a driver, an encoded message, to the clients with a subscription that matches the driver
        and asks for alerts; never conflated. A driver without a position is in no area."""
        fleet = self.fleets.get(fleet_id)
        if fleet is None:
            return
        frame = b""
        for client, _ in fleet.following(driver_id, _alerted):
            if not frame:
                self.flush()
                frame = self.frame(payload)
            client.send(frame)

    # Liveness --------------------------------------------------------------------------------------------------

    def heartbeat(self, client: Client, now: datetime) -> None:
        """Send a subscribed client a heartbeat with the ``seq`` up to which it has everything."""
        if not client.held:
            return
        self.flush()
        # Nothing up to the seq may be held back; the first pending position of a subscription is its oldest.
        place = self.fleet(client.principal.fleet).log_place
        held = [next(iter(s.pending.values())) for s in client.held.values() if s.pending]
        seq = min(update.seq for update in held) - 1 if held else self.seq
        frame = self.message(Heartbeat(seq, now, token(place, client, held), place.behind_ms()))
        if not client.blocked:
            client.write(frame)
        elif not (client.owed and HEARTBEAT in client.owed):
            # After everything owed now, so that its seq is true when it is sent.
            client.owe_last(HEARTBEAT, frame)

    # Inside ----------------------------------------------------------------------------------------------------

    def _check_driver(self, fleet: Fleet, driver_id: str) -> None:
        if not ID_PATTERN.match(driver_id):
            raise Rejected("driverId", "must be 1 to 64 of the characters A-Z a-z 0-9 . _ : -, and not . or ..")
        if len(fleet.latest) >= self.max_drivers:
            raise Rejected("driverId", f"the fleet has its {self.max_drivers} drivers already")

    def _owe_states(self, client: Client, fleet: Fleet, subscription: Subscription, floor: int) -> None:
        """Changes of state since ``floor``."""
        for update in fleet.find(subscription):
            if fleet.changed_state(update.driver_id, floor):
                known = fleet.states[update.driver_id]
                client.owe(("state", update.driver_id), self.states.message(update.driver_id, known))


def last_heard(position: Position, heard: Mapping[str, datetime]) -> datetime:
    """When the driver of a position was last heard; ``heard``: drivers that were heard without one."""
    return max(position.received_at, heard.get(position.driver_id, position.received_at))


def _alerted(subscription: Subscription) -> bool:
    return subscription.alerts


def _place(update: Update) -> tuple[float, float]:
    return update.latitude, update.longitude
