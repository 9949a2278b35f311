"""A subscriber that does not read, or too slowly: it delays nobody, stays fresh, and goes when it gets nowhere (P3)."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from hub.settings import Settings
from tests.support.peers import PING, PONG, TEXT, Peer, frame
from tests.support.running import Edge, edge, until

FULL = "/ws?subscribe=none"

DRIVERS = 60
WRITE_HIGH_WATER = 16_384
SEND_BUFFER = 32_768
RECEIVE_BUFFER = 4_096
# Linux doubles both kernel buffers; a chunk of debts is written before the transport is looked at again.
BELOW_CONFLATION = 2 * SEND_BUFFER + WRITE_HIGH_WATER + 2 * RECEIVE_BUFFER + 16_384


@pytest.fixture
def hub(services: Services) -> Iterator[Edge]:
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://unused",
        stall_timeout=2.0,
        write_high_water=WRITE_HIGH_WATER,
        send_buffer_bytes=SEND_BUFFER,
        heartbeat_interval=1.0,
        max_errors=1_000_000,
    )
    with edge(settings) as running:
        yield running


class Traffic(threading.Thread):
    """Rounds of positions, one of each driver a round, until stopped. ``latitude`` holds the round."""

    def __init__(self, hub: Edge, pause: float = 0.02) -> None:
        super().__init__(daemon=True)
        self.hub, self.pause = hub, pause
        self.round = 0
        self.stopping = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            with Peer(self.hub.address, FULL) as driver:
                # Attributes make a position as large as what phones send.
                padding = {"note": "x" * 150}
                while not self.stopping.wait(self.pause):
                    self.round += 1
                    driver.say(
                        [
                            {"latitude": self.round / 100, "longitude": 2, "driverId": f"d{n}", "attributes": padding}
                            for n in range(DRIVERS)
                        ]
                    )
                driver.hear_all()
        except BaseException as error:
            self.failure = error

    def stop(self) -> None:
        self.stopping.set()
        self.join()
        if self.failure is not None:
            raise self.failure


class Screen(threading.Thread):
    """A subscriber that reads ``chunk`` bytes and then waits for ``pause`` seconds; it keeps what it saw and when.

    Each sight is (driver, round, bytes read before it). ``rounds`` says how many bytes it had read when a round began.
    """

    def __init__(self, hub: Edge, chunk: int = 65_536, pause: float = 0.0) -> None:
        super().__init__(daemon=True)
        self.peer = Peer(hub.address, FULL, receive_buffer=RECEIVE_BUFFER if pause else 0)
        self.peer.say({"type": "subscribe", "id": "s", "all": True})
        self.chunk, self.pause = chunk, pause
        self.read = 0
        self.sights: list[tuple[str, int, int]] = []
        self.others: list[str] = []
        self.ended = False

    def run(self) -> None:
        data = b""
        while True:
            try:
                got = self.peer.socket.recv(self.chunk)
            except OSError:
                got = b""
            if not got:
                self.ended = True
                return
            self.read += len(got)
            data = self._take(data + got)
            time.sleep(self.pause)

    def _take(self, data: bytes) -> bytes:
        while len(data) >= 4:
            start, size = 2, data[1]
            if size == 126:
                start, size = 4, int.from_bytes(data[2:4], "big")
            if len(data) < start + size:
                break
            if data[0] == 0x80 | TEXT:
                message = json.loads(data[start : start + size])
                if message["type"] == "location":
                    self.sights.append((message["driverId"], round(message["latitude"] * 100), self.read))
                else:
                    self.others.append(message["type"])
            elif data[0] == 0x80 | PING:
                self.peer.send(frame(data[start : start + size], PONG))
            data = data[start + size :]
        return data

    def close(self) -> None:
        self.peer.socket.shutdown(2)
        self.join()

    def shows(self) -> dict[str, int]:
        """The newest round of each driver."""
        return {driver: number for driver, number, _ in self.sights}

    def never_went_back(self) -> bool:
        newest: dict[str, int] = {}
        for driver, number, _ in self.sights:
            if number <= newest.get(driver, 0):
                return False
            newest[driver] = number
        return True


def round_of(hub: Edge) -> int:
    """The newest round that the hub has all of; 0 before the first."""
    update = hub.node.hub.fleet("default").latest.get(f"d{DRIVERS - 1}")
    return 0 if update is None else round(update.latitude * 100)


def test_healthy_slow_and_stopped(hub: Edge) -> None:
    healthy = [Screen(hub) for _ in range(4)]
    slow = Screen(hub, 2_048, 0.05)  # 40 kB/s of the 750 kB/s that there are
    stopped = Peer(hub.address, FULL, receive_buffer=RECEIVE_BUFFER)
    stopped.say({"type": "subscribe", "id": "s", "all": True})
    for screen in (*healthy, slow):
        screen.start()
    traffic = Traffic(hub)
    traffic.start()
    # How many bytes the slow one had read when the hub had each round: on a busy machine it has them late.
    marks: list[int] = []
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline or not hub.node.sockets.closed.get("slow_consumer"):
        while len(marks) <= round_of(hub):
            marks.append(slow.read)
        assert time.monotonic() < deadline + 60
        time.sleep(0.002)
    traffic.stop()
    last = traffic.round

    # The stopped one is gone, and only that one.
    assert hub.node.sockets.closed["slow_consumer"] == 1
    until(lambda: hub.node.sockets.count == 5)

    # The healthy ones saw nearly all of it, in order; on a busy machine even they are behind for a moment.
    everything = last * DRIVERS
    newest = {f"d{n}": last for n in range(DRIVERS)}
    for screen in healthy:
        until(lambda screen=screen: screen.shows() == newest)
        assert screen.never_went_back()
        assert len(screen.sights) > everything * 0.7
        assert "heartbeat" in screen.others

    # The slow one arrives at the newest of each, saw each driver about equally often, and never an old one: between
    # a position's round and its arrival lie the buffers below us and at most one round of what it was owed.
    until(lambda: slow.shows() == newest)
    assert slow.never_went_back()
    assert len(slow.sights) < everything / 2
    seen = [sum(1 for driver, _, _ in slow.sights if driver == f"d{n}") for n in range(DRIVERS)]
    assert min(seen) >= max(seen) / 2
    size = 360 * DRIVERS
    late = max(read - marks[number] for _, number, read in slow.sights if number < len(marks))
    assert late <= BELOW_CONFLATION + size, f"{late} bytes late of {slow.read} read"
    for screen in (*healthy, slow):
        screen.close()
    stopped.close()
    until(lambda: hub.node.sockets.count == 0)


def test_a_stopped_one_costs_memory_for_each_driver_once(hub: Edge) -> None:
    with Peer(hub.address, FULL, receive_buffer=RECEIVE_BUFFER) as stopped:
        stopped.say({"type": "subscribe", "id": "s", "all": True})
        traffic = Traffic(hub)
        traffic.start()

        def owed() -> tuple[int, int]:
            (client,) = [c for c in hub.node.hub.clients.values() if c.subscriptions]
            return len(client.owed or {}), client.conflated

        until(lambda: hub.call(owed)[1] > 20 * DRIVERS)
        kinds, _ = hub.call(owed)
        traffic.stop()
        assert kinds <= DRIVERS + 1  # and a heartbeat
    until(lambda: hub.node.sockets.count == 0)


def test_one_who_asks_and_does_not_read_is_not_read_either(hub: Edge) -> None:
    """Else its answers would pile up: a peer that pinged and never read took 100 MB in 8 s from other servers."""
    before = hub.node.sockets.closed.get("slow_consumer", 0)
    with Peer(hub.address, FULL, receive_buffer=RECEIVE_BUFFER) as rude:
        rude.socket.settimeout(0.3)
        # Many at once, so that a machine that is busy cannot take longer to fill the buffers than the hub waits.
        nonsense = frame('{"type":"nonsense"}') * 1_000
        with pytest.raises(TimeoutError):
            while True:
                rude.send(nonsense)
        (client,) = hub.call(lambda: list(hub.node.hub.clients.values()))
        assert client.blocked
        # What was read before the transport said stop: the answers to one read of the loop's.
        assert client.lane_bytes < 4 * 262_144
        until(lambda: hub.node.sockets.closed.get("slow_consumer", 0) == before + 1)
    until(lambda: hub.node.sockets.count == 0)


@pytest.mark.slow
def test_for_a_minute(hub: Edge, capsys: pytest.CaptureFixture[str]) -> None:
    """P3 as it is worded: healthy ones beside one that is stopped and one at 5 kB/s."""
    healthy = [Screen(hub) for _ in range(8)]
    slow = Screen(hub, 512, 0.1)
    for screen in (*healthy, slow):
        screen.start()
    stopped = Peer(hub.address, FULL, receive_buffer=RECEIVE_BUFFER)
    stopped.say({"type": "subscribe", "id": "s", "all": True})
    traffic = Traffic(hub, 0.1)
    traffic.start()
    time.sleep(60)
    traffic.stop()
    newest = {f"d{n}": traffic.round for n in range(DRIVERS)}
    for screen in (*healthy, slow):
        until(lambda screen=screen: screen.shows() == newest)
        assert screen.never_went_back()
        screen.close()
    stopped.close()
    with capsys.disabled():
        everything = traffic.round * DRIVERS
        least = min(len(screen.sights) for screen in healthy)
        print(f"\n{everything} positions: each of 8 screens saw at least {least}, a slow one {len(slow.sights)}")
