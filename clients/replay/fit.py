"""Records of FIT files, which watches, bicycle computers and some vehicle loggers write. Needs the extra ``fit``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from clients.replay.records import BadRow, Row, TrackError, field_of

RECORD_BYTES = 30
"""About what a record takes, by which the points of a file are estimated."""

_SEMICIRCLE = 180 / 2**31
"""Degrees."""

_FIELDS = ("time", "latitude", "longitude", "speed", "heading", "accuracy", "altitude")


def is_fit(file: BinaryIO) -> bool:
    """Whether a file begins like FIT; it is then at its beginning."""
    file.seek(0)
    head = file.read(12)
    file.seek(0)
    return head[8:12] == b".FIT"


def rows(path: Path, file: BinaryIO) -> Iterator[Row | BadRow]:
    """The records of a file with a place, by their number. An error costs the rest of the file, and is a row. Raises
    ``TrackError`` without the extra."""
    if find_spec("fitdecode") is None:
        raise TrackError(f"{path}: FIT needs the extra fit: pip install '.[fit]' in the hub's source")
    # Only here, because an extra is needed.
    from fitdecode import CrcCheck, ErrorHandling, FitDataMessage, FitError, FitReader

    number = 0
    try:
        with FitReader(file, check_crc=CrcCheck.RAISE, error_handling=ErrorHandling.IGNORE) as frames:
            for frame in frames:
                if not isinstance(frame, FitDataMessage) or frame.name != "record":
                    continue
                number += 1
                row = _row(number, frame.fields)
                # A watch records without a place, too, before it has one and indoors.
                if "latitude" in row.values or "longitude" in row.values:
                    yield row
    # Bytes that are not FIT raise more than its own errors.
    except (FitError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        yield BadRow(path, number, "the rest of the file cannot be read", str(error) or type(error).__name__)


def _row(number: int, fields: list[Any]) -> Row:
    row = Row(number)
    named = [(field, data) for data in fields if data.name and (field := field_of(data.name)) is not None]
    for field, data in sorted(named, key=lambda pair: pair[0].place):
        value = data.value
        if field.name not in _FIELDS or not isinstance(value, int | float | datetime):
            continue
        if isinstance(value, datetime):
            value = value.timestamp()
        elif data.units == "semicircles":
            value = round(value * _SEMICIRCLE, 7)
        row.put(field.name, value)
    return row
