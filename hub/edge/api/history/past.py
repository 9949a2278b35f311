"""Connections for reading the history, of the standby where there is one: 503 while PostgreSQL does not answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from hub.core.audit import Audited
from hub.edge.api.pages import written
from hub.edge.http.operations import AS_OF, Call
from hub.edge.http.problems import Problem, unavailable
from hub.edge.node import Node
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.reads import known
from hub.stores.postgres.places.names import Name, PlaceNames
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.stores.postgres.replica import Replica, ReplicaUnusable

Found = TypeVar("Found")

Work = Callable[[asyncpg.Connection], Awaitable[Found]]
"""A few queries of one connection, which may be asked again of another server."""

BY_PRIMARY = "hub.by_primary"
"""In the scope of a request: an answer that the primary began, it ends, as the standby may be behind it."""


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
        self.replica: Replica | None = None
        if settings.database_replica_url:
            self.replica = Replica(
                settings.database_replica_url,
                node.registry_pool,
                connections=settings.history_connections,
                patience=settings.history_timeout,
                most_lag=settings.database_replica_lag,
            )
        self.places = PlaceNames(settings, node.geocoder.want)

    async def open(self) -> None:
        """Prepare the pools; they connect at first use."""
        await self.pool.open()
        if self.replica is not None:
            await self.replica.pool.open()

    async def close(self) -> None:
        """Close all connections, including those in use."""
        await self.pool.close()
        if self.replica is not None:
            await self.replica.pool.close()

    async def read(self, call: Call[Any, Any], work: Work[Found]) -> Found:
        """The result of a few queries for the answer to a request: from the standby if it can be used, else from the
        primary. The answer then says as of when it is, by ``X-As-Of``."""
        scope, replica = call.request.scope, self.replica
        if replica is not None and (replica.as_of is not None) and not scope.get(BY_PRIMARY):
            as_of = written(replica.as_of)
            try:
                async with self._answering(), replica.connection(self.node.writes.last(call.fleet)) as connection:
                    found = await work(connection)
                scope.setdefault(AS_OF, as_of)
                return found
            except ReplicaUnusable:
                scope[BY_PRIMARY] = True
        async with self._answering(), self.pool.connection() as connection:
            return await work(connection)

    async def audit(self, call: Call[Any, Any], action: Audited, subject: str, **said: Any) -> None:
        """Record an export, before it is sent, so that one that is cut off is recorded, too."""
        async with self._answering(), self.pool.connection() as connection:
            await audit(connection, call.actor, action, subject, **said)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        try:
            yield
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
        if not (await known(connection, fleet, driver_id) or await self.node.is_live(fleet, driver_id)):
            raise Problem(404, "there is no such driver")
