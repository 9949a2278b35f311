"""A small pool of connections to PostgreSQL for API requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, session

NICENESS = 10
"""Of the sessions of a server on this machine: live positions come before answers of the API."""

log = get_logger()


class DatabaseAway(Exception):
    """PostgreSQL does not answer, not in time, or lacks the tables of this version."""


class Pool:
    """A pool in which each use of a connection ends within ``patience`` seconds."""

    def __init__(self, url: str, role: str, *, connections: int, patience: float) -> None:
        self._role = role
        self._url, self._connections, self._patience = url, connections, patience
        self._pool: asyncpg.Pool | None = None
        host = parse_qs(urlsplit(url).query).get("host", [""])[0]
        self._local = host.startswith("/")
        self._lowered: set[int] = set()

    async def open(self) -> None:
        """Prepare the pool; it connects at first use."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._connections,
            # Before the server ends the session, which it does after three times ``patience``.
            max_inactive_connection_lifetime=2 * self._patience,
            setup=self._lower,
            **session(self._role, self._patience),
        )

    async def _lower(self, connection: asyncpg.Connection) -> None:
        """Give the session less CPU where Linux groups the CPU by session: each session of PostgreSQL is one of its own
        and, whatever the niceness of the server, gets as much as the whole hub. Workers of a parallel query keep it."""
        pid = connection.get_server_pid()
        if not self._local or pid in self._lowered:
            return
        try:
            if Path(f"/proc/{pid}/comm").read_text().startswith("postgres"):
                Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
        except BlockingIOError:  # an ordinary user may change one each tenth of a second: the next use tries again
            return
        except OSError:  # another system, another namespace, or another user's server
            pass
        self._lowered.add(pid)

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
