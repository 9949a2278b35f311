"""What one subscription shows: the latest position and presence of each driver in it, kept by the hub's messages."""

from __future__ import annotations

from clients.messages import Heartbeat, Left, Location, Since, Status, Subscribed, Synced


class View:
    """Feed it every message in order. ``latest`` and ``presence`` are keyed by driver id; a location means ``online``.

    ``since`` is where to resume after a loss: the last point up to which the hub says it has sent everything. Not the
    highest ``seq`` seen: a position that was held back for a slow reader may come after one with a higher ``seq``.
    """

    def __init__(self) -> None:
        self.latest: dict[str, Location] = {}
        self.presence: dict[str, str] = {}
        self.since: Since | None = None
        self._epoch = ""
        self._unsynced = 0

    def asked(self) -> None:
        """A subscribe message goes out; until it is synced nothing can be resumed from."""
        self._unsynced += 1

    def lost(self) -> None:
        """The connection is gone, and with it what was asked."""
        self._unsynced = 0

    def apply(self, message: object) -> bool:
        """Take in a message. False for what is no news: a resume repeats a little, and may take leave of strangers."""
        match message:
            case Location(driver_id=driver_id):
                known = self.latest.get(driver_id)
                if known is not None and known.seq >= message.seq:
                    return False
                self.latest[driver_id] = message
                self.presence[driver_id] = "online"
            case Left(driver_id=driver_id):
                self.presence.pop(driver_id, None)
                return self.latest.pop(driver_id, None) is not None
            case Status(driver_id=driver_id):
                self.presence[driver_id] = message.status
            case Subscribed():
                self._epoch = message.epoch
                if message.reset:
                    self.latest.clear()
                    self.presence.clear()
            case Synced():
                self._unsynced -= 1
                self._resumable(message.seq)
            case Heartbeat():
                self._resumable(message.seq)
        return True

    def _resumable(self, seq: int) -> None:
        if self._unsynced == 0:
            self.since = Since(self._epoch, seq)
