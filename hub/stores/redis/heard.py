"""When drivers were last heard, as their latest positions say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.wire.layout import Layout

PIECE = 500
"""Positions that Redis reads at once: it answers the hub in between."""


class Heard(NamedTuple):
    """``battery``: the charge at that time, if it is known."""

    driver_id: str
    received_at: datetime
    recorded_at: datetime
    battery: float | None


class _Latest(Struct, rename="camel"):
    driver_id: str
    received_at: datetime
    recorded_at: datetime
    battery: float | None = None


_latest = msgspec.json.Decoder(_Latest)


async def all_heard(redis: Redis, layout: Layout, fleet: str) -> AsyncIterator[Heard]:
    """Every driver of a fleet with a latest position, some twice. Raises one of ``UNAVAILABLE``."""
    for partition in layout.holding(fleet):
        cursor: Any = 0
        rows: Any
        while True:
            cursor, rows = await redis.hscan(partition.latest(fleet), cursor, count=PIECE)
            for row in rows.values():
                if (heard := _heard(row)) is not None:
                    yield heard
            if not int(cursor):
                break


async def heard(redis: Redis, layout: Layout, fleet: str, drivers: Sequence[str]) -> dict[str, Heard]:
    """Those of some drivers. Raises one of ``UNAVAILABLE``."""
    keys: dict[str, list[str]] = {}
    for driver_id in drivers:
        keys.setdefault(layout.of(fleet, driver_id).latest(fleet), []).append(driver_id)
    found: dict[str, Heard] = {}
    for key, of_key in keys.items():
        for start in range(0, len(of_key), PIECE):
            rows: Any = await redis.hmget(key, of_key[start : start + PIECE])
            for row in rows:
                one = None if row is None else _heard(row)
                if one is not None:
                    found[one.driver_id] = one
    return found


def _heard(row: bytes) -> Heard | None:
    try:
        one = _latest.decode(row)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None  # the next fix of the driver replaces it
    return Heard(one.driver_id, one.received_at, one.recorded_at, one.battery)
