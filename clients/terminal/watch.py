"""``hub watch``: a fleet live in the terminal, or as JSON lines without one."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Unpack

from rich.console import Console
from rich.live import Live

from clients.dispatcher import Area, DispatcherClient
from clients.messages import encode
from clients.terminal.screen import Screen

FRAME = 0.125
"""Shortest time between two frames, in seconds; faster changes cannot be read."""

SHARE = 5
"""Pause after a frame, as a multiple of its painting time: reading events comes first."""


async def watch(url: str, *, token: str | None = None, console: Console | None = None, **area: Unpack[Area]) -> None:
    """Show an area (by default the whole fleet) until cancelled.

    Without a terminal each event is printed as one line of JSON, until the reader of standard output closes it. Raises
    ``clients.connection.Refused`` when the hub refuses the client.
    """
    console = console or Console()
    async with DispatcherClient(url, token) as dispatcher:
        area = area or {"all": True}
        if console.is_terminal:
            await _show(dispatcher, console, url, area)
        else:
            await _print(dispatcher, area)


async def _print(dispatcher: DispatcherClient, area: Area) -> None:
    output = sys.stdout.buffer
    try:
        async for event in dispatcher.subscribe(**area):
            output.write(encode(event) + b"\n")
            output.flush()
    except BrokenPipeError:
        # The reader closed the pipe. Without this Python reports an error when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _show(dispatcher: DispatcherClient, console: Console, url: str, area: Area) -> None:
    screen = Screen(url, dispatcher.latest, dispatcher.presence)
    with Live(screen, console=console, screen=True, auto_refresh=False) as live:
        painter = asyncio.create_task(_paint(screen, live))
        try:
            async for event in dispatcher.subscribe(**area):
                screen.apply(event, time.time())
                if painter.done():
                    painter.result()
        finally:
            painter.cancel()
            await asyncio.wait([painter])


async def _paint(screen: Screen, live: Live) -> None:
    while True:
        begin = time.perf_counter()
        screen.turn(time.time())
        live.update(screen, refresh=True)
        await asyncio.sleep(max(FRAME, SHARE * (time.perf_counter() - begin)))
