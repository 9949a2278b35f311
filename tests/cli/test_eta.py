"""``hub eta test``."""

from __future__ import annotations

import asyncio

from click.testing import CliRunner, Result

from hub.cli.main import cli
from hub.settings import Settings
from tests.cli.test_main import SECRET, no_settings
from tests.support.api.fleets import execute
from tests.support.eta import FILL

__all__ = ["no_settings"]  # a fixture that is used for all tests here too


async def hub(settings: Settings, *arguments: str) -> Result:
    environ = {"HUB_DATABASE_URL": settings.database_url, "HUB_JWT_SECRET": SECRET}
    return await asyncio.to_thread(lambda: CliRunner().invoke(cli, ["eta", "test", *arguments], env=environ))


async def test_estimators_are_scored_on_the_trips_of_a_fleet(settings: Settings) -> None:
    await execute(settings.database_url, FILL)
    result = await hub(settings, "--fleet", "red")
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].startswith("80 trips, ")
    means = {line[:31].strip(): float(line[31:38]) for line in lines[2:]}
    # The speed tells both drivers apart.
    assert means["learned: distance and speed"] < 0.1 * means["straight line at 35 km/h"]
    few = await hub(settings, "--fleet", "red", "--trips", "5")
    assert few.output.startswith("5 trips, ")


async def test_a_fleet_without_trips_says_so(settings: Settings) -> None:
    result = await hub(settings)
    assert result.exit_code == 1
    assert result.output == "Error: no trip of the last 28 days is long enough: try more --days\n"
