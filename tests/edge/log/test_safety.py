"""Whether acked positions are safe in the log, in the words of `/readyz`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import msgspec
import pytest
from redis.asyncio import Redis

from hub.edge.log import safety as log_safety
from hub.edge.log.safety import DAMAGE_SHOWN, LogSafety
from hub.edge.ops.health import Health
from hub.stores.postgres.pool import Pool
from hub.stores.redis.log.state import LogState
from hub.stores.redis.nodes import NodeReport
from tests.support.running import Edge

QUIET = LogState(fill=0.0, lag=0.0, lost=0, damaged_at=0.0)


def ignored() -> None:
    """What is done about damage is the appender's."""


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        before = (await client.config_get("appendfsync"))["appendfsync"]
        yield client
        await client.config_set("appendfsync", before)


async def test_damage_is_shown_for_a_day_and_while_no_recorder_reports(redis: Redis) -> None:
    safety = LogSafety(redis, "everysec", ignored)
    await safety.look(QUIET)
    assert safety.risks() == []
    await safety.look(msgspec.structs.replace(QUIET, damaged_at=time.time() - 60))
    assert safety.risks()[0].endswith(": no lost position is counted")
    await safety.look(msgspec.structs.replace(QUIET, lost=812, damaged_at=time.time() - 60))
    await safety.look(LogState(fill=0.0, lag=None, lost=None, damaged_at=None))
    assert safety.risks()[0].endswith(": 812 acknowledged positions are lost in all")
    await safety.look(msgspec.structs.replace(QUIET, lost=812, damaged_at=time.time() - DAMAGE_SHOWN - 1))
    assert safety.risks() == []


async def test_new_damage_is_passed_on_once(redis: Redis) -> None:
    calls: list[None] = []
    safety = LogSafety(redis, "everysec", lambda: calls.append(None))
    await safety.look(QUIET)
    assert len(calls) == 0
    for damaged_at in (5.0, 5.0, 6.0, 6.0):
        await safety.look(msgspec.structs.replace(QUIET, damaged_at=damaged_at))
    assert len(calls) == 2


async def test_settings_are_read_once_a_minute_and_after_a_reconnect(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await redis.config_set("appendfsync", "always")
    safety = LogSafety(redis, "always", ignored)
    assert safety.policy() == []
    await safety.look(QUIET)
    assert (safety.risks(), safety.policy()) == ([], ["appendfsync: always"])
    assert all(safety.verdicts().values()) and "appendonly" in safety.verdicts()

    await redis.config_set("appendfsync", "everysec")
    await safety.look(QUIET)
    assert safety.risks() == []  # not due yet
    safety.forget()
    await safety.look(QUIET)
    assert safety.risks()[0].startswith("Redis has appendfsync everysec: ")
    assert safety.policy() == ["appendfsync: everysec"]
    assert safety.verdicts()["appendfsync"] is False

    await redis.config_set("appendfsync", "always")
    monkeypatch.setattr(log_safety, "SETTINGS_EVERY", 0.0)
    await safety.look(QUIET)
    await safety.look(QUIET)
    assert safety.risks() == []
    assert capsys.readouterr().out.count("redis_settings") == 3  # when they are other ones


async def test_what_cannot_be_checked_is_named(redis: Redis, redis_url: str) -> None:
    await redis.acl_setuser("hosted", enabled=True, nopass=True, keys="*", commands=["+@all", "-config"])
    try:
        async with Redis.from_url(redis_url, username="hosted", password="") as client:
            safety = LogSafety(client, "always", ignored)
            await safety.look(QUIET)
    finally:
        await redis.acl_deluser("hosted")
    assert safety.policy() == [
        "appendfsync: unknown",
        "not checked, because Redis refuses CONFIG GET: appendfsync",
    ]
    assert safety.risks() == []


async def test_health_calls_the_log_degraded(hub: Edge, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    safety = LogSafety(redis, "everysec", ignored)
    await safety.look(msgspec.structs.replace(QUIET, lost=3, damaged_at=time.time()))

    async def alone() -> list[NodeReport]:
        return []

    monkeypatch.setattr(hub.node, "safety", safety)
    # The hub's own connection belongs to its loop.
    monkeypatch.setattr(hub.node.registration, "nodes", alone)
    health = Health(hub.node, Pool(hub.settings.database_url, "test", connections=1, patience=30), list, list)
    await health.database.open()
    report = await health.report()
    await health.database.close()
    assert (report.status, report.checks.log.status, report.checks.history.status) == ("degraded", "degraded", "ok")
    assert report.checks.log.details == safety.risks()
