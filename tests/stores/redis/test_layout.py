"""The layout of the log is made once, and then what every process goes by."""

from __future__ import annotations

import asyncio

import pytest
from redis.asyncio import Redis

from hub.stores.redis.layout import LayoutRefused, delete_places, layout
from hub.wire.layout import LAYOUT_KEY, ONLY
from hub.wire.log import LOG_KEY


async def test_the_first_start_makes_it_and_the_others_go_by_it(redis: Redis) -> None:
    made = await layout(redis, 4)
    assert len(made.partitions) == 4 and made.id
    for asked in (4, 1):
        again = await layout(redis, asked)
        assert (again.id, again.partitions) == (made.id, made.partitions)


async def test_of_two_first_starts_one_makes_it(redis: Redis) -> None:
    made = await asyncio.gather(*(layout(redis, 4) for _ in range(20)))
    assert len({one.id for one in made}) == 1


async def test_another_number_is_refused(redis: Redis) -> None:
    await layout(redis, 4)
    with pytest.raises(LayoutRefused, match="HUB_PARTITIONS is 8, but the log in Redis was made with 4: set HUB_PA"):
        await layout(redis, 8)


@pytest.mark.parametrize("left", ["log", "fleets"])
async def test_a_log_from_before_layouts_has_one_partition(redis: Redis, left: str) -> None:
    if left == "log":
        await redis.xadd(LOG_KEY, {"f": "[]"})
    else:
        await redis.sadd(ONLY.fleets, "f")  # type: ignore[misc]
    with pytest.raises(LayoutRefused, match="HUB_PARTITIONS is 4, but the log in Redis was made with 1"):
        await layout(redis, 4)
    assert (await layout(redis, 1)).partitions == [ONLY]


async def test_what_is_no_layout_is_refused(redis: Redis) -> None:
    await redis.set(LAYOUT_KEY, "16")
    with pytest.raises(LayoutRefused, match="the key hub:layout cannot be read"):
        await layout(redis, 1)


async def test_places_of_older_hubs_are_deleted(redis: Redis) -> None:
    await redis.geoadd("hub:geo:f", (55.3, 25.2, "d"))
    await redis.geoadd("hub:geo:g", (55.3, 25.2, "d"))
    await redis.set("hub:geography", "1")
    assert await delete_places(redis) == 2
    assert await redis.keys() == [b"hub:geography"]


@pytest.mark.parametrize("allowed", [True, False], ids=["allowed", "refused"])
async def test_the_first_start_after_an_upgrade_deletes_them_if_it_may(
    redis: Redis, redis_url: str, allowed: bool
) -> None:
    await redis.sadd(ONLY.fleets, "f")  # type: ignore[misc]
    await redis.geoadd("hub:geo:f", (55.3, 25.2, "d"))
    await redis.acl_setuser(
        "hub", enabled=True, nopass=True, keys=["*"], commands=["+@all", *([] if allowed else ["-scan"])]
    )
    async with Redis.from_url(redis_url, username="hub", password="any") as client:
        await layout(client, 1)
        assert await redis.exists("hub:geo:f") == (0 if allowed else 1)
        await redis.geoadd("hub:geo:later", (55.3, 25.2, "d"))
        await layout(client, 1)
        assert await redis.exists("hub:geo:later") == 1
    await redis.acl_deluser("hub")
