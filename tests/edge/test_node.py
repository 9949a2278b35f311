"""What the hub does by the clock: heartbeats, pings, presence, paced subscriptions, and the end of silent peers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from hub.edge.node import Node
from hub.edge.ws.sockets import SLICES
from tests.support.live.transcripts import converse
from tests.support.peers import CLOSE, PING, PONG, TEXT, Peer, frame
from tests.support.running import Edge, edge, until

# Sockets are looked after once a second, so this is each of them about every second.
SETTINGS = {"heartbeat_interval": 0.5, "stale_after": 1.0, "offline_after": 2.5}

FULL = "/ws?subscribe=none"


@pytest.fixture(scope="module")
def impatient(hub: Edge) -> Iterator[Edge]:
    """A hub that pings after half a second of silence and gives up after two and a half."""
    with edge(msgspec.structs.replace(hub.settings, ping_interval=0.5, idle_timeout=2.5)) as running:
        yield running


def test_a_subscribed_connection_hears_a_heartbeat(hub: Edge) -> None:
    with Peer(hub.address, FULL) as screen:
        screen.say({"type": "subscribe", "id": "s", "all": True})
        seq = [screen.hear() for _ in range(2)][1]["seq"]
        for _ in range(2):
            before = datetime.now(UTC) - timedelta(seconds=1)
            heartbeat = screen.hear()
            assert heartbeat["type"] == "heartbeat"
            assert heartbeat["seq"] == seq
            assert before < datetime.fromisoformat(heartbeat["time"]) <= datetime.now(UTC)


@pytest.mark.parametrize("period", [1.0, 1.05, 1.3])
def test_heartbeats_keep_the_rhythm_of_their_interval(
    hub: Edge, period: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is virtual: an interval of 10 s, looked after every second or later. A beat is late by a check at most, and
    the next one is not later for it."""
    beats: list[float] = []

    def look() -> None:
        (socket,) = (socket for slice_ in hub.node.sockets.slices for socket in slice_.values())
        sockets = socket.sockets
        monkeypatch.setattr(sockets, "settings", msgspec.structs.replace(hub.settings, heartbeat_interval=10.0))
        began = now = socket.beat
        monkeypatch.setattr(sockets.hub, "heartbeat", lambda *_: beats.append(now - began))
        for check in range(int(100 / period) + 2):
            socket.heard = now = began + 0.4 + check * period
            socket.look_after(now)
        monkeypatch.undo()

    with Peer(hub.address, FULL) as screen:
        screen.say({"type": "subscribe", "id": "s", "all": True})
        assert screen.hear()["type"] == "subscribed"
        hub.call(look)
    assert len(beats) == 10
    assert all(0 <= beat - 10 * number < period for number, beat in enumerate(beats, 1))


def test_presence_comes_and_goes(hub: Edge) -> None:
    with Peer(hub.address, FULL) as screen, Peer(hub.address) as plain, Peer(hub.address, FULL) as driver:
        converse(
            hub,
            """
            driver → {"latitude":1,"longitude":2,"driverId":"a"}
            driver ← nothing
            screen → {"type":"subscribe","id":"s","drivers":["a"]}
            screen ← {"type":"subscribed","id":"s","epoch":"…","seq":"…","count":1,"reset":true}
            screen ← {"type":"location","driverId":"a","latitude":1.0,"longitude":2.0,"recordedAt":"…","receivedAt":"…","seq":"…"}
            screen ← {"type":"synced","id":"s","seq":"…"}
            """,  # noqa: E501
            screen=screen,
            driver=driver,
        )
        driver.close()  # its frames are signs of life, which count within a second
        said = []
        while len(said) < 2:
            message = screen.hear()
            if message["type"] != "heartbeat":
                assert datetime.fromisoformat(message.pop("heardAt")) <= datetime.now(UTC)
                said.append(message)
        assert said == [
            {"type": "status", "driverId": "a", "status": "stale"},
            {"type": "status", "driverId": "a", "status": "offline"},
        ]
        with Peer(hub.address, FULL) as late:
            late.say({"type": "subscribe", "id": "s", "drivers": ["a", "unheard"]})
            assert [message["type"] for message in late.hear_all()] == ["subscribed", "location", "status", "synced"]
        # A late fix is a sign of life too.
        with Peer(hub.address, FULL) as driver:
            driver.say({"latitude": 1, "longitude": 2, "driverId": "a", "recordedAt": "2026-01-01T00:00:00Z"})
            while (message := screen.hear())["type"] == "heartbeat":
                pass
        assert datetime.fromisoformat(message.pop("heardAt")) <= datetime.now(UTC)
        assert message == {"type": "status", "driverId": "a", "status": "online"}
        # Nobody who is plain hears any of this.
        assert [message["type"] for message in plain.hear_all()] == ["location"]


def test_a_paced_subscription_gets_the_last_position_before_silence(hub: Edge) -> None:
    with Peer(hub.address, FULL) as screen, Peer(hub.address, FULL) as driver:
        screen.say({"type": "subscribe", "id": "s", "drivers": ["paced"], "maxHz": 4})
        screen.hear(), screen.hear()
        started = time.monotonic()
        for number in range(50):
            driver.say({"latitude": 1, "longitude": number, "driverId": "paced"})
            time.sleep(0.01)
        heard = [screen.hear()]
        while heard[-1].get("longitude") != 49.0:
            heard.append(screen.hear())
        # Four a second, and one at either end.
        assert (
            len([message for message in heard if message["type"] == "location"]) <= 4 * (time.monotonic() - started) + 2
        )


def test_a_silent_peer_is_pinged_and_one_that_answers_stays(impatient: Edge) -> None:
    with Peer(impatient.address, FULL) as answering, Peer(impatient.address, FULL) as silent:
        started = time.monotonic()
        while time.monotonic() - started < 4:
            assert answering.next_frame() == (PING, b"")
            answering.send(frame("", PONG))
        assert b"\x89\x00" in silent.ended()
        until(lambda: impatient.node.sockets.closed.get("ping_timeout") == 1)
        answering.say({"type": "ping"})
        assert answering.hear() == {"type": "pong"}


@pytest.mark.parametrize("phase", [0.01, 0.25, 0.5, 0.75, 0.99])
@pytest.mark.parametrize("period", [1.0, 1.4])
def test_a_silent_peer_is_gone_within_the_idle_timeout_whenever_it_is_looked_after(
    hub: Edge, phase: float, period: float
) -> None:
    """Time is virtual: the default of 30 s, looked after every second, or later on a busy machine."""

    def silence() -> float:
        """Seconds from the last byte to the end."""
        (socket,) = (socket for slice_ in hub.node.sockets.slices for socket in slice_.values())
        began, now = socket.heard, socket.heard + phase * period
        while not socket.closing:
            socket.look_after(now)
            if not socket.closing:
                now += period
        return now - began

    with Peer(hub.address, FULL):
        ended = hub.call(silence)
    assert (hub.settings.ping_interval, hub.settings.idle_timeout) == (15, 30)
    assert 28 < ended <= 30
    until(lambda: hub.node.sockets.count == 0)


def test_little_time_between_ping_and_end_stays_the_peers(hub: Edge) -> None:
    for ping, idle, longest in ((15, 30, 28.5), (28, 30, 29.5), (0.5, 2.5, 2.0)):
        settings = msgspec.structs.replace(hub.settings, ping_interval=ping, idle_timeout=idle)
        assert hub.call(lambda settings=settings: Node(settings, hub.appender.redis)).sockets.longest_silence == longest


def test_a_peer_that_speaks_is_not_pinged(impatient: Edge) -> None:
    with Peer(impatient.address, FULL) as talking:
        for _ in range(15):
            talking.say({"type": "ping"})
            assert talking.next_frame() == (TEXT, b'{"type":"pong"}')
            time.sleep(0.1)


def test_a_socket_that_fails_harms_no_other(hub: Edge) -> None:
    peers = [Peer(hub.address, FULL) for _ in range(SLICES + 1)]
    first, last = peers[0], peers[-1]
    last.say({"type": "subscribe", "id": "s", "drivers": ["nobody"]})

    def break_first() -> None:
        oldest, *_, newest = sorted(
            (socket for slice_ in hub.node.sockets.slices for socket in slice_.values()),
            key=lambda socket: socket.client.id,
        )
        assert newest.client.id - oldest.client.id == SLICES  # the same slice
        del oldest.heard

    hub.call(break_first)
    assert first.ended() == b""
    assert [last.hear()["type"] for _ in range(3)] == ["subscribed", "synced", "heartbeat"]
    for peer in peers:
        peer.close()
    until(lambda: hub.node.sockets.count == 0)


def test_the_end_of_the_hub(hub: Edge) -> None:
    """Acked first, then a goodbye where it is understood, then closed."""
    with edge(msgspec.structs.replace(hub.settings, drain_timeout=2.0)) as ending:
        driver, plain = Peer(ending.address, FULL), Peer(ending.address)
        plain.hear_all()
        ending.loop.call_soon_threadsafe(ending.server.ask_to_exit)
        driver.say({"latitude": 1, "longitude": 2, "driverId": "last", "msgNo": 1})
        heard = [driver.hear()]
        while heard[-1]["type"] != "bye":
            heard.append(driver.hear())
        assert 500 <= heard[-1]["retryMs"] <= 5_000
        assert driver.closed() == (1012, "restart")
        opcode, payload = plain.next_frame()
        while opcode == TEXT:
            assert msgspec.json.decode(payload)["type"] == "location"
            opcode, payload = plain.next_frame()
        assert (opcode, payload[:2]) == (CLOSE, (1012).to_bytes(2, "big"))
        # It does not answer our close, and is cut off in the end.
        assert plain.ended() == b""
    assert ending.node.sockets.closed == {"restart": 2}
