"""The elements of a phone's array, of which one bad harms no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hub.core.nouns import Fix
from hub.wire.errors import ErrorCode
from hub.wire.messages import BadMessage

MAX_BAD = 500
"""Bad elements after which the rest is not looked at. A queue of a phone holds a few; a body has room for a hundred
thousand, and refusing them one by one would hold up everybody for a second."""


def decode_each(items: Sequence[Any], decode: Callable[[Any], Iterable[Fix | BadMessage]]) -> list[Fix | BadMessage]:
    """What ``decode`` makes of each element. A bad one stands as the ``BadMessage`` that it deserves; after ``MAX_BAD``
    of them one more stands for all the rest."""
    fixes: list[Fix | BadMessage] = []
    bad = 0
    for number, item in enumerate(items, 1):
        try:
            decoded = list(decode(item))
        except BadMessage as error:
            decoded = [error]
        fixes += decoded
        bad += sum(isinstance(one, BadMessage) for one in decoded)
        if bad >= MAX_BAD and number < len(items):
            detail = f"{len(items) - number} more were not looked at, after {bad} bad ones"
            fixes.append(BadMessage(ErrorCode.TOO_MANY, detail))
            break
    return fixes
