"""Copies of the hub's keys."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from hub.stores.redis import copies
from hub.stores.redis.copies import PIECE, Record, UnknownType
from hub.stores.redis.shared_secret import SECRET_KEY
from tests.support.laws import examples

MEMBERS = st.binary(max_size=8)
KEYS = st.dictionaries(
    MEMBERS.map(b"hub:".__add__),
    st.one_of(
        MEMBERS.map(lambda value: ("string", [value])),
        st.dictionaries(MEMBERS, MEMBERS, min_size=1).map(lambda found: ("hash", sorted(found.items()))),
        st.sets(MEMBERS, min_size=1).map(lambda found: ("set", sorted(found))),
        st.dictionaries(MEMBERS, st.floats(allow_nan=False), min_size=1).map(lambda f: ("zset", sorted(f.items()))),
        st.lists(st.dictionaries(MEMBERS, MEMBERS, min_size=1), min_size=1, max_size=40).map(
            lambda entries: ("stream", [(b"%d-3" % n, list(e.items())) for n, e in enumerate(entries, 5)])
        ),
    ),
    max_size=4,
)


async def all_records(redis: Redis) -> list[Record]:
    return [record async for record in copies.read(redis)]


def through_a_file(record: Record) -> Record:
    return msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=Record)


@given(KEYS)
@settings(examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_keys_come_back_as_they_were(redis: Redis, keys: dict[bytes, tuple[str, list[Any]]]) -> None:
    await copies.delete(redis)
    assert await copies.is_empty(redis)
    for key, (kind, items) in keys.items():
        await copies.write(redis, Record(key, kind, items))
    records = await all_records(redis)
    read: dict[bytes, tuple[str, list[Any]]] = {}
    for record in records:
        read.setdefault(record.key, (record.kind, []))[1].extend(record.items)
    assert read == keys
    streams = [record.kind == "stream" for record in records]
    assert streams == sorted(streams)
    await copies.delete(redis)
    for record in records:
        await copies.write(redis, through_a_file(record))
    assert await all_records(redis) == records


async def test_the_secret_that_signs_tokens_is_neither_copied_nor_deleted(redis: Redis) -> None:
    await redis.set(SECRET_KEY, "s")
    assert await copies.is_empty(redis)
    assert await all_records(redis) == []
    await copies.delete(redis)
    assert await redis.get(SECRET_KEY) == b"s"


async def test_pieces_of_a_large_key(redis: Redis) -> None:
    await redis.hset("hub:h", mapping={f"f{n}": n for n in range(PIECE * 2 + 1)})
    await redis.sadd("hub:s", *range(PIECE + 1))
    for n in range(70):
        await redis.xadd("hub:log", {"n": n})
    records = await all_records(redis)
    assert [(record.key, len(record.items)) for record in records] == [
        *((b"hub:h", PIECE), (b"hub:h", PIECE), (b"hub:h", 1)),
        *((b"hub:s", PIECE), (b"hub:s", 1)),
        *((b"hub:log", 32), (b"hub:log", 32), (b"hub:log", 6)),
    ]


async def test_a_busy_stream_is_copied_to_where_it_was_at_the_start(redis: Redis) -> None:
    for n in range(40):
        await redis.xadd("hub:log", {"n": n})
    found = []
    async for record in copies.read(redis):
        found += record.items
        await redis.xadd("hub:log", {"n": "later"})
    assert [fields[0][1] for _, fields in found] == [b"%d" % n for n in range(40)]


async def test_keys_that_expire_and_keys_of_others_are_left_out(redis: Redis) -> None:
    await redis.set("hub:ticket:1", "x", ex=100)
    await redis.set("other", "x")
    assert await copies.is_empty(redis) and await all_records(redis) == []
    await copies.delete(redis)
    assert await redis.keys() == [b"other"]


async def test_a_type_that_is_not_known_is_an_error(redis: Redis) -> None:
    await redis.rpush("hub:list", "x")
    with pytest.raises(UnknownType, match="the key hub:list has the type list"):
        await all_records(redis)
