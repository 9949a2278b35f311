"""Transactions for users, drivers, vehicles, phone tokens and share links, on connections of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from hub.edge.http.problems import unavailable
from hub.settings import Settings
from hub.stores.postgres.pool import DatabaseAway, Pool


class Registry:
    """The connections of the registry; its methods raise ``Problem``."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self.settings, self.pool = settings, pool

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection in a transaction. Violations of constraints are to be caught inside: what leaves is 503."""
        try:
            async with self.pool.connection() as connection, connection.transaction():
                yield connection
        except DatabaseAway as error:
            raise unavailable(f"the registry does not answer: {error}", self.settings.history_timeout) from error
