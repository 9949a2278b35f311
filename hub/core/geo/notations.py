"""Coordinates as people write and copy them: decimal degrees, degrees with minutes and seconds, and ``geo:`` URIs."""

from __future__ import annotations

import re

_NUMBER = r"[-+\u2212]?\d{1,3}(?:\.\d+)?"

_DECIMAL = re.compile(rf"({_NUMBER})\s*°?(?:\s*[,;]\s*|\s+)({_NUMBER})\s*°?\Z")
"""``25.2, 55.3`` and ``25.2 55.3``."""

_GEO = re.compile(rf"geo:({_NUMBER}),({_NUMBER})(?:,[-+]?[\d.]+)?(?:[;?].*)?\Z", re.IGNORECASE)
"""RFC 5870, with what follows the numbers."""

_PART = (
    r"(\d{1,3}(?:\.\d+)?)\s*(?:[°d]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*['\u2032\u2019m]\s*)?"
    r"(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|\u2033|\u201d|''|s)\s*)?"
)
"""Degrees, minutes and seconds, with the signs that keyboards, phones and maps have."""

_SIDES = (
    re.compile(rf"{_PART}\s*([NSEW])\s*[,;]?\s*{_PART}\s*([NSEW])\Z", re.IGNORECASE),
    re.compile(rf"([NSEW])\s*{_PART}\s*[,;]?\s*([NSEW])\s*{_PART}\Z", re.IGNORECASE),
)
"""``25°15'N 55°18'E``, ``N 25 15.5' E 55 18'``: the letter after each number, or before."""

LONGEST = 100


def coordinates(text: str) -> tuple[float, float] | None:
    """Latitude and longitude of a text, in degrees; None for other texts, and for numbers out of range."""
    text = text.strip()
    if len(text) > LONGEST:
        return None
    if match := _GEO.match(text) or _DECIMAL.match(text):
        return _checked(*(float(part.replace("\u2212", "-")) for part in match.groups()))
    for number, pattern in enumerate(_SIDES):
        if match := pattern.match(text):
            first, second = match.groups()[:4], match.groups()[4:]
            if number == 1:
                first, second = (*first[1:], first[0]), (*second[1:], second[0])
            return _sides(first, second)
    return None


def _sides(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[float, float] | None:
    """Each: degrees, minutes, seconds, letter."""
    if first[3].upper() in "EW":
        first, second = second, first
    if first[3].upper() not in "NS" or second[3].upper() not in "EW":
        return None
    latitude, longitude = _degrees(first), _degrees(second)
    return None if latitude is None or longitude is None else _checked(latitude, longitude)


def _degrees(part: tuple[str, ...]) -> float | None:
    degrees, minutes, seconds = (float(number or 0) for number in part[:3])
    if minutes >= 60 or seconds >= 60:
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if part[3].upper() in "SW" else value


def _checked(latitude: float, longitude: float) -> tuple[float, float] | None:
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
