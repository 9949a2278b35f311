"""Lists of the history as CSV (RFC 4180), written piece by piece: a line of names, then a line for each item."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

MEDIA_TYPE, EXTENSION = "text/csv", "csv"


class Table:
    """Items of one struct, without the fields ``without``. Names are those of its JSON; unknown is empty."""

    def __init__(self, kind: type[Struct], without: Collection[str] = ()) -> None:
        self._fields = [field for field in msgspec.structs.fields(kind) if field.name not in without]

    def head(self) -> bytes:
        return self._lines([[field.encode_name for field in self._fields]])

    def rows(self, items: Iterable[Struct]) -> bytes:
        return self._lines([_text(getattr(item, field.name)) for field in self._fields] for item in items)

    def _lines(self, lines: Iterable[list[Any]]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        return text.getvalue().encode()


def _text(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
