"""The opening handshake: the contract with uvicorn, websockets and Starlette that an upgrade of them must pass."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack

import pytest
import websockets.sync.client
from websockets.exceptions import InvalidStatus

from hub.embedded.services import Services
from hub.settings import Settings
from tests.identity.test_tokens import SECRET
from tests.support.peers import ACCEPT, CLOSE, HANDSHAKE, PING, Peer, Raw, Response, frame, handshake
from tests.support.running import Edge, edge, until

SETTINGS = {"handshake_timeout": 0.5}

FULL = "/ws?subscribe=none"
PING_MESSAGE = frame('{"type":"ping"}')
LIVEZ = b"GET /livez HTTP/1.1\r\nHost: hub\r\n\r\n"
OPENING = HANDSHAKE.format(path="/ws").encode()


def ask(hub: Edge, request: bytes) -> Response:
    """The answer to a request, after which the hub closes the connection."""
    with Raw(hub.address) as raw:
        raw.send(request)
        answer = raw.response()
        assert raw.ended() == b""
        return answer


def test_the_socket_is_taken_over(hub: Edge) -> None:
    with Peer(hub.address, FULL) as peer:
        assert peer.opened.headers["sec-websocket-accept"] == ACCEPT
        assert "sec-websocket-extensions" not in peer.opened.headers
        assert "server" not in peer.opened.headers
        assert hub.call(lambda: (hub.node.sockets.count, len(hub.server.server_state.connections))) == (1, 0)
        # uvicorn's part of the handshake has ended and has not taken the socket with it.
        until(lambda: not hub.server.server_state.tasks)
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
    until(lambda: hub.node.sockets.count == 0)


def test_frames_behind_the_handshake_are_not_lost(hub: Edge) -> None:
    with Peer(hub.address, FULL, early=PING_MESSAGE + frame("x", PING)) as peer:
        assert peer.hear() == {"type": "pong"}
        assert peer.next_frame() == (10, b"x")


@pytest.mark.parametrize("cut", [-1, -2, -3, -4, 40])
def test_a_handshake_may_come_in_pieces(hub: Edge, cut: int) -> None:
    request = handshake(FULL)
    with Raw(hub.address) as raw:
        raw.send(request[:cut])
        time.sleep(0.02)
        raw.send(request[cut:] + PING_MESSAGE)
        assert raw.response().status == 101
        assert raw.take(17) == b'\x81\x0f{"type":"pong"}'


def test_a_snapshot_comes_behind_the_answer(hub: Edge) -> None:
    with Peer(hub.address) as driver:
        driver.say({"latitude": 1, "longitude": 2, "driverId": "early"})
        assert driver.hear_all() == []
        with Peer(hub.address) as screen:
            assert screen.hear()["driverId"] == "early"


def test_compression_is_not_offered(hub: Edge) -> None:
    with Peer(hub.address, FULL, ["Sec-WebSocket-Extensions: permessage-deflate"]) as peer:
        assert "sec-websocket-extensions" not in peer.opened.headers


def test_a_client_that_goes_away_meanwhile_leaves_nothing(hub: Edge, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(20):
        raw = Raw(hub.address)
        raw.send(handshake())
        raw.reset()
    with Peer(hub.address, FULL):
        until(lambda: hub.node.sockets.count == 1)
    until(lambda: hub.node.sockets.count == 0)
    assert not hub.server.server_state.connections
    assert caplog.records == []


def without(text: str) -> bytes:
    return "".join(line for line in HANDSHAKE.format(path="/ws").splitlines(True) if text not in line).encode()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param(without("Sec-WebSocket-Key") + b"\r\n", 400, id="no key"),
        pytest.param(OPENING.replace(b"dGhlIHNhbXBsZSBub25jZQ==", b"abc") + b"\r\n", 400, id="a key of no base64"),
        pytest.param(OPENING + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", 400, id="two keys"),
        pytest.param(OPENING.replace(b": 13", b": 8") + b"\r\n", 400, id="an old version"),
        pytest.param(OPENING.replace(b"GET", b"POST") + b"\r\n", 405, id="not GET"),
        pytest.param(OPENING + b"Content-Length: 5\r\n\r\nhello", 400, id="a body"),
        pytest.param(OPENING + b"Content-Length: 5\r\n\r\n", 400, id="a body that does not come"),
        pytest.param(
            OPENING + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 400, id="a body in chunks"
        ),
        pytest.param(OPENING + b"X: \x01\r\n\r\n", 400, id="a control character"),
        pytest.param(OPENING + b"X: a\r\n b\r\n\r\n", 400, id="a folded header"),
        pytest.param(OPENING + b"X-Long: " + b"a" * 9_000 + b"\r\n\r\n", 400, id="a long header line"),
        pytest.param(OPENING + b"X: a\r\n" * 200 + b"\r\n", 400, id="many header lines"),
        pytest.param(OPENING + b"X: %s\r\n" % (b"a" * 1_000) * 20 + b"\r\n", 431, id="20 kB of headers"),
        pytest.param(OPENING + b"X: " + b"a" * 100_000, 431, id="headers without end"),
        pytest.param(handshake("/ws?" + "a" * 9_000), 400, id="a long path"),
        pytest.param(handshake("/ws?" + "a" * 20_000), 431, id="a longer path"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01", 400, id="TLS"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="HTTP/2"),
        pytest.param(b"CONNECT other:1 HTTP/1.1\r\nHost: other\r\n\r\n", 400, id="a proxy request"),
        pytest.param(handshake("/"), 404, id="another path"),
        pytest.param(handshake("/livez"), 404, id="the path of something else"),
        pytest.param(handshake("/%ff%zz"), 404, id="a path of no text"),
    ],
)
def test_what_is_no_handshake_gets_an_answer_and_the_connection_ends(hub: Edge, request_: bytes, status: int) -> None:
    assert ask(hub, request_).status == status


@pytest.mark.parametrize("size", [10_000, 17_000])
def test_headers_are_measured_alone_however_they_arrive(hub: Edge, size: int) -> None:
    headers = [f"X: {'a' * 996}" for _ in range(size // 1_000)]
    request = handshake(FULL, headers)
    with Raw(hub.address) as raw:
        for start in range(0, len(request), 4_000):
            raw.send(request[start : start + 4_000] + (frame(" " * 60_000) if start + 4_000 >= len(request) else b""))
            time.sleep(0.01)
        assert raw.response().status == (101 if size < 16_384 else 431)


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\r\n", id="an empty line"),
        pytest.param(b"GET /ws HT", id="half a line"),
        pytest.param(handshake()[:-2], id="headers without an end"),
        pytest.param(LIVEZ + handshake()[:-2], id="headers without an end behind a request"),
        pytest.param(b"POST /livez HTTP/1.1\r\nHost: hub\r\nContent-Length: 9\r\n\r\nhalf", id="half a body"),
    ],
)
def test_a_request_has_a_deadline(hub: Edge, begun: bytes) -> None:
    with Raw(hub.address) as raw:
        raw.send(begun)
        if begun.startswith(LIVEZ):
            assert raw.response().status == 200
        raw.ended()
        # The last request is answered behind its response: nobody waits for the body of what is not allowed.
        assert raw.buffer.startswith(b"HTTP/1.1 405 " if b"POST" in begun else b"HTTP/1.1 408 Request Timeout\r\n")


def test_a_request_with_a_known_head_has_a_deadline(hub: Edge) -> None:
    fix = b'{"latitude":1,"longitude":2,"driverId":"slow"}'
    request = b"POST /api/v1/location HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%b" % (len(fix), fix)
    with Raw(hub.address) as raw:
        for _ in range(3):
            raw.send(request)
            assert raw.response().status == 200
        raw.send(request[:-1])
        assert raw.response().status == 408
        assert raw.ended() == b""


def test_bytes_now_and_then_do_not_extend_the_deadline(hub: Edge) -> None:
    with Raw(hub.address) as raw:
        raw.socket.settimeout(0.1)
        for byte in handshake():
            raw.send(bytes([byte]))
            try:
                raw.take(1)
            except TimeoutError:
                continue
            break
        raw.socket.settimeout(10)
        assert b"TP/1.1 408 Request Timeout\r\n" in raw.ended()


def test_an_empty_line_after_a_request_does_not_keep_the_connection_for_ever(hub: Edge) -> None:
    with Raw(hub.address) as raw:
        for _ in range(2):
            raw.send(LIVEZ)
            assert raw.response().status == 200
        raw.send(b"\r\n")
        assert raw.ended().startswith(b"HTTP/1.1 408 ")


def test_what_a_client_may_send_before_the_answer_is_bounded(hub: Edge) -> None:
    with Raw(hub.address) as raw:
        raw.send(handshake() + frame("x" * 65_000) * 2)
        raw.ended()
    until(lambda: hub.node.sockets.count == 0)


def test_a_denial_reaches_the_client_as_a_problem_document(hub: Edge, caplog: pytest.LogCaptureFixture) -> None:
    answer = ask(hub, handshake(headers=["Origin: https://elsewhere.example"]))
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "an open hub takes no sockets from pages of other sites",
    }
    # It is no error of the application, whatever uvicorn thinks of it.
    assert caplog.records == []


def test_a_library_sees_the_denial_too(hub: Edge) -> None:
    with pytest.raises(InvalidStatus) as error, websockets.sync.client.connect(hub.url + "/elsewhere", proxy=None):
        pass
    assert error.value.response.status_code == 404
    assert json.loads(error.value.response.body)["detail"] == "sockets are opened at /ws"


def test_a_library_opens_talks_and_closes(hub: Edge) -> None:
    with websockets.sync.client.connect(f"{hub.url}?subscribe=none", proxy=None) as socket:
        socket.send('{"type":"ping"}')
        assert socket.recv() == '{"type":"pong"}'
        socket.ping("x").wait(10)
        socket.send(["[", "]"])
        socket.send('{"type":"ping"}')
        assert socket.recv() == '{"type":"pong"}'
    assert (socket.close_code, socket.close_reason) == (1000, "")


def test_the_hub_is_left_in_order(hub: Edge) -> None:
    """After all of the above: nobody is counted who is gone, and the next one is served."""
    until(lambda: hub.node.sockets.count == 0 and not hub.server.server_state.connections)
    assert not hub.server.server_state.tasks
    with Peer(hub.address, FULL) as peer:
        peer.send(frame(b"\x03\xe8", CLOSE))
        assert peer.next_frame() == (CLOSE, b"\x03\xe8")


CHUNKED = b"POST /api/v1/location HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n"


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        pytest.param(b"0\r\n", b"X: " + b"a" * 995 + b"\r\n", id="trailers"),
        pytest.param(b"0\r\nX: ", b"a" * 1_000, id="one long trailer"),
        pytest.param(b"1;x=", b"a" * 1_000, id="the extension of a chunk"),
    ],
)
def test_what_stands_around_a_body_is_bounded(hub: Edge, begun: bytes, more: bytes) -> None:
    with Raw(hub.address) as raw:
        raw.send(CHUNKED + begun)
        time.sleep(0.02)
        raw.send(more * 17)
        assert raw.response().status == 431


def test_trailers_are_no_headers(hub: Edge) -> None:
    """A trailer that counted could name the page, the length or the proxy of a request that was let in without."""
    with Raw(hub.address) as raw:
        raw.send(CHUNKED + b"0\r\nOrigin: https://elsewhere.example\r\n\r\n")
        assert raw.response().status == 200


def test_few_requests_wait_for_the_one_before(hub: Edge) -> None:
    with Raw(hub.address) as raw:
        raw.send(LIVEZ * 20)
        assert [raw.response().status for _ in range(20)] == [200] * 20
        raw.send(LIVEZ * 1_000)
        raw.ended()
        assert raw.buffer.count(b"HTTP/1.1 ") < 100


def test_an_address_has_so_many_connections_that_ask_for_nothing(services: Services) -> None:
    urls = {"redis_url": services.settings.redis_url, "database_url": services.settings.database_url}
    settings = Settings(port=0, jwt_secret=SECRET, max_address_connections=3, **urls)
    with edge(settings) as hub, ExitStack() as open_ones:
        silent = [open_ones.enter_context(Raw(hub.address)) for _ in range(3)]
        for raw in silent:
            raw.send(b"GET /livez HT")
        until(lambda: len(hub.server.server_state.connections) == 3)
        with Raw(hub.address) as raw:
            assert raw.ended() == b""
        silent[0].send(b"TP/1.1\r\nHost: hub\r\n\r\n")
        assert silent[0].response().status == 200
        silent[1].close()
        until(lambda: len(hub.server.server_state.connections) == 2)
        with Raw(hub.address) as raw:
            raw.send(LIVEZ)
            assert raw.response().status == 200
