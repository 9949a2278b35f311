"""The elements of a phone's array, of which one bad harms no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

MAX_BAD = 500
"""Bad elements that are kept one by one. A queue of a phone holds a few; a body has room for a hundred thousand, and
keeping the error of each would block the loop for a second."""


def decode_each(items: Sequence[Any], decode: Callable[[Any], Iterable[Fix | BadMessage]]) -> list[Fix | BadMessage]:
    """What ``decode`` makes of each element, of which every good one is kept. A bad one stands as the ``BadMessage``
    that it deserves, and after ``MAX_BAD`` of them one more, which comes last, stands for all other bad ones."""
    fixes: list[Fix | BadMessage] = []
    bad = 0
    for item in items:
        if bad >= MAX_BAD and (not item or not isinstance(item, dict)):
            bad += 1  # What no dialect makes a fix of; a body has room for too many to ask.
            continue
        try:
            decoded: Iterable[Fix | BadMessage] = decode(item)
        except BadMessage as error:
            decoded = (error,)
        for one in decoded:
            if isinstance(one, BadMessage):
                bad += 1
                if bad > MAX_BAD:
                    continue
            fixes.append(one)
    if bad > MAX_BAD:
        fixes.append(BadMessage(ErrorCode.TOO_MANY, f"more bad ones: at least {bad - MAX_BAD}"))
    return fixes
