"""A client of an empty Valkey, and entries with ids that are given."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import redis.asyncio

from hub.wire.log import LOG_KEY

Client = redis.asyncio.Redis


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Client]:
    async with redis.asyncio.from_url(redis_url, decode_responses=True) as client:
        yield client


async def write(client: Client, *ids: str) -> None:
    for entry_id in ids:
        await client.xadd(LOG_KEY, {"fleet": "[]"}, id=entry_id)
