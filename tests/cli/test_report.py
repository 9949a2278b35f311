"""``hub report``: the rows of the API as a table and as files."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from collections.abc import Iterator
from datetime import date
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from hub.cli.main import cli
from hub.core.reports.tables import REPORTS
from hub.embedded.services import Services
from tests.cli.test_main import no_settings
from tests.identity.test_tokens import token
from tests.support.api.fleets import execute, hub_with
from tests.support.running import Edge, until

__all__ = ["no_settings"]  # a fixture that is used for all tests here too

SPAN = ["--from", "2026-10-05", "--to", "2026-10-05"]

FILL = """
INSERT INTO drivers (fleet, driver_id, name) VALUES ('f', 'd', 'Amal'), ('f', 'e', E'\\x1b[2J');
INSERT INTO stops (started_at, ended_at, latitude, longitude, fleet, driver_id)
SELECT timestamptz '2026-10-04 20:15:00Z' + k * interval '1 min', CASE WHEN k > 0 THEN timestamptz '2026-10-05Z' END,
    25.5, 55.5, 'f', driver
FROM generate_series(0, 1100) AS k, (VALUES ('d'), ('e')) AS f (driver) WHERE k = 0 OR driver = 'd';
"""


@pytest.fixture(scope="module")
def running(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_hub_report", time_zone="Asia/Dubai") as edge:
        asyncio.run(execute(edge.settings.database_url, FILL))
        # The hub runs in this process: what it logs at the start would be in the output of the command.
        until(lambda: edge.node.identity.directory.current)
        yield edge


def hub(edge: Edge, *arguments: str, code: int = 0, bearer: str | None = None) -> bytes:
    environ = {"HUB_TOKEN": token(fleet="f") if bearer is None else bearer}
    url = "http://{}:{}".format(*edge.address)
    result: Result = CliRunner().invoke(cli, ["report", *arguments, "--url", url], env=environ)
    assert result.exit_code == code, result.output
    return result.stdout_bytes if code == 0 else result.output.encode()


def test_a_table_for_the_terminal(running: Edge) -> None:
    head, *lines = hub(running, "stops", *SPAN).decode().splitlines()
    assert head.split()[:4] == ["Day", "Driver", "Arrival", "Departure"] and "Duration (s)" in head
    assert len(lines) == 1_102 and not any("\x1b" in line for line in lines)
    place = "4.2 km NW of Al Hamriyah, United Arab Emirates"
    assert lines[0].split() == ["2026-10-05", "Amal", "2026-10-05", "00:15:00", "-", *place.split(), "-"]
    one = hub(running, "stops", *SPAN, "--driver", "e").decode().splitlines()
    assert len(one) == 2 and "?[2J" in one[1]


def test_csv_and_xlsx_are_those_of_the_api(running: Edge, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(hub(running, "stops", *SPAN, "--format", "csv").decode())))
    assert len(rows) == 1_102 and rows[0]["driverName"] == "Amal"
    file = tmp_path / "stops.xlsx"
    assert hub(running, "stops", *SPAN, "--format", "xlsx", "-o", str(file)) == b""
    assert openpyxl.load_workbook(file).active.max_row == 1_103


def test_parquet_has_types_and_units(running: Edge, tmp_path: Path) -> None:
    file = tmp_path / "stops.parquet"
    hub(running, "stops", *SPAN, "--format", "parquet", "-o", str(file))
    table = pyarrow.parquet.read_table(file)
    assert table.num_rows == 1_102
    assert table.column_names == [one.name for one in REPORTS["stops"].columns]
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["day"], first["endedAt"], first["latitude"]) == (date(2026, 10, 5), None, 25.5)
    assert first["startedAt"].isoformat() == "2026-10-04T20:15:00+00:00"
    assert table.schema.field("duration").metadata == {b"title": b"Duration", b"unit": b"s"}


def test_parquet_without_its_extra(running: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert b"--format parquet needs the extra parquet: pip install" in hub(
        running, "stops", "--format", "parquet", code=1
    )


def test_errors_name_what_is_wrong(running: Edge, tmp_path: Path) -> None:
    assert b"money is not one of trips, stops" in hub(running, "money", code=2)
    assert b"422: from: must not be after to" in hub(
        running, "trips", "--from", "2026-10-05", "--to", "2026-10-04", code=1
    )
    assert b"401" in hub(running, "trips", bearer="x", code=1)
    wrong = tmp_path / "none" / "stops.csv"
    assert b"cannot be written: No such file" in hub(running, "stops", "--format", "csv", "-o", str(wrong), code=1)
    # A file that could not be completed does not stay.
    file = tmp_path / "trips.csv"
    hub(running, "trips", "--from", "x", "--format", "csv", "-o", str(file), code=1)
    assert not file.exists()


@pytest.mark.parametrize("error", [ConnectionResetError(104, "reset by peer"), IncompleteRead(b"")])
@pytest.mark.parametrize("form", ["csv", "table"])
def test_a_transfer_that_ends_early_is_no_error_of_the_file(
    running: Edge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, form: str
) -> None:
    read = HTTPResponse.read

    def broken(response: HTTPResponse, *size: Any) -> bytes:
        if "/reports/" in response.geturl():
            raise error
        return read(response, *size)

    monkeypatch.setattr(HTTPResponse, "read", broken)
    file = tmp_path / "stops"
    said = hub(running, "stops", *SPAN, "--format", form, "-o", str(file), code=1)
    assert said.strip() == b"Error: the hub ended the transfer: the report is incomplete" and not file.exists()


def test_the_help_names_all_reports() -> None:
    help = CliRunner().invoke(cli, ["report", "--help"]).output
    assert [kind for kind in REPORTS if kind not in help] == []
