"""The benchmark: its parts, servers and order."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec
import uvloop
from rich.console import Console

from clients.bench import report
from clients.bench.fanout import closed_loop, open_loop
from clients.bench.figures import Measurement
from clients.bench.http import closed_loop as by_http
from clients.bench.http.load import Load, constant, ramp, spike
from clients.bench.http.routes import ROUTES
from clients.bench.idle import idle, most_connections
from clients.bench.ingest import ingest
from clients.bench.processes import PROC, cores
from clients.bench.servers import PEERS, Running, Server, Unavailable, hub, running, with_tokens, with_workers
from clients.bench.slow import slow

Case = Callable[[Running], Awaitable[Measurement]]


@dataclass(frozen=True)
class Plan:
    """Sizes and seconds. ``seconds`` is one measured window; ``rounds`` go through all servers in turn."""

    rounds: int = 3
    seconds: float = 0.8
    fanout: tuple[int, ...] = (100, 500, 1_000)
    window: int = 64
    open_loop: int = 500
    rate: float = 100.0
    drivers: int = 200
    connections: int = 100
    load: Load = field(default_factory=Load)
    idle: int = 5_000
    slow_alone: float = 2.0
    slow_longest: float = 20.0
    # Whether each part gets new servers, without memory used by earlier parts.
    fresh: bool = True


QUICK = Plan(
    rounds=1,
    seconds=0.5,
    fanout=(50,),
    open_loop=50,
    drivers=50,
    connections=20,
    load=Load(rate=100, users=64, seconds=0.5),
    idle=300,
    slow_alone=0.5,
    slow_longest=1.0,
    fresh=False,
)
"""Checks that all parts work; its figures mean little."""


def parts(plan: Plan) -> dict[str, list[Case]]:
    """The parts by name, each a list of cases that one start of a server can go through."""
    return {
        "fanout": [
            *(partial(closed_loop, subscribers=n, window=plan.window, seconds=plan.seconds) for n in plan.fanout),
            lambda r: open_loop(r, plan.open_loop, plan.rate, plan.seconds),
        ],
        "idle": [lambda r: idle(r, min(plan.idle, most_connections()))],
        "slow": [lambda r: slow(r, plan.slow_alone, plan.slow_longest)],
        "ingest": [
            lambda r: ingest(r, plan.drivers, 1, 1, plan.seconds),
            lambda r: ingest(r, plan.drivers, 1, 8, plan.seconds),
            lambda r: ingest(r, plan.drivers, 50, 1, plan.seconds),
        ],
        "http": [
            partial(by_http.closed_loop, route=route, connections=plan.connections, seconds=plan.seconds)
            for route in ROUTES
        ],
        "load": [partial(case, load=plan.load) for case in (constant, ramp, spike)],
    }


PARTS = tuple(parts(Plan()))
ONCE = ("idle", "slow", "load")
"""Parts that run once: memory hardly varies, and slow subscribers take long."""

BY_HTTP = {"http": ("hub", "starlette", "express"), "load": ("hub",)}
"""Parts by HTTP, with tokens -> the servers that have what they ask for."""


def main(
    chosen: Sequence[str] = (),
    *,
    peers: Sequence[str] = tuple(PEERS),
    quick: bool = False,
    json: bool,
    rate: float | None = None,
    users: int | None = None,
    workers: int = 1,
) -> None:
    """Run the ``chosen`` parts (all of them when empty) on the hub and the ``peers``, and print a table or JSON.
    ``rate`` and ``users`` are sizes of the part ``load``. With several ``workers``, the hub with them is one more
    server, and all servers get the same cores.

    Raises ``BrokenServer`` when a server violates its protocol.
    """
    if not PROC.is_dir():
        raise SystemExit("hub bench requires Linux: it reads CPU time and memory from /proc")
    plan = QUICK if quick else Plan()
    plan = replace(plan, load=replace(plan.load, rate=rate or plan.load.rate, users=users or plan.load.users))
    servers, skipped = _servers(peers)
    if workers > 1:
        servers.insert(1, with_workers(servers[0], workers))
    console = Console(stderr=True)
    measurements: list[Measurement] = []
    allowed = os.sched_getaffinity(0)
    most_connections()
    try:
        with console.status("starting") as status:
            for label, measurement in _measure(servers, chosen or PARTS, plan, cores(workers), status.update):
                measurements.append(measurement)
                console.print(f"{label}: {measurement.case}", style="dim", highlight=False)
    finally:
        os.sched_setaffinity(0, allowed)
    if json:
        sys.stdout.buffer.write(msgspec.json.encode({**report.document(measurements), "skipped": skipped}) + b"\n")
    else:
        report.show(measurements, skipped)


def _servers(peers: Sequence[str]) -> tuple[list[Server], list[str]]:
    servers, skipped = [hub()], []
    for name in peers:
        try:
            servers.append(PEERS[name]())
        except Unavailable as reason:
            skipped.append(f"{name} is left out: {reason}")
    return servers, skipped


def _measure(
    servers: Sequence[Server],
    chosen: Sequence[str],
    plan: Plan,
    on: tuple[set[int], set[int]],
    progress: Callable[[str], None],
) -> Iterator[tuple[str, Measurement]]:
    """Run all servers in each round, so that a temporary load of the machine affects all of them. ``on``: the cores of
    the servers, and of the generator."""
    theirs, ours = on
    os.sched_setaffinity(0, ours)
    sockets = [part for part in chosen if part not in BY_HTTP]
    groups = [[part] for part in sockets] if plan.fresh else [sockets]
    for together in filter(None, [*groups, *([part] for part in chosen if part in BY_HTTP)]):
        rounds = 1 if together[0] in ONCE else plan.rounds
        named = BY_HTTP.get(together[0])
        if named is None:
            compared = [server for server in servers if server.sockets]
        else:
            compared = [
                with_tokens(server) for server in servers if server.name in named or server.name.endswith("workers")
            ]
        for number in range(rounds):
            for server in compared:
                label = f"round {number + 1} of {rounds}, {server.name}"
                progress(f"{', '.join(together)}, {label}")
                with running(server, theirs) as started:
                    for part in together:
                        for case in parts(plan)[part]:
                            yield label, _run(case, started)


def _run(case: Case, started: Running) -> Measurement:
    async def measure() -> Measurement:
        return await case(started)

    # A garbage collection inside a window would look like latency of the server.
    gc.collect()
    gc.disable()
    try:
        return uvloop.run(measure())
    finally:
        gc.enable()
