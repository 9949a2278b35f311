"""One batch, one transaction: rows, dead letters and the offset, or none of them."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import msgspec

from hub.recorder.batch import COLUMNS, Batch, Chunk, DeadLetter, Record, halves, records
from hub.stores.postgres.connection import statements
from hub.wire.log import LOG_KEY

SQL = statements(Path(__file__).with_name("recorder.sql"))

BAD_ROW = (
    ValueError,  # no column can hold it; asyncpg's own DataError is one
    OverflowError,
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,  # an id too long for the index
)
"""Errors that the row is to blame for and that would come again. All others are the database's: try again later."""


class Fenced(Exception):
    """Another recorder has moved the offset; what we hold is stale."""


async def commit(connection: asyncpg.Connection, batch: Batch, previous: str) -> list[Chunk]:
    """Store the batch and move the offset from ``previous`` to its last id. Returns the positions that were new.

    Rows that cannot be stored are added to ``batch.dead`` and kept as dead letters. Raises ``Fenced`` when the offset
    is not ``previous``, and any error that is the database's; nothing is stored then, or everything was and the answer
    was lost, which reading the offset again tells.
    """
    dead = list(batch.dead)
    async with connection.transaction():
        inserted = await _insert(connection, batch.chunks, dead) if batch.rows else []
        if dead:
            await connection.executemany(SQL.bury, [_printable(letter) for letter in dead])
        moved = await connection.execute(SQL.advance_offset, LOG_KEY, previous, batch.last_id, batch.passed, batch.lost)
        if moved != "UPDATE 1":
            raise Fenced(f"the offset is no longer {previous}")
    batch.dead = dead
    return inserted


async def _insert(connection: asyncpg.Connection, chunks: list[Chunk], dead: list[DeadLetter]) -> list[Chunk]:
    """Insert and return what was new; bad rows are found by halving and go to ``dead``, their neighbours stay."""
    try:
        async with connection.transaction():
            rows = [row for chunk in chunks for row in records(chunk)]
            await connection.copy_records_to_table("incoming", columns=COLUMNS, records=rows)
            inserted = await connection.fetch(SQL.insert_positions)
            if len(inserted) == len(rows):
                return chunks
            return _only(chunks, rows, {tuple(row) for row in inserted})
    except BAD_ROW as error:
        parts = halves(chunks)
        if parts is None:
            (chunk,) = chunks
            reason = str(error.args[0])  # without PostgreSQL's detail, which quotes the row: reasons are logged
            dead.append(DeadLetter(chunk.entry_id, chunk.fleet, reason, msgspec.json.encode(chunk.positions[0])))
            return []
        new: list[Chunk] = []
        for part in parts:
            new += await _insert(connection, part, dead)
            await connection.execute(SQL.empty_incoming)
        return new


def _only(chunks: list[Chunk], rows: list[Record], inserted: set[Record]) -> list[Chunk]:
    """The positions whose identity is in ``inserted``, each identity once."""
    left = iter(rows)
    new: list[Chunk] = []
    for chunk in chunks:
        positions = []
        for position, row in zip(chunk.positions, left, strict=False):
            identity = (row[9], row[10], row[0], row[2], row[3])
            if identity in inserted:
                inserted.discard(identity)
                positions.append(position)
        if positions:
            new.append(chunk._replace(positions=positions))
    return new


def _printable(letter: DeadLetter) -> DeadLetter:
    """Without what the text columns cannot hold."""
    fleet = letter.fleet and letter.fleet.replace("\0", "\ufffd")
    return letter._replace(fleet=fleet, reason=letter.reason.replace("\0", "\ufffd"))
