"""Reading the log: one connection, no hidden retries, so that every reconnect is seen and checked."""

from __future__ import annotations

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from hub.wire.log import LOG_KEY

ENTRIES_PER_READ = 32
"""Bounds one answer: 32 entries of 5,000 positions are 40 MB. Small entries come at 80,000/s all the same."""

Entry = tuple[str, dict[bytes, bytes]]
"""Id and fields, as in the stream."""


class LogReader:
    """One reader of the log. Its methods raise ``redis.RedisError`` or ``OSError``; close it then, and make a new one."""

    def __init__(self, url: str, *, timeout: float, block: float) -> None:
        """``timeout``: seconds for an answer; ``block``: how long a read waits for the first entry."""
        self._block = round(block * 1000)
        self._client = redis.Redis.from_url(
            url,
            single_connection_client=True,
            retry=Retry(NoBackoff(), 0),
            socket_connect_timeout=timeout,
            socket_timeout=block + timeout,
        )

    async def read(self, after: str, *, wait: bool) -> list[Entry]:
        """Up to ``ENTRIES_PER_READ`` entries with ids above ``after``. With ``wait`` it waits for the first."""
        answer = await self._client.xread(
            {LOG_KEY: after}, count=ENTRIES_PER_READ, block=self._block if wait else None
        )
        if not answer:
            return []
        # RESP2 answers with a list, RESP3 with a dict.
        entries = answer[0][1] if isinstance(answer, list) else answer[LOG_KEY.encode()][0]
        return [(entry_id.decode(), fields) for entry_id, fields in entries]

    async def close(self) -> None:
        await self._client.aclose()
