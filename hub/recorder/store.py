"""Stores a batch in the open transaction: positions, dead letters and the offset."""

from __future__ import annotations

import msgspec

from hub.recorder.batch import Batch, Chunk, halves, rows
from hub.stores.postgres.connection import BAD_ROW, Connection
from hub.stores.postgres.history import offsets, positions
from hub.stores.postgres.history.positions import DeadLetter, Identity
from hub.wire.log import LOG_KEY


async def store(connection: Connection, batch: Batch, previous: str, log: str = LOG_KEY) -> list[Chunk]:
    """Store the batch and move the offset of ``log`` from ``previous`` to its last id. Returns the positions that were
    new.

    Rows that cannot be stored are added to ``batch.dead`` and kept as dead letters. Raises ``Fenced`` if the offset is
    not ``previous``, and errors of the database; then the caller rolls the transaction back."""
    dead = list(batch.dead)
    inserted = await _insert(connection, batch.chunks, dead) if batch.rows else []
    if dead:
        await positions.bury(connection, dead)
    await offsets.advance(connection, log, previous, batch.last_id, batch.passed, batch.lost, batch.damaged)
    batch.dead = dead
    return inserted


async def _insert(connection: Connection, chunks: list[Chunk], dead: list[DeadLetter]) -> list[Chunk]:
    """Insert the positions and return the new ones. Bad rows are isolated by halving and go to ``dead``."""
    try:
        async with connection.transaction():
            # Made while they are copied: rows that live together cost the garbage collector as much as making them.
            inserted = await positions.insert(connection, (row for chunk in chunks for row in rows(chunk)))
            return chunks if inserted is None else _only(chunks, inserted)
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
            await positions.clear(connection)
        return new


def _only(chunks: list[Chunk], inserted: set[Identity]) -> list[Chunk]:
    """The positions whose identity is in ``inserted``, each identity once."""
    new: list[Chunk] = []
    for chunk in chunks:
        kept = []
        for position, row in zip(chunk.positions, rows(chunk), strict=True):
            if (identity := row.identity) in inserted:
                inserted.discard(identity)
                kept.append(position)
        if kept:
            new.append(chunk._replace(positions=kept))
    return new
