"""Tracks in CSV files of loggers: a header names the columns, or ``--columns`` does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TextIO

from clients.replay.records import NAMES, BadRow, Field, Row, TrackError, field_of
from clients.replay.text import table_encoding

DELIMITERS = ",;\t|"

HEADER_WITHIN = 20
"""Lines among which the header is looked for: loggers put titles, comments and ``sep=;`` before it."""

LONGEST_ROW = 100
"""Lines of a row with line ends in quotes. A quote that is not closed by then costs its own line only."""

Columns = Mapping[int, Field]
"""Index of a column -> what it holds."""


def rows(path: Path, file: BinaryIO, named: Mapping[str, str]) -> Iterator[Row | BadRow]:
    """The rows of a table. ``named`` are columns of the user: field -> name in the header, or number from 1.

    Raises ``TrackError`` where time, latitude or longitude have no column.
    """
    name = table_encoding(file)
    text = io.TextIOWrapper(file, encoding=name, errors="replace", newline="")
    start = file.tell()
    delimiter, columns, width, first = _header(path, list(islice(_fresh(text, start), HEADER_WITHIN)), named)
    ordered = sorted(columns.items(), key=lambda column: column[1].place)
    for line, cells in _cells(_fresh(text, start), delimiter, first):
        if isinstance(cells, str):
            yield BadRow(path, line, "the row is not valid CSV", cells)
            continue
        if any(cell.strip() for cell in cells[width:]):
            # A decimal comma without quotes, for example: the cells are not those of the header.
            yield BadRow(path, line, "more cells than the header has", f"{len(cells)} cells, expected {width}")
            continue
        row = Row(line)
        for index, field in ordered:
            if index < len(cells):
                row.put(field.name, cells[index].strip(), field.unit)
        yield row


def _fresh(text: TextIO, start: int) -> TextIO:
    text.seek(start)
    return text


def _header(path: Path, lines: list[str], named: Mapping[str, str]) -> tuple[str, Columns, int, int]:
    """Delimiter, columns, width, and the line of the first row."""
    if named and all(number.isdigit() for number in named.values()):
        return _numbered(path, lines, named)
    best: list[str] | None = None
    for number, line in enumerate(lines, 1):
        for delimiter in DELIMITERS:
            cells = next(csv.reader([line.lstrip("#% ").rstrip("\r\n")], delimiter=delimiter), [])
            columns = _named(cells, named)
            missing = _missing(columns)
            if not missing:
                if absent := [name for field, name in named.items() if field not in _fields(columns)]:
                    raise TrackError(f"{path}: the header has no column {absent[0]!r}")
                return delimiter, columns, len(cells), number + 1
            if best is None or len(missing) < len(best):
                best = missing
    wanted = ", ".join(best or ["time", "latitude", "longitude"])
    raise TrackError(f"{path}: no column for: {wanted}. Name the columns with --columns, as in --columns time=Datum")


def _numbered(path: Path, lines: list[str], named: Mapping[str, str]) -> tuple[str, Columns, int, int]:
    columns = {int(number) - 1: Field(field) for field, number in named.items()}
    if missing := _missing(columns):
        raise TrackError(f"{path}: --columns has no number for: {', '.join(missing)}")
    counts = {each: sum(line.count(each) for line in lines) for each in DELIMITERS}
    # A decimal comma is as frequent as a semicolon.
    delimiter = next((each for each in ";\t|" if counts[each] >= len(lines) > 0), ",")
    width = max((len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines), default=0)
    return delimiter, columns, width, 1


def _named(cells: list[str], named: Mapping[str, str]) -> dict[int, Field]:
    """The columns of a header. A column of ``named`` replaces all others of its field."""
    wanted = {name.strip().lower(): field for field, name in named.items()}
    columns = {}
    for index, cell in enumerate(cells):
        own = cell.strip().lower()
        if own in wanted:
            known = field_of(cell)
            unit = known.unit if known is not None and known.name == wanted[own] else 1.0
            columns[index] = Field(wanted[own], unit)
        elif (field := field_of(cell)) is not None and field.name not in named:
            columns[index] = field
    return columns


def _missing(columns: Columns) -> list[str]:
    found = _fields(columns)
    if "date" in found:
        found.add("time")
    return [name for name in ("time", "latitude", "longitude") if name not in found]


def _fields(columns: Columns) -> set[str]:
    return {field.name for field in columns.values()}


def _cells(lines: TextIO, delimiter: str, first: int) -> Iterator[tuple[int, list[str] | str]]:
    """(line, cells) of each row from line ``first`` on; instead of the cells the reason why there are none."""
    waiting: list[str] = []
    number = 0
    while True:
        line = waiting.pop(0) if waiting else next(lines, "")
        if not line:
            return
        number += 1
        if number < first or not line.strip():
            continue
        cells, reason = _parsed(line, delimiter)
        if reason == OPEN:
            more = [*waiting, *islice(lines, max(0, LONGEST_ROW - len(waiting)))]
            for count in range(1, len(more) + 1):
                if '"' in more[count - 1]:
                    cells, reason = _parsed(line + "".join(more[:count]), delimiter)
                    if reason != OPEN:
                        break
            if reason:
                # The quote is an ordinary character.
                cells, waiting = next(csv.reader([line], delimiter=delimiter, quoting=csv.QUOTE_NONE)), more
                yield number, [cell.strip().strip('"') for cell in cells]
                continue
            yield number, cells
            number += count
            waiting = more[count:]
            continue
        yield (number, reason) if reason else (number, cells)


OPEN = "unexpected end of data"
"""The error of ``csv`` for a row that ends within quotes."""


def _parsed(text: str, delimiter: str) -> tuple[list[str], str]:
    """Cells, or the reason why the row is invalid."""
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), []), ""
    except csv.Error as error:
        return [], str(error)


def columns(text: str) -> dict[str, str]:
    """The option ``--columns time=Datum,latitude=Breite``: field -> column. Raises ``ValueError``."""
    found = {}
    for part in text.split(","):
        name, equals, column = part.partition("=")
        field = field_of(name)
        if not equals or not column.strip() or field is None:
            raise ValueError(
                f"{part.strip()!r} must be a field and a column, as time=Datum; fields: {', '.join(NAMES)}"
            )
        found[field.name] = column.strip()
    return found
