"""Sends the fixes of simulated trucks to a hub, as their phones would."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from random import Random

from msgspec import Struct
from rich.console import Console
from rich.live import Live
from rich.text import Text

from clients.driver import DriverClient
from clients.simulator.trucks import Truck

CONNECT_EVERY = 0.002
"""Seconds between two first connections: 500 trucks connect within a second, not all at once."""

MAX_WAITING = 600
"""Fixes that a truck keeps while the hub is unavailable; then its clock stops. 500 trucks keep at most 60 MB."""

FLUSH_TIMEOUT = 10.0
"""Seconds to wait at the end for missing acks."""

LINE_EVERY = 10
"""Seconds between two lines of progress without a terminal."""


class Simulated(Struct):
    """Figures of a run: numbers of fixes, except ``connected`` (connections). ``sent`` includes repetitions."""

    trucks: int
    connected: int = 0
    sent: int = 0
    acked: int = 0
    rejected: int = 0
    waiting: int = 0
    seconds: float = 0.0


async def simulate(
    url: str,
    trucks: int = 500,
    *,
    seed: int = 1,
    factor: float = 1.0,
    interval: float = 1.0,
    connections: int | None = None,
    token: str | None = None,
    duration: float | None = None,
    console: Console | None = None,
) -> Simulated:
    """Send a fix of each truck every ``interval`` seconds for ``duration`` seconds (None: until cancelled).

    Time runs ``factor`` times as fast, at most 10: a truck then reports ten times its speed, and the hub accepts at
    most 400 m/s. Each truck has its own connection, as a phone has; with ``connections`` they share that many. Progress
    goes to ``console``: in place on a terminal, otherwise a line every ten seconds.

    Returns the final figures. Raises ``clients.connection.Refused`` when the hub refuses the client.
    """
    if not 0 < factor <= 10:
        raise ValueError("factor: must be more than 0 and at most 10")
    console = console or Console()
    started = time.monotonic()
    drivers: list[DriverClient] = []
    async with AsyncExitStack() as stack:
        try:
            async with asyncio.timeout(duration) as limit, asyncio.TaskGroup() as group:
                group.create_task(_show(console, trucks, drivers, started))
                for number in range(trucks):
                    if connections is None or number < connections:
                        driver = DriverClient(url, token=token, max_fixes=MAX_WAITING)
                        drivers.append(await stack.enter_async_context(driver))
                        await asyncio.sleep(CONNECT_EVERY)
                    truck = Truck(seed, number + 1)
                    group.create_task(_drive(drivers[number % len(drivers)], truck, factor, interval))
        except TimeoutError:
            if not limit.expired():
                raise
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT) as limit:
                for driver in drivers:
                    await driver.flush()
        except TimeoutError:
            if not limit.expired():
                raise
        return _figures(trucks, drivers, started)


async def _drive(driver: DriverClient, truck: Truck, factor: float, interval: float) -> None:
    """Publish fixes until cancelled, with a phase that differs between trucks."""
    loop = asyncio.get_running_loop()
    due = loop.time() + Random(truck.id).uniform(0, interval)
    while True:
        await asyncio.sleep(due - loop.time())
        # After a pause (a full outbox) it continues from the present and does not catch up.
        due = max(due + interval, loop.time())
        truck.advance(interval * factor)
        fix = truck.fix()
        fix.speed = round((fix.speed or 0.0) * factor, 1)
        await driver.publish(fix)


def _figures(trucks: int, drivers: list[DriverClient], started: float) -> Simulated:
    return Simulated(
        trucks,
        sum(driver.connected for driver in drivers),
        sum(driver.sent for driver in drivers),
        sum(driver.acked for driver in drivers),
        sum(driver.rejected for driver in drivers),
        sum(driver.pending for driver in drivers),
        time.monotonic() - started,
    )


async def _show(console: Console, trucks: int, drivers: list[DriverClient], started: float) -> None:
    """Print progress until cancelled."""
    now = _figures(trucks, drivers, started)
    if not console.is_terminal:
        while True:
            await asyncio.sleep(LINE_EVERY)
            before, now = now, _figures(trucks, drivers, started)
            console.print(progress(before, now), soft_wrap=True)
    with Live(console=console, auto_refresh=False) as live:
        while True:
            await asyncio.sleep(1)
            before, now = now, _figures(trucks, drivers, started)
            live.update(progress(before, now), refresh=True)


def progress(before: Simulated, now: Simulated) -> Text:
    """One line of progress between two figures."""
    seconds = now.seconds - before.seconds
    line = Text.assemble(
        (f"{now.trucks} trucks", "bold"),
        " · ",
        (f"{now.connected} connected", "green" if now.connected else "red"),
        f" · {(now.sent - before.sent) / seconds:.0f} fixes/s sent · {(now.acked - before.acked) / seconds:.0f} acked",
        (f" · {now.waiting} waiting", "" if now.waiting <= now.trucks else "yellow"),
    )
    if now.rejected:
        line.append(f" · {now.rejected} rejected", "red")
    return line
