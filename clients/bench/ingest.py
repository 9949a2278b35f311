"""Ingest: drivers send fixes and wait for acks. Acknowledged fixes per second, and CPU per fix."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import UTC, datetime, timedelta

from clients.bench.figures import Measurement, Stretch, percentile
from clients.bench.servers import Running
from clients.bench.websocket import Connection, connect, disconnect

WARM_UP = 0.3
"""Seconds of load before the measured window."""

DRAIN = 5.0
"""Seconds after the window in which the fixes in flight must be acknowledged."""

_FIX = (
    b'{"latitude":25.%06d,"longitude":55.%06d,"driverId":"%b","recordedAt":"%b","speed":13.4,"heading":%d,'
    b'"accuracy":4.5,"msgNo":%d}'
)


class Clock:
    """``recordedAt`` of the n-th fix of any driver: a millisecond apart, from half a minute ago, so that all are live
    and in time: the clock of a driver that is an hour behind would be judged at each fix."""

    def __init__(self) -> None:
        self._start = datetime.now(UTC) - timedelta(seconds=30)
        self._times: list[bytes] = []

    def __getitem__(self, number: int) -> bytes:
        while number >= len(self._times):
            instant = self._start + timedelta(milliseconds=len(self._times))
            self._times.append(f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z".encode())
        return self._times[number]


class Driver(Connection):
    """Sends ``size`` fixes a message, numbered from 1, and keeps ``window`` messages unacked until ``stop``."""

    def __init__(self, running: Running, number: int, size: int, window: int, clock: Clock) -> None:
        super().__init__(running.dialect, running.port, subscribe=False)
        self.name = b"truck-%d" % number
        self.size, self.window, self.clock = size, window, clock
        self.sent = self.acked = 0
        self.running = True
        self.unacked: deque[tuple[int, int]] = deque()
        self.latencies_ns: list[int] = []

    def begin(self) -> None:
        for _ in range(self.window):
            self._send_next()

    def stop(self) -> None:
        self.running = False

    def message(self, payload: bytes) -> None:
        acked = self.dialect.ack(payload)
        if acked is None:
            super().message(payload)
            return
        now, unacked = time.monotonic_ns(), self.unacked
        while unacked and unacked[0][0] <= acked:
            self.latencies_ns.append(now - unacked.popleft()[1])
            if self.running:
                self._send_next()
        self.acked = acked

    def _send_next(self) -> None:
        size, clock, name, first = self.size, self.clock, self.name, self.sent + 1
        fixes = [
            _FIX % (n * 37 % 900_000, n * 53 % 900_000, name, clock[n], n % 360, n) for n in range(first, first + size)
        ]
        self.sent += size
        payload = fixes[0] if size == 1 else b"[" + b",".join(fixes) + b"]"
        self.send(self.dialect.publish(payload, self.sent))
        self.unacked.append((self.sent, time.monotonic_ns()))


async def ingest(running: Running, drivers: int, size: int, window: int, seconds: float) -> Measurement:
    """Each of ``drivers`` keeps ``window`` messages of ``size`` fixes unacked."""
    clock = Clock()
    members = [Driver(running, number, size, window, clock) for number in range(drivers)]
    await connect(list(members))
    for member in members:
        member.begin()
    await asyncio.sleep(WARM_UP)
    for member in members:
        member.latencies_ns = []
    stretch, before = Stretch(running), sum(member.acked for member in members)
    await asyncio.sleep(seconds)
    stretch.end()
    rate = (sum(member.acked for member in members) - before) / stretch.seconds
    for member in members:
        member.stop()
    deadline = time.monotonic() + DRAIN
    while any(member.unacked for member in members) and time.monotonic() < deadline:  # noqa: ASYNC110 - asked once, at the end
        await asyncio.sleep(0.02)
    await disconnect(list(members))
    latencies = [latency for member in members for latency in member.latencies_ns]
    return stretch.measurement(
        f"{drivers} drivers, " + (f"arrays of {size}" if size > 1 else f"single fixes, {window} unacked"),
        running,
        fixes_per_s=rate,
        cpu_us_per_fix=stretch.main_cpu / max(rate, 1) * 1e6,
        all_cpu_us_per_fix=stretch.server_cpu / max(rate, 1) * 1e6,
        unacked=sum(member.sent - member.acked for member in members),
        ack_p50_ms=percentile(latencies, 0.5) / 1e6,
        ack_p99_ms=percentile(latencies, 0.99) / 1e6,
    )
