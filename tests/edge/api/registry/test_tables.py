"""CSV files as rows: what spreadsheets write, and errors that name line and column."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.edge.api.registry.imports import DriverRow, VehicleRow
from hub.edge.api.registry.tables import MOST, Files, Row, Table
from hub.edge.api.registry.tables import table_of as read
from hub.edge.http.pieces import Slices
from hub.edge.http.problems import MOST_FAULTS, Problem


def table_of(body: bytes, kind: type[Row], id_field: str) -> Table[Row]:
    return asyncio.run(read(Slices(), body, kind, id_field))


def rows(text: str) -> list[DriverRow]:
    return table_of(text.encode(), DriverRow, "driverId").rows


def refused(body: str | bytes) -> list[dict[str, Any]]:
    with pytest.raises(Problem) as caught:
        table_of(body.encode() if isinstance(body, str) else body, DriverRow, "driverId")
    assert caught.value.status == 422
    errors: list[dict[str, Any]] = list(caught.value.errors or [])
    return errors


@pytest.mark.parametrize(
    "text",
    [
        "driverId,name,groups\nd-1,Ann,north vans\n",
        "\ufeffDriver ID;Groups;Name\r\nd-1;vans, north;Ann\r\n\r\n",
        'driver_id\tname\tgroups\nd-1\t"Ann"\tnorth;vans\t\n',
        '"driverId","name","groups"\n"d-1","Ann","north,vans"',
    ],
)
def test_what_spreadsheets_write(text: str) -> None:
    (row,) = rows(text)
    assert (row.driver_id, row.name, sorted(row.groups)) == ("d-1", "Ann", ["north", "vans"])


def test_the_columns_of_the_file_are_told() -> None:
    table = table_of(b"phone,driverId\n1,a\n,b\n", DriverRow, "driverId")
    assert table.fields == {"phone", "driverId"}
    assert [(line, row.phone) for line, row in zip(table.lines, table.rows, strict=True)] == [(2, "1"), (3, "")]


def test_an_empty_driver_of_a_vehicle_is_none() -> None:
    table = table_of(b"vehicleId,driverId\nv,\n", VehicleRow, "vehicleId")
    assert table.rows[0].driver_id is None


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        ("", "body", "the first line must name the columns"),
        ("name\nAnn\n", "driverId", "the column is missing"),
        ("driverId,nmae\nd,Ann\n", "nmae", "unknown column; known columns: driverId, name, phone, groups"),
        ("driverId,driver id\nd,e\n", "driverId", "must be one column"),
        ("driverId,name\nd,Ann\ne f,Bob\n", "line 3, driverId", "must match the pattern"),
        ("driverId,name\n,Ann\n", "line 2, driverId", "must match the pattern"),
        ("driverId,phone\nd," + "1" * 41 + "\n", "line 2, phone", "at most 40"),
        ("driverId,groups\nd,v@ns\n", "line 2, groups[0]", "must match the pattern"),
        ("driverId,name\nd,Ann,Bob\n", "line 2", "has 3 cells, the first line names 2 columns"),
        ("driverId\nd\ne\nd\n", "line 4, driverId", "d is also in line 2"),
        ('driverId,name\nd,"Ann\n', "line 2", "is not CSV"),
        ("driverId\nd\0\n", "body", "must not contain NUL"),
        ("driverId,name\nd," + "x" * 10_001 + "\n", "line 2", "at most 10000 characters"),
    ],
)
def test_errors_name_line_and_column(text: str, field: str, words: str) -> None:
    error = refused(text)[0]
    assert error["field"] == field and words in error["detail"]


def test_all_faults_are_named_up_to_a_limit() -> None:
    errors = refused("driverId\n" + "a b\n" * (MOST_FAULTS + 5))
    assert [error["field"] for error in errors] == [f"line {n + 2}, driverId" for n in range(MOST_FAULTS)]


def test_other_encodings_and_too_many_rows_are_refused() -> None:
    assert refused("driverId,name\nd,Jürgen\n".encode("latin-1"))[0]["detail"] == "must be UTF-8"
    many = "driverId\n" + "".join(f"d{n}\n" for n in range(MOST + 1))
    assert refused(many)[0]["field"] == f"line {MOST + 2}"


WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=20).map(str.strip)


@given(st.lists(st.tuples(WORDS, WORDS, st.lists(st.from_regex(r"[a-z0-9:._-]{3,9}", fullmatch=True), max_size=3))))
def test_what_is_written_is_read(values: list[tuple[str, str, list[str]]]) -> None:
    written = [DriverRow(f"d{n}", name, phone, groups) for n, (name, phone, groups) in enumerate(values)]
    files = Files(DriverRow)
    table = table_of(files.head() + files.lines(written), DriverRow, "driverId")
    assert table.rows == written
