"""``hub driver remove`` and ``hub driver erase``: asked of the database, and carried out by the hub that runs."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from click.testing import CliRunner

from hub.cli.main import cli
from hub.settings import Settings
from tests.cli.test_main import SECRET, no_settings
from tests.support.logbook import append, entry, position, recorded, recording, value

__all__ = ["no_settings"]  # a fixture that is used for all tests here too


async def hub(settings: Settings, *arguments: str, code: int = 0, typed: str = "") -> str:
    environ = {"HUB_DATABASE_URL": settings.database_url, "HUB_JWT_SECRET": SECRET}
    result = await asyncio.to_thread(
        lambda: CliRunner().invoke(cli, ["driver", *arguments], env=environ, input=typed or None)
    )
    assert result.exit_code == code, result.output
    return result.output


async def test_erase_waits_until_the_hub_is_done(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("a"), position("a", 1), position("b"))))
        assert "cannot be restored" in await hub(settings, "erase", "a", code=1, typed="n\n")
        assert await value(settings, "SELECT count(*) FROM erasures") == 0
        said = await hub(settings, "erase", "a", typed="y\n")
        assert said.endswith("Erased the history of the driver a: 2 positions.\n")
        assert await value(settings, "SELECT count(*) FROM positions") == 1
        entries = await value(settings, "SELECT string_agg(action || ' ' || subject_id, ',') FROM audit")
        assert entries == "history.erased a"


async def test_without_a_hub_it_is_requested_and_says_so(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("a"))))
    said = await hub(settings, "erase", "a", "--yes", code=1)
    assert said == "Requested. No hub runs on this database: the next one erases at its start.\n"
    async with recording(settings):

        async def erased() -> bool:
            return await value(settings, "SELECT count(*) FROM positions") == 0

        async with asyncio.timeout(60):
            while not await erased():  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_what_takes_too_long_goes_on(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("a"))))
        connection = await asyncpg.connect(settings.database_url)
        await connection.execute("BEGIN; SELECT FROM positions FOR SHARE")
        said = await hub(settings, "erase", "a", "--yes", "--wait", "0.5", code=1)
        assert said == "Requested, and not complete after 0.5 s: the hub goes on.\n"
        await connection.close()


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["erase", "never", "--yes"], 1, "the fleet default has nothing of a driver never"),
        (["erase", "a b", "--yes"], 2, "must be 1 to 64"),
        (["remove", "a b"], 2, "must be 1 to 64"),
    ],
)
async def test_refusals(settings: Settings, arguments: list[str], code: int, reason: str) -> None:
    assert reason in await hub(settings, *arguments, code=code)
    assert await value(settings, "SELECT count(*) FROM audit") == 0


async def test_remove_asks_for_a_removal_from_the_live_fleet(settings: Settings) -> None:
    assert "removes the driver ghost from the live fleet" in await hub(settings, "remove", "ghost")
    assert await value(settings, "SELECT history FROM erasures WHERE driver_id = 'ghost'") is False
    assert await value(settings, "SELECT action FROM audit") == "driver.removed"
