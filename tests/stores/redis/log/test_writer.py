"""Writing the log: one transaction, and what is in Redis after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import redis.exceptions
from redis.asyncio import Redis

from hub.core.live.hub import Hub
from hub.core.live.unlogged import Batch
from hub.core.nouns import Fix
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.line import Line
from hub.stores.redis.log.writer import append
from hub.wire.frames import text_frame, text_of
from hub.wire.layout import ONLY
from hub.wire.log import FLEETS_KEY, LOG_KEY, decode_entry
from tests.stores.redis.test_latest import batch
from tests.support.running import PATIENCE

NOW = datetime(2026, 1, 1, tzinfo=UTC)

TRAP = b'{"receivedAt":"1999-01-01T00:00:00Z"}'
"""Attributes of a device are no time of receipt."""


async def logged(redis: Redis) -> list[dict[str, list[str]]]:
    """Fleet -> drivers of each entry."""
    entries = [decode_entry(fields) for _, fields in await redis.xrange(LOG_KEY)]
    return [{fleet: [p.driver_id for p in positions] for fleet, positions in fleets.items()} for _, fleets in entries]


async def test_a_batch_is_one_entry_with_its_latest_positions(redis_url: str) -> None:
    hub = Hub("e")
    taken = batch(hub, "f", ("a", Fix(1, 2)), ("a", Fix(3, 4)), ("b", Fix(5, 6, recorded_at=NOW)))
    async with connect(redis_url, PATIENCE) as client:
        await append(Line(client), "the-epoch", taken, 0)
        assert await logged(client) == [{"f": ["a", "a", "b"]}]
        (_, fields), = await client.xrange(LOG_KEY)  # fmt: skip
        assert fields[b"@node"] == b"the-epoch 0 3"
        # The bytes of the log are the bytes of the latest positions, and of what subscribers get.
        rows = await client.hgetall(ONLY.latest("f"))  # type: ignore[misc]
        assert fields[b"f"].endswith(b"," + rows[b"a"] + b"," + rows[b"b"] + b"]")
        assert msgspec.json.decode(rows[b"a"])["latitude"] == 3.0
        assert await client.smembers(FLEETS_KEY) == {b"f"}  # type: ignore[misc]


async def test_what_is_late_is_logged_and_not_the_latest(redis_url: str) -> None:
    hub = Hub("e")
    old = datetime(2025, 1, 1, tzinfo=UTC)
    async with connect(redis_url, PATIENCE) as client:
        await append(Line(client), "e", batch(hub, "f", ("a", Fix(1, 2)), ("a", Fix(3, 4, recorded_at=old))), 0)
        await append(Line(client), "e", batch(hub, "f", ("a", Fix(5, 6, recorded_at=old))), 0)
        assert await logged(client) == [{"f": ["a", "a"]}, {"f": ["a"]}]
        row = await client.hget(ONLY.latest("f"), "a")  # type: ignore[misc]
        assert msgspec.json.decode(row)["latitude"] == 1.0


async def test_an_empty_part_writes_an_entry_only(redis_url: str) -> None:
    taken = Batch()
    taken.payloads, taken.latest, taken.size = {"f": [b"1"]}, {"f": {}}, 1
    async with connect(redis_url, PATIENCE) as client:
        await append(Line(client), "e", taken, 0)
        assert await client.keys() == [LOG_KEY.encode()]


async def test_a_transaction_is_all_or_nothing_where_redis_refuses(redis_url: str) -> None:
    hub = Hub("e")
    async with connect(redis_url, PATIENCE) as client:
        limit = (await client.config_get("maxmemory"))["maxmemory"]
        await client.config_set("maxmemory", 1)
        try:
            with pytest.raises(UNAVAILABLE):
                await append(Line(client), "e", batch(hub, "f", ("a", Fix(1, 2))), 0)
        finally:
            await client.config_set("maxmemory", limit)
        assert await client.keys() == []


async def test_a_redis_that_is_away_is_an_error_at_once() -> None:
    hub = Hub("e")
    async with connect("unix:///nowhere/redis.sock", 1.0) as client:
        with pytest.raises(redis.exceptions.ConnectionError):
            await append(Line(client), "e", batch(hub, "f", ("a", Fix(1, 2))), 0)


async def test_a_removed_driver_is_deleted_unless_a_newer_position_came(redis_url: str) -> None:
    hub = Hub("e")
    async with connect(redis_url, PATIENCE) as client:
        taken = batch(
            hub, "f", *((name, Fix(1, 2, attributes=msgspec.Raw(TRAP))) for name in ("gone", "newer", "stays"))
        )
        await append(Line(client), "e", taken, 0)
        received = msgspec.json.decode(await client.hget(ONLY.latest("f"), "gone"))["receivedAt"]  # type: ignore[misc]
        at = datetime.fromisoformat(received)
        removals = Batch()
        removals.removed = {"f": {"gone": at, "newer": at - timedelta(microseconds=1), "never": at}, "g": {"gone": at}}
        await append(Line(client), "e", removals, 3)
        assert await client.hkeys(ONLY.latest("f")) == [b"newer", b"stays"]  # type: ignore[misc]
        assert len(await logged(client)) == 1  # a removal alone is no entry


async def test_a_position_of_the_batch_itself_is_removed_too(redis_url: str) -> None:
    """What waits for the log when its driver is removed is still logged, and not the latest."""
    hub = Hub("e")
    async with connect(redis_url, PATIENCE) as client:
        taken = batch(hub, "f", ("gone", Fix(1, 2)))
        taken.removed = {"f": {"gone": datetime.max.replace(tzinfo=UTC)}}
        await append(Line(client), "e", taken, 0)
        assert await client.hkeys(ONLY.latest("f")) == []  # type: ignore[misc]
        assert await logged(client) == [{"f": ["gone"]}]


@pytest.mark.parametrize("again", [False, True])
async def test_what_is_appended_again_or_restored_replaces_no_newer_latest_position(
    redis_url: str, again: bool
) -> None:
    hub, other = Hub("e"), Hub("o", text_frame, text_of)
    later = NOW + timedelta(seconds=0.5)
    older = batch(other, "f", ("a", Fix(1, 2, recorded_at=NOW)), ("b", Fix(1, 2, recorded_at=later)))
    if not again:
        older.restored["f"] = {name: update for name, (update, _) in older.latest.pop("f").items()}
    async with connect(redis_url, PATIENCE) as client:
        newer = ("a", Fix(3, 4, recorded_at=later)), ("b", Fix(3, 4, recorded_at=NOW))
        await append(Line(client), "e", batch(hub, "f", *newer), 0)
        await append(Line(client), "o", older, 0, again=again)
        rows = await client.hgetall(ONLY.latest("f"))  # type: ignore[misc]
        assert {name: msgspec.json.decode(row)["latitude"] for name, row in rows.items()} == {b"a": 3.0, b"b": 1.0}
        await client.delete(ONLY.latest("f"), FLEETS_KEY)
        await append(Line(client), "o", older, 2, again=again)
        rows = await client.hgetall(ONLY.latest("f"))  # type: ignore[misc]
        assert rows.keys() == {b"a", b"b"} and await client.smembers(FLEETS_KEY) == {b"f"}  # type: ignore[misc]


@pytest.mark.parametrize("again", [False, True])
async def test_a_removed_driver_does_not_come_back_by_what_is_appended_again_or_restored(
    redis_url: str, again: bool
) -> None:
    other = Hub("o", text_frame, text_of)
    taken = batch(other, "f", ("gone", Fix(1, 2)), ("stays", Fix(1, 2)))
    if not again:
        taken.restored["f"] = {name: update for name, (update, _) in taken.latest.pop("f").items()}
    taken.removed = {"f": {"gone": datetime.max.replace(tzinfo=UTC)}}
    async with connect(redis_url, PATIENCE) as client:
        await append(Line(client), "o", taken, 0, again=again)
        assert await client.hkeys(ONLY.latest("f")) == [b"stays"]  # type: ignore[misc]
