"""Why PostgreSQL or Redis does not answer, in words."""

from __future__ import annotations

import asyncpg
from redis import exceptions as redis
from redis.asyncio.sentinel import MasterNotFoundError

_WORDS: list[tuple[tuple[type[BaseException], ...], str]] = [
    ((asyncpg.UndefinedTableError,), "its tables are not there yet"),
    (
        (TimeoutError, redis.TimeoutError, asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError),
        "no answer in time",
    ),
    ((ConnectionRefusedError, FileNotFoundError), "no server runs at its address"),
    (
        (asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, redis.BusyLoadingError),
        "the server is starting or stopping",
    ),
    ((asyncpg.TooManyConnectionsError, redis.MaxConnectionsError), "all its connections are in use"),
    ((MasterNotFoundError,), "no Sentinel names a primary that runs"),
    ((redis.OutOfMemoryError,), "its memory is full"),
    ((redis.ReadOnlyError, asyncpg.ReadOnlySQLTransactionError), "the server is read-only"),
    ((redis.AuthenticationError, asyncpg.InvalidAuthorizationSpecificationError), "the server refuses the login"),
    ((asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresConnectionError), "the connection was lost"),
    ((ConnectionResetError, BrokenPipeError), "the connection was lost"),
    ((OSError, redis.ConnectionError), "the server cannot be reached"),
]
"""In this order: a class comes before those that it is derived from."""


def reason(error: BaseException) -> str:
    """The reason that an error of ``UNAVAILABLE`` or ``AWAY`` gives. Not its own text, which may quote a row or an
    address."""
    for kinds, words in _WORDS:
        if isinstance(error, kinds):
            return words
    code = getattr(error, "sqlstate", None)
    return f"the server reports the error {code}" if code else "the server reports an error"
