"""The requests of each route that is measured, with the headers and tokens that apps and libraries send."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import jwt

from clients.bench.servers import SECRET

APART = 8_000
"""Millionths of a degree between two drivers, in latitude and in longitude: 1.2 km."""

AGE = 30
"""Seconds since the first fix of a driver. They are a millisecond apart and remain in time, as those of most phones
are. OwnTracks has seconds only; its fixes are ten hours old, as if kept while there was no network."""

_FIX = b'{"latitude":25.%06d,"longitude":55.%06d,"recordedAt":"%b","speed":13.4,"heading":%d,"accuracy":4.5}'
_OWNTRACKS = b'{"_type":"location","tid":"t1","lat":25.%06d,"lon":55.%06d,"tst":%d,"acc":5,"vel":48,"batt":87}'
_OSMAND = b"/osmand?id=%b&lat=25.%06d&lon=55.%06d&timestamp=%d&speed=9.7&bearing=73&altitude=10&accuracy=5&batt=87"

Requests = Iterator[bytes]


def request(method: bytes, path: bytes, token: str, body: bytes = b"", kind: bytes = b"application/json") -> bytes:
    """A request with the headers that an app or a library sends."""
    head = (
        b"%b %b HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench/1\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n"
        b"Authorization: Bearer %b\r\n" % (method, path, token.encode())
    )
    if method == b"POST":
        head += b"Content-Type: %b\r\nContent-Length: %d\r\n" % (kind, len(body))
    return head + b"\r\n" + body


def token_of(role: str, driver: str | None = None) -> str:
    now = int(time.time())
    claims = {"sub": driver or role, "fleet": "default", "role": role, "iat": now, "exp": now + 3600}
    return jwt.encode(claims if driver is None else {**claims, "driver": driver}, SECRET, algorithm="HS256")


def locations(number: int) -> Requests:
    """Fixes of one driver to ``POST /api/v1/location``, a millisecond apart and half a minute old: in time."""
    token, begin = token_of("driver", f"truck-{number}"), datetime.now(UTC) - timedelta(seconds=AGE)
    for n in count():
        instant = (begin + timedelta(milliseconds=n)).isoformat().replace("+00:00", "Z").encode()
        at = (number * APART + n) % 900_000
        yield request(b"POST", b"/api/v1/location", token, _FIX % (at, at, instant, n % 360))


def osmand(number: int) -> Requests:
    """Fixes of one phone in the dialect of OsmAnd and Traccar Client."""
    driver = f"phone-{number}"
    token, begin = token_of("driver", driver), int((time.time() - AGE) * 1000)
    for n in count():
        at = (number * APART + n) % 900_000
        yield request(b"POST", _OSMAND % (driver.encode(), at, at, begin + n), token)


def in_path(number: int) -> Requests:
    """The same by a token in the path."""
    driver = f"app-{number}"
    path, begin = f"/t/{token_of('driver', driver)}".encode(), int((time.time() - AGE) * 1000)
    for n in count():
        at = (number * APART + n) % 900_000
        target = _OSMAND % (driver.encode(), at, at, begin + n)
        yield request(b"POST", target.replace(b"/osmand", path), "")


def owntracks(number: int) -> Requests:
    """Fixes of one phone with OwnTracks."""
    token, begin = token_of("driver", f"own-{number}"), int(time.time()) - 36_000
    for n in count():
        at = (number * APART + n) % 900_000
        yield request(b"POST", b"/owntracks", token, _OWNTRACKS % (at, at, begin + n))


def driver(number: int) -> Requests:
    """The latest position of one driver."""
    asked = request(b"GET", b"/api/v1/drivers/truck-%d" % number, token_of("dispatcher"))
    while True:
        yield asked


def nearby(number: int) -> Requests:
    """The 20 nearest drivers, or those within 15 km."""
    at = number * APART % 900_000
    path = b"/api/v1/nearby?latitude=25.%06d&longitude=55.%06d&radius=15000" % (at, at)
    asked = request(b"GET", path, token_of("dispatcher"))
    while True:
        yield asked


ROUTES: dict[str, Callable[[int], Requests]] = {
    "POST /api/v1/location": locations,
    "POST /osmand": osmand,
    "POST /t/{token}": in_path,
    "POST /owntracks": owntracks,
    "GET /api/v1/drivers/{id}": driver,
    "GET /api/v1/nearby": nearby,
}
"""Name of a case -> the requests of one of its connections."""
