"""Requests begin one by one, so that a live position does not wait for all that arrive at once."""

from __future__ import annotations

import asyncio
from collections import deque

from starlette.types import ASGIApp, Receive, Scope, Send


class InTurn:
    """Begins one ``GET`` request in each turn of the loop: twenty small answers in one turn would delay a live
    position by their sum. Other methods do not wait, a ``POST`` may carry positions."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            loop = asyncio.get_running_loop()
            if self._begun:
                turn = loop.create_future()
                self._waiting.append(turn)
                await turn
            else:
                self._begun = True
                loop.call_soon(self._next)
        await self.app(scope, receive, send)

    def _next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # a request that was cancelled meanwhile
                turn.set_result(None)
                asyncio.get_running_loop().call_soon(self._next)
                return
        self._begun = False
