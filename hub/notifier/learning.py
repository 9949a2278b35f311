"""Each fleet learns its travel times from its trips once a day. Alerts do not wait for it: it has its own session."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from hub.clock import SystemClock
from hub.core.eta.model import learn_by_kind
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.connection import connect
from hub.stores.postgres.eta import models
from hub.stores.postgres.history import offsets
from hub.stores.postgres.migrate import check

EVERY = timedelta(days=1)
"""Age at which a model is replaced."""

LOOK_EVERY = 60.0
"""Seconds between two looks for fleets that are due."""

LOCK = "learning"
"""Name of the lock of the notifier that learns."""

log = get_logger()


async def learn(settings: Settings, clock: SystemClock) -> None:
    """Learn until PostgreSQL goes away. Raises its errors."""
    connection = await connect(settings.database_url, role="learning", patience=settings.database_timeout)
    try:
        await check(connection)
        while True:
            if await offsets.lock(connection, LOCK):
                for fleet in await models.due(connection, clock.now(), EVERY):
                    now = clock.now()
                    trips = await models.trips(connection, fleet, now - timedelta(days=models.DAYS))
                    # A second of computing for a large fleet.
                    found = await asyncio.to_thread(learn_by_kind, trips)
                    await models.put(connection, fleet, found, now)
                    log.info(
                        Action.ETA_LEARNED,
                        fleet=fleet,
                        trips=len(trips),
                        learned=sorted(kind for kind, model in found.items() if model.trips),
                    )
            await asyncio.sleep(LOOK_EVERY)
    finally:
        connection.terminate()
