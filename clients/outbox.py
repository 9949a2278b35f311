"""Outboxes of unacknowledged fixes: on disk, or in memory.

A fix is kept as its JSON object, under a number that increases by one with each fix and becomes its ``msgNo``.
"""

from __future__ import annotations

import sqlite3
from os import PathLike
from typing import Protocol

Waiting = tuple[int, bytes]
"""Number and JSON object of a fix."""


class OutboxInUse(Exception):
    """Another process has this outbox open. Two processes would send each fix twice."""


class Outbox(Protocol):
    """Fixes in the order of ``put``."""

    def put(self, fix: bytes) -> int:
        """Store a fix and return its number. When this returns, the fix is safe."""

    def after(self, number: int, limit: int) -> list[Waiting]:
        """The first ``limit`` fixes with a higher number."""

    def remove(self, number: int) -> bytes | None:
        """Remove a fix and return it; None if it is not in the outbox."""

    def remove_through(self, number: int) -> int:
        """Remove all fixes up to a number; return their count."""

    def __len__(self) -> int: ...

    def close(self) -> None: ...


class MemoryOutbox:
    """An outbox in the memory of the process."""

    def __init__(self) -> None:
        self._fixes: dict[int, bytes] = {}
        self._first = self._next = 1

    def put(self, fix: bytes) -> int:
        number = self._next
        self._fixes[number] = fix
        self._next += 1
        return number

    def after(self, number: int, limit: int) -> list[Waiting]:
        waiting: list[Waiting] = []
        for candidate in range(max(number + 1, self._first), self._next):
            if len(waiting) == limit:
                break
            fix = self._fixes.get(candidate)
            if fix is not None:
                waiting.append((candidate, fix))
        return waiting

    def remove(self, number: int) -> bytes | None:
        return self._fixes.pop(number, None)

    def remove_through(self, number: int) -> int:
        before = len(self._fixes)
        for gone in range(self._first, min(number + 1, self._next)):
            self._fixes.pop(gone, None)
        self._first = max(self._first, min(number + 1, self._next))
        return before - len(self._fixes)

    def __len__(self) -> int:
        return len(self._fixes)

    def close(self) -> None:
        self._fixes.clear()


class DiskOutbox:
    """An outbox in one SQLite file. It survives ``kill -9``; a power cut may lose the last moments.

    With a write-ahead log and ``synchronous=NORMAL`` a commit is a write without an fsync (10 µs, therefore done on
    the caller's event loop); the operating system keeps it when the process dies. ``synchronous=FULL`` would survive a
    power cut too, but an fsync per fix wears out a phone's flash for the last second of a track.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            # Exclusive before the first access: no second process, and no shared-memory file next to the database.
            self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, fix BLOB NOT NULL)")
            # The first write takes the lock: do it now, so that a second process fails here, not at its first fix.
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute("COMMIT")
            count, last = self._db.execute("SELECT count(*), coalesce(max(number), 0) FROM outbox").fetchone()
        except sqlite3.OperationalError as error:
            self._db.close()
            if "locked" in str(error):
                raise OutboxInUse(f"{path}: another process has this outbox open") from error
            raise
        self._count: int = count
        self._next: int = last + 1

    def put(self, fix: bytes) -> int:
        number = self._next
        self._db.execute("INSERT INTO outbox VALUES (?, ?)", (number, fix))
        self._next += 1
        self._count += 1
        return number

    def after(self, number: int, limit: int) -> list[Waiting]:
        query = "SELECT number, fix FROM outbox WHERE number > ? ORDER BY number LIMIT ?"
        waiting: list[Waiting] = self._db.execute(query, (number, limit)).fetchall()
        return waiting

    def remove(self, number: int) -> bytes | None:
        row = self._db.execute("SELECT fix FROM outbox WHERE number = ?", (number,)).fetchone()
        if row is None:
            return None
        self._db.execute("DELETE FROM outbox WHERE number = ?", (number,))
        self._count -= 1
        fix: bytes = row[0]
        return fix

    def remove_through(self, number: int) -> int:
        removed: int = self._db.execute("DELETE FROM outbox WHERE number <= ?", (number,)).rowcount
        self._count -= removed
        return removed

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        self._db.close()
