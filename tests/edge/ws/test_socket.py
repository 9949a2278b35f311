"""Frames on an open socket: what RFC 6455 asks, byte by byte, and how a connection ends."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator

import pytest
import websockets.sync.client

from hub.wire.errors import Close
from tests.support.peers import BINARY, CLOSE, CONT, PING, PONG, TEXT, Peer, frame
from tests.support.running import Edge, until

SETTINGS = {"max_errors": 50}

FULL = "/ws?subscribe=none"
REQUEST = '{"type":"ping"}'
ANSWER = b'{"type":"pong"}'
FIX = '{"latitude":1,"longitude":2,"driverId":"d","msgNo":7}'
ACK = b'{"type":"ack","msgNo":7}'
EURO = "€".encode()


@pytest.fixture
def peer(hub: Edge) -> Iterator[Peer]:
    with Peer(hub.address, FULL) as peer:
        yield peer


def code(number: int, reason: bytes = b"") -> bytes:
    return number.to_bytes(2, "big") + reason


def pieces(message: bytes, *cuts: int) -> bytes:
    """A text message in fragments."""
    edges = [0, *cuts, len(message)]
    parts = [message[start:stop] for start, stop in itertools.pairwise(edges)]
    return b"".join(
        frame(part, CONT if index else TEXT, fin=index == len(parts) - 1) for index, part in enumerate(parts)
    )


@pytest.mark.parametrize(
    ("sent", "answers"),
    [
        pytest.param(frame(REQUEST), [(TEXT, ANSWER)], id="a text message"),
        pytest.param(frame(REQUEST, wide=2), [(TEXT, ANSWER)], id="a length in 16 bits that needs 7"),
        pytest.param(frame(REQUEST, wide=8), [(TEXT, ANSWER)], id="a length in 64 bits that needs 7"),
        pytest.param(frame(REQUEST, mask=b"\0\0\0\0"), [(TEXT, ANSWER)], id="a mask of zeros"),
        pytest.param(frame(" " * (65_536 - 15) + REQUEST), [(TEXT, ANSWER)], id="the largest message"),
        pytest.param(frame(REQUEST.ljust(125)), [(TEXT, ANSWER)], id="the longest short length"),
        pytest.param(frame(REQUEST.ljust(126)), [(TEXT, ANSWER)], id="the shortest 16-bit length"),
        pytest.param(frame(REQUEST) * 3, [(TEXT, ANSWER)] * 3, id="several in one segment"),
        pytest.param(pieces(REQUEST.encode(), 4), [(TEXT, ANSWER)], id="fragments"),
        pytest.param(pieces(REQUEST.encode(), 0, 3, 3, 15), [(TEXT, ANSWER)], id="empty fragments"),
        pytest.param(pieces(REQUEST.encode(), *range(1, 15)), [(TEXT, ANSWER)], id="a byte a fragment"),
        pytest.param(pieces(REQUEST.encode(), *[9] * 63), [(TEXT, ANSWER)], id="the most fragments"),
        pytest.param(pieces(b'{"type":"ping","x":"' + EURO + b'"}', 21), [(TEXT, ANSWER)], id="a character in two"),
        pytest.param(
            frame('{"type":', fin=False) + frame("a", PING) + frame("b", PONG) + frame('"ping"}', CONT),
            [(PONG, b"a"), (TEXT, ANSWER)],
            id="control frames between fragments",
        ),
        pytest.param(pieces(FIX.encode(), 9), [(TEXT, ACK)], id="a fix in fragments"),
        pytest.param(frame(f'{{"x":"{"€" * 9}","type":"ping"}}'), [(TEXT, ANSWER)], id="text beyond ASCII"),
        pytest.param(frame("", PING), [(PONG, b"")], id="an empty ping"),
        pytest.param(frame(b"\0\xff" * 62, PING), [(PONG, b"\0\xff" * 62)], id="a ping of bytes"),
        pytest.param(frame("x", PING) + frame(REQUEST), [(PONG, b"x"), (TEXT, ANSWER)], id="a ping, then a message"),
        pytest.param(frame("x", PONG) + frame(REQUEST), [(TEXT, ANSWER)], id="a pong that nobody asked for"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("bytewise", [False, True])
def test_good_frames(peer: Peer, sent: bytes, answers: list[tuple[int, bytes]], bytewise: bool) -> None:
    if bytewise and len(sent) < 1_000:
        for byte in sent:
            peer.send(bytes([byte]))
    else:
        peer.send(sent)
    assert [peer.next_frame() for _ in answers] == answers
    assert peer.hear_all() == []


@pytest.mark.parametrize(
    ("sent", "close"),
    [
        pytest.param(frame(REQUEST, mask=None), Close.PROTOCOL_ERROR, id="not masked"),
        pytest.param(frame(REQUEST, reserved=4), Close.PROTOCOL_ERROR, id="the compression bit"),
        pytest.param(frame(REQUEST, reserved=2), Close.PROTOCOL_ERROR, id="the second reserved bit"),
        pytest.param(frame(REQUEST, reserved=1), Close.PROTOCOL_ERROR, id="the third reserved bit"),
        pytest.param(frame(REQUEST, 3), Close.PROTOCOL_ERROR, id="a reserved opcode"),
        pytest.param(frame(REQUEST, 15), Close.PROTOCOL_ERROR, id="a reserved control opcode"),
        pytest.param(frame(REQUEST, CONT), Close.PROTOCOL_ERROR, id="a continuation of nothing"),
        pytest.param(frame("{", fin=False) + frame(REQUEST), Close.PROTOCOL_ERROR, id="a message between fragments"),
        pytest.param(frame("x", PING, fin=False), Close.PROTOCOL_ERROR, id="a fragmented ping"),
        pytest.param(frame("x" * 126, PING), Close.PROTOCOL_ERROR, id="a long ping"),
        pytest.param(frame(b"\x03", CLOSE), Close.PROTOCOL_ERROR, id="half a close code"),
        pytest.param(frame(code(999), CLOSE), Close.PROTOCOL_ERROR, id="a close code that is none"),
        pytest.param(frame(code(1005), CLOSE), Close.PROTOCOL_ERROR, id="a close code that is never sent"),
        pytest.param(frame("{", fin=False) + frame(code(1000), CLOSE), Close.PROTOCOL_ERROR, id="a close between"),
        pytest.param(frame(REQUEST, BINARY), Close.UNSUPPORTED_DATA, id="binary"),
        pytest.param(frame(REQUEST, BINARY, fin=False), Close.UNSUPPORTED_DATA, id="binary in fragments"),
        pytest.param(frame(b'{"type":"\xff"}'), Close.INVALID_DATA, id="no UTF-8"),
        pytest.param(frame(b'{"latitude":1,"longitude":2,"attributes":{"a":"\xc0\xaf"}}'), Close.INVALID_DATA,
                     id="no UTF-8 in attributes"),
        pytest.param(frame(b'{"latitude":1,"longitude":2,"\xf5":0}'), Close.INVALID_DATA, id="no UTF-8 in a key"),
        pytest.param(frame(b'{"type":"\xed\xa0\x80"}'), Close.INVALID_DATA, id="a surrogate in UTF-8"),
        pytest.param(pieces(b'{"x":"\xe2\x82"}', 6), Close.INVALID_DATA, id="no UTF-8 in fragments"),
        pytest.param(pieces(EURO[:2] + b"x", 1), Close.INVALID_DATA, id="a character cut by a fragment's end"),
        pytest.param(frame(code(1000, b"\xff"), CLOSE), Close.INVALID_DATA, id="no UTF-8 in a close reason"),
        pytest.param(frame(" " * 65_537), Close.TOO_BIG, id="one byte too many"),
        pytest.param(frame("", size=65_537), Close.TOO_BIG, id="too many announced"),
        pytest.param(frame("", size=2**62, wide=8), Close.TOO_BIG, id="a length of 63 bits"),
        pytest.param(frame("", size=2**64 - 1, wide=8), Close.TOO_BIG, id="a length with the sign bit"),
        pytest.param(frame("", PING, size=2**40, wide=8), Close.TOO_BIG, id="a ping of a terabyte"),
        pytest.param(pieces(b" " * 65_537, 40_000), Close.TOO_BIG, id="too many in fragments"),
        pytest.param(pieces(REQUEST.encode(), *[9] * 64), Close.ABUSE, id="too many fragments"),
        pytest.param(pieces(b"", *[0] * 200), Close.ABUSE, id="empty fragments without end"),
        pytest.param(frame("x", PING) * 200, Close.ABUSE, id="too many pings"),
        pytest.param(frame("x", PONG) * 200, Close.ABUSE, id="too many pongs"),
        pytest.param(frame(REQUEST) * 200, Close.ABUSE, id="too many requests"),
        pytest.param(frame("[]") * 200, Close.ABUSE, id="too many empty arrays"),
        pytest.param(frame("x") * 60, Close.ABUSE, id="too many bad messages"),
        pytest.param(frame("[" + "{}," * 59 + "{}]"), Close.ABUSE, id="too many bad fixes in one message"),
    ],
)  # fmt: skip
def test_bad_frames_close_with_the_code_of_the_table(hub: Edge, sent: bytes, close: Close) -> None:
    before = hub.call(lambda: hub.node.sockets.closed.get(close.reason, 0))
    with Peer(hub.address, FULL) as peer:
        peer.send(sent)
        assert peer.closed()[0] == close
    until(lambda: hub.node.sockets.closed.get(close.reason) == before + 1)


def test_a_peer_that_goes_on_sending_still_sees_why_it_is_closed(hub: Edge) -> None:
    with Peer(hub.address, FULL) as peer:
        peer.send(frame("", size=65_537) + b"x" * 65_537)
        for _ in range(50):
            peer.send(b"x" * 20_000)
            time.sleep(0.001)
        assert peer.closed()[0] == Close.TOO_BIG


def test_a_bad_frame_takes_nothing_back(hub: Edge) -> None:
    """What came before it in the same segment is done, and what comes behind it is not."""
    with Peer(hub.address) as screen:
        screen.hear_all()
        logged = hub.appender.positions
        good = '{"latitude":1,"longitude":2,"driverId":"before"}'
        for bad in (frame(REQUEST, mask=None), frame("", size=65_537), frame(REQUEST, 3), frame(code(1000), CLOSE)):
            with Peer(hub.address, FULL) as peer:
                peer.send(frame(good) + bad + frame(good.replace("before", "behind")))
                assert screen.hear()["driverId"] == "before"
                logged += 1
                until(lambda logged=logged: hub.appender.positions == logged)
        assert screen.hear_all() == []


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        pytest.param(code(1000, b"done"), code(1000, b"done"), id="normal"),
        pytest.param(code(1001), code(1001), id="going away"),
        pytest.param(code(4321), code(4321), id="a code of its own"),
        pytest.param(b"", b"", id="no code"),
    ],
)
def test_a_close_is_answered_and_the_connection_ends(hub: Edge, peer: Peer, sent: bytes, answer: bytes) -> None:
    peer.send(frame(sent, CLOSE) + frame(REQUEST))
    assert peer.next_frame() == (CLOSE, answer)
    assert peer.ended() == b""
    until(lambda: hub.node.sockets.count == 0)


def test_our_close_waits_for_the_answer_and_not_for_ever(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.edge.ws.socket.CLOSE_TIMEOUT", 0.3)
    with Peer(hub.address, FULL) as patient, Peer(hub.address, FULL) as silent:
        for peer in (patient, silent):
            peer.send(frame("", BINARY))
            assert peer.next_frame() == (CLOSE, code(1003, b"unsupported_data"))
        # Whatever comes before the answer is not looked at any more.
        patient.send(frame(FIX) + frame("x", PING) + frame("", 3) + frame(REQUEST, mask=None))
        assert patient.ended() == b""
        started = time.monotonic()
        assert silent.ended() == b""
        assert time.monotonic() - started < 30
    until(lambda: hub.node.sockets.count == 0)


def test_a_connection_that_vanishes_is_forgotten(hub: Edge) -> None:
    with Peer(hub.address) as gone:
        gone.send(frame(FIX)[:20])
        gone.reset()
    with Peer(hub.address) as half:
        half.socket.shutdown(1)
        assert half.ended().startswith(b"\x81")
    until(lambda: hub.node.sockets.count == 0)
    assert hub.call(lambda: hub.node.hub.clients) == {}


def test_many_fixes_in_one_segment_are_one_write_to_each_screen(hub: Edge) -> None:
    with Peer(hub.address) as screen, Peer(hub.address, FULL) as driver:
        screen.hear_all()
        place = '{{"latitude":{0},"longitude":2,"driverId":"many-{0}","msgNo":{0}}}'
        driver.send(b"".join(frame(place.format(number)) for number in range(90)))
        assert [screen.hear()["driverId"] for _ in range(90)] == [f"many-{number}" for number in range(90)]
        acks = []
        while not acks or acks[-1] != 89:
            acks.append(driver.hear()["msgNo"])
        assert acks == sorted(acks)


def test_a_flood_is_taken_in_turns(hub: Edge) -> None:
    """What the loop reads at once, 256 kB, would keep everybody else waiting for a quarter of a second."""
    with Peer(hub.address, FULL) as driver:
        flood = b"".join(frame(f'{{"latitude":1,"longitude":{n / 10},"driverId":"f"}}') for n in range(1_200))

        def receive() -> list[int]:
            """Numbers that were given in the turn of the read, and in the next."""
            (socket,) = (socket for slice_ in hub.node.sockets.slices for socket in slice_.values())
            seq = hub.node.hub.seq
            socket.data_received(flood + frame(REQUEST))
            assert socket.paused
            return [seq, hub.node.hub.seq]

        before, after = hub.call(receive)
        assert after - before == 512
        assert driver.hear() == {"type": "pong"}
        assert hub.call(lambda: hub.node.hub.seq) - before == 1_200
        assert hub.call(lambda: hub.node.hub.fleet("default").latest["f"].longitude) == 119.9
        assert driver.hear_all() == []


def test_nothing_is_read_from_a_peer_that_does_not_read(hub: Edge) -> None:
    """Whatever it asks for would have to be kept until it takes it."""
    many = ",".join(f'{{"latitude":1,"longitude":2,"driverId":"known-{n}"}}' for n in range(500))
    with Peer(hub.address, FULL) as driver, Peer(hub.address, FULL, receive_buffer=4_096) as screen:
        driver.say(f"[{many}]")
        assert driver.hear_all() == []
        ask = [{"type": "subscribe", "id": "s", "all": True}, {"type": "unsubscribe", "id": "s"}]
        screen.send(b"".join(frame(json.dumps(request)) for _ in range(20) for request in ask))

        def buffered() -> tuple[bool, int]:
            (socket,) = (s for slice_ in hub.node.sockets.slices for s in slice_.values() if s.client.blocked)
            return socket.carry is not None, socket.transport.get_write_buffer_size()

        until(lambda: hub.call(lambda: any(c.blocked for c in hub.node.hub.clients.values())))
        carried, size = hub.call(buffered)
        assert carried
        assert size < 3 * hub.settings.write_high_water
        words = []
        while words.count("unsubscribed") < 20:
            words.append(screen.hear()["type"])
        assert [word for word in words if word != "location"] == ["subscribed", "synced", "unsubscribed"] * 20
        assert words.count("location") == 20 * hub.call(lambda: len(hub.node.hub.fleet("default").latest))
        assert screen.hear_all() == []


def test_frames_cut_anywhere(hub: Edge) -> None:
    """The same bytes in segments of every small size give the same answers."""
    sent = frame(REQUEST) + frame("x", PING) + frame(REQUEST, wide=2) + pieces(REQUEST.encode(), 5) + frame(REQUEST)
    for size in range(1, 24):
        with Peer(hub.address, FULL) as peer:
            for start in range(0, len(sent), size):
                peer.send(sent[start : start + size])
            assert [peer.next_frame() for _ in range(5)] == [
                (1, ANSWER),
                (10, b"x"),
                (1, ANSWER),
                (1, ANSWER),
                (1, ANSWER),
            ]


def test_a_library_sees_our_close_codes(hub: Edge) -> None:
    with websockets.sync.client.connect(f"{hub.url}?subscribe=none", proxy=None) as socket:
        socket.send(b"binary")
        with pytest.raises(websockets.ConnectionClosedError) as error:
            socket.recv()
    assert error.value.rcvd is not None
    assert (error.value.rcvd.code, error.value.rcvd.reason) == (1003, "unsupported_data")
