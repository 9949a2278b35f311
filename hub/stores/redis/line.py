"""A connection for commands that are asked again and again: without the layers of a client, which cost a short read
several times what its answer does."""

from __future__ import annotations

from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection

Command = tuple[str | bytes | int, ...]


class Line:
    """One connection of a client, which stays taken from its pool. It is made with the first question, and again with
    the next one after an error. Questions are asked one after the other."""

    def __init__(self, client: Redis) -> None:
        self._pool = client.connection_pool
        self._connection: AbstractConnection | None = None

    async def ask(self, *commands: Command) -> list[Any]:
        """The answers to commands that go in one write, as the server sends them. The timeout of the client limits the
        wait for each. Raises one of ``UNAVAILABLE``, also for a command that the server refuses."""
        connection = self._connection
        if connection is None:
            connection = self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        elif not connection.is_connected:
            # Not left to the write, which would connect to the same server again, also when that has been replaced.
            await connection.connect()  # type: ignore[no-untyped-call]
        packed = [hiredis.pack_command(command) for command in commands]  # type: ignore[arg-type]
        await connection.send_packed_command(packed, check_health=False)
        answers: list[Any] = []
        try:
            for _ in commands:
                answers.append(await connection.read_response(disable_decoding=True))
        except BaseException:
            # Answers to the other commands may follow.
            await connection.disconnect(nowait=True)
            raise
        return answers
