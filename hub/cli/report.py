"""``hub report``: a report of a hub as a table, CSV, XLSX or Parquet, over the API."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import click

from hub.cli.clients import TOKEN_HINT, hub_options, no_answer, target

if TYPE_CHECKING:
    import pyarrow

PATIENCE = 600.0
"""Seconds until the hub begins to answer: a workbook is complete before it is sent."""

PAGE = 1_000

COPIED = 65_536

BINARY = ("xlsx", "parquet")

FILES_ONLY = ("id", "degrees")
"""Kinds of columns that a table on the terminal leaves out."""


class Asked(NamedTuple):
    """The address of the API, its token, the kind of the report, and the parameters."""

    base: str
    token: str | None
    kind: str
    parameters: list[tuple[str, str]]


@click.command("report")
@click.argument("kind")
@click.option("--from", "since", metavar="DAY", help="First day, such as 2026-11-01.  [default: six days before --to]")
@click.option("--to", "until", metavar="DAY", help="Last day, included.  [default: today]")
@click.option("--driver", "drivers", metavar="ID", multiple=True, help="Only this driver; several times for several.")
@click.option("--group", metavar="NAME", help="Only drivers in this group; several, separated by commas.")
@click.option("--speed-limit", type=float, metavar="M/S", help="Limit of speeding.  [default: those of fences]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "xlsx", "parquet"]),
    default="table",
    show_default=True,
    help="parquet needs the extra parquet.",
)
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="File to write.  [default: the terminal]"
)
@hub_options
def report(
    kind: str,
    since: str | None,
    until: str | None,
    drivers: tuple[str, ...],
    group: str | None,
    speed_limit: float | None,
    form: str,
    output: Path | None,
    url: str | None,
    token: str | None,
    fleet: str | None,
) -> None:
    """Print or save a report of a running hub.

    KIND is trips, stops, daily, visits, events, speeding or mileage. Days are those of the fleet's time zone. The rows
    are those of the screen and the API.
    """
    if form in BINARY and output is None and sys.stdout.isatty():
        raise click.UsageError(f"--format {form} is not for a terminal: use --output FILE")
    if form == "parquet":
        _need_pyarrow()
    hub = target(url, token, fleet, "dispatcher")
    single = {"from": since, "to": until, "group": group, "speedLimit": speed_limit}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    parameters += [("driverId", driver_id) for driver_id in drivers]
    asked = Asked(hub.base, hub.token, kind, parameters)
    columns = _columns(asked)
    with _opened(output) as file:
        if form == "table":
            _table(asked, columns, file)
        elif form == "parquet":
            _parquet(asked, columns, file)
        else:
            with _get(asked, f"/{kind}", ("format", form)) as response:
                while piece := _read(response, COPIED):
                    file.write(piece)


def _get(asked: Asked, path: str, *more: tuple[str, str]) -> Any:
    """The response to a GET of a path below the reports. Raises ``click.ClickException``."""
    import json
    import urllib.error
    import urllib.parse
    import urllib.request

    url = f"{asked.base}/api/v1/reports{path}"
    query = urllib.parse.urlencode([*(asked.parameters if path else []), *more])
    headers = {"authorization": f"Bearer {asked.token}"} if asked.token else {}
    try:
        request = urllib.request.Request(f"{url}?{query}" if query else url, None, headers)
        return urllib.request.urlopen(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        try:
            detail = json.loads(error.read())["detail"]
        except (ValueError, KeyError, TypeError):
            detail = error.reason
        hint = f"; {TOKEN_HINT}" if error.code == 401 else ""
        raise click.ClickException(f"the hub answers {error.code}: {detail}{hint}") from error
    except (OSError, ValueError) as error:
        raise no_answer(asked.base, error) from error


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """The file to write, or stdout. A file that remained incomplete is removed."""
    try:
        if output is None:
            yield sys.stdout.buffer
            return
        with output.open("wb") as file:
            try:
                yield file
            except BaseException:
                output.unlink()
                raise
    except OSError as error:
        raise click.ClickException(f"{output or 'the output'} cannot be written: {error.strerror}") from error


def _read(response: Any, size: int | None = None) -> bytes:
    """The next bytes of a response, or all. Raises ``click.ClickException``."""
    from http.client import HTTPException

    try:
        found: bytes = response.read(size)
        return found
    except TimeoutError as error:
        raise click.ClickException(f"the hub sent nothing for {PATIENCE:.0f} s: the report is incomplete") from error
    except (HTTPException, OSError) as error:
        raise click.ClickException("the hub ended the transfer: the report is incomplete") from error


def _json(response: Any) -> dict[str, Any]:
    import json

    with response:
        found: dict[str, Any] = json.loads(_read(response))
        return found


def _columns(asked: Asked) -> list[dict[str, str]]:
    """The columns as the hub has them, which may be newer than this command."""
    reports = _json(_get(asked, ""))["reports"]
    columns: dict[str, list[dict[str, str]]] = {one["kind"]: one["columns"] for one in reports}
    if asked.kind not in columns:
        raise click.BadParameter(f"{asked.kind} is not one of {', '.join(columns)}", param_hint="KIND")
    return columns[asked.kind]


def _pages(asked: Asked) -> Iterator[dict[str, Any]]:
    """The answers of the API, one for each page."""
    more: list[tuple[str, str]] = []
    while True:
        page = _json(_get(asked, f"/{asked.kind}", ("limit", str(PAGE)), *more))
        yield page
        if "next" not in page:
            return
        more = [("cursor", page["next"])]


def _table(asked: Asked, columns: list[dict[str, str]], file: IO[bytes]) -> None:
    from zoneinfo import ZoneInfo

    columns = [one for one in columns if one["kind"] not in FILES_ONLY]
    lines: list[list[str]] = []
    for page in _pages(asked):
        here = ZoneInfo(page["timeZone"])
        lines += [[_text(one["kind"], row.get(one["name"]), here) for one in columns] for row in page["rows"]]
    heads = [f"{one['title']} ({one['unit']})" if one["unit"] else one["title"] for one in columns]
    widths = [max(map(len, column)) for column in zip(heads, *lines, strict=True)]
    right = [one["kind"] not in ("text", "day", "instant") for one in columns]
    for line in [heads, *lines]:
        cells = [
            text.rjust(width) if end else text.ljust(width)
            for text, width, end in zip(line, widths, right, strict=True)
        ]
        file.write(("  ".join(cells).rstrip() + "\n").encode())


def _text(kind: str, value: Any, here: Any) -> str:
    if value is None:
        return "-"
    if kind == "instant":
        return f"{datetime.fromisoformat(value).astimezone(here):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.1f}" if kind == "speed" else f"{value:.0f}"
    # Control characters could move the cursor of a terminal.
    return "".join(character if character.isprintable() else "?" for character in str(value))


def _need_pyarrow() -> None:
    from hub.extras import missing

    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise click.ClickException(f"--format parquet {missing('parquet')}") from error


def _parquet(asked: Asked, columns: list[dict[str, str]], file: IO[bytes]) -> None:
    """A row group for each page, so that a year is never in memory."""
    import pyarrow
    import pyarrow.parquet

    schema = pyarrow.schema([_field(one) for one in columns])
    with pyarrow.parquet.ParquetWriter(file, schema) as writer:
        for page in _pages(asked):
            rows = [{one["name"]: _value(one["kind"], row.get(one["name"])) for one in columns} for row in page["rows"]]
            writer.write_table(pyarrow.Table.from_pylist(rows, schema))


def _field(column: dict[str, str]) -> pyarrow.Field:
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "id": pyarrow.string(),
        "day": pyarrow.date32(),
        "instant": pyarrow.timestamp("us", "UTC"),
        "count": pyarrow.int64(),
    }
    about = {"title": column["title"], "unit": column["unit"]}
    return pyarrow.field(column["name"], types.get(column["kind"], pyarrow.float64()), metadata=about)


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "day":
        return datetime.fromisoformat(value).date()
    return datetime.fromisoformat(value) if kind == "instant" else value
