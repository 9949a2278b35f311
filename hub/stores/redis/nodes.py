"""The nodes that run now, each with a key that expires: for people and metrics, no correctness rests on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

NODES_KEY = "hub:nodes"
"""Set of the ids of nodes, which may have ended: the keys are found without a scan of Redis."""

NODE_KEY = "hub:node:"
"""Prefix of a node's key: ``NodeReport`` as JSON."""

EXPIRES = 5
"""Seconds after which a node that has not reported is gone."""


class NodeReport(Struct, rename="camel", frozen=True):
    """A node. ``id`` is its epoch, ``address`` has the host and the port of its hub, which several workers share.
    ``behind_ms``: milliseconds since it had read the whole log, None while it follows."""

    id: str
    address: str
    pid: int
    version: str
    started_at: datetime
    connections: int
    draining: bool
    behind_ms: int | None


_decode = msgspec.json.Decoder(NodeReport).decode


async def write_node(redis: Redis, report: NodeReport) -> None:
    """Report a node. Raises one of ``UNAVAILABLE``."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.set(NODE_KEY + report.id, msgspec.json.encode(report), ex=EXPIRES)
    pipeline.sadd(NODES_KEY, report.id)
    pipeline.expire(NODES_KEY, EXPIRES)
    await pipeline.execute()


async def remove_node(redis: Redis, id: str) -> None:
    """Remove a node that ends. Raises one of ``UNAVAILABLE``."""
    pipeline = redis.pipeline(transaction=False)
    pipeline.delete(NODE_KEY + id)
    pipeline.srem(NODES_KEY, id)
    await pipeline.execute()


async def read_nodes(redis: Redis) -> list[NodeReport]:
    """The nodes that have reported in the last five seconds, by address and start. Raises one of ``UNAVAILABLE``."""
    ids = sorted(id.decode() for id in cast("set[bytes]", await redis.smembers(NODES_KEY)))
    pipeline = redis.pipeline(transaction=False)
    for id in ids:
        pipeline.get(NODE_KEY + id)
    found: Any = await pipeline.execute() if ids else []
    gone = [id for id, report in zip(ids, found, strict=True) if report is None]
    if gone:
        await redis.srem(NODES_KEY, *gone)
    reports = []
    for report in found:
        if report is not None:
            try:
                reports.append(_decode(report))
            except msgspec.MsgspecError:  # of another version
                continue
    return sorted(reports, key=lambda report: (report.address, report.started_at))
