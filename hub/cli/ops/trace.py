"""``hub trace``: what is stored of a trace or of a request, from the database, whether a hub runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.database import run, settings_of
from hub.cli.options import check_id, data_dir_option

if TYPE_CHECKING:
    import asyncpg


@click.command("trace")
@click.argument("id")
@click.option("--fleet", help="Only what belongs to this fleet.  [default: all]")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Most of each kind.")
@data_dir_option
def trace(id: str, fleet: str | None, limit: int, data_dir: Path | None) -> None:
    """Print what is stored of a trace or request.

    ID is a trace id, or an X-Request-ID. Printed are positions, dead letters, quarantined payloads of phones, and
    entries of the audit log. The command ends with 1 if there is nothing.
    """
    if fleet is not None:
        check_id(fleet, "--fleet")

    async def work(connection: asyncpg.Connection) -> bool:
        from hub.stores.postgres.traces import find

        found = await find(connection, id, fleet, limit)
        for one in found:
            click.echo(f"{one.at:%Y-%m-%dT%H:%M:%SZ}  {one.fleet or '-':16} {one.kind:11}  {one.text}")
        return bool(found)

    if not run(settings_of(data_dir), "trace", work):
        raise SystemExit(1)
