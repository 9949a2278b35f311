"""One connected client as the hub sees it: who it is, what it watches, what it has not been sent."""

from __future__ import annotations

from hub.core.live.outbox import Outbox, Write
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal


class Client(Outbox):
    """A connected socket, driver's or subscriber's.

    ``plain`` is the first contract: watching everything of its fleet, receiving locations and answers only.
    """

    __slots__ = ("id", "left_seq", "plain", "principal", "refused_from", "seen_seq", "subscriptions")

    def __init__(self, id: int, principal: Principal, write: Write, lane_limit: int = 131_072) -> None:
        super().__init__(write, lane_limit)
        self.id = id
        self.principal = principal
        self.plain = False
        self.subscriptions: dict[str, Subscription] | None = None
        # The last position held against the subscriptions, so that one that is found by two ways is sent once.
        self.seen_seq = 0
        self.left_seq = 0
        # The first message that was not logged: acks stop before it until it is sent again (go-back-N).
        self.refused_from: int | None = None

    @property
    def watching(self) -> bool:
        return self.plain or bool(self.subscriptions)
