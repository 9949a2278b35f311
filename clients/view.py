"""State of a subscription: latest position and presence of each driver, kept current by the hub's messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from clients.messages import (
    FenceMessage,
    FencesMessage,
    Heartbeat,
    Left,
    Location,
    Since,
    StateMessage,
    Status,
    Subscribed,
    Synced,
)


class View:
    """``apply`` takes every message in order. ``latest``, ``presence`` and ``inside`` are keyed by driver id; a
    location implies
    ``online``.

    ``since`` is where to resume after a loss: the last ``seq`` up to which the hub has confirmed to have sent all. Not
    the highest received ``seq``: a position delayed for a slow reader may come after one with a higher ``seq``.

    A position that was received from another hub has ``seq`` 0 until a newer one comes: its number says nothing here.
    """

    def __init__(self) -> None:
        self.latest: dict[str, Location] = {}
        self.presence: dict[str, str] = {}
        self.inside: dict[str, dict[str, datetime]] = {}
        self.since: Since | None = None
        self._epoch = ""
        self._resume: str | None = None
        self._unsynced = 0

    def asked(self) -> None:
        """A subscribe message is sent; until it is synced, ``since`` does not advance."""
        self._unsynced += 1

    def lost(self) -> None:
        """The connection is lost, and with it the subscribe messages that were not synced."""
        self._unsynced = 0

    def apply(self, message: object) -> bool:
        """Apply a message; False if it changes nothing. A resume may repeat positions, and send ``left`` for drivers
        that are not in the view."""
        match message:
            case Location(driver_id=driver_id):
                known = self.latest.get(driver_id)
                if known is not None and (known.seq >= message.seq or (not known.seq and not _newer(message, known))):
                    return False
                self.latest[driver_id] = message
                self.presence[driver_id] = "online"
            case StateMessage(driver_id=driver_id):
                known = self.latest.get(driver_id)
                if known is None:
                    return False
                self.latest[driver_id] = replace(known, state=message.state)
            case Left(driver_id=driver_id):
                self.presence.pop(driver_id, None)
                self.inside.pop(driver_id, None)
                return self.latest.pop(driver_id, None) is not None
            case Status(driver_id=driver_id):
                self.presence[driver_id] = message.status
            case FencesMessage(driver_id=driver_id):
                self.inside[driver_id] = dict(message.inside)
            case FenceMessage():
                self._fence(message)
            case Subscribed():
                if message.epoch != self._epoch:
                    self._epoch = message.epoch
                    self._resume = None
                    for driver_id, known in self.latest.items():
                        self.latest[driver_id] = replace(known, seq=0)
                self.inside.clear()  # what the hub knows follows
                if message.reset:
                    self.latest.clear()
                    self.presence.clear()
            case Synced():
                self._unsynced -= 1
                self._resumable(message)
            case Heartbeat():
                self._resumable(message)
        return True

    def _fence(self, message: FenceMessage) -> None:
        """Visits of the past come later than those of now, so only the visit that is known may end."""
        fences = self.inside.setdefault(message.driver_id, {})
        since = fences.get(message.fence_id)
        if message.removed or message.exited_at is not None:
            if since == message.entered_at:
                del fences[message.fence_id]
        elif message.event != "crossed" and (since is None or since < message.entered_at):
            fences[message.fence_id] = message.entered_at
        if not fences:
            del self.inside[message.driver_id]

    def _resumable(self, message: Synced | Heartbeat) -> None:
        if self._unsynced == 0:
            self._resume = message.resume or self._resume
            self.since = Since(self._epoch, message.seq, self._resume)


def _newer(one: Location, other: Location) -> bool:
    return _measured_at(one) > _measured_at(other)


def _measured_at(location: Location) -> datetime:
    return location.recorded_at - timedelta(seconds=location.clock_offset or 0.0)
