"""The elements of a phone's array: a bad one does not affect the others."""

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
    """The fixes that ``decode`` returns for each element. A bad element is replaced by its ``BadMessage``; after
    ``MAX_BAD`` of them, a last one counts all others."""
    fixes: list[Fix | BadMessage] = []
    bad = more = 0
    for item in items:
        if bad >= MAX_BAD and (not item or not isinstance(item, dict)):
            bad += 1  # No dialect has such an element, and a body has room for too many to decode each.
            continue
        try:
            decoded: Iterable[Fix | BadMessage] = decode(item)
        except BadMessage as error:
            decoded = (error,)
        for fix in decoded:
            if isinstance(fix, BadMessage):
                bad += 1
                if bad > MAX_BAD:
                    more += fix.points - 1
                    continue
            fixes.append(fix)
    if bad > MAX_BAD:
        more += bad - MAX_BAD
        fixes.append(BadMessage(ErrorCode.TOO_MANY, f"{more} more elements are refused", points=more))
    return fixes
