"""Many large answers asked for at once: live positions arrive nearly as soon as without them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Callable
from statistics import median

import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from clients.bench.figures import percentile
from clients.bench.processes import cores, on_cores
from clients.bench.publishers import Publishers, at_rate, quiet
from clients.bench.servers import Running
from clients.bench.servers import hub as server
from clients.bench.subscribers import Checker
from clients.bench.websocket import connect, disconnect
from hub.edge.http.pieces import Pieces
from hub.settings import Settings
from tests.support.api.calls import get
from tests.support.priority import lift, real_time
from tests.support.questions import fill, questions, report
from tests.support.running import PATIENCE, Served, edge, served

AT_ONCE = 20
RATE = 100.0
"""Positions a second of the pair."""

MOST = 2.0
"""Times the p99 without questions that the p99 with them may be."""

ROUNDS = 3
"""Times that each question is measured; the median counts."""

SETTLE = 1.0
"""Seconds in which the hub finishes the questions of the round before."""

LEAST = 2.6e6
"""Nanoseconds. A shorter p99 counts as this, the p99 without questions on a quiet machine of two cores: below it, the
ratio says how often another process has had the core until the next tick of the kernel."""

SMALL = 0.11
"""The largest part of an answer that one turn of the loop may make or send: 100 of 1,000 items, and some bytes."""

LARGE = ("positions/drivers", "positions", "track", "drivers", "registered drivers", "daily", "GeoJSON feed")


async def test_large_answers_are_made_and_sent_in_pieces(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What keeps the loop free, counted and not timed: the share of an answer in each of its pieces."""
    sizes: list[int] = []
    respond = Pieces.__call__

    async def noted(self: Pieces, scope: Scope, receive: Receive, send: Send) -> None:
        sizes.extend(map(len, self.pieces))
        await respond(self, scope, receive, send)

    monkeypatch.setattr(Pieces, "__call__", noted)
    with edge(msgspec.structs.replace(settings, history_timeout=PATIENCE)) as hub:
        await fill(hub, settings.database_url)
        for name in LARGE:
            sizes.clear()
            answer = await asyncio.to_thread(get, hub, questions()[name])
            assert answer.status == 200, answer.body
            print(f"{name}: {len(sizes)} pieces, the largest {max(sizes)} of {sum(sizes)} bytes", file=sys.stderr)
            assert max(sizes) <= SMALL * sum(sizes), name


@pytest.mark.slow
async def test_every_large_answer(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        ratios = await compare(settings, tuple(questions()), seconds=2.0, rounds=ROUNDS)
    assert max(ratios.values()) <= MOST, ratios


async def compare(settings: Settings, names: tuple[str, ...], seconds: float, rounds: int) -> dict[str, float]:
    """Name of a question -> p99 with it by p99 without, measured in turn. Prints the figures of each."""
    servers, generator = cores()
    ratios = {}
    with on_cores(servers):
        context = served(settings)
        hub = context.__enter__()
    with contextlib.ExitStack() as stack:
        stack.push(context)
        stack.enter_context(on_cores(generator))
        await fill(hub, settings.database_url)
        stack.enter_context(real_time())
        running = Running(server(), hub.process.pid, hub.address[1])
        publishers, watching = Publishers(running, 1), Checker(running.dialect, running.port, subscribe=True)
        await publishers.connect()
        await connect([watching])
        for name in names:
            without, asked, longest, answers = [], [], [], []
            for _ in range(rounds):
                if name.startswith("GTFS"):  # which has what was reported in the last 90 seconds
                    await report(hub)
                await asyncio.sleep(SETTLE)
                await quiet([watching])
                lift(os.getpid())
                await at_rate(publishers, RATE, seconds)
                without.append(percentile(watching.latencies_ns, 0.99))
                async with asking(hub, questions()[name]) as answered:
                    lift(os.getpid())  # PostgreSQL has started a session for each connection
                    watching.reset()
                    before = answered()
                    await at_rate(publishers, RATE, seconds)
                    answers.append((answered() - before) / seconds)
                    asked.append(percentile(watching.latencies_ns, 0.99))
                    longest.append(max(watching.latencies_ns))
            p99 = median(without), median(asked)
            ratios[name] = round(p99[1] / max(p99[0], LEAST), 2)
            print(
                f"{name}: p99 {p99[0] / 1e6:.1f} -> {p99[1] / 1e6:.1f} ms, longest {max(longest) / 1e6:.1f} ms, "
                f"{median(answers):.0f} answers a second"
            )
        await disconnect([*publishers.connections, watching])
    return ratios


@contextlib.asynccontextmanager
async def asking(hub: Served, path: str) -> AsyncIterator[Callable[[], int]]:
    """Ask meanwhile, from a process that gives way to this one. Yields how many answers there have been since then."""
    command = ["-m", "tests.support.questions", *map(str, hub.address), path, str(AT_ONCE)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdout=asyncio.subprocess.PIPE, preexec_fn=lambda: os.nice(10)
    )
    assert process.stdout is not None
    output, answers = process.stdout, 0

    async def read() -> None:
        nonlocal answers
        while await output.readline():
            answers += 1

    try:
        async with asyncio.timeout(PATIENCE):
            assert await output.readline()
        reading = asyncio.create_task(read())
        yield lambda: answers
        assert process.returncode is None, "an answer was not good"
        reading.cancel()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
