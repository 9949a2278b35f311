"""A connection for commands that are asked again and again: without the layers of a client, which cost a short read
several times what its answer does."""

from __future__ import annotations

import asyncio
from typing import Any

import hiredis
from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

Command = tuple[Any, ...]
"""Words of a command: texts, bytes and numbers."""

IDLE = 0.5
"""Seconds without a question after which it is checked whether the server has closed the connection meanwhile: then it
is made again. The check costs as much as a question; without it the next question gets an error."""


class Line:
    """One connection of a client, which stays taken from its pool. It is made with the first question, and again with
    the next one after an error. Questions are asked one after the other."""

    def __init__(self, client: Redis) -> None:
        self._pool = client.connection_pool
        self._connection: AbstractConnection | None = None
        # When the last question was asked, by the loop's clock.
        self._asked = 0.0

    async def ask(self, *commands: Command, waits: float = 0.0) -> list[Any]:
        """The answers to commands that go in one write, as the server sends them: an error in the place of the answer
        to a command that it refuses. The timeout of the client limits the wait for all; ``waits``: seconds that the
        server may take longer, to wait for others. Raises one of ``UNAVAILABLE``."""
        connection = self._connection
        if connection is None:
            connection = self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
        elif not connection.is_connected:
            # Not left to the write, which would connect to the same server again, also when that has been replaced.
            await connection.connect()  # type: ignore[no-untyped-call]
        packed = [hiredis.pack_command(command) for command in commands]
        answers: list[Any] = []
        # A timeout for each answer would cost more than the answer.
        limit, connection.socket_timeout = connection.socket_timeout, None
        try:
            async with asyncio.timeout(None if limit is None else limit + waits):
                now = asyncio.get_running_loop().time()
                before, self._asked = self._asked, now
                if now - before > IDLE:
                    await self._pool.ensure_connection(connection)
                await connection.send_packed_command(packed, check_health=False)
                for _ in commands:
                    try:
                        answers.append(await connection.read_response(disable_decoding=True))
                    except ResponseError as error:
                        answers.append(error)
        finally:
            connection.socket_timeout = limit
        return answers


def checked(answers: list[Any]) -> list[Any]:
    """The same answers. Raises the first error among them, also within the answer to a transaction."""
    for answer in answers:
        for each in answer if isinstance(answer, list) else (answer,):
            if isinstance(each, Exception):
                raise each
    return answers
