"""Broadcasting: which cohorts a position matches, their batches, and the end of a turn.

Ordering rests on three rules. (1) Positions of a turn wait in their cohorts' batches until ``flush``, so a subscriber
gets one write a turn. (2) A change of the members of a cohort flushes first, so a batch never reaches a client that
has its positions from a snapshot. (3) A driver that changes tiles within a turn flushes first, so its two positions,
which are in different batches, keep their order.
"""

from __future__ import annotations

from collections.abc import Callable

from hub.core.live.client import Client
from hub.core.live.fleet import Cohort, Fleet, matches
from hub.core.live.subscriptions import Subscription
from hub.core.live.update import Update
from hub.core.messages import Left, Message


class Broadcaster:
    """Batches of one node. ``message`` finishes a message for the socket."""

    def __init__(self, message: Callable[[Message], bytes]) -> None:
        # Positions sent, and the writes used for them.
        self.delivered = 0
        self.writes = 0
        self._message = message
        # The last position that went into the batches, and the last one that left them.
        self._batched_seq = self._flushed_seq = 0
        self._dirty: list[Cohort] = []
        self._paced: dict[Client, None] = {}

    def publish(self, fleet: Fleet, update: Update, old: Update | None) -> None:
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
        fleet.grid.move(driver_id, update.latitude, update.longitude)
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
            self.writes += len(cohort.members)
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

    def show(self, client: Client, update: Update) -> None:
        """Send one client the latest position of a driver that it does not have, or no longer: behind an owed
        ``left``."""
        self.delivered += 1
        if client.blocked:
            client.owe_last(update.driver_id, update.frame)
        else:
            client.write(update.frame)

    def release(self, client: Client, driver_id: str) -> None:
        """Send what ``maxHz`` holds back of a driver: a position that came after its status would deny it."""
        for subscription in (client.subscriptions or {}).values():
            update = subscription.pending.pop(driver_id, None)
            if update is not None:
                self.delivered += 1
                _deliver(client, update)

    @property
    def waiting(self) -> int:
        """About how many positions wait in batches."""
        return self._batched_seq - self._flushed_seq if self._dirty else 0

    @property
    def pacing(self) -> bool:
        """Whether ``tick`` has something to do."""
        return bool(self._paced)

    def withdraw(self, client: Client) -> None:
        """A client is gone."""
        self._paced.pop(client, None)

    def _watch(self, client: Client, update: Update) -> None:
        """Match an update with the subscriptions of a watcher: send it now, when ``maxHz`` allows, or not at all."""
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
        """Send ``left`` to the clients whose area contains the old place and not the new one."""
        for key, old_key in zip(keys, old_keys, strict=True):
            cohort = fleet.tiles.get(old_key)
            if cohort is None:
                continue
            # A member's area covers the whole tile: a driver that moves within the tile does not leave it.
            for client in cohort.watchers if key == old_key else (*cohort.watchers, *cohort.members):
                if client.left_seq == update.seq or client.id == update.origin:
                    continue
                client.left_seq = update.seq
                for subscription in (client.subscriptions or {}).values():
                    area = subscription.area
                    if (
                        area is not None
                        and subscription.wants(update.driver_id)
                        and area.contains(old.latitude, old.longitude)
                        and not area.contains(update.latitude, update.longitude)
                    ):
                        subscription.pending.pop(update.driver_id, None)
                        self.leave(client, subscription.id, update.driver_id, still=matches(client, update))

    def leave(self, client: Client, id: str, driver_id: str, *, still: bool) -> None:
        """Send ``left`` after everything owed; drop the owed position unless another subscription matches it."""
        frame = self._message(Left(id, driver_id))
        if not client.blocked:
            client.write(frame)
            return
        if not still:
            client.forget(driver_id)
            client.forget(("state", driver_id))
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


def settle_pending(client: Client) -> None:
    """Send what ``maxHz`` held back, so that a change of subscriptions starts from what the client knows."""
    frames: list[bytes] = []
    for subscription in (client.subscriptions or {}).values():
        frames += [update.frame for update in subscription.pending.values()]
        subscription.pending.clear()
    if frames:
        client.write(b"".join(frames))
