"""The writer of the quarantine: with PostgreSQL away, with too much, and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import asyncpg
import msgspec
import pytest

from hub.edge import quarantine
from hub.edge.quarantine import Quarantine
from hub.settings import Settings
from hub.stores.postgres.history.quarantine import Payload
from hub.stores.postgres.pool import Pool
from tests.support.running import PATIENCE

NOW = datetime.now(UTC)


def payload(n: int = 0, size: int = 100, fleet: str = "f", received_at: datetime = NOW) -> Payload:
    return Payload(
        fleet, None, received_at + timedelta(seconds=n), "osmand", "invalid", "lat", "x", 2, "/osmand", "", None, "",
        b"x" * size,
    )  # fmt: skip


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    made = Pool(database_url, "registry", connections=2, patience=5.0)
    await made.open()
    yield made
    await made.close()


async def rows(url: str, what: str = "count(*)") -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(f"SELECT {what} FROM quarantine") or 0)
    finally:
        await connection.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_while_postgresql_is_away_payloads_wait_and_come_later(
    settings: Settings, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "PAUSE", 0.01)
    monkeypatch.setattr(quarantine, "AWAY_PAUSE", 0.05)
    away = Pool("postgresql://127.0.0.1:1/none", "registry", connections=1, patience=1.0)
    await away.open()
    back = Pool(database_url, "registry", connections=1, patience=5.0)
    await back.open()
    kept = Quarantine(settings, away)
    task = asyncio.create_task(kept.run())
    try:
        assert all([kept.keep(payload(n)) for n in range(150)])
        await asyncio.sleep(0.3)
        assert kept.waiting == 150 * payload().size
        kept.pool = back
        await until(lambda: kept.waiting == 0)
        assert (kept.counts["kept"], await rows(database_url)) == (150, 150)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await away.close()
        await back.close()


async def test_what_has_no_room_is_dropped_and_counted(
    settings: Settings, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "MAX_WAITING", 10 * payload().size)
    kept = Quarantine(settings, pool)
    assert [kept.keep(payload(n)) for n in range(12)] == [True] * 10 + [False] * 2
    assert kept.counts["dropped"] == 2
    await kept.close()
    assert (kept.counts, kept.waiting) == ({"kept": 10, "dropped": 2}, 0)


async def test_a_fleet_keeps_its_newest(settings: Settings, pool: Pool, database_url: str) -> None:
    kept = Quarantine(msgspec.structs.replace(settings, quarantine_bytes=1_048_576), pool)
    for n in range(8):
        kept.keep(payload(n, 200_000))
    kept.keep(payload(0, fleet="other"))
    await kept.close()
    # Nine tenths of a MiB are four of these.
    assert await rows(database_url, "count(*) FILTER (WHERE fleet = 'f')") == 4
    assert await rows(database_url, "count(*) FILTER (WHERE fleet = 'other')") == 1
    assert await rows(database_url, f"count(*) FILTER (WHERE received_at >= to_timestamp({NOW.timestamp() + 4}))") == 4


async def test_old_ones_go(settings: Settings, pool: Pool, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "PAUSE", 0.01)
    kept = Quarantine(settings, pool)
    kept.keep(payload(received_at=NOW - timedelta(days=settings.quarantine_days, hours=1)))
    kept.keep(payload(received_at=NOW - timedelta(days=settings.quarantine_days - 1)))
    task = asyncio.create_task(kept.run())
    try:
        await until(lambda: kept.counts["kept"] == 2)
        async with asyncio.timeout(PATIENCE):
            while await rows(database_url) != 1:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_text_that_postgresql_refuses_does_not_stop_the_others(
    settings: Settings, pool: Pool, database_url: str
) -> None:
    kept = Quarantine(settings, pool)
    kept.keep(msgspec.structs.replace(payload(), field="la\x00t", detail="\ud800", query="a=\x00"))
    kept.keep(payload())
    await kept.close()
    assert await rows(database_url) == 2
