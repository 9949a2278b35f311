"""A connection for questions that are asked again and again."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import ResponseError

from hub.stores.redis import line as module
from hub.stores.redis.connection import UNAVAILABLE, connect, connections_made, disconnect
from hub.stores.redis.line import Line, checked


async def test_answers_are_in_the_order_of_the_commands(redis_url: str) -> None:
    async with connect(redis_url, 5.0) as client:
        line = Line(client)
        assert await line.ask(("SET", "a", b"\xff\x00"), ("GET", "a"), ("GET", "none")) == [b"OK", b"\xff\x00", None]


async def test_an_error_is_in_its_place_and_the_line_goes_on(redis_url: str) -> None:
    async with connect(redis_url, 5.0) as client:
        line = Line(client)
        await line.ask(("PING",))
        made = connections_made(client)
        first, wrong, last = await line.ask(("SET", "a", 1), ("LPUSH", "a", 2), ("GET", "a"))
        assert (first, last) == (b"OK", b"1") and isinstance(wrong, ResponseError)
        with pytest.raises(ResponseError):
            checked(await line.ask(("MULTI",), ("LPUSH", "a", 2), ("EXEC",)))
        assert await line.ask(("GET", "a")) == [b"1"]
        assert connections_made(client) == made


@pytest.mark.parametrize("idle", [0.0, 60.0], ids=["is checked", "is not checked"])
async def test_a_connection_that_was_closed_is_made_again(
    redis_url: str, monkeypatch: pytest.MonkeyPatch, idle: float
) -> None:
    monkeypatch.setattr(module, "IDLE", idle)
    async with connect(redis_url, 5.0) as client, connect(redis_url, 5.0) as other:
        line = Line(client)
        assert await line.ask(("PING",)) == [b"PONG"]
        made = connections_made(client)
        await other.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await asyncio.sleep(0.05)  # the end of the connection arrives
        if idle:
            with pytest.raises(UNAVAILABLE):
                await line.ask(("PING",))
        assert await line.ask(("PING",)) == [b"PONG"]
        await disconnect(client)
        assert await line.ask(("PING",)) == [b"PONG"]
        assert connections_made(client) == 3 * made


async def test_a_server_that_is_silent_is_away_and_its_late_answer_belongs_to_no_question(redis_url: str) -> None:
    async with connect(redis_url, 0.2) as client, connect(redis_url, 5.0) as other:
        line = Line(client)
        with pytest.raises(UNAVAILABLE):
            await line.ask(("BLPOP", "list", 0))
        await other.rpush("list", "late")  # type: ignore[misc]
        assert await line.ask(("PING",)) == [b"PONG"]


async def test_a_cancelled_question_leaves_no_answer_behind(redis_url: str) -> None:
    async with connect(redis_url, 5.0) as client:
        line = Line(client)
        asked = asyncio.create_task(line.ask(("BLPOP", "list", 0)))
        await asyncio.sleep(0.05)
        asked.cancel()
        await asyncio.wait([asked])
        assert asked.cancelled()
        assert await line.ask(("PING",)) == [b"PONG"]
