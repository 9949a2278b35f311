"""Why a server does not answer."""

from __future__ import annotations

import asyncpg
import pytest
from redis import exceptions as redis

from hub.stores.reasons import reason


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError("/secret"), "no server runs at its address"),
        (ConnectionRefusedError(), "no server runs at its address"),
        (TimeoutError(), "no answer in time"),
        (redis.TimeoutError("x"), "no answer in time"),
        (asyncpg.QueryCanceledError("x"), "no answer in time"),
        (asyncpg.UndefinedTableError("x"), "its tables are not there yet"),
        (asyncpg.CannotConnectNowError("x"), "the server is starting or stopping"),
        (redis.BusyLoadingError("x"), "the server is starting or stopping"),
        (asyncpg.TooManyConnectionsError("x"), "all its connections are in use"),
        (redis.OutOfMemoryError("x"), "its memory is full"),
        (redis.ReadOnlyError("x"), "the server is read-only"),
        (asyncpg.InvalidPasswordError("x"), "the server refuses the login"),
        (redis.AuthenticationError("x"), "the server refuses the login"),
        (asyncpg.InterfaceError("x"), "the connection was lost"),
        (asyncpg.ConnectionDoesNotExistError("x"), "the connection was lost"),
        (ConnectionResetError(), "the connection was lost"),
        (redis.ConnectionError("x"), "the server cannot be reached"),
        (OSError("no route"), "the server cannot be reached"),
        (asyncpg.DiskFullError("x"), "the server reports the error 53100"),
        (redis.ResponseError("x"), "the server reports an error"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_in_words(error: Exception, words: str) -> None:
    assert reason(error) == words
