"""Sessions and refresh tokens in PostgreSQL: each token once, also when several ask at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from hub.stores.postgres.accounts import sessions
from hub.stores.postgres.accounts.sessions import GRACE, REMOVED_AT_ONCE, Refreshed, Reused
from hub.stores.postgres.accounts.users import add_user, change_user, delete_user, reset_password


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(database_url, min_size=0, max_size=6) as pool:
        yield pool


@pytest.fixture
async def desk(pool: asyncpg.Pool) -> UUID:
    return (await add_user(pool, "f", "desk", "dispatcher", "hash")).user_id


async def start(pool: asyncpg.Pool, user_id: UUID, lifetime: float = 3_600.0) -> tuple[UUID, str]:
    async with pool.acquire() as connection, connection.transaction():
        started = await sessions.start(connection, user_id, "hash", lifetime)
    assert started is not None
    return started[0].id, started[1]


async def refresh(pool: asyncpg.Pool, token: str) -> Refreshed | Reused | None:
    async with pool.acquire() as connection, connection.transaction():
        return await sessions.refresh(connection, token)


async def later(pool: asyncpg.Pool, seconds: float) -> None:
    """As if so much time had passed since tokens were used."""
    await pool.execute("UPDATE refresh_tokens SET used_at = used_at - make_interval(secs => $1)", seconds)


async def reasons(pool: asyncpg.Pool) -> list[str | None]:
    return [row[0] for row in await pool.fetch("SELECT ended_for FROM sessions ORDER BY created_at")]


async def test_of_many_who_ask_at_once_one_gets_the_next_token(pool: asyncpg.Pool, desk: UUID) -> None:
    _, token = await start(pool, desk)
    for _ in range(5):
        outcomes = await asyncio.gather(*(refresh(pool, token) for _ in range(6)))
        following = [outcome.token for outcome in outcomes if isinstance(outcome, Refreshed) and outcome.token]
        assert all(isinstance(outcome, Refreshed) for outcome in outcomes)
        assert len(following) == 1
        token = following[0]
    assert await reasons(pool) == [None]


async def test_of_many_copies_that_come_late_one_is_told_of(pool: asyncpg.Pool, desk: UUID) -> None:
    """So that the log has one line for a theft."""
    session, token = await start(pool, desk)
    await refresh(pool, token)
    await later(pool, GRACE + 1)
    outcomes = await asyncio.gather(*(refresh(pool, token) for _ in range(6)))
    assert [outcome for outcome in outcomes if outcome is not None] == [Reused(session, desk)]
    assert await reasons(pool) == ["reuse"]


async def test_the_grace_is_over_when_it_is_over(pool: asyncpg.Pool, desk: UUID) -> None:
    _, token = await start(pool, desk)
    await refresh(pool, token)
    await later(pool, GRACE - 5)
    again = await refresh(pool, token)
    assert isinstance(again, Refreshed) and again.token is None
    await later(pool, 6)
    assert isinstance(await refresh(pool, token), Reused)


async def test_a_session_ends_once_and_keeps_its_first_reason(pool: asyncpg.Pool, desk: UUID) -> None:
    _, token = await start(pool, desk)
    _, other = await start(pool, desk)
    await sessions.end(pool, token, "logout")
    await sessions.end(pool, token, "later")
    await sessions.end(pool, "nobody's", "logout")
    assert await reasons(pool) == ["logout", None]
    await sessions.end_all(pool, desk, "password")
    assert await reasons(pool) == ["logout", "password"]
    assert await refresh(pool, token) is None and await refresh(pool, other) is None


async def test_one_session_may_be_kept(pool: asyncpg.Pool, desk: UUID) -> None:
    kept, _ = await start(pool, desk)
    await start(pool, desk)
    await sessions.end_all(pool, desk, "password", keep=kept)
    assert await reasons(pool) == [None, "password"]


async def test_a_login_waits_for_who_changes_the_password_and_then_fails(pool: asyncpg.Pool, desk: UUID) -> None:
    async with pool.acquire() as changer:
        transaction = changer.transaction()
        await transaction.start()
        await reset_password(changer, "f", desk, "other hash")

        async def log_in() -> object:
            async with pool.acquire() as connection, connection.transaction():
                return await sessions.start(connection, desk, "hash", 60.0)

        waiting = asyncio.create_task(log_in())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await transaction.commit()
    assert await waiting is None


async def test_a_login_has_the_role_of_the_moment_at_which_it_starts(pool: asyncpg.Pool, desk: UUID) -> None:
    """Else an admin whose role is taken away while the password is checked would be one for the life of a token."""
    for role in ("admin", "dispatcher"):
        async with pool.acquire() as changer:
            transaction = changer.transaction()
            await transaction.start()
            await changer.execute("UPDATE users SET role = $1 WHERE id = $2", role, desk)

            async def log_in() -> tuple[sessions.Session, str] | None:
                async with pool.acquire() as connection, connection.transaction():
                    return await sessions.start(connection, desk, "hash", 60.0)

            waiting = asyncio.create_task(log_in())
            await asyncio.sleep(0.1)
            assert not waiting.done()
            await transaction.commit()
        started = await waiting
        assert started is not None
        assert (started[0].user_id, started[0].role) == (desk, role)


async def test_a_disabled_users_token_is_refused_also_before_its_session_ends(pool: asyncpg.Pool, desk: UUID) -> None:
    _, token = await start(pool, desk)
    await pool.execute("UPDATE users SET disabled = true")
    assert await refresh(pool, token) is None


async def test_what_is_over_goes_a_few_at_a_time_with_its_tokens(pool: asyncpg.Pool, desk: UUID) -> None:
    for _ in range(REMOVED_AT_ONCE + 2):
        await start(pool, desk)
    await pool.execute("UPDATE sessions SET expires_at = now() - interval '1 s'")
    ended, _ = await start(pool, desk)
    await sessions.end_all(pool, desk, "logout")
    _, token = await start(pool, desk)
    removed = []
    for _ in range(3):
        async with pool.acquire() as connection, connection.transaction():
            removed.append(await sessions.remove_over(connection, 60.0))
    assert removed == [REMOVED_AT_ONCE, 2, 0]
    assert await pool.fetchval("SELECT count(*) FROM refresh_tokens") == 2
    await pool.execute("UPDATE sessions SET ended_at = ended_at - interval '61 s'")
    async with pool.acquire() as connection, connection.transaction():
        assert await sessions.remove_over(connection, 60.0) == 1
    assert await pool.fetchval("SELECT count(*) FROM sessions WHERE id = $1", ended) == 0
    assert isinstance(await refresh(pool, token), Refreshed)


async def test_a_login_that_removes_nothing_tells_the_edges_nothing(pool: asyncpg.Pool, desk: UUID) -> None:
    told: list[str] = []
    async with pool.acquire() as listener:

        def hear(*words: object) -> None:
            told.append(str(words[-1]))

        await listener.add_listener("hub_access", hear)
        _, token = await start(pool, desk)
        async with pool.acquire() as connection, connection.transaction():
            await sessions.remove_over(connection)
        await refresh(pool, token)
        await sessions.end(pool, token, "logout")
        await listener.execute("SELECT")  # what was told has come with the answer
        await listener.remove_listener("hub_access", hear)
    assert told == ["sessions"]


async def test_a_deleted_user_takes_sessions_and_tokens_along(pool: asyncpg.Pool, desk: UUID) -> None:
    await start(pool, desk)
    async with pool.acquire() as connection, connection.transaction():
        assert await change_user(connection, "f", desk, None, disabled=True) is not None
        assert await delete_user(connection, "f", desk, None)
    assert await pool.fetchval("SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM refresh_tokens)") == 0
