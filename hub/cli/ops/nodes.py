"""``hub nodes``: the processes that serve clients on one Redis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.database import settings_of
from hub.cli.options import data_dir_option
from hub.cli.start import run
from hub.startup import StartupError

if TYPE_CHECKING:
    from hub.settings import Settings
    from hub.stores.redis.nodes import NodeReport

HEADINGS = ("address", "pid", "version", "started", "connections", "state", "id")


@click.command("nodes")
@click.option("--json", "as_json", is_flag=True, help="Print each node as a line of JSON.")
@data_dir_option
def nodes(as_json: bool, data_dir: Path | None) -> None:
    """List the processes that serve clients.

    They are those of all hubs on one Redis. A node that ends without a farewell is listed for five more seconds.
    """
    run(_print(settings_of(data_dir), as_json))


async def _print(settings: Settings, as_json: bool) -> None:
    import msgspec

    from hub.stores.redis.connection import UNAVAILABLE, connect
    from hub.stores.redis.nodes import read_nodes

    try:
        redis = connect(settings.redis_url or _embedded(settings), settings.redis_timeout)
    except ValueError as error:
        raise StartupError(f"HUB_REDIS_URL is not valid: {error}") from error
    try:
        found = await read_nodes(redis)
    except UNAVAILABLE as error:
        where = "Redis" if settings.redis_url else f"the Valkey of {settings.data_dir}"
        raise StartupError(f"{where} does not answer: {error}. Is `hub serve` running?") from error
    finally:
        await redis.aclose()
    if as_json:
        for report in found:
            click.echo(msgspec.json.encode(report))
    elif found:
        _table([HEADINGS, *map(_row, found)])
    else:
        click.echo("no node runs")


def _embedded(settings: Settings) -> str:
    """URL of the Valkey in the data directory, which is not started."""
    from hub.embedded.services import run_directory
    from hub.embedded.valkey import Valkey

    try:
        return Valkey(settings, run_directory(settings.data_dir)).url
    except OSError as error:
        raise StartupError(f"no hub has run with the data directory {settings.data_dir}: {error.strerror}") from error


def _row(report: NodeReport) -> tuple[str, ...]:
    behind = "" if report.behind_ms is None else f", {report.behind_ms / 1000:.1f} s behind"
    return (
        report.address,
        str(report.pid),
        report.version,
        f"{report.started_at:%Y-%m-%dT%H:%M:%SZ}",
        str(report.connections),
        ("draining" if report.draining else "serving") + behind,
        report.id,
    )


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())
