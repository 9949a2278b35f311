"""Rows of API keys and of registered tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from hub.stores.postgres.accounts import access
from hub.stores.postgres.accounts.issued import add_issued, issued_tokens, revoke_issued
from hub.stores.postgres.accounts.keys import add_key, delete_key, keys, keys_named, note_uses
from hub.stores.tokens import token_hash

SOON = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_a_key_is_listed_found_read_and_deleted(connection: asyncpg.Connection) -> None:
    made = await add_key(connection, "f", "gateway", "ERP", SOON, 10)
    assert made is not None
    key, kept = made
    assert await keys(connection, "f", 10) == [kept]
    assert await keys(connection, "f", 10, (kept.created_at, kept.id)) == []
    assert await keys(connection, "g", 10) == []
    for text in ("ERP", str(kept.id), kept.prefix, key):
        assert await keys_named(connection, "f", text) == [kept.id]
        assert await keys_named(connection, "g", text) == []
    assert await keys_named(connection, "f", "hub_") == []
    assert await access.api_keys(connection) == {
        token_hash(key): access.ApiKey("f", "gateway", str(kept.id), SOON.timestamp())
    }
    assert not await delete_key(connection, "g", kept.id)
    assert await delete_key(connection, "f", kept.id)
    assert await access.api_keys(connection) == {}


async def test_a_fleet_has_so_many_keys_and_no_more(connection: asyncpg.Connection) -> None:
    assert await add_key(connection, "f", "admin", "a", None, 1) is not None
    assert await add_key(connection, "f", "admin", "b", None, 1) is None
    assert await add_key(connection, "g", "admin", "b", None, 1) is not None


async def test_the_last_use_moves_forward_only(connection: asyncpg.Connection) -> None:
    made = await add_key(connection, "f", "admin", "a", None, 1)
    assert made is not None
    id = made[1].id
    assert made[1].last_used_at is None
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    for at, expected in ((noon, noon), (noon - timedelta(hours=1), noon), (noon + timedelta(hours=1),) * 2):
        await note_uses(connection, {id: at, uuid4(): at})
        (kept,) = await keys(connection, "f", 1)
        assert kept.last_used_at == expected


async def test_only_revoked_tokens_that_would_be_valid_are_read(connection: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    valid, revoked, just_over, long_over = (uuid4() for _ in range(4))
    for id in (valid, revoked):
        await add_issued(connection, id, "f", "driver", "d", now + timedelta(hours=1))
    assert await revoke_issued(connection, "f", revoked)
    assert not await revoke_issued(connection, "g", valid)
    assert not await revoke_issued(connection, "f", uuid4())
    for id, age in ((just_over, 30), (long_over, 300)):
        await connection.execute(
            "INSERT INTO issued_tokens (id, fleet, role, expires_at, revoked_at) "
            "VALUES ($1, 'f', 'admin', now() - make_interval(secs => $2), now())",
            id,
            age,
        )
    assert await access.revoked_tokens(connection, 60.0) == {str(revoked), str(just_over)}
    listed = {token.id: token.revoked_at is not None for token in await issued_tokens(connection, "f")}
    assert listed == {valid: False, revoked: True}
