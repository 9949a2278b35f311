"""Connections to PostgreSQL that cannot hang, and statements from ``.sql`` files. With ``pool.py`` the only place that
connects."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import asyncpg
from asyncpg import Connection as Connection

AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Errors of a server that is away, restarting, slow or locked. asyncpg raises the last one if the server has ended the
session between two statements."""

BAD_ROW = (
    ValueError,  # not representable in the column's type; asyncpg's InterfaceError for it is a ValueError, too
    OverflowError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,  # an id too long for the index
)
"""Errors caused by the rows of a statement, which would come again. All others are the database's: try again later."""

Thing = TypeVar("Thing")

PIECE = 50
"""Rows that are read and made into things in one turn of the loop, a tenth of a millisecond, which the answers on the
other connections may need in the same turn. With 200 a row costs 1.4 instead of 1.5 microseconds to read, and four
answers together delay a live position by two milliseconds."""

NEXT_HOST = 0.25
"""Seconds until the next host of a URL is tried. A server answers in milliseconds; one that is frozen, or whose machine
is gone, does not answer at all."""

_NAME = re.compile(r"^-- name: ([a-z_]+)$", re.MULTILINE)


def statements(path: Path) -> SimpleNamespace:
    """Statements of one file by name: each begins with a line ``-- name: x`` and ends before the next.

    ``statements(path).x`` is the text with its comment (PostgreSQL ignores the comment, its log shows it). Raises
    ``ValueError`` if two statements have the same name.
    """
    parts = _NAME.split(path.read_text())
    names, texts = parts[1::2], parts[2::2]
    if len(set(names)) != len(names):
        raise ValueError(f"{path.name}: two statements have the same name")
    return SimpleNamespace(**{name: text.strip() for name, text in zip(names, texts, strict=True)})


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as one list for each column, for ``unnest``."""
    return [list(column) for column in zip(*rows, strict=True)]


def storable(text: str) -> str:
    """Text that PostgreSQL takes: without NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


async def connect(url: str, *, role: str, patience: float | None) -> Connection:
    """A connection for one owner. Connecting, and each statement, ends within ``patience`` seconds (None: no limit).

    The server ends the session of an owner that is frozen (after ``patience`` inside a transaction, three times that
    outside), which releases its locks. Raises ``OSError``, ``TimeoutError`` or ``asyncpg.PostgresError``.
    """
    if patience is None:
        return await connect_to_one(url, server_settings={"application_name": f"hub {role}"})
    return await connect_to_one(url, **session(role, patience))


async def connect_to_one(url: str, **arguments: Any) -> Connection:
    """``asyncpg.connect``, which of several hosts waits for a frozen one until its time is over. Here the next host is
    tried ``NEXT_HOST`` seconds after the one before, or as soon as that one has failed; the first that has connected,
    and is what ``target_session_attrs`` demands, is taken."""
    waiting = hosts_of(url)
    if len(waiting) < 2:
        return await asyncpg.connect(url, **arguments)
    tries: set[asyncio.Task[Connection]] = set()
    connected: Connection | None = None
    error: BaseException | None = None
    try:
        while connected is None and (waiting or tries):
            if waiting:
                tries.add(asyncio.create_task(asyncpg.connect(waiting.pop(0), **arguments)))
            done, tries = await asyncio.wait(
                tries, timeout=NEXT_HOST if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if task.exception() is not None:
                    error = error or task.exception()
                elif connected is None:
                    connected = task.result()
                else:
                    task.result().terminate()
    finally:
        for task in tries:
            task.add_done_callback(_terminate)
            task.cancel()
    if connected is None:
        assert error is not None
        raise error
    return connected


def _terminate(task: asyncio.Task[Connection]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().terminate()


def hosts_of(url: str) -> list[str]:
    """One URL for each host of a URL; only itself where its hosts cannot be tried one by one."""
    parts = urlsplit(url)
    credentials, at, places = parts.netloc.rpartition("@")
    if "," not in places or parse_qs(parts.query).get("target_session_attrs") == ["prefer-standby"]:
        return [url]
    return [parts._replace(netloc=f"{credentials}{at}{place}").geturl() for place in places.split(",")]


def session(role: str, patience: float) -> dict[str, Any]:
    """asyncpg's arguments for a session that cannot hang, alone or in a pool."""
    milliseconds = str(round(patience * 1000))
    return {
        "timeout": patience,
        # The server's own limit comes first: it leaves a usable connection and names what it waited for.
        "command_timeout": patience * 1.2,
        "server_settings": {
            "application_name": f"hub {role}",
            "statement_timeout": milliseconds,
            "idle_in_transaction_session_timeout": milliseconds,
            "idle_session_timeout": str(round(patience * 3000)),
            "timezone": "UTC",
            # The hub's statements are short; compiling them costs more than it saves.
            "jit": "off",
        },
    }


async def collect(
    connection: asyncpg.Connection, make: Callable[[Any], Thing], statement: str, *arguments: object
) -> list[Thing]:
    """All rows of a statement as things, read in pieces. The loop has as long for everything else as a piece took: a
    thousand rows at once would hold it for several milliseconds."""
    found: list[Thing] = []
    async with connection.transaction(readonly=True):
        cursor = await connection.cursor(statement, *arguments)
        while True:
            rows = await cursor.fetch(PIECE)
            began = time.perf_counter()
            found += map(make, rows)
            if len(rows) < PIECE:
                return found
            await asyncio.sleep(time.perf_counter() - began)
