"""A report as a workbook of a spreadsheet (XLSX): one sheet, written row by row.

Times are those of the fleet's zone, which the headings name, because a cell has no time zone. Numbers are those of the
API; texts are cells of text, also where they look like formulas.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from msgspec import Struct

from hub.core.reports.tables import REPORTS, Column, Kind, Row

MEDIA_TYPE, EXTENSION = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"

LONGEST_TEXT = 32_767
"""Characters of a cell; spreadsheets refuse more."""

FORMATS: dict[Kind, str] = {
    "day": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm:ss",
    "duration": "0",
    "distance": "0",
    "speed": "0.0",
    "degrees": "0.000000",
    "count": "0",
}

WIDTHS: dict[Kind, int] = {"text": 22, "id": 16, "day": 11, "instant": 19}
"""Characters; of the other kinds those of the heading."""

OPTIONS = {
    # Rows go to a file as they are written.
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Head(Struct):
    """What is known of a workbook before its rows: the ``kind`` of the report, its days, and the time zone."""

    kind: str
    since: date
    until: date
    time_zone: str


def write(file: BinaryIO, head: Head, pieces: Iterable[list[Row]]) -> None:
    """Write a workbook with these rows. Days are dates, or texts as in JSON."""
    import xlsxwriter  # 0.04 s, for the process that writes

    report = REPORTS[head.kind]
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": f"{report.title}, {head.since} to {head.until}", "comments": report.about})
        sheet = book.add_worksheet(report.title)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        cells: list[Callable[[int, Any], Any]] = []
        for number, column in enumerate(report.columns):
            heading = _heading(column, head.time_zone)
            style = book.add_format({"num_format": FORMATS.get(column.kind, "@")})
            sheet.set_column(number, number, WIDTHS.get(column.kind, max(9, len(column.title))), style)
            sheet.write_string(0, number, heading, bold)
            cells.append(_cell(sheet, number, column, style, ZoneInfo(head.time_zone)))
        line = 0
        for piece in pieces:
            for row in piece:
                line += 1
                for put, value in zip(cells, row, strict=True):
                    if value is not None:
                        put(line, value)
        sheet.autofilter(0, 0, line, len(report.columns) - 1)


def _heading(column: Column, time_zone: str) -> str:
    return f"{column.title} ({time_zone})" if column.kind == "instant" else column.heading


def _cell(sheet: Any, number: int, column: Column, style: Any, here: ZoneInfo) -> Callable[[int, Any], Any]:
    """What writes a value of a column into a line."""
    match column.kind:
        case "text" | "id":
            return lambda line, value: sheet.write_string(line, number, value[:LONGEST_TEXT], style)
        case "day":
            return lambda line, value: sheet.write_datetime(line, number, _day(value), style)
        case "instant":
            return lambda line, value: sheet.write_datetime(line, number, _local(value, here), style)
    return lambda line, value: sheet.write_number(line, number, value, style)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _local(value: datetime, here: ZoneInfo) -> datetime:
    return value.astimezone(here).replace(tzinfo=None)
