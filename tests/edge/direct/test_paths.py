"""The direct path answers as uvicorn, the middleware and Starlette do, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from hub.edge.direct import paths
from hub.edge.ws.handshake import HttpProtocol
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call
from tests.support.peers import Raw
from tests.support.running import Edge, edge

PATHS = set(paths.PATHS)

SETTINGS = {"jwt_secret": SECRET, "max_body_bytes": 2_000, "default_fleet": "f"}

DRIVER, OTHER, DESK = token(role="driver", driver="d"), token(role="driver", driver="o"), token(role="dispatcher")
FIX = '{"latitude":1,"longitude":2}'


@pytest.fixture(scope="module")
def long(hub: Edge) -> Iterator[Edge]:
    """The same hub without a direct path."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "PATHS", ())
        with edge(msgspec.structs.replace(hub.settings)) as running:
            yield running


def request(line: str, token: str | None = DRIVER, body: str = "", *headers: str) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: localhost", *headers]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


REQUESTS = {
    "a fix": request("POST /api/v1/location", DRIVER, FIX),
    "a fix by an older name": request("POST /api/location", DRIVER, FIX),
    "two fixes, one bad": request("POST /api/v1/location", DRIVER, f'[{FIX},{{"latitude":91,"longitude":2}}]'),
    "a bad fix": request("POST /api/v1/location", DRIVER, '{"latitude":91,"longitude":2}'),
    "no JSON": request("POST /api/v1/location", DRIVER, "latitude=1"),
    "no UTF-8": request("POST /api/v1/location", DRIVER, "??").replace(b"??", b"\xff\xfe"),
    "no body": request("POST /api/v1/location"),
    "a body in chunks": request("POST /api/v1/location", DRIVER, "", "Transfer-Encoding: chunked")
    + f"{len(FIX):x}\r\n{FIX}\r\n0\r\n\r\n".encode(),
    "too large a body": request("POST /api/v1/location", DRIVER, "[" + " " * 3_000 + "]"),
    "no token": request("POST /api/v1/location", None, FIX),
    "a bad token": request("POST /api/v1/location", "x.y.z", FIX),
    "the token of a reader": request("POST /api/v1/location", DESK, FIX),
    "another method": request("PUT /api/v1/location", DRIVER, FIX),
    "a slash behind": request("POST /api/v1/location/", DRIVER, FIX),
    "a driver": request("GET /api/v1/drivers/d", DESK),
    "a driver, to itself": request("GET /api/v1/drivers/d"),
    "a driver, to another": request("GET /api/v1/drivers/e"),
    "an unknown driver": request("GET /api/v1/drivers/nobody", DESK),
    "no id of a driver": request("GET /api/v1/drivers/a%20b", DESK),
    "a path below a driver": request("GET /api/v1/drivers/d/nothing", DESK),
    "drivers": request("GET /api/v1/drivers/", DESK),
    "the head of a driver": request("HEAD /api/v1/drivers/d", DESK),
    "near": request("GET /api/v1/nearby?latitude=1&longitude=2", DESK),
    "near nothing": request("GET /api/v1/nearby?latitude=-1&longitude=2", DESK),
    "near, without a place": request("GET /api/v1/nearby?latitude=1", DESK),
    "near, with another parameter": request("GET /api/v1/nearby?latitude=1&longitude=2&far=1", DESK),
    "near, twice": request("GET /api/v1/nearby?latitude=1&latitude=1&longitude=2", DESK),
    "a phone": request("POST /osmand?id=d&lat=1&lon=2"),
    "a phone that gets": request("GET /osmand?id=d&lat=1&lon=2"),
    "a phone without a token": request("GET /osmand?id=d&lat=1&lon=2", None),
    "a phone with a slash": request("POST /osmand/?id=d&lat=1&lon=2"),
    "a bad point": request("POST /osmand?id=d&lat=x&lon=2"),
    "another method of a phone": request("PUT /osmand?id=d&lat=1&lon=2"),
    "OwnTracks": request("POST /owntracks", OTHER, '{"_type":"location","lat":1,"lon":2,"tst":1700000000}'),
    "Traccar": request("POST /traccar", DRIVER, '{"position":{"latitude":1,"longitude":2}}'),
    "a token in the path": request(f"POST /t/{DRIVER}?lat=1&lon=2", None),
    "a token and a slash": request(f"POST /t/{DRIVER}/?lat=1&lon=2", None),
    "a bad token in the path": request("POST /t/abcdefghijklmnopqrstuvwxyz?lat=1&lon=2", None),
    "no token in the path": request("POST /t/?lat=1&lon=2", None),
    "two hosts": request("POST /osmand?lat=1&lon=2", DRIVER, "", "Host: localhost"),
    "an id": request("GET /api/v1/drivers/d", DESK, "", "X-Request-ID: mine"),
    "HTTP/1.0": request("GET /api/v1/drivers/d", DESK).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "the connection closes": request("GET /api/v1/drivers/d", DESK, "", "Connection: close"),
}

VARYING = rb"(date: [^\r]*|x-request-id: [0-9a-f]{16}|\"seq\":\d+|\"(recorded|received|heard)At\":\"[^\"]*\")"


def answer(hub: Edge, request: bytes) -> bytes:
    """What the hub writes at a request, without what differs from one answer to the next."""
    with Raw(hub.address) as raw:
        raw.send(request + b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return re.sub(VARYING, b"", raw.ended())


@pytest.mark.parametrize("name", REQUESTS)
def test_answers_are_the_same(hub: Edge, long: Edge, name: str) -> None:
    for each in (hub, long):
        assert call(each, "POST", "/api/v1/location", FIX.encode(), {"authorization": f"Bearer {DRIVER}"}).status == 200
    got = answer(hub, REQUESTS[name])
    assert got.startswith(b"HTTP/1.1 ") and got == answer(long, REQUESTS[name])


def test_routes_are_counted_by_their_names(hub: Edge, long: Edge) -> None:
    for each in (hub, long):
        headers = {"authorization": f"Bearer {DESK}"}
        assert call(each, "GET", "/api/v1/drivers/nobody", None, headers).status == 404
        told = call(each, "GET", "/metrics").body.decode()
        assert 'hub_http_requests_total{route="/api/v1/drivers/{driver_id}",status="4xx"}' in told


def test_plain_requests_are_direct(hub: Edge) -> None:
    """A pipelined request and one that closes the connection take the usual way."""
    protocol = hub.server.config.http
    assert isinstance(protocol, type) and issubclass(protocol, HttpProtocol)
    taken: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        start = protocol.direct.start
        patch.setattr(
            protocol.direct, "start", lambda call, data: taken.append(call.scope["path"]) or start(call, data)
        )
        got = answer(hub, request("POST /osmand?id=d&lat=1&lon=2") + request("GET /api/v1/drivers/d", DESK))
        assert got.count(b"HTTP/1.1 200 OK") == 3
        answer(hub, REQUESTS["the connection closes"])
    assert taken == ["/osmand"]


def test_every_direct_path_has_a_route(hub: Edge) -> None:
    """A path that is renamed must be renamed here, or it becomes slow unnoticed."""
    protocol = hub.server.config.http
    assert isinstance(protocol, type) and issubclass(protocol, HttpProtocol)
    assert {route.path for route in protocol.direct.routes} == PATHS
