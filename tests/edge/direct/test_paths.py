"""The direct path answers as uvicorn, the middleware and Starlette do, byte for byte."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec
import pytest

from hub.edge.direct import paths
from hub.edge.http.problems import Problem, unavailable
from hub.edge.ws.handshake import MAX_WAITING, HttpProtocol
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call
from tests.support.peers import Raw, handshake
from tests.support.running import Edge, edge, until

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
    "a trace": request("GET /api/v1/drivers/d", DESK, "", f"Traceparent: 00-{'a' * 32}-{'b' * 16}-01"),
    "a client that asks whether it may": request("POST /api/v1/location", DRIVER, FIX, "Expect: 100-continue"),
    "HTTP/1.0": request("GET /api/v1/drivers/d", DESK).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "the connection closes": request("GET /api/v1/drivers/d", DESK, "", "Connection: close"),
}

CLOSING = {"HTTP/1.0", "the connection closes"}

VARYING = rb"(date: [^\r]*|x-request-id: [0-9a-f]{16}|\"seq\":\d+|\"(recorded|received|heard)At\":\"[^\"]*\")"


LAST = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def answer(hub: Edge, request: bytes, *, alone: bool = False) -> bytes:
    """What the hub writes at a request, without what differs from one answer to the next. ``alone``: the hub reads it
    by itself, so that it may know its head."""
    with Raw(hub.address) as raw:
        if alone:
            raw.send(request)
            raw.buffer = raw.socket.recv(1)
            raw.send(LAST)
        else:
            raw.send(request + LAST)
        return re.sub(VARYING, b"", raw.ended())


@pytest.mark.parametrize("name", REQUESTS)
def test_answers_are_the_same(hub: Edge, long: Edge, name: str) -> None:
    for each in (hub, long):
        # As many digits at both: they read each other's positions a moment later.
        each.call(lambda each=each: setattr(each.node.hub, "seq", 1_000))  # type: ignore[misc]
        assert call(each, "POST", "/api/v1/location", FIX.encode(), {"authorization": f"Bearer {DRIVER}"}).status == 200
    got = answer(hub, REQUESTS[name])
    assert got.startswith(b"HTTP/1.1 ") and got == answer(long, REQUESTS[name])
    if name not in CLOSING:
        for _ in ("it is read", "its head is known"):
            assert answer(hub, REQUESTS[name], alone=True) == got


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
        run = protocol.direct.run
        patch.setattr(protocol.direct, "run", lambda call: taken.append(call.scope["path"]) or run(call))
        got = answer(hub, request("POST /osmand?id=d&lat=1&lon=2") + request("GET /api/v1/drivers/d", DESK))
        assert got.count(b"HTTP/1.1 200 OK") == 3
        answer(hub, REQUESTS["the connection closes"])
    assert taken == ["/osmand"]


def test_every_direct_path_has_a_route(hub: Edge) -> None:
    """A path that is renamed must be renamed here, or it becomes slow unnoticed."""
    protocol = hub.server.config.http
    assert isinstance(protocol, type) and issubclass(protocol, HttpProtocol)
    assert {route.path for route in protocol.direct.routes} == PATHS


@pytest.fixture
def known(hub: Edge) -> Iterator[list[str]]:
    """The paths of the requests whose heads were known."""
    protocol = hub.server.config.http
    assert isinstance(protocol, type) and issubclass(protocol, HttpProtocol)
    found: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        repeat = protocol.direct.repeat

        def noted(connection: Any, data: bytes) -> Any:
            call = repeat(connection, data)
            found.extend([] if call is None else [call.scope["path"]])
            return call

        patch.setattr(protocol.direct, "repeat", noted)
        yield found


def test_a_head_is_known_on_every_connection(hub: Edge, known: list[str]) -> None:
    """Behind a proxy, phones share connections. The body may have another length, and the query another place."""
    for number, body in enumerate((FIX, FIX, FIX + " ", "[]")):
        asked = request("POST /api/v1/location", DRIVER, body, "User-Agent: known-1")
        with Raw(hub.address) as raw:
            raw.send(asked)
            assert raw.response().status == 200
            asked = request(f"POST /osmand?lat=1&lon={number}", DRIVER, "", "User-Agent: known-2")
            raw.send(asked)
            assert raw.response().status == 200
    assert known == ["/api/v1/location", "/osmand"] * 3


def test_known_heads_in_pieces_and_in_a_row(hub: Edge, known: list[str]) -> None:
    """Such requests take the parser's way, and the one after them is known again."""
    asked = request("POST /api/v1/location", DRIVER, FIX, "User-Agent: pieces")
    with Raw(hub.address) as raw:
        raw.send(asked)
        assert raw.response().status == 200
        for cut in (10, asked.index(b"User-Agent"), asked.index(b"\r\n\r\n") + 2, len(asked) - 1):
            raw.send(asked[:cut])
            time.sleep(0.02)
            raw.send(asked[cut:])
            assert raw.response().status == 200
        raw.send(asked * 3)
        assert [raw.response().status for _ in range(3)] == [200] * 3
        assert known == []
        raw.send(asked)
        assert raw.response().status == 200
        assert known == ["/api/v1/location"]


def test_a_long_query_behind_a_known_head_is_refused(hub: Edge, known: list[str]) -> None:
    most = hub.settings.max_header_bytes
    plain = request("POST /osmand?lat=1&lon=2&x=", DRIVER, "", "User-Agent: long")
    room = most - (len(plain) - 4)
    with Raw(hub.address) as raw:
        for more in (0, room):
            raw.send(plain.replace(b"x=", b"x=" + b"y" * more))
            assert raw.response().status == 200
        raw.send(plain.replace(b"x=", b"x=" + b"y" * (room + 1)))
        assert raw.response().status == 431
    assert known == ["/osmand"]


def test_a_body_that_looks_like_a_known_request_is_a_body(hub: Edge, known: list[str]) -> None:
    """Its answer, a refusal, comes before the body."""
    asked = request("POST /api/v1/location", DRIVER, FIX, "User-Agent: body")
    with Raw(hub.address) as raw:
        raw.send(asked)
        assert raw.response().status == 200
        size = 10_000
        raw.send(request("POST /nothing", DRIVER, "", f"Content-Length: {size}"))
        assert raw.response().status == 404
        for _ in range(3):
            raw.send(asked)
            size -= len(asked)
            time.sleep(0.02)
        raw.send(b" " * size)
        raw.send(LAST)
        assert raw.ended().count(b"HTTP/1.1 ") == 1
    assert known == []


LIVEZ = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_the_rest_of_a_head_is_not_remembered_as_a_head(hub: Edge) -> None:
    """Its first lines came behind a request that was not answered yet. Others that send the last lines get no header of
    the first ones."""
    asked = request("POST /api/v1/location", None, FIX, "User-Agent: rest")
    line, _, rest = asked.partition(b"\r\n")
    hidden = line + f"\r\nAuthorization: Bearer {DRIVER}\r\nX: ".encode()
    with Raw(hub.address) as raw:
        raw.send(LIVEZ + hidden)
        assert raw.response().status == 200
        raw.send(b"y\r\n" + rest)
        assert raw.response().status == 200
    with Raw(hub.address) as raw:
        raw.send(asked)
        assert raw.response().status == 401


def test_the_rest_of_a_head_is_no_known_request(hub: Edge, known: list[str]) -> None:
    asked = request("POST /api/v1/location", DRIVER, FIX, "User-Agent: inner")
    with Raw(hub.address) as raw:
        raw.send(asked)
        assert raw.response().status == 200
        raw.send(LIVEZ + b"POST /nothing HTTP/1.1\r\nX: ")
        assert raw.response().status == 200
        raw.send(asked)
        assert raw.response().status == 404
        raw.send(LAST)
        assert raw.ended().count(b"HTTP/1.1 ") == 1
    assert known == []


def test_a_token_is_authenticated_at_each_request(hub: Edge, known: list[str]) -> None:
    asked = request("POST /osmand?lat=1&lon=2", token(role="driver", driver="gone"))
    drivers = hub.node.identity.directory.drivers
    with Raw(hub.address) as raw:
        for status, change in ((200, drivers.add), (401, drivers.discard), (200, drivers.discard)):
            raw.send(asked)
            assert raw.response().status == status
            hub.call(partial(change, ("f", "gone")))
    assert known == ["/osmand", "/osmand"]


@pytest.fixture
def held(hub: Edge) -> Iterator[list[Callable[[Problem | None], object]]]:
    """The requests that wait for the log, which confirms none of them."""
    waiting: list[Callable[[Problem | None], object]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub.node.publisher, "when_logged", waiting.append)
        yield waiting


def test_a_client_that_goes_before_the_answer_leaves_nothing(
    hub: Edge, held: list[Callable[[Problem | None], object]]
) -> None:
    with Raw(hub.address) as raw:
        raw.send(request("POST /api/v1/location", DRIVER, FIX))
        until(lambda: held)
        connections = hub.server.server_state.connections
        before = hub.call(lambda: len(connections))
        raw.reset()
    until(lambda: hub.call(lambda: len(connections)) == before - 1)
    hub.call(partial(held[0], None))


def test_a_request_behind_one_that_waits_is_answered_after_it(
    hub: Edge, held: list[Callable[[Problem | None], object]]
) -> None:
    with Raw(hub.address) as raw:
        raw.send(request("POST /api/v1/location", DRIVER, FIX))
        until(lambda: held)
        raw.send(request("GET /api/v1/drivers/nobody", DESK))
        time.sleep(0.05)
        hub.call(partial(held[0], unavailable("the log does not answer", 7)))
        refused, after = raw.response(), raw.response()
        assert (refused.status, refused.headers["retry-after"]) == (503, "7")
        assert after.status == 404


BROKEN = request("POST /api/v1/location", DRIVER, "", "Transfer-Encoding: chunked") + b"no number\r\n"
USUAL = request("GET /livez", None)


@pytest.mark.parametrize(
    ("behind", "answers"),
    [
        pytest.param(b"GET /livez HTTP/1.1\r\nX: ", [408], id="half a head"),
        pytest.param(USUAL + b"GET /livez HTTP/1.1\r\nX: ", [200, 408], id="half a head behind another"),
        pytest.param(b"GET /livez HTTP/1.1\r\nX: " + b"a" * 20_000, [431], id="a large head"),
        pytest.param(b"\x16\x03\x01", [400], id="no HTTP"),
        pytest.param(USUAL + BROKEN, [200, 400], id="a broken body behind another"),
        pytest.param(handshake(), [400], id="a handshake"),
        pytest.param(USUAL * 40, [200] * MAX_WAITING + [400], id="too many"),
    ],
)
def test_a_refused_request_is_answered_behind_those_that_wait(
    hub: Edge, held: list[Callable[[Problem | None], object]], behind: bytes, answers: list[int]
) -> None:
    protocol, connections = hub.server.config.http, hub.server.server_state.connections
    with pytest.MonkeyPatch.context() as patch, Raw(hub.address) as raw:
        raw.send(request("POST /api/v1/location", DRIVER, FIX))
        until(lambda: held)
        patch.setattr(protocol, "settings", msgspec.structs.replace(hub.settings, handshake_timeout=0.1))
        raw.send(behind)
        until(lambda: hub.call(lambda: any(each.deaf for each in connections)))
        hub.call(partial(held[0], None))
        assert [raw.response().status for _ in range(1 + len(answers))] == [200, *answers]
        assert raw.ended() == b""


def test_an_answer_that_fails_harms_no_other(hub: Edge, held: list[Callable[[Problem | None], object]]) -> None:
    with Raw(hub.address) as raw:
        raw.send(request("POST /api/v1/location", DRIVER, FIX))
        until(lambda: held)
        with pytest.MonkeyPatch.context() as patch:
            answers = hub.server.config.http.direct.answers  # type: ignore[union-attr]
            patch.setattr(answers, "count", lambda *_: 1 / 0)
            hub.call(partial(held[0], None))
        assert raw.ended() == b""


def test_a_shutdown_answers_those_that_wait(hub: Edge) -> None:
    with edge(msgspec.structs.replace(hub.settings)) as ending:
        held: list[Callable[[Problem | None], object]] = []
        ending.node.publisher.when_logged = held.append  # type: ignore[method-assign]
        with Raw(ending.address) as raw, Raw(ending.address) as other:
            raw.send(request("POST /api/v1/location", DRIVER, FIX))
            until(lambda: held)
            ending.call(ending.server.ask_to_exit)
            other.send(request("POST /api/v1/location", DRIVER, FIX))
            assert other.response().status == 503
            ending.call(partial(held[0], None))
            assert raw.response().status == 200
            assert raw.ended() == b""


def test_known_heads_count_for_the_client_that_the_proxy_names(hub: Edge) -> None:
    """Its rate is that of its address: five seconds are saved up, and the sixth request is too many."""
    limited = msgspec.structs.replace(hub.settings, trusted_proxies="127.0.0.1", max_address_rate=1)
    with edge(limited) as behind, Raw(behind.address) as raw:
        for address in ("203.0.113.1", "203.0.113.2"):
            asked = request("POST /osmand?lat=1&lon=2", DRIVER, "", f"X-Forwarded-For: {address}")
            statuses = []
            while 503 not in statuses and len(statuses) < 60:
                raw.send(asked)
                statuses.append(raw.response().status)
            assert statuses[:5] == [200] * 5 and statuses[-1] == 503
