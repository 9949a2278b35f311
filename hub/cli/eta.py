"""``hub eta``: how good the estimates of arrivals are, from the database, whether a hub runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.database import run_for
from hub.cli.options import data_dir_option, fleet_option

if TYPE_CHECKING:
    import asyncpg

    from hub.core.eta.samples import Driven


@click.group()
def eta() -> None:
    """Estimates of arrivals."""


@eta.command("test")
@click.option("--days", type=click.IntRange(1), default=28, show_default=True, help="Days whose trips are used.")
@click.option(
    "--trips", "most", type=click.IntRange(1), default=2_000, show_default=True, help="Most trips; the newest."
)
@fleet_option
@data_dir_option
def test(days: int, most: int, fleet: str | None, data_dir: Path | None) -> None:
    """Score estimators on a fleet's own trips.

    Each trip is estimated once a minute by what had been learned from the trips that ended before it.
    """
    from datetime import UTC, datetime, timedelta

    from hub.core.eta.backtest import backtest
    from hub.stores.postgres.eta import models

    async def work(connection: asyncpg.Connection, fleet_id: str) -> list[Driven]:
        return await models.trips(connection, fleet_id, datetime.now(UTC) - timedelta(days=days), most)

    driven = [trip for trip in run_for(fleet, data_dir, "eta", work) if trip.samples]
    scores = backtest(driven)
    if not scores:
        raise click.ClickException(f"no trip of the last {days} days is long enough: try more --days")
    click.echo(f"{len(driven)} trips, {scores[0].samples} estimates, errors in seconds")
    click.echo(f"{'':<31}{'mean':>7}{'median':>8}{'bias':>8}{'of time':>9}{'within 25 %':>13}{'in interval':>13}")
    for one in scores:
        covered = "" if one.covered is None else f"{one.covered:.0%}"
        line = (
            f"{one.estimator:<31}{one.mean:>7.0f}{one.median:>8.0f}{one.bias:>8.0f}{one.share:>9.0%}{one.near:>13.0%}"
            f"{covered:>13}"
        )
        click.echo(line.rstrip())
