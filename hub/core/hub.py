"""The hub: it owns live state and decides who is owed what. Pure: plain calls in, ``client.write`` calls out.

Ordering rests on three rules. (1) Positions of a turn wait in their cohorts' batches until ``flush``, so a subscriber
gets one write a turn. (2) Whatever changes who is in which cohort flushes first, so a batch never reaches somebody who
has its positions from a snapshot. (3) A driver that changes tiles within a turn flushes first, so its two positions,
which lie in different batches, keep their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET

from hub.core.accept import Rejected, checked_attributes, is_live, recorded_instant
from hub.core.client import Client
from hub.core.fleet import Cohort, Fleet, Update, matches
from hub.core.messages import Heartbeat, Left, Message, Status, Subscribed, Synced, Unsubscribed
from hub.core.nouns import ID_PATTERN, Fix, Position
from hub.core.outbox import Write
from hub.core.principal import Principal
from hub.core.subscriptions import Subscription

ONLINE, STALE, OFFLINE = "online", "stale", "offline"

Frame = Callable[[bytes], bytes]
"""Turns an encoded message into what is written to a socket."""


class Hub:
    """Latest positions, cohorts and outboxes of all fleets of one node. One loop calls it; nothing here waits.

    ``epoch`` names this run of numbering. ``frame`` finishes an encoded message for the socket. ``max_future`` seconds
    is what device clocks may be ahead; ``max_drivers`` bounds the drivers of a fleet.
    """

    def __init__(
        self, epoch: str, frame: Frame = bytes, *, max_future: float = 60.0, max_drivers: int = 100_000
    ) -> None:
        self.epoch = epoch
        self.frame = frame
        self.max_future = timedelta(seconds=max_future)
        self.max_drivers = max_drivers
        self.seq = 0
        self.fleets: dict[str, Fleet] = {}
        self.clients: dict[int, Client] = {}
        self.delivered = 0
        # The last position that went into the batches, and the last one that left them.
        self._batched_seq = self._flushed_seq = 0
        self._dirty: list[Cohort] = []
        self._paced: dict[Client, None] = {}
        self._last_id = 0
        self._encode = msgspec.json.Encoder().encode

    def fleet(self, id: str) -> Fleet:
        """The live state of a fleet, made when first asked for."""
        fleet = self.fleets.get(id)
        if fleet is None:
            fleet = self.fleets[id] = Fleet(id)
        return fleet

    def message(self, message: Message) -> bytes:
        """A finished frame of a message."""
        return self.frame(self._encode(message))

    # Clients ---------------------------------------------------------------------------------------------------

    def connect(self, principal: Principal, write: Write, *, lane_limit: int = 131_072) -> Client:
        """A new client, subscribed to nothing."""
        self._last_id += 1
        client = self.clients[self._last_id] = Client(self._last_id, principal, write, lane_limit)
        return client

    def disconnect(self, client: Client) -> None:
        """Forget a client; calling it again does nothing."""
        if self.clients.pop(client.id, None) is None:
            return
        self.flush()
        self.fleet(client.principal.fleet).leave(client)
        self._paced.pop(client, None)
        client.subscriptions = client.owed = client.lane = None
        client.plain = False

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

    def subscribe(self, client: Client, new: Subscription, since: tuple[str, int] | None = None) -> None:
        """Add a subscription, or move the one with the same id: ``subscribed``, what is new, ``synced``.

        The client must be caught up (not blocked): what it is owed would be read by the wrong subscriptions.
        ``since`` (epoch, seq) resumes: of the same epoch only what has a higher seq is owed, otherwise all (``reset``).
        Positions that another subscription of the client already covers are not sent again.
        """
        _settle_pending(client)
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        fleet.leave(client)
        client.plain = False
        subscriptions = client.subscriptions = client.subscriptions or {}
        old = subscriptions.get(new.id)
        # Moving a subscription is no resumption: this connection knows what it has.
        resumed = old is None and since is not None and since[0] == self.epoch and since[1] <= self.seq
        floor = since[1] if resumed and since is not None else 0
        owed = [
            update
            for update in fleet.find(new)
            if update.seq > floor and update.origin != client.id and not matches(client, update)
        ]
        gone = [
            update.driver_id
            for update in (fleet.find(old) if old is not None else ())
            if not new.matches(update.driver_id, update.latitude, update.longitude)
        ]
        if resumed and new.area is not None:
            # What moved while the client was away may have been inside when it left.
            contains = new.area.contains
            gone += [
                update.driver_id
                for update in fleet.latest.values()
                if update.seq > floor and not contains(update.latitude, update.longitude)
            ]
        subscriptions[new.id] = new
        fleet.join(client)
        client.send(self.message(Subscribed(new.id, self.epoch, self.seq, len(owed), not resumed and old is None)))
        for driver_id in gone:
            self._leave(client, new.id, driver_id, still=matches(client, fleet.latest[driver_id]))
        for update in owed:
            client.owe(update.driver_id, update.frame)
        self._owe_statuses(client, fleet, new, floor)
        client.owe_last(("synced", new.id), self.message(Synced(new.id, self.seq)))
        client.drain()

    def unsubscribe(self, client: Client, id: str) -> bool:
        """End a subscription of a client that is not blocked. False when there is none of that id."""
        subscriptions = client.subscriptions or {}
        if id not in subscriptions:
            return False
        _settle_pending(client)
        self.flush()
        fleet = self.fleet(client.principal.fleet)
        fleet.leave(client)
        del subscriptions[id]
        fleet.join(client)
        client.send(self.message(Unsubscribed(id)))
        return True

    # Positions -------------------------------------------------------------------------------------------------

    def publish(
        self, fleet: Fleet, driver_id: str, fix: Fix, now: datetime, origin: Client
    ) -> tuple[bytes, Update | None]:
        """Accept a fix, number it, and owe it to whoever watches.

        Returns the encoded position for the log, and the update when it is live (None when late or in the future).
        Raises ``Rejected`` and changes nothing when the fix cannot be accepted.
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
            )
        )
        self._hear(fleet, driver_id, now)
        if not is_live(recorded_at, previous, now + self.max_future):
            return payload, None
        update = Update(
            driver_id,
            fix.latitude,
            fix.longitude,
            recorded_at,
            seq,
            self.frame(payload),
            origin.id if origin.plain or origin.subscriptions else 0,
        )
        self._broadcast(fleet, update, old)
        return payload, update

    def load(self, fleet_id: str, positions: Iterable[Position]) -> None:
        """Take latest positions as they were before a restart, under a new ``seq``. Nobody may watch yet."""
        fleet = self.fleet(fleet_id)
        for position in sorted(positions, key=lambda position: position.received_at):
            self.seq += 1
            payload = self._encode(msgspec.structs.replace(position, seq=self.seq))
            fleet.grid.move(position.driver_id, None, (position.latitude, position.longitude))
            fleet.latest[position.driver_id] = Update(
                position.driver_id,
                position.latitude,
                position.longitude,
                position.recorded_at,
                self.seq,
                self.frame(payload),
                0,
            )
            fleet.heard[position.driver_id] = position.received_at

    def flush(self) -> None:
        """End of a turn: every cohort joins its batch once, and every member gets one write."""
        self._flushed_seq = self._batched_seq
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, []
        for cohort in dirty:
            batch, cohort.batch = cohort.batch, []
            data = batch[0].frame if len(batch) == 1 else b"".join([update.frame for update in batch])
            self.delivered += len(batch) * len(cohort.members)
            authors = cohort.authors
            for client in cohort.members:
                if authors and client.id in authors:
                    for update in batch:
                        if update.origin != client.id:
                            _deliver(client, update)
                elif client.blocked:
                    for update in batch:
                        client.owe(update.driver_id, update.frame)
                else:
                    client.write(data)
            if authors:
                cohort.authors = set()

    def tick(self, now: float) -> None:
        """Send what ``maxHz`` held back and is due. ``now`` is any steady clock in seconds."""
        for client in list(self._paced):
            waiting = False
            for subscription in (client.subscriptions or {}).values():
                if not subscription.pending:
                    continue
                if now < subscription.due:
                    waiting = True
                    continue
                subscription.due = now + subscription.period
                pending, subscription.pending = subscription.pending, {}
                self.delivered += len(pending)
                for update in pending.values():
                    _deliver(client, update)
            if not waiting:
                del self._paced[client]

    @property
    def pacing(self) -> bool:
        """Whether ``tick`` has something to do."""
        return bool(self._paced)

    # Liveness --------------------------------------------------------------------------------------------------

    def heartbeat(self, client: Client, now: datetime) -> None:
        """Tell a subscribed client that we are alive and how far it has got."""
        if not client.subscriptions:
            return
        self.flush()
        # Nothing up to the seq may be held back; the first pending position of a subscription is its oldest.
        held = [next(iter(s.pending.values())).seq for s in client.subscriptions.values() if s.pending]
        frame = self.message(Heartbeat(min(held) - 1 if held else self.seq, now))
        if not client.blocked:
            client.write(frame)
        elif not (client.owed and "heartbeat " in client.owed):
            # Behind everything owed now, so that its seq is true when it is sent. The blank keeps it from being a
            # driver's id.
            client.owe_last("heartbeat ", frame)

    def sweep_presence(self, now: datetime, stale_after: timedelta, offline_after: timedelta) -> None:
        """Notice drivers that went silent. ``now`` is the clock that ``publish`` gets."""
        for fleet in self.fleets.values():
            silent = []
            for driver_id, heard in fleet.heard.items():
                if now - heard < stale_after:
                    break
                status = OFFLINE if now - heard >= offline_after else STALE
                if fleet.away.get(driver_id) != status:
                    silent.append((driver_id, status))
            for driver_id, status in silent:
                if status == OFFLINE:
                    del fleet.heard[driver_id]
                fleet.away[driver_id] = status
                self._announce_status(fleet, driver_id, status)

    # Inside ----------------------------------------------------------------------------------------------------

    def _check_driver(self, fleet: Fleet, driver_id: str) -> None:
        if not ID_PATTERN.match(driver_id):
            raise Rejected("driverId", "must be 1 to 64 of the characters A-Z a-z 0-9 . _ : -")
        if len(fleet.latest) >= self.max_drivers:
            raise Rejected("driverId", f"the fleet has its {self.max_drivers} drivers already")

    def _owe_statuses(self, client: Client, fleet: Fleet, subscription: Subscription, floor: int) -> None:
        """Presence as it turned since ``floor``; a driver that never turned is online."""
        for update in fleet.find(subscription):
            driver_id = update.driver_id
            if fleet.turned.get(driver_id, -1) >= floor and (floor or driver_id in fleet.away):
                status = Status(driver_id, fleet.away.get(driver_id, ONLINE))
                client.owe(("status", driver_id), self.message(status))

    def _hear(self, fleet: Fleet, driver_id: str, now: datetime) -> None:
        heard = fleet.heard
        heard.pop(driver_id, None)
        heard[driver_id] = now
        if driver_id in fleet.away:
            del fleet.away[driver_id]
            self._announce_status(fleet, driver_id, ONLINE)

    def _announce_status(self, fleet: Fleet, driver_id: str, status: str) -> None:
        update = fleet.latest.get(driver_id)
        if update is None:
            return
        fleet.turned[driver_id] = self.seq
        self.flush()
        frame = self.message(Status(driver_id, status))
        for client in fleet.clients_of(update):
            if client.blocked:
                client.owe(("status", driver_id), frame)
            else:
                client.write(frame)

    def _broadcast(self, fleet: Fleet, update: Update, old: Update | None) -> None:
        """Make an update the driver's latest and put it into the batches of the cohorts that match."""
        driver_id, seq = update.driver_id, update.seq
        cohorts: list[Cohort | None] = [fleet.plain, fleet.everyone]
        if fleet.drivers:
            cohorts.append(fleet.drivers.get(driver_id))
        if fleet.levels:
            keys = fleet.tile_keys(update)
            if old is not None:
                old_keys = fleet.tile_keys(old)
                if old.seq > self._flushed_seq and keys != old_keys:
                    self.flush()
                self._leave_areas(fleet, update, old, keys, old_keys)
            cohorts += [fleet.tiles.get(key) for key in keys]
        fleet.grid.move(driver_id, (old.latitude, old.longitude) if old else None, (update.latitude, update.longitude))
        fleet.latest[driver_id] = update
        self._batched_seq = seq
        for cohort in cohorts:
            if cohort is None:
                continue
            if cohort.members:
                if not cohort.batch:
                    self._dirty.append(cohort)
                cohort.batch.append(update)
                if update.origin:
                    cohort.authors.add(update.origin)
            for client in cohort.watchers:
                if client.seen_seq != seq and client.id != update.origin:
                    client.seen_seq = seq
                    self._watch(client, update)

    def _watch(self, client: Client, update: Update) -> None:
        """Hold an update against the subscriptions of a watcher: now, when ``maxHz`` allows, or not at all."""
        driver_id = update.driver_id
        best: Subscription | None = None
        for subscription in (client.subscriptions or {}).values():
            if subscription.pending:
                subscription.pending.pop(driver_id, None)  # an older position of the same driver
            if subscription.matches(driver_id, update.latitude, update.longitude) and (
                best is None or subscription.period < best.period
            ):
                best = subscription
        if best is None:
            return
        if best.period:
            best.pending[driver_id] = update
            self._paced[client] = None
        else:
            self.delivered += 1
            _deliver(client, update)

    def _leave_areas(self, fleet: Fleet, update: Update, old: Update, keys: list[int], old_keys: list[int]) -> None:
        """Tell those whose area held the old place and does not hold the new one."""
        for key, old_key in zip(keys, old_keys, strict=True):
            cohort = fleet.tiles.get(old_key)
            if cohort is None:
                continue
            # A member's area covers the whole tile: nobody leaves it by moving within.
            for client in cohort.watchers if key == old_key else (*cohort.watchers, *cohort.members):
                if client.left_seq == update.seq or client.id == update.origin:
                    continue
                client.left_seq = update.seq
                for subscription in (client.subscriptions or {}).values():
                    area = subscription.area
                    if (
                        area is not None
                        and area.contains(old.latitude, old.longitude)
                        and not area.contains(update.latitude, update.longitude)
                    ):
                        subscription.pending.pop(update.driver_id, None)
                        self._leave(client, subscription.id, update.driver_id, still=matches(client, update))

    def _leave(self, client: Client, id: str, driver_id: str, *, still: bool) -> None:
        """``left``, behind what is owed; the driver's owed position goes unless another subscription wants it still."""
        frame = self.message(Left(id, driver_id))
        if not client.blocked:
            client.write(frame)
            return
        if not still:
            client.forget(driver_id)
        client.owe_last(("left", id, driver_id), frame)


def _deliver(client: Client, update: Update) -> None:
    if not client.blocked:
        client.write(update.frame)
        return
    if client.owed is not None:
        # A position takes the place of the owed one before it, which may stand before a `left` that is history now.
        for subscription in (client.subscriptions or {}).values():
            if subscription.matches(update.driver_id, update.latitude, update.longitude):
                client.forget(("left", subscription.id, update.driver_id))
    client.owe(update.driver_id, update.frame)


def _settle_pending(client: Client) -> None:
    """Send what ``maxHz`` held back, so that a change of subscriptions starts from what the client knows."""
    frames: list[bytes] = []
    for subscription in (client.subscriptions or {}).values():
        frames += [update.frame for update in subscription.pending.values()]
        subscription.pending.clear()
    if frames:
        client.write(b"".join(frames))
