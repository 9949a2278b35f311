"""Who is inside of which fence, read from PostgreSQL: at the start, and from time to time in case events were
missed."""

from __future__ import annotations

import asyncio
from datetime import datetime

from hub.core.live.inside import Insiders
from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, connect
from hub.stores.postgres.fences.reads import all_inside

log = get_logger()

EVERY = 300.0
"""Seconds between two readings. A hub that cannot read the stream of events for long misses some."""

RETRY = 2.0


async def follow_inside(insiders: Insiders, database_url: str, patience: float) -> None:
    """Read who is inside until cancelled; events that arrive while it is read are applied again."""
    while True:
        try:
            insiders.reading(begun=True)
            connection = await connect(database_url, role="fences", patience=patience)
            try:
                found = await all_inside(connection)
            finally:
                connection.terminate()
        except AWAY as error:
            insiders.reading(begun=False)
            log.debug(Action.DATABASE_UNAVAILABLE, pool="fences", error=type(error).__name__, detail="")
            await asyncio.sleep(RETRY)
            continue
        inside: dict[str, dict[str, dict[str, datetime]]] = {}
        for fleet, driver_id, fence_id, entered_at in found:
            inside.setdefault(fleet, {}).setdefault(driver_id, {})[str(fence_id)] = entered_at
        insiders.load(inside)
        await asyncio.sleep(EVERY)
