"""The first admin: created and printed once, and only in a fleet without users."""

from __future__ import annotations

import asyncio
import re

import asyncpg
import msgspec
import pytest

from hub.identity.first_admin import first_admin
from hub.identity.passwords import hash_of
from hub.kept_secret import NAME
from hub.settings import Settings
from hub.stores.postgres.accounts.users import add_user
from tests.identity.test_tokens import SECRET
from tests.support.api.calls import get
from tests.support.api.logins import AUTH, PASSWORD, log_in
from tests.support.running import PATIENCE, served


@pytest.fixture
def guarded(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, jwt_secret=SECRET, history_timeout=20.0)


async def users_of(settings: Settings) -> list[tuple[str, str, bool]]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch("SELECT username, role, password_once FROM users")
        return [(row["username"], row["role"], row["password_once"]) for row in rows]
    finally:
        await connection.close()


async def test_of_hubs_that_start_together_one_creates_it(guarded: Settings) -> None:
    told = [words for words in await asyncio.gather(*(first_admin(guarded) for _ in range(4))) if words is not None]
    assert len(told) == 1
    assert await users_of(guarded) == [("admin", "admin", True)]
    assert await first_admin(guarded) is None


async def test_a_fleet_with_a_user_gets_none_and_another_fleet_does(guarded: Settings) -> None:
    connection = await asyncpg.connect(guarded.database_url)
    try:
        await add_user(connection, guarded.default_fleet, "somebody", "dispatcher", hash_of(PASSWORD))
    finally:
        await connection.close()
    assert await first_admin(guarded) is None
    assert await first_admin(msgspec.structs.replace(guarded, default_fleet="other")) is not None


@pytest.mark.parametrize("jwks_url", ["", "https://provider.example/keys"])
async def test_a_hub_without_logins_does_not_connect_to_the_database(settings: Settings, jwks_url: str) -> None:
    away = msgspec.structs.replace(settings, database_url="postgresql://127.0.0.1:1/none", jwks_url=jwks_url)
    assert await first_admin(away) is None


def test_the_password_printed_by_the_first_start_logs_in(settings: Settings) -> None:
    """With the secret ``auto``, which the second start reads from the data directory."""
    automatic = msgspec.structs.replace(
        settings, jwt_secret="auto", history_timeout=20.0, log_format="json", log_level="debug"
    )
    with served(automatic) as hub:
        assert hub.process.stdout is not None
        password = ""
        for line in hub.process.stdout:
            if found := re.match(r" +password +(\S+)$", line):
                password = found[1]
            if "another one" in line:
                break
        assert log_in(hub, "admin", password).status == 403  # type: ignore[arg-type]
        tokens = log_in(hub, "admin", password, newPassword=PASSWORD).json  # type: ignore[arg-type]
        me = get(hub, f"{AUTH}/me", tokens["accessToken"]).json  # type: ignore[arg-type]
        assert (me["role"], me["fleet"], me["username"]) == ("admin", "default", "admin")
        hub.process.terminate()
        assert hub.process.wait(PATIENCE) == 0
        said = hub.log.read_text()
        assert "first_admin_created" in said
        secret = (settings.data_dir / NAME).read_text().strip()
        for hidden in (password, PASSWORD, secret, tokens["accessToken"], tokens["refreshToken"]):
            assert hidden not in said
    with served(automatic) as hub:
        assert get(hub, f"{AUTH}/me", tokens["accessToken"]).status == 200  # type: ignore[arg-type]
        hub.process.terminate()
        assert hub.process.stdout is not None and hub.process.stdout.read() == ""
