"""One connected client: its principal, its subscriptions, and its unsent frames."""

from __future__ import annotations

from collections import deque

from hub.core.live.outbox import Outbox, Write
from hub.core.live.subscriptions import Subscription
from hub.core.principal import Principal


class Unacked:
    """A message of a connection that is not acked: its number, and how many of its positions are outstanding."""

    __slots__ = ("msg_no", "outstanding")

    def __init__(self, msg_no: int) -> None:
        self.msg_no, self.outstanding = msg_no, 0


class Client(Outbox):
    """A connected socket, driver's or subscriber's.

    ``plain`` is the first contract: watching everything of its fleet, receiving locations and answers only.
    """

    __slots__ = (
        "facts",
        "id",
        "left_seq",
        "plain",
        "principal",
        "refused_from",
        "seen_seq",
        "speaker",
        "subscriptions",
        "unacked",
    )

    def __init__(self, id: int, principal: Principal, write: Write, lane_limit: int = 131_072) -> None:
        super().__init__(write, lane_limit)
        self.id = id
        self.principal = principal
        self.plain = False
        self.subscriptions: dict[str, Subscription] | None = None
        # Those without positions. They are apart, so that no position is compared with them.
        self.facts: dict[str, Subscription] | None = None
        # The last position matched with the subscriptions: one that is found through two cohorts is sent once.
        self.seen_seq = 0
        self.left_seq = 0
        # The driver whose fixes it sends, if its token names none: None before the first fix, "" for several.
        self.speaker: str | None = None
        # Number of the first message that was not logged: acks stop before it until it is sent again (go-back-N).
        self.refused_from: int | None = None
        # Messages that are not acked, in order of arrival, where the log has several partitions.
        self.unacked: deque[Unacked] | None = None

    @property
    def origin(self) -> int:
        """``origin`` of this client's positions: its id while it watches, since it is not sent its own, else 0."""
        return self.id if self.plain or self.subscriptions else 0

    @property
    def driver(self) -> str | None:
        """The driver of this connection, if it is one: a sign of life of the connection is one of the driver."""
        return self.principal.driver or self.speaker or None

    @property
    def watching(self) -> bool:
        return self.plain or bool(self.subscriptions) or bool(self.facts)

    @property
    def held(self) -> dict[str, Subscription]:
        """All subscriptions, with and without positions."""
        return {**(self.subscriptions or {}), **(self.facts or {})}

    def refuses(self, msg_no: int | None, full: bool) -> bool:
        """Whether the position of message ``msg_no`` is not logged: the queue is ``full``, or an earlier message was
        refused and has not been sent again. Acks are cumulative, so no message may be skipped (go-back-N).

        Records a new refusal in ``refused_from``.
        """
        if msg_no is None:
            return full
        if self.refused_from is not None and msg_no > self.refused_from:
            return True
        self.refused_from = msg_no if full else None
        return full

    def close(self) -> None:
        """Drop subscriptions and unsent frames."""
        super().close()
        self.subscriptions = self.facts = None
        self.plain = False
