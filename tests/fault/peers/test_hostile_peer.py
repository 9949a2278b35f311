"""Peers that mean harm: each closes only itself, the memory stays flat, and a healthy pair goes on meanwhile (P11)."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from hub.embedded.services import Services
from hub.logs import Action
from hub.settings import Settings
from tests.support.peers import CONT, PING, PONG, Peer, Raw, frame, handshake
from tests.support.running import PATIENCE, Served, served

FULL = "/ws?subscribe=none"

GROWTH = 24_000_000
"""Bytes that the hub may grow by during one attack. A ping flood that is answered without end is 100 MB in 8 s."""

SECONDS = 0.3
LONG = 20.0


@pytest.fixture(scope="module")
def hub(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        redis_appendfsync="everysec",
        database_url=services.settings.database_url,
        data_dir=tmp_path_factory.mktemp("hostile"),
        handshake_timeout=1.0,
        max_drivers=1_000,
        max_unlogged=20_000,
        log_level="error",
    )
    with served(settings) as running:
        # A fleet, so that a snapshot is large.
        with Peer(running.address, FULL) as driver:
            for start in range(0, 900, 450):
                driver.say([{"latitude": 1, "longitude": 2, "driverId": f"d{start + n}"} for n in range(450)])
            driver.hear_all()
        yield running


class Pair(threading.Thread):
    """A driver and a screen; each position waits until the screen has seen the one before."""

    def __init__(self, hub: Served) -> None:
        super().__init__(daemon=True)
        self.driver, self.screen = Peer(hub.address, FULL), Peer(hub.address, FULL)
        self.screen.say({"type": "subscribe", "id": "s", "drivers": ["d1"]})
        self.exchanged = 0
        self.worst = 0.0
        self.failure: BaseException | None = None
        self.stopping = threading.Event()

    def run(self) -> None:
        try:
            while not self.stopping.wait(0.005):
                started = time.monotonic()
                self.exchanged += 1
                self.driver.say({"latitude": 1, "longitude": self.exchanged % 180, "driverId": "d1"})
                while self.screen.hear().get("longitude") != self.exchanged % 180:
                    pass
                self.worst = max(self.worst, time.monotonic() - started)
            # A flood of good fixes is overload: the log takes no more for a while, and says so to all alike.
            assert {answer["code"] for answer in self.driver.hear_all()} <= {"unavailable"}
        except BaseException as error:
            self.failure = error

    def stop(self) -> None:
        self.stopping.set()
        self.join()
        self.driver.close()
        self.screen.close()
        if self.failure is not None:
            raise self.failure


def pour(hub: Served, data: bytes, *, path: str = FULL, read: bool = False) -> None:
    """Open a connection and send until the hub does not take it any more, or ends it."""
    with Peer(hub.address, path, receive_buffer=0 if read else 4_096) as peer:
        peer.socket.settimeout(0.2)
        deadline = time.monotonic() + 0.5
        try:
            while time.monotonic() < deadline:
                peer.send(data)
                if read:
                    peer.socket.recv(1_000_000)
        except OSError:
            pass


def open_and_leave(hub: Served, begun: bytes, count: int) -> None:
    """Many connections that begin something and never go on with it, until the hub ends them."""
    raws = [Raw(hub.address) for _ in range(count)]
    for raw in raws:
        raw.send(begun)
    for raw in raws:
        raw.ended()
        raw.close()


def hold_half_frames(hub: Served) -> None:
    peers = [Peer(hub.address, FULL) for _ in range(50)]
    for peer in peers:
        peer.send(frame("x", size=65_536)[:-1] + b"x" * 60_000)
    for peer in peers:
        peer.close()


def come_and_go(hub: Served) -> None:
    for number in range(200):
        peer = Raw(hub.address)
        peer.send(handshake() + frame('{"type":"subscribe","id":"s","all":true}')[: number % 40])
        peer.reset()


def noise(hub: Served) -> None:
    chance = random.Random(7)
    for _ in range(50):
        with Raw(hub.address) as raw:
            raw.send(chance.randbytes(2_000))
            raw.ended()
        with Peer(hub.address, FULL) as peer:
            peer.socket.settimeout(0.5)
            try:
                peer.send(chance.randbytes(20_000))
                peer.ended()
            except OSError:
                pass


def invent_drivers(hub: Served) -> None:
    tomorrow = int(time.time()) + 86_400
    fixes = [
        {"latitude": 1, "longitude": 2, "driverId": f"invented-{n}", "recordedAt": tomorrow} for n in range(10_000)
    ]
    arrays = (json.dumps(fixes[begin : begin + 500]) for begin in range(0, len(fixes), 500))
    # Beyond `max_drivers` each is an error, and many errors end the connection.
    pour(hub, b"".join(map(frame, arrays)), read=True)


NONSENSE = json.dumps({"type": "subscribe", "id": "s", "near": {"latitude": 1, "longitude": 2, "radius": -1}})
TURNING = frame('{"type":"subscribe","id":"s","all":true}') + frame('{"type":"unsubscribe","id":"s"}')

ATTACKS: dict[str, Callable[[Served], None]] = {
    "pings, never reading": lambda hub: pour(hub, frame("x" * 100, PING) * 600),
    "pings, reading": lambda hub: pour(hub, frame("x" * 100, PING) * 600, read=True),
    "empty pings": lambda hub: pour(hub, frame("", PING) * 10_000),
    "pongs": lambda hub: pour(hub, frame("", PONG) * 10_000),
    "requests, never reading": lambda hub: pour(hub, frame('{"type":"ping"}') * 3_000),
    "snapshots, never reading": lambda hub: pour(hub, TURNING * 1_000),
    "bad messages, never reading": lambda hub: pour(hub, frame(NONSENSE) * 1_000),
    "empty messages": lambda hub: pour(hub, frame("") * 10_000),
    "tiny messages": lambda hub: pour(hub, frame("[]") * 10_000, read=True),
    "arrays of nothing": lambda hub: pour(hub, frame("[" + "1," * 30_000 + "1]") * 4),
    "deep nesting": lambda hub: pour(hub, frame("[" * 60_000) * 4),
    "endless empty fragments": lambda hub: pour(hub, frame("", fin=False) + frame("", CONT, fin=False) * 10_000),
    "endless fragments": lambda hub: pour(hub, frame("x", fin=False) + frame("x" * 900, CONT, fin=False) * 300),
    "messages in two fragments": lambda hub: pour(hub, (frame("[", fin=False) + frame("]", CONT)) * 5_000),
    "huge frames": lambda hub: pour(hub, frame("", size=2**62, wide=8) + b"x" * 100_000),
    "half a frame each": hold_half_frames,
    "fixes as fast as it goes": lambda hub: pour(hub, frame('{"latitude":1,"longitude":2,"driverId":"d2"}') * 3_000),
    "half-open handshakes": lambda hub: open_and_leave(hub, handshake()[:-2], 200),
    "connections that say nothing": lambda hub: open_and_leave(hub, b"", 200),
    "headers without end": lambda hub: open_and_leave(hub, b"GET /ws HTTP/1.1\r\nX: " + b"x" * 60_000, 50),
    "coming and going": come_and_go,
    "noise": noise,
    "drivers of tomorrow": invent_drivers,
}


def attack(hub: Served, how: Callable[[Served], None], seconds: float) -> tuple[int, int, float]:
    """Attack again and again beside a healthy pair; returns (attacks, growth in bytes, the pair's worst exchange)."""
    how(hub)  # what is allocated once is no growth
    before = hub.rss()
    pair = Pair(hub)
    pair.start()
    deadline, times = time.monotonic() + seconds, 0
    while time.monotonic() < deadline or (pair.exchanged < 5 and time.monotonic() < deadline + PATIENCE):
        how(hub)
        times += 1
    assert pair.exchanged >= 5
    pair.stop()
    return times, hub.rss() - before, pair.worst


@pytest.mark.parametrize("how", ATTACKS.values(), ids=ATTACKS.keys())
def test_harms_only_itself(hub: Served, how: Callable[[Served], None]) -> None:
    _, growth, _ = attack(hub, how, SECONDS)
    assert growth < GROWTH
    assert hub.process.poll() is None


def test_no_attack_was_an_error_of_ours(hub: Served) -> None:
    """After all of the above. Drivers with wrong times make the hub doubt its clock, which is no error."""
    lines = [json.loads(line) for line in hub.log.read_text().splitlines()]
    assert [line for line in lines if line["process"] == "hub" and line["action"] != Action.CLOCK_WRONG] == []


@pytest.mark.slow
@pytest.mark.parametrize("how", ATTACKS.values(), ids=ATTACKS.keys())
def test_for_long(hub: Served, how: Callable[[Served], None], capsys: pytest.CaptureFixture[str]) -> None:
    times, growth, worst = attack(hub, how, LONG)
    with capsys.disabled():
        print(f"\n{times} attacks, {growth / 1e6:+.1f} MB, worst exchange of the healthy pair {worst * 1000:.0f} ms")
    assert growth < GROWTH
