"""Requests begin one by one, so that a live position never waits for all that have come at once."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send

from hub.edge.http.middleware import InTurn

AT_ONCE = 20


class Turns:
    """An application that notes in which turn of the loop each request begins."""

    def __init__(self) -> None:
        self.now, self.begun = 0, list[int]()
        asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        self.now += 1
        asyncio.get_running_loop().call_soon(self._turn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begun.append(self.now)


async def asked(method: str, cancelled: int = 0) -> list[int]:
    turns = Turns()
    app = InTurn(turns)
    tasks = [
        asyncio.ensure_future(app({"type": "http", "method": method}, None, None))  # type: ignore[arg-type]
        for _ in range(AT_ONCE)
    ]
    await asyncio.sleep(0)
    for task in tasks[1 : 1 + cancelled]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return turns.begun


async def test_requests_begin_in_turns_of_their_own() -> None:
    begun = await asked("GET")
    assert len(begun) == len(set(begun)) == AT_ONCE


async def test_a_cancelled_request_holds_up_none() -> None:
    assert len(await asked("GET", cancelled=5)) == AT_ONCE - 5


async def test_positions_do_not_wait() -> None:
    assert len(set(await asked("POST"))) == 1
