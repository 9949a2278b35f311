"""Moves a dead letter from PostgreSQL back to the log in Redis."""

from __future__ import annotations

from redis.asyncio import Redis

from hub.core.audit import Actor, Audited
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.history.dead_letters import delete_letter
from hub.stores.postgres.history.positions import DeadLetter
from hub.stores.redis.log.writer import Again, append_again
from hub.wire.layout import Layout


async def send_again(
    connection: Connection, redis: Redis, layout: Layout, id: int, letter: DeadLetter, actor: Actor
) -> Again:
    """Append a dead letter, which the open transaction holds, to the log, and delete it. Returns where it is.

    It is deleted after it was appended: a crash between the two leaves it in both places, and its positions are stored
    once. Raises ``BadEntry`` for a letter that this version cannot read, ``ValueError`` for one of an unknown fleet,
    and one of ``UNAVAILABLE``.
    """
    if letter.fleet is None:
        raise ValueError("the fleet of the dead letter is unknown")
    again = await append_again(redis, layout, letter.fleet, letter.payload)
    await delete_letter(connection, id)
    await audit(connection, actor, Audited.DEAD_LETTER_SENT, str(id), entryId=again.entry_id)
    return again
