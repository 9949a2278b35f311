"""Three load tests of durable fixes by HTTP: a constant rate, more and more users, and a spike."""

from __future__ import annotations

import asyncio
import re
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime

from clients.bench.dialects import Plain
from clients.bench.figures import Measurement, Stretch, milliseconds, percentile
from clients.bench.http.asker import Asker, connect, finish
from clients.bench.http.routes import request, token_of
from clients.bench.servers import Running
from clients.bench.websocket import Connection
from clients.bench.websocket import connect as connect_sockets

THINK = 1.0
"""Seconds between two fixes of a user, as phones send them."""

BROKEN = 1_000.0
"""p99 in milliseconds from which on the hub does not keep up."""

WINDOW = 0.25
"""Seconds over which the recovery from a spike is judged."""

_BODY = b'{"latitude":25.%06d,"longitude":55.%06d,"recordedAt":"%b","attributes":{"due_ns":%d}}'
_DUE = re.compile(rb'"due_ns":(\d+)')


@dataclass(frozen=True)
class Load:
    """Sizes. ``spike`` multiplies the ``rate`` for a time."""

    rate: float = 1_000.0
    users: int = 4_000
    seconds: float = 5.0
    spike: float = 5.0


class User(Asker):
    """A driver that posts fixes over a connection."""

    def __init__(self, number: int, idle: deque[User] | None = None, waiting: deque[int] | None = None) -> None:
        super().__init__(iter(()))
        self.number, self.sent = number, 0
        self.token = token_of("driver", f"user-{number}")
        self.idle, self.due = idle, waiting
        # (when answered, latency), in nanoseconds.
        self.log: list[tuple[int, int]] = []

    def post(self, due_ns: int) -> None:
        """Send a fix that was due at this time."""
        self.sent += 1
        now = datetime.now(UTC).isoformat().replace("+00:00", "Z").encode()
        at = (self.number * 100 + self.sent) % 900_000
        self.ask(request(b"POST", b"/api/v1/location", self.token, _BODY % (at, at, now, due_ns)), due_ns)

    def answered(self) -> None:
        now = time.monotonic_ns()
        self.log.append((now, now - self.sent_at))
        if self.due:
            self.post(self.due.popleft())
        elif self.idle is not None:
            self.idle.append(self)
        elif self.running:
            later = max(0.0, THINK - (now - self.sent_at) / 1e9)
            asyncio.get_running_loop().call_later(later, self.again)

    def again(self) -> None:
        """The next fix of a user with a time of its own."""
        if self.running and self.lost is None:
            self.post(time.monotonic_ns())


class Watcher(Connection):
    """A dispatcher of the whole fleet: the time from when a fix was due until it is on the screen."""

    def __init__(self, port: int) -> None:
        super().__init__(Plain(), port, subscribe=False)
        self.latencies_ns: list[int] = []

        self.authorization = f"Authorization: Bearer {token_of('dispatcher')}\r\n".encode()

    def message(self, payload: bytes) -> None:
        found = _DUE.search(payload)
        if found:
            self.latencies_ns.append(time.monotonic_ns() - int(found[1]))


class Pool:
    """Connections that share the fixes of an open loop. A fix waits while all are busy; the wait counts."""

    def __init__(self, size: int) -> None:
        self.idle: deque[User] = deque()
        self.due: deque[int] = deque()
        self.users = [User(number, self.idle, self.due) for number in range(size)]

    async def open(self, running: Running) -> None:
        await connect(running, self.users)
        self.idle.extend(self.users)

    async def send(self, rate: float, seconds: float) -> None:
        """Post ``rate`` fixes a second."""
        begin, sent = time.monotonic_ns(), 0
        while sent < rate * seconds:
            for number in range(sent, min(int(rate * seconds), int((time.monotonic_ns() - begin) / 1e9 * rate))):
                due = begin + int(number / rate * 1e9)
                if self.idle:
                    self.idle.popleft().post(due)
                else:
                    self.due.append(due)
                sent += 1
            await asyncio.sleep(0.002)

    def latencies(self, since: int, until: int) -> list[int]:
        """Latencies of the fixes that were answered in this time."""
        return [took for user in self.users for at, took in user.log if since <= at < until]


async def constant(running: Running, load: Load) -> Measurement:
    """A constant rate: the latency until a fix is on a dispatcher's screen, and until it is in the log."""
    pool, watcher = Pool(min(1_000, int(load.rate))), Watcher(running.port)
    await connect_sockets([watcher])
    watcher.send(b'{"type":"subscribe","id":"all","all":true}')
    await pool.open(running)
    await pool.send(load.rate, 1.0)
    watcher.latencies_ns.clear()
    stretch, begin = Stretch(running), time.monotonic_ns()
    await pool.send(load.rate, load.seconds)
    stretch.end()
    latencies = pool.latencies(begin, time.monotonic_ns())
    await finish(pool.users)
    watcher.transport.abort()
    return stretch.measurement(
        f"constant, {load.rate:,.0f} fixes/s",
        running,
        requests_per_s=len(latencies) / stretch.seconds,
        screen_p50_ms=percentile(watcher.latencies_ns, 0.5) / 1e6,
        screen_p99_ms=percentile(watcher.latencies_ns, 0.99) / 1e6,
        cores=stretch.server_cpu,
        **milliseconds(latencies),
    )


async def ramp(running: Running, load: Load) -> Measurement:
    """More and more users, each with one fix a second, up to ``users`` or until the hub does not keep up."""
    users: list[User] = []
    stretch, kept, rate, latencies = Stretch(running), 0, 0.0, list[int]()
    loop = asyncio.get_running_loop()
    for size in (load.users // 16, load.users // 8, load.users // 4, load.users // 2, load.users):
        more = [User(number) for number in range(len(users), max(1, size))]
        await connect(running, more)
        for number, user in enumerate(more):
            user.running = True
            loop.call_later(THINK * number / len(more), user.again)
        users += more
        await asyncio.sleep(2 * THINK)
        begin = time.monotonic_ns()
        await asyncio.sleep(load.seconds)
        end = time.monotonic_ns()
        step = [took for user in users for at, took in user.log if begin <= at < end]
        if percentile(step, 0.99) / 1e6 > BROKEN or not step:
            break
        kept, rate, latencies = len(users), len(step) / load.seconds, step
    stretch.end()
    await finish(users)
    return stretch.measurement(
        f"ramp to {load.users:,} users", running, users=float(kept), requests_per_s=rate, **milliseconds(latencies)
    )


async def spike(running: Running, load: Load) -> Measurement:
    """A spike above the rate: the latency before, and the seconds after the spike until it is twice that or less."""
    pool = Pool(min(1_000, int(load.rate)))
    await pool.open(running)
    await pool.send(load.rate, 1.0)
    stretch, begin = Stretch(running), time.monotonic_ns()
    await pool.send(load.rate, load.seconds)
    before = pool.latencies(begin, time.monotonic_ns())
    begin = time.monotonic_ns()
    await pool.send(load.rate * load.spike, load.seconds)
    over = time.monotonic_ns()
    meanwhile = pool.latencies(begin, over)
    await pool.send(load.rate, 2 * load.seconds)
    stretch.end()
    await finish(pool.users)
    usual, recovered = percentile(before, 0.99), float("inf")
    for number in range(int(2 * load.seconds / WINDOW) - 1, -1, -1):
        since = over + int(number * WINDOW * 1e9)
        if percentile(pool.latencies(since, since + int(WINDOW * 1e9)), 0.99) > 2 * usual:
            break
        recovered = number * WINDOW
    return stretch.measurement(
        f"spike to {load.rate * load.spike:,.0f} fixes/s",
        running,
        p99_calm_ms=usual / 1e6,
        p99_spike_ms=percentile(meanwhile, 0.99) / 1e6,
        recovered_s=recovered,
    )
