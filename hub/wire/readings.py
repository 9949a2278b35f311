"""The one rule for readings of devices and files: an impossible reading is left out, and the place is kept.

A number may be text, and unknown may be written as -1. Place and time are not readings: without them there is no fix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

import msgspec
from msgspec import Raw

from hub.core.nouns import ATTRIBUTES_MAX_BYTES

KNOT = 1852 / 3600
"""Metres per second; by definition a nautical mile an hour."""

KILOMETRE_PER_HOUR = 1 / 3.6
PERCENT = 0.01

BOUNDS: dict[str, tuple[float, float]] = {
    "speed": (0, 400),
    "heading": (0, 360),
    "accuracy": (0, 1e7),
    "altitude": (-12_000, 100_000),
    "battery": (0, 1),
}
"""Reading -> its least and greatest value, those of ``hub.core.nouns.Fix``."""


_SECOND_60 = re.compile(r"(?<=:\d\d):60(?![\d:])")


def before_leap_second(text: str) -> str | None:
    """The instant of a text one second earlier, if its second is 60 (RFC 3339, section 5.7): the second 60 of a leap
    second is the next minute, and no library reads it. None for any other text."""
    leap = _SECOND_60.search(text)
    return None if leap is None else f"{text[: leap.start()]}:59{text[leap.end() :]}"


def number(value: object) -> float | None:
    """A finite number, from JSON or as text; None for anything else."""
    kind = type(value)
    if kind is str:
        if "_" in value:  # type: ignore[operator]
            return None
    elif kind is not float and kind is not int:
        return None
    try:
        result = float(value)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
    return result if isfinite(result) else None


def reading(value: object, low: float, high: float, unit: float = 1.0) -> float | None:
    """A number times ``unit``, None where it is unknown or not within bounds."""
    result = number(value)
    if result is None:
        return None
    result *= unit
    return result if low <= result <= high else None


def known(name: str, value: object, unit: float = 1.0) -> float | None:
    """A reading of ``BOUNDS``, None where it is unknown or impossible."""
    if value is None:
        return None
    result = number(value)
    if result is None:
        return None
    result *= unit
    low, high = BOUNDS[name]
    if not low <= result <= high:
        return None
    # No receiver has an accuracy of 0 metres: Android and Traccar write 0 where it is unknown.
    return result or None if name == "accuracy" else result


def attributes(extra: Mapping[str, object]) -> Raw:
    """The other values of the device as attributes. One that does not fit, such as a picture, is dropped; the fix is
    kept."""
    if not extra:
        return Raw()
    try:
        whole = msgspec.json.encode(extra)
        if len(whole) < ATTRIBUTES_MAX_BYTES:
            return Raw(whole)
    except (ValueError, OverflowError, RecursionError):
        pass  # One of them cannot be encoded; the others can.
    kept: dict[str, object] = {}
    size = 2
    for key, value in extra.items():
        try:
            room = len(msgspec.json.encode(key)) + len(msgspec.json.encode(value)) + 2
        except (ValueError, OverflowError, RecursionError):
            continue  # Half a surrogate pair, or an integer beyond 64 bits, from JSON that is not valid as a whole.
        if size + room > ATTRIBUTES_MAX_BYTES:
            continue
        size += room
        kept[key] = value
    return Raw(msgspec.json.encode(kept)) if kept else Raw()
