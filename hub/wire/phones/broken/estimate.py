"""How many points an unreadable text seems to hold, so that it is counted by what is lost."""

from __future__ import annotations

import re

LINE = 200
"""Characters of a line that are looked at."""

_SIGNS = [
    re.compile(r"\blat(?:itude)?\b[\"'%]?\s*[=:]", re.IGNORECASE),  # JSON, forms, attributes of GPX
    re.compile(r"\"coordinates\"\s*:\s*\[\s*[-+\d]", re.IGNORECASE),
    re.compile(r"<(?:lat|latitude)>", re.IGNORECASE),
    re.compile(r"\$[A-Z]{2}RMC\b"),  # NMEA has two sentences for a point
    re.compile(r"\$[A-Z]{2}GGA\b"),
]

_ROW = re.compile(r"\d[^,;\t]*[,;\t]\D*\d")


def points_in(text: str, least: int = 1) -> int:
    """An estimate, at least ``least``."""
    found = max(sum(1 for _ in sign.finditer(text)) for sign in _SIGNS)
    if not found and text.lstrip()[:1] not in ("{", "[", "<"):
        found = sum(map(_is_row, text.splitlines()))
    return max(least, found)


def _is_row(line: str) -> bool:
    """Whether a line is one of a table: two fields or more with numbers in them."""
    return _ROW.search(line[:LINE]) is not None
