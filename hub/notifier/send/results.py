"""The result of one try to send."""

from __future__ import annotations

from typing import NamedTuple


class Result(NamedTuple):
    """``ok``: the receiver confirmed. Otherwise ``error`` says why not; ``asked`` is ``Retry-After`` in seconds;
    ``gone``: the receiver wants no more. ``unmade``: the message could not be made, which says nothing of the receiver.
    ``status``: of HTTP or SMTP; None without an answer."""

    ok: bool
    status: int | None = None
    error: str = ""
    asked: float | None = None
    gone: bool = False
    unmade: bool = False
