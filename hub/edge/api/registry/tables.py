"""Rows of a CSV file as structs: what imports of the registry have in common."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from hub.edge.http.problems import Problem, faulty
from hub.wire.validation import Code, Fault, fault_of

CSV = "text/csv"

MOST = 5_000
"""Rows that are imported at once, in one transaction, each with an entry in the audit log."""

LONGEST_CELL = 10_000
"""Characters of a cell, more than the groups of a row may have."""

Row = TypeVar("Row", bound=Struct)


class Line(NamedTuple, Generic[Row]):
    """A row and the number of its line in the file."""

    number: int
    row: Row


class Table(NamedTuple, Generic[Row]):
    """The ``fields`` that the file has columns for, as names on the wire, and its rows."""

    fields: frozenset[str]
    lines: list[Line[Row]]


class Imported(Struct, rename="camel"):
    """How many entries an import ``created``, ``changed`` and left ``unchanged``."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


class ImportQuery(Struct, rename="camel"):
    """``dryRun``: check the file and count, without storing anything."""

    dry_run: bool = False


def table_of(body: bytes, kind: type[Row], id_field: str) -> Table[Row]:
    """The rows of a CSV file (RFC 4180) in UTF-8, whose first line names the fields of ``kind`` in any case and order;
    separated by commas, semicolons or tabs. Lists have their members separated by spaces, commas or semicolons. Empty
    lines are skipped.

    Raises ``Problem`` 422 naming lines and columns.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise faulty(Fault("body", Code.INVALID, "must be UTF-8")) from error
    if "\0" in text:
        raise faulty(Fault("body", Code.INVALID, "must not contain NUL"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    names: list[str] = []
    lines: list[Line[Row]] = []
    faults: list[Fault] = []
    seen: dict[Any, int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _columns(cells, fields, id_field)
                continue
            number = reader.line_num
            if len(lines) == MOST:
                raise faulty(Fault(f"line {number}", Code.TOO_LONG, f"at most {MOST} rows at once", MOST))
            try:
                row = _row(cells, names, fields, kind)
            except msgspec.ValidationError as error:
                fault = fault_of(error, kind, text=True)
                faults.append(fault._replace(field=_place(number, fault.field)))
                continue
            except ValueError as error:
                faults.append(Fault(f"line {number}", Code.INVALID, str(error)))
                continue
            id = msgspec.to_builtins(row)[id_field]
            if id in seen:
                detail = f"{id} is also in line {seen[id]}"
                faults.append(Fault(_place(number, id_field), Code.REPEATED, detail))
            seen[id] = number
            lines.append(Line(number, row))
    except csv.Error as error:
        raise faulty(Fault(f"line {reader.line_num}", Code.INVALID, f"is not CSV: {error}")) from error
    if not names:
        raise faulty(Fault("body", Code.INVALID, "the first line must name the columns"))
    if faults:
        raise faulty(*faults)
    return Table(frozenset(names), lines)


def placed(problem: Problem, line: int) -> Problem:
    """The problem of a row as that of the file, which names the line."""
    errors = problem.errors or [{"field": "row", "detail": problem.detail}]
    named = [error | {"field": _place(line, error["field"])} for error in errors]
    return Problem(problem.status, f"{named[0]['field']}: {named[0]['detail']}", errors=named)


def csv_of(kind: type[Struct], rows: Iterable[Struct]) -> bytes:
    """A CSV file of rows that have the fields of ``kind``, which ``table_of`` reads."""
    fields = msgspec.structs.fields(kind)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([field.encode_name for field in fields])
    for row in rows:
        values = [getattr(row, field.name) for field in fields]
        writer.writerow([" ".join(value) if isinstance(value, list | tuple) else value for value in values])
    return file.getvalue().encode()


def _delimiter(text: str) -> str:
    """The character that separates the names in the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=first.count)


def _columns(cells: list[str], fields: dict[str, Any], id_field: str) -> list[str]:
    """The fields that the first line names. Raises ``Problem`` 422."""
    by_name = {name.lower(): name for name in fields}
    names = []
    for cell in cells:
        name = by_name.get(re.sub(r"[\s_-]", "", cell.lower()))
        if name is None:
            detail = f"unknown column; known columns: {', '.join(fields)}"
            raise faulty(Fault(cell.strip()[:40] or "(empty)", Code.UNKNOWN, detail, None, list(fields)))
        if name in names:
            raise faulty(Fault(name, Code.REPEATED, "must be one column"))
        names.append(name)
    if id_field not in names:
        raise faulty(Fault(id_field, Code.REQUIRED, "the column is missing"))
    return names


def _row(cells: list[str], names: list[str], fields: dict[str, Any], kind: type[Row]) -> Row:
    """Raises ``ValueError``, and ``msgspec.ValidationError``."""
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        raise ValueError(f"has {len(cells)} cells, the first line names {len(names)} columns")
    values: dict[str, Any] = {}
    for name, cell in zip(names, cells, strict=False):
        text = cell.strip()
        if len(text) > LONGEST_CELL:
            raise ValueError(f"{name}: must have at most {LONGEST_CELL} characters")
        if name == "groups":
            values[name] = re.split(r"[\s,;]+", text) if text else []
        elif text or fields[name].default is not None:
            values[name] = text
    return msgspec.convert(values, kind, strict=False)


def _place(number: int, field: str | None) -> str:
    return f"line {number}" if field is None else f"line {number}, {field}"
