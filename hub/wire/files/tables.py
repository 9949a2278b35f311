"""Lists of the history as CSV (RFC 4180), written piece by piece: a line of names, then a line for each item."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from hub.wire.stored import PlaceName

MEDIA_TYPE, EXTENSION = "text/csv", "csv"

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a text that a spreadsheet would calculate."""


def safe(text: str) -> str:
    """A text that a spreadsheet shows and does not calculate: an apostrophe before what looks like a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


class Table:
    """Items of one struct, without the fields ``without``. Names are those of its JSON; unknown is empty."""

    def __init__(self, kind: type[Struct], without: Collection[str] = ()) -> None:
        self._fields = [field for field in msgspec.structs.fields(kind) if field.name not in without]

    def head(self) -> bytes:
        return lines_of([[field.encode_name for field in self._fields]])

    def rows(self, items: Iterable[Struct]) -> bytes:
        return lines_of([cell(getattr(item, field.name)) for field in self._fields] for item in items)


def lines_of(lines: Iterable[Iterable[Any]]) -> bytes:
    """Lines of CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()


def cell(value: Any) -> Any:
    """A value as the writer of CSV takes it: instants in UTC with ``Z``, texts as ``safe`` makes them, places by
    their text."""
    if isinstance(value, PlaceName):
        return safe(value.text)
    if isinstance(value, str):
        return safe(value)
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
