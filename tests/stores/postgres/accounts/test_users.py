"""Users in PostgreSQL: what the API does not show."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from hub.stores.postgres.accounts import sessions
from hub.stores.postgres.accounts.users import (
    LastAdmin,
    NameTaken,
    add_first_admin,
    add_user,
    all_users,
    change_user,
    credentials,
    credentials_of,
    delete_user,
    has_user,
    place_of,
    rehash_password,
    replace_password,
    reset_password,
    user,
    users,
)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            yield connection
    finally:
        await connection.close()


async def test_a_user_is_found_by_name_in_all_fleets_and_by_id_in_its_own(connection: asyncpg.Connection) -> None:
    desk = await add_user(connection, "f", "desk", "admin", "hash")
    assert (desk.role, desk.disabled, desk.password_once, desk.version) == ("admin", False, True, 1)
    assert await user(connection, "f", desk.user_id) == desk
    assert await user(connection, "g", desk.user_id) is None
    assert await place_of(connection, "desk") == ("f", desk.user_id)
    found = await credentials(connection, "desk")
    assert found is not None and (found.id, found.password_hash) == (desk.user_id, "hash")
    assert await credentials_of(connection, "f", desk.user_id) == found
    assert await credentials_of(connection, "g", desk.user_id) is None
    assert await credentials(connection, "Desk") is None
    with pytest.raises(NameTaken):
        await add_user(connection, "g", "desk", "admin", "hash")
    assert [one.username for one in await users(connection, "f", 10)] == ["desk"]
    assert await users(connection, "g", 10) == []
    assert [(one.fleet, one.username) for one in await all_users(connection)] == [("f", "desk")]


async def test_a_refused_change_changes_nothing_and_leaves_the_transaction_usable(
    connection: asyncpg.Connection,
) -> None:
    desk = await add_user(connection, "f", "desk", "admin", "hash")
    dock = await add_user(connection, "f", "dock", "dispatcher", "hash")
    with pytest.raises(LastAdmin):
        await change_user(connection, "f", desk.user_id, None, disabled=True)
    with pytest.raises(LastAdmin):
        await delete_user(connection, "f", desk.user_id, None)
    with pytest.raises(NameTaken):
        await change_user(connection, "f", dock.user_id, 1, username="desk", role="admin")
    assert await users(connection, "f", 10) == [desk, dock]
    # Whoever is gone, or no admin, was not the last one.
    assert await change_user(connection, "f", dock.user_id, 1, disabled=True) is not None
    assert await delete_user(connection, "f", dock.user_id, None)
    assert not await delete_user(connection, "f", dock.user_id, None)


async def test_a_password_is_replaced_where_it_still_holds(connection: asyncpg.Connection) -> None:
    desk = await add_user(connection, "f", "desk", "admin", "old")
    assert not await replace_password(connection, desk.user_id, "older", "new")
    assert await replace_password(connection, desk.user_id, "old", "new")
    assert not await replace_password(connection, desk.user_id, "old", "newer")
    replaced = await user(connection, "f", desk.user_id)
    assert replaced is not None and (replaced.password_once, replaced.version) == (False, 2)
    await rehash_password(connection, desk.user_id, "old", "hash of another")
    await rehash_password(connection, desk.user_id, "new", "newly hashed")
    found = await credentials(connection, "desk")
    assert found is not None and found.password_hash == "newly hashed"
    # The same password with other parameters is no change for whoever edits the user.
    assert await user(connection, "f", desk.user_id) == replaced
    reset = await reset_password(connection, "f", desk.user_id, "given")
    assert reset is not None and (reset.password_once, reset.version) == (True, 3)
    assert await reset_password(connection, "g", desk.user_id, "given") is None


async def test_who_is_disabled_replaces_no_password_and_starts_no_session(connection: asyncpg.Connection) -> None:
    dock = await add_user(connection, "f", "dock", "dispatcher", "hash")
    await change_user(connection, "f", dock.user_id, None, disabled=True)
    assert not await replace_password(connection, dock.user_id, "hash", "new")
    assert await sessions.start(connection, dock.user_id, "hash", 60.0) is None


async def test_the_first_admin_is_the_first_user_of_a_fleet(database_url: str) -> None:
    first, second = await asyncpg.connect(database_url), await asyncpg.connect(database_url)
    try:
        transaction = first.transaction()
        await transaction.start()
        assert await add_first_admin(first, "f", "admin", "hash")
        waiting = asyncio.create_task(add_first_admin(second, "f", "admin", "hash"))
        await asyncio.sleep(0.05)
        await transaction.commit()
        assert not await waiting
        assert await has_user(first, "f") and not await has_user(first, "g")
        assert not await add_first_admin(first, "g", "admin", "hash")  # the name is another fleet's
        assert not await has_user(first, "g")
    finally:
        await first.close()
        await second.close()
