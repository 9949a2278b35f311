"""The result of one try to send."""

from __future__ import annotations

from typing import NamedTuple


class Result(NamedTuple):
    """``ok``: the receiver confirmed. Otherwise ``error`` says why not; ``asked`` is ``Retry-After`` in seconds;
    ``gone``: the receiver wants no more. ``status``: of HTTP or SMTP; None without an answer."""

    ok: bool
    status: int | None = None
    error: str = ""
    asked: float | None = None
    gone: bool = False
