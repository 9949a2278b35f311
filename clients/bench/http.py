"""Requests by HTTP: single fixes of drivers and of phone apps, and what a dispatcher asks for. Requests per second, and
CPU per request.

Each connection keeps one request in flight. The hub checks a token at every request, its limits are on (raised so far
that they refuse none), and it answers a fix when the log is on disk.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import jwt

from clients.bench.figures import Measurement, Stretch, milliseconds
from clients.bench.servers import SECRET, Running
from clients.bench.websocket import BrokenServer

WARM_UP = 0.3
"""Seconds of load before the measured window."""

APART = 8_000
"""Millionths of a degree between two drivers, in latitude and in longitude: 1.2 km."""

_FIX = b'{"latitude":25.%06d,"longitude":55.%06d,"recordedAt":"%b","speed":13.4,"heading":%d,"accuracy":4.5}'
_OWNTRACKS = b'{"_type":"location","tid":"t1","lat":25.%06d,"lon":55.%06d,"tst":%d,"acc":5,"vel":48,"batt":87}'
_OSMAND = b"/osmand?id=%b&lat=25.%06d&lon=55.%06d&timestamp=%d&speed=9.7&bearing=73&altitude=10&accuracy=5&batt=87"

Requests = Iterator[bytes]


def _request(method: bytes, path: bytes, token: str, body: bytes = b"", kind: bytes = b"application/json") -> bytes:
    """A request with the headers that an app or a library sends."""
    head = (
        b"%b %b HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        b"Authorization: Bearer %b\r\n" % (method, path, token.encode())
    )
    if method == b"POST":
        head += b"Content-Type: %b\r\nContent-Length: %d\r\n" % (kind, len(body))
    return head + b"\r\n" + body


def _token(role: str, driver: str | None = None) -> str:
    now = int(time.time())
    claims = {"sub": driver or role, "fleet": "default", "role": role, "iat": now, "exp": now + 3600}
    return jwt.encode(claims if driver is None else {**claims, "driver": driver}, SECRET, algorithm="HS256")


def locations(number: int) -> Requests:
    """Fixes of one driver to ``POST /api/v1/location``, a millisecond apart, from an hour ago."""
    token, begin = _token("driver", f"truck-{number}"), datetime.now(UTC) - timedelta(hours=1)
    for n in count():
        instant = (begin + timedelta(milliseconds=n)).isoformat().replace("+00:00", "Z").encode()
        at = (number * APART + n) % 900_000
        yield _request(b"POST", b"/api/v1/location", token, _FIX % (at, at, instant, n % 360))


def osmand(number: int) -> Requests:
    """Fixes of one phone in the dialect of OsmAnd and Traccar Client."""
    driver = f"phone-{number}"
    token, begin = _token("driver", driver), int(time.time()) - 36_000
    for n in count():
        at = (number * APART + n) % 900_000
        yield _request(b"POST", _OSMAND % (driver.encode(), at, at, begin + n), token)


def in_path(number: int) -> Requests:
    """The same by a token in the path."""
    driver = f"app-{number}"
    path, begin = f"/t/{_token('driver', driver)}".encode(), int(time.time()) - 36_000
    for n in count():
        at = (number * APART + n) % 900_000
        target = _OSMAND % (driver.encode(), at, at, begin + n)
        yield _request(b"POST", target.replace(b"/osmand", path), "")


def owntracks(number: int) -> Requests:
    """Fixes of one phone with OwnTracks."""
    token, begin = _token("driver", f"own-{number}"), int(time.time()) - 36_000
    for n in count():
        at = (number * APART + n) % 900_000
        yield _request(b"POST", b"/owntracks", token, _OWNTRACKS % (at, at, begin + n))


def driver(number: int) -> Requests:
    """The latest position of one driver."""
    request = _request(b"GET", b"/api/v1/drivers/truck-%d" % number, _token("dispatcher"))
    while True:
        yield request


def nearby(number: int) -> Requests:
    """The 20 nearest drivers, or those within 15 km."""
    at = number * APART % 900_000
    path = b"/api/v1/nearby?latitude=25.%06d&longitude=55.%06d&radius=15000" % (at, at)
    request = _request(b"GET", path, _token("dispatcher"))
    while True:
        yield request


ROUTES: dict[str, Callable[[int], Requests]] = {
    "POST /api/v1/location": locations,
    "POST /osmand": osmand,
    "POST /t/{token}": in_path,
    "POST /owntracks": owntracks,
    "GET /api/v1/drivers/{id}": driver,
    "GET /api/v1/nearby": nearby,
}
"""Name of a case -> the requests of one of its connections."""


class Asker(asyncio.Protocol):
    """A connection that sends the next request when the answer to the one before is complete, until ``stop``."""

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.answers = self.refused = 0
        self.running = self.waiting = False
        self.lost: Exception | None = None
        self.sent_at = 0
        self.latencies_ns: list[int] = []
        self.transport: asyncio.WriteTransport
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = exc or BrokenServer("the server closed a connection")

    def begin(self) -> None:
        self.running = True
        self._send_next()

    def stop(self) -> None:
        self.running = False

    def data_received(self, data: bytes) -> None:
        read = self._read = self._read + data
        end = read.find(b"\r\n\r\n")
        if end < 0:
            return
        at = read.find(b"content-length: ")
        if at < 0 or at > end:
            raise BrokenServer("an answer has no content-length in lower case")
        size = end + 4 + int(read[at + 16 : read.index(b"\r", at)])
        if len(read) < size:
            return
        self._read = read[size:]
        self.waiting = False
        self.answers += 1
        self.refused += not read.startswith(b"HTTP/1.1 200")
        self.latencies_ns.append(time.monotonic_ns() - self.sent_at)
        if self.running:
            self._send_next()

    def _send_next(self) -> None:
        self.waiting = True
        self.sent_at = time.monotonic_ns()
        self.transport.write(next(self.requests))


async def http(running: Running, route: str, connections: int, seconds: float) -> Measurement:
    """The requests of one of ``ROUTES`` over this many connections. Raises ``BrokenServer`` when one is refused."""
    if ROUTES[route] in (driver, nearby):
        await _position(running, connections)
    askers = [Asker(ROUTES[route](number)) for number in range(connections)]
    await _connect(running, askers)
    for asker in askers:
        asker.begin()
    await asyncio.sleep(WARM_UP)
    for asker in askers:
        asker.latencies_ns = []
    stretch, before = Stretch(running), sum(asker.answers for asker in askers)
    await asyncio.sleep(seconds)
    stretch.end()
    rate = (sum(asker.answers for asker in askers) - before) / stretch.seconds
    latencies = [latency for asker in askers for latency in asker.latencies_ns]
    await _finish(askers)
    return stretch.measurement(
        f"{route}, {connections} connections",
        running,
        requests_per_s=rate,
        cpu_us_per_request=stretch.main_cpu / max(rate, 1) * 1e6,
        all_cpu_us_per_request=stretch.server_cpu / max(rate, 1) * 1e6,
        **milliseconds(latencies),
    )


async def _position(running: Running, drivers: int) -> None:
    """Give each driver a position."""
    askers = [Asker(locations(number)) for number in range(drivers)]
    await _connect(running, askers)
    for asker in askers:
        asker.begin()
    await _finish(askers)


async def _connect(running: Running, askers: list[Asker]) -> None:
    loop = asyncio.get_running_loop()
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", running.port)  # type: ignore[misc]


async def _finish(askers: list[Asker]) -> None:
    """Wait for the answers in flight, and close. Raises ``BrokenServer``."""
    for asker in askers:
        asker.stop()
    try:
        async with asyncio.timeout(10):
            while any(asker.waiting for asker in askers):  # noqa: ASYNC110 - asked once, at the end
                await asyncio.sleep(0.01)
    except TimeoutError as error:
        raise BrokenServer("a request has no answer after 10 s") from error
    failed = sum(asker.refused for asker in askers)
    if failed or any(asker.lost for asker in askers):
        raise BrokenServer(f"{failed} requests were refused, {sum(bool(a.lost) for a in askers)} connections lost")
    for asker in askers:
        asker.transport.abort()
    await asyncio.sleep(0.1)
