"""``hub user``: with the database of a running hub, and without a running hub."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hub.cli.main import cli
from hub.identity.passwords import Passwords
from hub.stores.postgres.accounts import identities, totp
from hub.stores.postgres.accounts.users import credentials, place_of
from hub.stores.postgres.connection import connect
from tests.cli.test_main import SECRET, no_settings, started

__all__ = ["no_settings"]  # an autouse fixture


@pytest.fixture
def environ(database_url: str) -> dict[str, str]:
    return {"HUB_DATABASE_URL": database_url, "HUB_JWT_SECRET": SECRET}


async def hub(environ: dict[str, str], *arguments: str, code: int = 0) -> str:
    """What ``hub user …`` prints."""

    def run() -> Result:
        return CliRunner().invoke(cli, ["user", *arguments], env=environ)

    result = await asyncio.to_thread(run)
    assert result.exit_code == code, result.output
    return result.output


def password_in(said: str) -> str:
    (password,) = re.findall(r"^  (\S+)$", said, re.MULTILINE)
    return password


async def holds(environ: dict[str, str], username: str, password: str) -> bool:
    connection = await connect(environ["HUB_DATABASE_URL"], role="test", patience=60.0)
    try:
        found = await credentials(connection, username)
    finally:
        await connection.close()
    assert found is not None and found.password_once
    return await Passwords().matches(password, found.password_hash)


async def test_users_are_added_listed_and_given_new_passwords(environ: dict[str, str]) -> None:
    said = await hub(environ, "add", "Desk", "--role", "admin")
    assert said.startswith("Added desk as admin of the fleet default. ")
    first = password_in(said)
    assert await holds(environ, "desk", first)
    await hub(environ, "add", "dock@hub.example", "--role", "dispatcher", "--fleet", "north")
    again = password_in(await hub(environ, "reset", "DESK"))
    assert await holds(environ, "desk", again) and not await holds(environ, "desk", first)
    assert await hub(environ, "disable", "dock@hub.example") == "The user dock@hub.example is disabled.\n"
    assert [line.split() for line in (await hub(environ, "list")).splitlines()] == [
        ["desk", "admin", "default", "one-time", "password"],
        ["dock@hub.example", "dispatcher", "north", "disabled"],
    ]
    await hub(environ, "enable", "dock@hub.example")
    assert "disabled" not in await hub(environ, "list")


async def test_a_refused_command_prints_the_reason(environ: dict[str, str]) -> None:
    await hub(environ, "add", "desk", "--role", "admin")
    assert "the user desk already exists" in await hub(
        environ, "add", "DESK", "--role", "admin", "--fleet", "g", code=1
    )
    assert "desk is the last enabled admin of the fleet default" in await hub(environ, "disable", "desk", code=1)
    assert "the user dock does not exist" in await hub(environ, "reset", "dock", code=1)
    assert "64 letters, digits, or any of" in await hub(environ, "add", "a b", "--role", "admin", code=2)
    assert "--fleet" in await hub(environ, "add", "ops", "--role", "admin", "--fleet", "a b", code=2)
    assert "'driver' is not one of" in await hub(environ, "add", "ops", "--role", "driver", code=2)
    away = environ | {"HUB_DATABASE_URL": "postgresql://127.0.0.1:1/none"}
    assert "HUB_DATABASE_URL: the database does not answer" in await hub(away, "list", code=3)


@pytest.mark.thorough
def test_without_a_hub_the_embedded_database_is_started(tmp_path: Path) -> None:
    environ = {"HUB_DATA_DIR": str(tmp_path / "hub"), "HUB_JWT_SECRET": "auto"}
    for arguments, words in ((("add", "desk", "--role", "admin"), "Added desk as admin"), (("list",), "desk ")):
        with started("user", *arguments, **environ) as command:
            said, wrong = command.communicate()
            assert (command.returncode, wrong) == (0, "")
            assert said.startswith(words)


async def test_a_second_factor_and_a_connection_are_removed(environ: dict[str, str]) -> None:
    await hub(environ, "add", "kim", "--role", "admin")
    connection = await connect(environ["HUB_DATABASE_URL"], role="test", patience=60.0)
    try:
        place = await place_of(connection, "kim")
        assert place is not None
        assert await totp.begin(connection, place[1], b"sealed")
        async with connection.transaction():
            assert await identities.connect(connection, "https://login.example", "person", place[1])
        assert await hub(environ, "totp-off", "Kim") == "The user kim has no second factor any more.\n"
        assert await hub(environ, "disconnect", "Kim") == "The user kim is disconnected from the provider.\n"
        assert await totp.factor(connection, place[1]) is None
        assert not await identities.connected(connection, "https://login.example", place[1])
        actions = await connection.fetch("SELECT action, actor_kind FROM audit ORDER BY id DESC LIMIT 2")
        assert {tuple(row) for row in actions} == {("user.disconnected", "command"), ("user.totp_removed", "command")}
    finally:
        await connection.close()
    for command in ("totp-off", "disconnect"):
        assert "the user kim" in await hub(environ, command, "kim", code=1)
        assert "does not exist" in await hub(environ, command, "lee", code=1)
