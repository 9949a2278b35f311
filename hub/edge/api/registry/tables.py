"""Rows of a CSV file as structs: what imports of the registry have in common."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Generic, NamedTuple, TypeVar, get_origin

import msgspec
from msgspec import Struct

from hub.edge.http.pieces import LINES, Slices
from hub.edge.http.problems import MOST_FAULTS, faulty
from hub.wire.files.tables import lines_of
from hub.wire.validation import Code, Fault, fault_of

CSV = "text/csv"

MOST = 5_000
"""Rows that are imported at once, in one transaction, each with an entry in the audit log."""

LONGEST_CELL = 10_000
"""Characters of a cell, more than the groups of a row may have."""

Row = TypeVar("Row", bound=Struct)


class Table(NamedTuple, Generic[Row]):
    """The ``fields`` that the file has columns for, as names on the wire; its rows, and the number of each row's
    line."""

    fields: frozenset[str]
    rows: list[Row]
    lines: list[int]


async def table_of(slices: Slices, body: bytes, kind: type[Row], id_field: str) -> Table[Row]:
    """The rows of a CSV file (RFC 4180) in UTF-8, whose first line names the fields of ``kind`` in any case and order;
    separated by commas, semicolons or tabs. Lists, such as groups, have spaces, commas or semicolons between their
    items. Empty lines are skipped.

    Raises ``Problem`` 422 naming lines and columns.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise faulty(Fault("body", Code.INVALID, "must be UTF-8")) from error
    if "\0" in text:
        raise faulty(Fault("body", Code.INVALID, "must not contain NUL"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    found = Table[Row](frozenset(), [], [])
    faults: list[Fault] = []
    try:
        names = next((cells for cells in reader if any(map(str.strip, cells))), None)
        if names is None:
            raise faulty(Fault("body", Code.INVALID, "the first line must name the columns"))
        columns = _columns(names, kind, id_field)
        work = _read(reader, columns, kind, id_field, found, faults)
        more = True
        while more:
            async with slices.slice():
                more = len(list(islice(work, LINES))) == LINES
    except csv.Error as error:
        raise faulty(Fault(f"line {reader.line_num}", Code.INVALID, f"is not CSV: {error}")) from error
    if faults:
        raise faulty(*faults)
    return found._replace(fields=frozenset(columns))


def _read(
    reader: Any, columns: list[str], kind: type[Row], id_field: str, found: Table[Row], faults: list[Fault]
) -> Iterator[None]:
    """Add the rows of a ``csv.reader`` to a table, and what is wrong with them to ``faults``, of which the first
    ``MOST_FAULTS`` are looked for. Yields after each row."""
    by_name = {field.encode_name: field.name for field in msgspec.structs.fields(kind)}
    optional = {field.encode_name for field in msgspec.structs.fields(kind) if field.default is None}
    lists = {field.encode_name for field in msgspec.structs.fields(kind) if _is_list(field.type)}
    seen: dict[str, int] = {}
    for count, cells in enumerate(reader):
        line = reader.line_num
        if count >= MOST:
            faults.append(Fault(f"line {line}", Code.TOO_LONG, f"at most {MOST} rows at once", MOST))
        if len(faults) >= MOST_FAULTS or count >= MOST:
            return
        if any(map(str.strip, cells)):
            try:
                row = msgspec.convert(_values(cells, columns, optional, lists), kind, strict=False)
            except msgspec.ValidationError as error:
                fault = fault_of(error, kind, text=True)
                faults.append(fault._replace(field=placed(line, fault.field)))
            except ValueError as error:
                faults.append(Fault(f"line {line}", Code.INVALID, str(error)))
            else:
                id = getattr(row, by_name[id_field])
                if id in seen:
                    detail = f"{id} is also in line {seen[id]}"
                    faults.append(Fault(placed(line, id_field), Code.REPEATED, detail))
                seen[id] = line
                found.rows.append(row)
                found.lines.append(line)
        yield


def placed(line: int, field: str) -> str:
    """A field of a line, as errors name it."""
    return f"line {line}, {field}" if field else f"line {line}"


class Files:
    """Entries of the registry as lines of CSV, which ``table_of`` reads."""

    def __init__(self, kind: type[Struct]) -> None:
        self._fields = msgspec.structs.fields(kind)

    def head(self) -> bytes:
        return lines_of([[field.encode_name for field in self._fields]])

    def lines(self, entries: Any) -> bytes:
        values = ([getattr(entry, field.name) for field in self._fields] for entry in entries)
        return lines_of(
            [" ".join(map(str, cell)) if isinstance(cell, tuple | list) else cell for cell in row] for row in values
        )


def _delimiter(text: str) -> str:
    """The character that separates the names in the first line."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(cells: list[str], kind: type[Struct], id_field: str) -> list[str]:
    """The fields that the first line names. Raises ``Problem`` 422."""
    fields = [field.encode_name for field in msgspec.structs.fields(kind)]
    by_name = {name.lower(): name for name in fields}
    columns: list[str] = []
    for cell in cells:
        name = by_name.get(re.sub(r"[\s_-]", "", cell.lower()))
        if name is None:
            detail = f"unknown column; known columns: {', '.join(fields)}"
            raise faulty(Fault(cell.strip()[:40] or "(empty)", Code.UNKNOWN, detail, None, fields))
        if name in columns:
            raise faulty(Fault(name, Code.REPEATED, "must be one column"))
        columns.append(name)
    if id_field not in columns:
        raise faulty(Fault(id_field, Code.REQUIRED, "the column is missing"))
    return columns


def _is_list(kind: Any) -> bool:
    return get_origin(kind.__origin__ if get_origin(kind) is Annotated else kind) is list


def _values(cells: list[str], columns: list[str], optional: set[str], lists: set[str]) -> dict[str, Any]:
    """The cells of a row by the names of their columns. Raises ``ValueError``."""
    if any(map(str.strip, cells[len(columns) :])):
        raise ValueError(f"has {len(cells)} cells, the first line names {len(columns)} columns")
    values: dict[str, Any] = {}
    for name, cell in zip(columns, cells, strict=False):
        text = cell.strip()
        if len(text) > LONGEST_CELL:
            raise ValueError(f"{name}: must have at most {LONGEST_CELL} characters")
        if name in lists:
            values[name] = re.split(r"[\s,;]+", text) if text else []
        elif text or name not in optional:
            values[name] = text
    return values
