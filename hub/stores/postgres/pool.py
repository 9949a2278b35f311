"""A small pool of connections to PostgreSQL for API requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, session

log = get_logger()


class DatabaseAway(Exception):
    """PostgreSQL does not answer, not in time, or lacks the tables of this version."""


class Pool:
    """A pool in which each use of a connection ends within ``patience`` seconds."""

    def __init__(self, url: str, role: str, *, connections: int, patience: float) -> None:
        self._role = role
        self._url, self._connections, self._patience = url, connections, patience
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Prepare the pool; it connects at first use."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._connections,
            # Before the server ends the session, which it does after three times ``patience``.
            max_inactive_connection_lifetime=2 * self._patience,
            **session(self._role, self._patience),
        )

    async def close(self) -> None:
        """Close all connections, including those in use."""
        if self._pool is not None:
            self._pool.terminate()

    @asynccontextmanager
    async def connection(self, *, quiet: bool = False) -> AsyncIterator[asyncpg.Connection]:
        """A connection for a few statements; they and the wait for the connection take at most ``patience`` seconds.
        Raises ``DatabaseAway``, also for errors of the statements. ``quiet``: these are not logged."""
        assert self._pool is not None, "not open"
        try:
            async with asyncio.timeout(self._patience), self._pool.acquire() as connection:
                try:
                    yield connection
                except asyncio.CancelledError:
                    # Otherwise the pool waits until the server has cancelled the statement, which a stuck server never
                    # does. The server's own limit ends the statement.
                    connection.terminate()
                    raise
        except AWAY as error:
            if not quiet:
                log.warning(
                    Action.DATABASE_UNAVAILABLE, pool=self._role, error=type(error).__name__, detail=str(error)[:200]
                )
            # `hub serve` creates the tables as soon as PostgreSQL answers.
            missing = isinstance(error, asyncpg.UndefinedTableError)
            raise DatabaseAway("its tables are not there yet" if missing else type(error).__name__) from error
