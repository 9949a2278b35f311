"""A small pool of connections to PostgreSQL for API requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg

from hub.logs import Action, get_logger
from hub.stores.postgres.connection import AWAY, connect_to_one, session
from hub.stores.reasons import reason

NICENESS = 10
"""Of the sessions of a server on this machine: live positions come before answers of the API."""

log = get_logger()


class DatabaseAway(Exception):
    """PostgreSQL does not answer, not in time, or lacks the tables of this version. The message says why, in words."""


class NoTables(DatabaseAway):
    """The database answers, and is new: its schema is being made, and nothing is stored yet."""


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
            connect=connect_to_one,
            **session(self._role, self._patience),
        )

    async def _lower(self, connection: asyncpg.Connection) -> None:
        """Give the session less CPU where Linux groups the CPU by session: each session of PostgreSQL is one of its own
        and, whatever the niceness of the server, gets as much as the whole hub. Workers of a parallel query keep it."""
        pid = connection.get_server_pid()
        if self._local and pid not in self._lowered and _lower_session(pid):
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
            # Tables may be missing: `hub serve` creates them as soon as PostgreSQL answers.
            kind = NoTables if isinstance(error, asyncpg.UndefinedTableError) else DatabaseAway
            raise kind(reason(error)) from error


def _lower_session(pid: int) -> bool:
    """Lower the priority of the session of a server process; False if it is to be tried again."""
    try:
        if Path(f"/proc/{pid}/comm").read_text().startswith("postgres"):
            Path(f"/proc/{pid}/autogroup").write_text(str(NICENESS))
    except BlockingIOError:  # an ordinary user may change one each tenth of a second
        return False
    except OSError:  # another system, another namespace, or another user's server
        pass
    return True
