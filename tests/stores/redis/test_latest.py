"""Latest positions as the log's writer left them in Redis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from hub.core.live.hub import Hub
from hub.core.live.unlogged import Batch, Unlogged
from hub.core.nouns import Fix
from hub.core.principal import Principal, Role
from hub.logs import Action
from hub.stores.redis import latest
from hub.stores.redis.connection import connect
from hub.stores.redis.line import Line
from hub.stores.redis.log.writer import append
from hub.wire.layout import ONLY
from hub.wire.log import FLEETS_KEY

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def batch(hub: Hub, fleet: str, *fixes: tuple[str, Fix]) -> Batch:
    """The batch of some fixes, a second apart."""
    unlogged = Unlogged(100, 100)
    client = hub.connect(Principal(fleet, Role.GATEWAY), lambda data: None)
    for number, (driver_id, fix) in enumerate(fixes):
        payload, update = hub.publish(hub.fleet(fleet), driver_id, fix, NOW + timedelta(seconds=number), client.origin)
        unlogged.add(fleet, payload, update)
    taken = unlogged.take()
    assert taken is not None
    return taken


async def test_an_empty_redis_knows_nobody(redis_url: str) -> None:
    async with connect(redis_url, 1.0) as redis:
        assert await latest.load(redis) == {}


async def test_what_was_written_is_read_by_fleet(redis_url: str) -> None:
    hub = Hub("e")
    async with connect(redis_url, 1.0) as redis:
        await append(
            Line(redis), "e", batch(hub, "f", ("a", Fix(1, 2)), ("b", Fix(3, 4, speed=5)), ("a", Fix(90, 180))), 0
        )
        await append(Line(redis), "e", batch(hub, "g:h", ("a", Fix(-90, -180))), 0)
        loaded = await latest.load(redis)
    assert {fleet: {p.driver_id: (p.latitude, p.longitude) for p in found} for fleet, found in loaded.items()} == {
        "f": {"a": (90.0, 180.0), "b": (3.0, 4.0)},
        "g:h": {"a": (-90.0, -180.0)},
    }
    (b,) = [position for position in loaded["f"] if position.driver_id == "b"]
    assert (b.speed, b.recorded_at, b.received_at, b.seq) == (5.0, NOW + timedelta(seconds=1), b.recorded_at, 2)


async def test_one_that_cannot_be_read_keeps_nobody_from_starting(redis_url: str) -> None:
    hub = Hub("e")
    async with connect(redis_url, 1.0) as redis:
        await append(Line(redis), "e", batch(hub, "f", ("good", Fix(1, 2))), 0)
        known = await redis.hget(ONLY.latest("f"), "good")  # type: ignore[misc]
        assert known is not None and b'00Z"' in known
        broken = {"cut": b'{"type":"loc', "other": b'{"type":"ack"}', "bytes": b"\xff", b"\xff": b"{}"}
        for driver_id, row in (broken | {"naive": known.replace(b'00Z"', b'00"')}).items():
            await redis.hset(ONLY.latest("f"), driver_id, row)  # type: ignore[arg-type, misc]
        await redis.sadd(FLEETS_KEY, "empty", b"\xff")  # type: ignore[misc]
        with capture_logs() as logs:
            loaded = await latest.load(redis)
    assert {fleet: [position.driver_id for position in found] for fleet, found in loaded.items()} == {
        "f": ["good"],
        "empty": [],
        "\ufffd": [],
    }
    assert {line["driver_id"] for line in logs if line["event"] == Action.DEAD_LETTER} == {
        "cut", "other", "bytes", "\ufffd", "naive",
    }  # fmt: skip
