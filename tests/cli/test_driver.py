"""``hub driver``: with the database of a hub that runs, and with one that no hub runs on."""

from __future__ import annotations

import asyncio
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import segno
from click.testing import CliRunner, Result

from hub.cli.main import cli
from hub.embedded.services import Services
from hub.stores.postgres.registry.drivers import MAX_TOKENS
from tests.cli.test_main import SECRET, line_with, no_settings, started
from tests.support.databases import of_database

__all__ = ["no_settings"]  # a fixture that is used for all tests here too


@pytest.fixture
async def environ(database_url: str) -> dict[str, str]:
    return {"HUB_DATABASE_URL": database_url, "HUB_JWT_SECRET": SECRET}


async def hub(environ: dict[str, str], *arguments: str, code: int = 0) -> str:
    """What ``hub driver …`` prints."""

    def run() -> Result:
        return CliRunner().invoke(cli, ["driver", *arguments], env=environ)

    result = await asyncio.to_thread(run)
    assert result.exit_code == code, result.output
    return result.output


async def rows(environ: dict[str, str], statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(environ["HUB_DATABASE_URL"])
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


def url_in(said: str) -> str:
    (url,) = re.findall(r"^https?://\S+$", said, re.MULTILINE)
    return url


async def test_add_registers_a_driver_and_prints_a_url_and_its_qr_code(environ: dict[str, str]) -> None:
    said = await hub(environ, "add", "d-1", "--name", "Courier")
    assert said.startswith("Registered the driver d-1.\n")
    url = url_in(said)
    token = url.removeprefix("http://127.0.0.1:8080/t/")
    code = io.StringIO()
    segno.make(url, micro=False).terminal(code, compact=True)
    assert code.getvalue() in said
    assert "works on this machine only" in said
    assert await rows(environ, "SELECT fleet, driver_id, hash FROM phone_tokens") == [
        ("default", "d-1", hashlib.sha256(token.encode()).digest())
    ]

    again = await hub(environ, "add", "d-1")
    assert "Registered" not in again
    assert url_in(again) != url
    assert await rows(environ, "SELECT name, version FROM drivers") == [("Courier", 1)]
    await hub(environ, "add", "d-1", "--name", "Messenger")
    assert await rows(environ, "SELECT name, version FROM drivers") == [("Messenger", 2)]


async def test_drivers_are_listed_disabled_enabled_and_revoked(environ: dict[str, str]) -> None:
    for driver_id, name in (("a", "Courier"), ("b", "")):
        await hub(environ, "add", driver_id, "--name", name, "--fleet", "north")
    assert await hub(environ, "disable", "a", "--fleet", "north") == "The driver a is disabled.\n"
    assert (await hub(environ, "list", "--fleet", "north")).split() == ["a", "disabled", "Courier", "b", "enabled"]
    assert await hub(environ, "list") == ""
    await hub(environ, "enable", "a", "--fleet", "north")
    assert await rows(environ, "SELECT DISTINCT disabled FROM drivers") == [(False,)]
    await hub(environ, "add", "a", "--fleet", "north")
    assert await hub(environ, "revoke", "a", "--fleet", "north") == "Revoked phone tokens: 2\n"
    assert await rows(environ, "SELECT driver_id FROM phone_tokens") == [("b",)]


async def test_a_refused_command_prints_the_reason(environ: dict[str, str]) -> None:
    for command in ("disable", "enable", "revoke"):
        said = await hub(environ, command, "d", code=1)
        assert said == "Error: the fleet default has no registered driver d: `hub driver add` registers it\n"
    for arguments in (["add", "a b"], ["add", "d", "--fleet", "a b"], ["add", "d", "--name", "a\nb"]):
        assert "Invalid value for" in await hub(environ, *arguments, code=2)
    assert "must be an HTTP URL" in await hub(environ, "add", "d", "--base-url", "hub.example", code=2)
    assert "--base-url" in await hub({**environ, "HUB_PORT": "0"}, "add", "d", code=2)
    assert await rows(environ, "SELECT FROM drivers") == []
    for _ in range(MAX_TOKENS):
        await hub(environ, "add", "d")
    assert f"has {MAX_TOKENS} phone tokens" in await hub(environ, "add", "d", code=1)


@pytest.mark.parametrize(
    ("settings", "options", "begins"),
    [
        ({}, ["--base-url", "https://hub.example/"], "https://hub.example/t/"),
        ({"HUB_PUBLIC_URL": "https://hub.example"}, [], "https://hub.example/t/"),
        ({"HUB_HOST": "10.1.2.3", "HUB_PORT": "9000"}, [], "http://10.1.2.3:9000/t/"),
        ({"HUB_HOST": "fd00::1"}, [], "http://[fd00::1]:8080/t/"),
    ],
)
async def test_the_url_is_the_one_that_a_phone_can_reach(
    environ: dict[str, str], settings: dict[str, str], options: list[str], begins: str
) -> None:
    said = await hub({**environ, **settings}, "add", "d", *options)
    assert url_in(said).startswith(begins)
    assert "works on this machine only" not in said


async def test_the_url_of_a_hub_on_every_address_has_one_of_them(environ: dict[str, str]) -> None:
    url = url_in(await hub({**environ, "HUB_HOST": "0.0.0.0"}, "add", "d"))
    assert re.match(r"http://(?!0\.0\.0\.0)[0-9.]+:8080/t/", url)


async def test_on_an_open_hub_it_registers_and_prints_the_url(environ: dict[str, str]) -> None:
    said = await hub({**environ, "HUB_JWT_SECRET": ""}, "add", "d")
    assert "http://127.0.0.1:8080/osmand?id=d" in said
    assert await rows(environ, "SELECT driver_id FROM drivers") == [("d",)]
    assert await rows(environ, "SELECT FROM phone_tokens") == []


async def test_a_new_database_gets_its_tables(services: Services) -> None:
    url = services.settings.database_url
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE DATABASE empty_for_driver")
    environ = {"HUB_DATABASE_URL": of_database(url, "empty_for_driver"), "HUB_JWT_SECRET": SECRET}
    assert await hub(environ, "list") == ""
    await connection.execute("DROP DATABASE empty_for_driver WITH (FORCE)")
    await connection.close()


async def test_an_unavailable_database_is_reported_in_one_line() -> None:
    environ = {"HUB_DATABASE_URL": "postgresql://hub@127.0.0.1:1/x"}
    said = await hub(environ, "list", code=3)
    assert said.startswith("hub: HUB_DATABASE_URL: the database does not answer")
    assert len(said.splitlines()) == 1


@pytest.mark.thorough
def test_it_works_before_during_and_after_a_run_of_the_hub(tmp_path: Path) -> None:
    """On a data directory without running services, with those of a hub, and without again."""
    environ = {"HUB_JWT_SECRET": SECRET, "HUB_DATA_DIR": str(tmp_path)}

    def driver(*arguments: str) -> str:
        with started("driver", *arguments, **environ) as command:
            said, wrong = command.communicate()
            assert (command.returncode, wrong) == (0, "")
            return said

    assert "Registered" in driver("add", "before")
    with started("--port", "0", **environ) as process:
        line_with(process, "The hub listens on ")
        assert "Registered" in driver("add", "while")
        process.terminate()
        process.communicate()
        assert process.returncode == 0
    assert [line.split()[0] for line in driver("list").splitlines()] == ["before", "while"]
