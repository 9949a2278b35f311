"""Connections for reading the history: 503 while PostgreSQL does not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from hub.edge.http.problems import Problem, unavailable
from hub.edge.node import Node
from hub.stores.postgres.history.reads import known
from hub.stores.postgres.places.names import Name, PlaceNames
from hub.stores.postgres.pool import DatabaseAway, Pool


class Past:
    """The history of a node's fleets; its methods raise ``Problem``."""

    def __init__(self, node: Node) -> None:
        settings = node.settings
        self.node = node
        self.pool = Pool(
            settings.database_url,
            "history",
            connections=settings.history_connections,
            patience=settings.history_timeout,
        )
        self.places = PlaceNames(settings, node.geocoder.want)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for a few queries."""
        try:
            async with self.pool.connection() as connection:
                yield connection
        except DatabaseAway as error:
            detail = f"the history does not answer: {error}"
            raise unavailable(detail, self.node.settings.history_timeout) from error

    async def name(self, things: Sequence[Any], name: Name) -> None:
        """Name the places of trips and stops, a few at a time, so that live positions do not wait for all of them."""
        await self.node.slices.each(things, name)

    async def check_driver(self, connection: asyncpg.Connection, fleet: str, driver_id: str) -> None:
        """Raises ``Problem`` 404 for a driver that the fleet does not have. Called when a driver has no rows."""
        if driver_id in self.node.hub.fleet(fleet).latest:
            return
        if not await known(connection, fleet, driver_id):
            raise Problem(404, "there is no such driver")
