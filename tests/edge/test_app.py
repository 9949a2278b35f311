"""The routes beside the socket: whether the hub lives, and whether it is ready, in words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from tests.support.peers import Peer, Raw, Response, handshake
from tests.support.running import Edge, edge, until


def get(hub: Edge, path: str) -> Response:
    with Raw(hub.address) as raw:
        raw.send(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return raw.response()


def test_livez_says_that_the_process_answers(hub: Edge) -> None:
    answer = get(hub, "/livez")
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"ok\n", "text/plain; charset=utf-8")


def test_readyz_says_everything_that_is_wrong(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (get(hub, "/readyz").status, get(hub, "/readyz").body) == (200, b"ok\n")
    monkeypatch.setattr(hub, "degraded", ["history is 40 s behind"])
    # Live and acks go on: taking us out of service would end them.
    assert (get(hub, "/readyz").status, get(hub, "/readyz").body) == (200, b"degraded: history is 40 s behind\n")
    monkeypatch.setattr(hub, "problems", ["valkey exited with code 1; it is being restarted"])
    monkeypatch.setattr(hub.appender, "problem", "the log does not answer: no answer in time")
    answer = get(hub, "/readyz")
    assert answer.status == 503
    assert answer.body.decode().splitlines() == [
        "the log does not answer: no answer in time",
        "valkey exited with code 1; it is being restarted",
        "degraded: history is 40 s behind",
    ]
    # Restarting us would help nobody.
    assert get(hub, "/livez").status == 200
    monkeypatch.setattr(hub.node.publisher, "draining", True)
    assert get(hub, "/readyz").body.startswith(b"draining: the hub is shutting down\n")


@pytest.mark.parametrize(("path", "status"), [("/livez/", 404), ("/web", 404), ("/nothing", 404)])
def test_other_paths(hub: Edge, path: str, status: int) -> None:
    assert get(hub, path).status == status


@pytest.mark.parametrize(
    ("headers", "version", "words"),
    [
        ([], "1.1", b"no header 'Upgrade: websocket'"),
        (["Upgrade: h2c", "Connection: Upgrade"], "1.1", b"no header 'Upgrade: websocket'"),
        (["Upgrade: websocket"], "1.1", b"no header 'Connection: Upgrade'"),
        (["Connection: close"], "1.0", b"HTTP/1.0 cannot be upgraded"),
    ],
)
def test_the_socket_without_an_upgrade(hub: Edge, headers: list[str], version: str, words: bytes) -> None:
    lines = [f"GET /ws HTTP/{version}", "Host: localhost", *headers, "", ""]
    with Raw(hub.address) as raw:
        raw.send("\r\n".join(lines).encode())
        answer = raw.response()
    assert (answer.status, answer.headers["upgrade"]) == (426, "websocket")
    assert words in answer.body and b"proxy_http_version" in answer.body


@pytest.fixture
def full(hub: Edge) -> Iterator[Edge]:
    """A hub with room for two connections."""
    with edge(msgspec.structs.replace(hub.settings, max_connections=2)) as running:
        yield running


def test_over_capacity_the_handshake_is_answered_503(full: Edge) -> None:
    with Peer(full.address), Peer(full.address) as second:
        with Raw(full.address) as third:
            third.send(handshake())
            answer = third.response()
            assert (answer.status, answer.headers["retry-after"]) == (503, "2")
            assert b"no room for another connection" in answer.body
            assert third.ended() == b""
        # Whoever is in stays in, health is still answered, and a place that is left is free again.
        assert get(full, "/livez").status == 200
        second.say({"type": "ping"})
        assert second.hear() == {"type": "pong"}
        second.close()
        until(lambda: full.node.sockets.count == 1)
        with Peer(full.address):
            pass


def test_a_storm_of_handshakes_does_not_get_past_the_limit(full: Edge) -> None:
    raws = [Raw(full.address) for _ in range(20)]
    for raw in raws:
        raw.send(handshake())
    assert sorted(raw.response().status for raw in raws) == [101] * 2 + [503] * 18
    for raw in raws:
        raw.close()
