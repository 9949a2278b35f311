"""The hub's messages to clients, except ``location``, which is an encoded ``Position``; see docs/protocol.md."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Message(Struct, rename="camel", tag_field="type", omit_defaults=True, gc=False):
    """Base of the messages: one JSON object with its ``type``."""


class Subscribed(Message, tag="subscribed"):
    """The subscription is valid from ``seq``; ``count`` positions follow, then ``synced``. ``reset``: drop all
    positions of this id. ``resume`` as in ``Synced``."""

    id: str
    epoch: str
    seq: int
    count: int
    reset: bool
    resume: str | None = None


class Synced(Message, tag="synced"):
    """The snapshot of ``id`` is complete; resume from ``seq`` at this node, or from ``resume`` at any node."""

    id: str
    seq: int
    resume: str | None = None


class Unsubscribed(Message, tag="unsubscribed"):
    """The subscription ``id`` has ended; nothing that follows is for it."""

    id: str


class Left(Message, tag="left"):
    """A driver is no longer inside the area of ``id``, no longer has its state, or was removed from the live fleet."""

    id: str
    driver_id: str


class Status(Message, tag="status"):
    """Presence: ``online``, ``stale`` or ``offline``. A location implies ``online``. ``heard_at``: when the driver was
    last heard, also without a position."""

    driver_id: str
    status: str
    heard_at: datetime | None = None


class StateMessage(Message, tag="state"):
    """A driver has set its state, or a dispatcher has: ``free``, ``busy`` or ``off_duty``; absent: it was deleted."""

    driver_id: str
    state: str | None = None
    changed_at: datetime | None = None


class FencesMessage(Message, tag="fences"):
    """The fences that a driver is inside of, and since when: the state that ``fence`` events change. Sent with the
    snapshot of a subscription with ``fences``, for each driver that is inside of one."""

    driver_id: str
    inside: list[tuple[str, datetime]]


class Ack(Message, tag="ack"):
    """Cumulative: every message of this connection up to ``msg_no`` is durable, or was answered with an error."""

    msg_no: int


class Error(Message, tag="error"):
    """A message of the client was refused; the connection stays. ``retry_ms``: it may be sent again after that."""

    code: str
    detail: str
    field: str | None = None
    msg_no: int | None = None
    retry_ms: int | None = None


class Heartbeat(Message, tag="heartbeat"):
    """You have been sent everything up to ``seq``: resume from there, at another node from ``resume``; without it the
    last one stays valid. ``time`` is the hub's clock. ``behind_ms``: how many milliseconds the positions of other nodes
    are behind, where they are."""

    seq: int
    time: datetime
    resume: str | None = None
    behind_ms: int | None = None


class Pong(Message, tag="pong"):
    """The answer to ``ping``."""


class Authenticated(Message, tag="authenticated"):
    """The answer to ``auth``: the connection ends at ``expires_at`` unless it is renewed again; None: it never ends."""

    expires_at: datetime | None = None


class Bye(Message, tag="bye"):
    """The hub is going down; come back after ``retry_ms``."""

    retry_ms: int
