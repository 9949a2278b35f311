"""A few connections to PostgreSQL for questions that people wait for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, session

log = get_logger()


class DatabaseAway(Exception):
    """PostgreSQL does not answer, not in time, or not with this version's tables."""


class Pool:
    """A small pool of connections for questions; each is answered within ``patience`` seconds or given up."""

    def __init__(self, url: str, role: str, *, connections: int, patience: float) -> None:
        self._role = role
        self._url, self._connections, self._patience = url, connections, patience
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Be ready; nothing is connected before the first question."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._connections,
            # Before the server ends the session, which it does after three times ``patience``.
            max_inactive_connection_lifetime=2 * self._patience,
            **session(self._role, self._patience),
        )

    async def close(self) -> None:
        """Close all connections, those in use too."""
        if self._pool is not None:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection for a question or two, which are answered within ``patience`` seconds together with the wait for
        it. Raises ``DatabaseAway``, also for what the questions raise."""
        assert self._pool is not None, "not open"
        try:
            async with asyncio.timeout(self._patience), self._pool.acquire() as connection:
                try:
                    yield connection
                except asyncio.CancelledError:
                    # The pool would wait until the server has cancelled the statement, which one that is stuck does
                    # not. The server's own limit ends it.
                    connection.terminate()
                    raise
        except AWAY as error:
            log.warning(
                Action.DATABASE_UNAVAILABLE, pool=self._role, error=type(error).__name__, detail=str(error)[:200]
            )
            # The recorder makes them, as soon as it and PostgreSQL have started.
            missing = isinstance(error, asyncpg.UndefinedTableError)
            raise DatabaseAway("its tables are not there yet" if missing else type(error).__name__) from error
