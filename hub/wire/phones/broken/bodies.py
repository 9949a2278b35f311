"""JSON that is not valid as a whole: what can be read of it is kept, and the rest is counted.

NaN and Infinity, JSON lines, values that a template left empty, numbers that JSON does not allow, raw line breaks in
text, and bodies that were cut off.
"""

from __future__ import annotations

import json
import re
from typing import Any

from hub.wire.phones.broken.estimate import points_in
from hub.wire.phones.fields import ALIASES, plain

MAX_BROKEN = 20
"""Broken places of a body at which reading starts again. Each may cost a pass over the body, 2 ms for 256 KiB."""

_decoder = json.JSONDecoder(strict=False)
_START = re.compile(r"[\[{]")
_BETWEEN = re.compile(r"[\s,;\ufeff\x1e]*")
_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)'  # text, also without an end: else each quote in it would be tried
    r"|(?P<empty>:\s*(?=[,}\]]))"  # a value that is empty
    r"|(?P<comma>,\s*(?=[,}\]]))"  # a comma without a value
    r'|(?P<bare>[^\s{}\[\],:"]+)',  # a number or a word
    re.DOTALL,
)
_NOT_A_NUMBER = re.compile(r"[-+]?(nan|inf|infinity)\Z", re.IGNORECASE)
_CLOCKS = set(ALIASES["recorded_at"])


def read(text: str) -> tuple[list[Any], int]:
    """The values in a text one after the other, and how many points the unreadable rest seems to hold: at least one
    where nothing can be read."""
    values, lost = _scan(text, 1)
    return _scan(_TOKEN.sub(_repaired, text), MAX_BROKEN) if lost else (values, 0)


def _scan(text: str, most: int) -> tuple[list[Any], int]:
    """The values, and the points of what is broken; after ``most`` broken places reading ends."""
    values: list[Any] = []
    broken: list[str] = []
    position = _BETWEEN.match(text).end()  # type: ignore[union-attr]
    while position < len(text):
        try:
            value, end = _decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            following = _START.search(text, position + 1)
            end = following.start() if following and len(broken) + 1 < most else len(text)
            broken.append(text[position:end])
        else:
            # Inside something broken, an object without a time may be a part of a point.
            if not broken or _has_time(value):
                values.append(value)
            else:
                broken.append(text[position:end])
        position = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]
    if not broken:
        return values, 0
    lost = sum(points_in(part, least=0) for part in broken)
    return values, lost if values else max(1, lost)


def _has_time(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    inner = [value, *(part for part in value.values() if isinstance(part, dict))]
    return any(plain(name) in _CLOCKS for part in inner for name in part)


def _repaired(match: re.Match[str]) -> str:
    if match["empty"] is not None:
        return ":null"
    if match["comma"] is not None:
        return ""
    bare = match["bare"]
    if bare is None:
        return match[0]
    if _NOT_A_NUMBER.match(bare):
        return "NaN"
    try:
        json.loads(bare)
    except ValueError:
        return json.dumps(bare)
    return bare
