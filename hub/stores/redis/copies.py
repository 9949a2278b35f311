"""Copies the hub's keys out of Redis and back: for backups.

Keys that expire are left out: they describe running processes and tickets. So is the secret that signs tokens. The
records of a copy depend on the data alone, so two copies of the same data are equal byte for byte.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from msgspec import Struct
from redis.asyncio import Redis

from hub.stores.redis.shared_secret import SECRET_KEY
from hub.wire.layout import LAYOUT_KEY, ONE, load

KEYS = "hub:*"

LEFT_OUT = {SECRET_KEY.encode()}
"""A copy must not allow signing tokens, or reading the secrets of channels in the copy of the database."""

PIECE = 1_000
"""Items of a hash, set or sorted set in one record."""

ENTRIES = 32
"""Entries of a stream in one record; an entry has up to 5,000 positions, 1.3 MB."""


class Record(Struct, array_like=True, frozen=True):
    """A part of a key. ``kind``: the type that Redis names. ``items``: of a ``string`` the value, of a ``hash`` (field,
    value), of a ``set`` the members, of a ``zset`` (member, score), of a ``stream`` (id, [(field, value), …])."""

    key: bytes
    kind: str
    items: list[Any]


class UnknownType(Exception):
    """A key of the hub has a type that this version does not write."""


async def read(redis: Redis) -> AsyncIterator[Record]:
    """All keys, streams last, each in the order of its members. Raises ``UnknownType`` and one of ``UNAVAILABLE``.

    The latest positions are read before the log, so the log, and what the recorder has taken from it, holds each of
    them."""
    kinds = {key: kind async for key, kind in _keys(redis)}
    for key, kind in sorted(kinds.items(), key=lambda item: (item[1] == "stream", item[0])):
        if kind == "stream":
            async for record in _stream(redis, key):
                yield record
        else:
            items = await _items(redis, key, kind)
            for start in range(0, len(items), PIECE):
                yield Record(key, kind, items[start : start + PIECE])


async def is_empty(redis: Redis) -> bool:
    """Whether there is no key that a copy would contain. Raises one of ``UNAVAILABLE``."""
    async for _ in _keys(redis):
        return False
    return True


async def logs(redis: Redis) -> list[str]:
    """Names of the logs that the layout has. Raises one of ``UNAVAILABLE``."""
    stored: Any = await redis.get(LAYOUT_KEY)
    try:
        found = ONE if stored is None else load(stored)
    except ValueError:
        found = ONE
    return [partition.log for partition in found.partitions]


async def delete(redis: Redis) -> None:
    """Delete the hub's keys, also those that expire. Raises one of ``UNAVAILABLE``."""
    keys = [key async for key in redis.scan_iter(match=KEYS, count=PIECE) if key not in LEFT_OUT]
    for start in range(0, len(keys), PIECE):
        await redis.unlink(*keys[start : start + PIECE])


async def write(redis: Redis, record: Record) -> None:
    """Add a record to its key. Raises one of ``UNAVAILABLE``."""
    key, items = record.key, record.items
    match record.kind:
        case "string":
            await redis.set(key, items[0])
        case "hash":
            await redis.hset(key, items=[part for item in items for part in item])
        case "set":
            await redis.sadd(key, *items)
        case "zset":
            await redis.zadd(key, dict(items))
        case "stream":
            pipeline = redis.pipeline(transaction=False)
            for entry_id, fields in items:
                pipeline.xadd(key, dict(fields), id=entry_id)
            await pipeline.execute()


async def _keys(redis: Redis) -> AsyncIterator[tuple[bytes, str]]:
    """Keys that do not expire, with their types."""
    found = {key async for key in redis.scan_iter(match=KEYS, count=PIECE)} - LEFT_OUT
    for part in (sorted(found)[start : start + PIECE] for start in range(0, len(found), PIECE)):
        pipeline = redis.pipeline(transaction=False)
        for key in part:
            pipeline.pttl(key)
            pipeline.type(key)
        answers = await pipeline.execute()
        for key, ttl, kind in zip(part, answers[::2], answers[1::2], strict=True):
            if ttl == -1:  # -2: it is gone
                yield key, kind.decode()


async def _items(redis: Redis, key: bytes, kind: str) -> list[Any]:
    """In pieces, since Redis answers no other client meanwhile; a piece may repeat members."""
    match kind:
        case "string":
            value = await redis.get(key)
            return [] if value is None else [value]
        case "hash":
            return sorted({field: value async for field, value in redis.hscan_iter(key, count=PIECE)}.items())
        case "set":
            return sorted({member async for member in redis.sscan_iter(key, count=PIECE)})
        case "zset":
            return sorted({member: score async for member, score in redis.zscan_iter(key, count=PIECE)}.items())
    raise UnknownType(f"the key {key.decode(errors='replace')} has the type {kind}")


async def _stream(redis: Redis, key: bytes) -> AsyncIterator[Record]:
    """The entries up to the one that is the last now: a busy log has no end."""
    last: Any = await redis.xrevrange(key, count=1)
    after = b"-"
    while last:
        entries: Any = await redis.xrange(key, after, last[0][0], ENTRIES)
        if not entries:
            return
        yield Record(key, "stream", [(entry_id, list(fields.items())) for entry_id, fields in entries])
        after = b"(" + entries[-1][0]
