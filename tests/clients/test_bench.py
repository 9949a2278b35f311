"""The benchmark itself: that its counts are right, and that it runs. Never how fast anything is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack
from typing import Any

import msgspec
import pytest

from clients.bench import report, servers
from clients.bench.dialects import Plain, SocketIO
from clients.bench.figures import Measurement
from clients.bench.http import closed_loop as by_http
from clients.bench.http.load import Load, constant, ramp, spike
from clients.bench.http.routes import ROUTES
from clients.bench.subscribers import MARK, Checker, Counter, _room
from clients.bench.websocket import BrokenServer, frame
from hub.embedded.services import Services
from hub.settings import Settings
from tests.support.running import edge


def location(of: str, seq: int) -> bytes:
    tracking = {"of": of, "seq": seq, "sent_ns": 1}
    return msgspec.json.encode({"type": "location", "latitude": 1.0, "driverId": of, "attributes": tracking})


def unmasked(payload: bytes) -> bytes:
    size = len(payload)
    return b"\x81" + (bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")) + payload


class Open(asyncio.Transport):
    """A transport that takes everything and tells what it took."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += data

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


@pytest.fixture
async def checker() -> AsyncIterator[Checker]:
    checker = Checker(Plain(), 1, subscribe=True)
    checker.transport = Open()
    checker.opened.set_result(None)
    yield checker


@pytest.mark.parametrize(
    ("seqs", "absent", "duplicates", "reordered"),
    [
        ([0, 1, 2], 0, 0, 0),
        ([0, 2], 1, 0, 0),
        ([0, 2, 1], 0, 0, 1),
        ([0, 1, 1], 0, 1, 0),
        ([0, 3, 1, 1], 1, 1, 1),
    ],
)
async def test_a_checker_tells_what_went_wrong(
    checker: Checker, seqs: list[int], absent: int, duplicates: int, reordered: int
) -> None:
    checker.feed(unmasked(location("b", 0)) + b"".join(unmasked(location("a", seq)) for seq in seqs))
    assert (len(checker.absent), checker.duplicates, checker.reordered) == (absent, duplicates, reordered)
    assert checker.count == len(seqs) + 1


async def test_a_checker_reads_frames_that_come_in_pieces_and_answers_pings(checker: Checker) -> None:
    stream = unmasked(location("a", 0)) + b"\x89\x01p" + unmasked(b'{"type":"heartbeat"}') + unmasked(location("a", 1))
    for at in range(len(stream)):
        checker.feed(stream[at : at + 1])
    assert checker.count == 2
    assert checker.transport.written == frame(b"p", 10)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [1, 2, len(MARK), 100, 10_000])
async def test_a_counter_counts_across_the_borders_of_reads(checker: Checker, size: int) -> None:
    counter = Counter(checker)
    stream = b"".join(unmasked(location("a", seq)) for seq in range(50))
    for at in range(0, len(stream), size):
        piece = stream[at : at + size]
        _room[: len(piece)] = piece
        counter.buffer_updated(len(piece))
    assert counter.count == 50


def test_socketio_packets() -> None:
    dialect = SocketIO()
    assert dialect.opening(b'0{"sid":"x"}') == (b"40", False)
    assert dialect.opening(b'40{"sid":"y"}') == (None, True)
    assert dialect.publish(b'{"a":1}', 7) == b'427["pos",{"a":1}]'
    assert dialect.location(b'42["pos",{"a":1}]') == b'{"a":1}'
    assert dialect.ack(b"437[]") == 7
    assert dialect.answer(b"2") == b"3"


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["hub", "starlette", "express"])
def test_requests_by_http(services: Services, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Every route, on the hub and on the peer; a request that is refused would end the run."""
    monkeypatch.setattr(by_http, "WARM_UP", 0.02)
    with ExitStack() as stack:
        if kind == "hub":
            redis_url, most = services.settings.redis_url, 1_000_000.0
            settings = Settings(port=0, redis_url=redis_url, jwt_secret=servers.SECRET, max_user_rate=most)
            address, pid = stack.enter_context(edge(settings)).address, os.getpid()
            running = servers.Running(servers.hub(), pid, address[1])
        else:
            try:
                server = servers.PEERS[kind]()
            except servers.Unavailable as reason:
                pytest.skip(str(reason))
            running = stack.enter_context(servers.running(server, os.sched_getaffinity(0)))
        found = [asyncio.run(by_http.closed_loop(running, route, 3, 0.05)) for route in ROUTES]
    assert [measurement.case for measurement in found] == [f"{route}, 3 connections" for route in ROUTES]
    assert all(measurement.figures["requests_per_s"] > 0 for measurement in found)


@pytest.mark.thorough
def test_loads(services: Services) -> None:
    """The three load tests in small."""
    settings = Settings(port=0, redis_url=services.settings.redis_url, jwt_secret=servers.SECRET)
    load = Load(rate=50, users=16, seconds=0.3, spike=2)
    with edge(settings) as hub:
        running = servers.Running(servers.hub(), os.getpid(), hub.address[1])
        found = [asyncio.run(case(running, load)).figures for case in (constant, ramp, spike)]
    assert all(found[0][name] > 0 for name in ("requests_per_s", "p50_ms", "screen_p50_ms"))
    assert 0 <= found[1]["users"] <= 16
    assert found[2]["p99_spike_ms"] > 0


def test_a_refused_request_ends_the_run(services: Services) -> None:
    with edge(Settings(port=0, redis_url=services.settings.redis_url, jwt_secret="another" * 9)) as hub:
        running = servers.Running(servers.hub(), os.getpid(), hub.address[1])
        with pytest.raises(BrokenServer, match="refused"):
            asyncio.run(by_http.closed_loop(running, "POST /osmand", 1, 0.05))


def test_ratios_are_of_medians() -> None:
    measurements = [
        Measurement("x", server, {"p99_ms": value})
        for server, values in {"hub": (1.0, 9.0, 2.0), "other": (4.0, 5.0, 1.0)}.items()
        for value in values
    ]
    assert report.medians(measurements)["x"]["p99_ms"] == {"hub": 2.0, "other": 4.0}
    assert report.document(measurements)["ratios"] == {"x": {"p99_ms": {"other": 0.5}}}


def test_a_peer_that_cannot_be_installed_is_left_out_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(servers.Unavailable, match="npm"):
        servers.socketio()
    with pytest.raises(servers.Unavailable, match="npm"):
        servers.express()


def bench(*arguments: str) -> Any:
    """What ``hub bench --quick`` measured, in a process of its own because it takes cores and raises limits."""
    command = [sys.executable, "-m", "hub", "bench", *arguments, "--quick", "--json", "--peer", "starlette"]
    done = subprocess.run(command, capture_output=True, timeout=240)
    assert done.returncode == 0, done.stderr.decode()
    told = msgspec.json.decode(done.stdout)
    assert told["skipped"] == []
    return told


@pytest.mark.thorough
def test_one_part() -> None:
    measurements = bench("fanout")["measurements"]
    assert {measurement["server"] for measurement in measurements} == {"hub", "starlette"}
    assert not any(measurement["figures"].get(name, 0) for measurement in measurements for name in report.FAULTS)


@pytest.mark.slow
def test_the_hub_beside_starlette() -> None:
    """The parts at the socket in small."""
    told = bench("fanout", "ingest", "idle", "slow")
    cases: dict[str, set[str]] = {}
    for measurement in told["measurements"]:
        cases.setdefault(measurement["case"], set()).add(measurement["server"])
        faults = {name: measurement["figures"].get(name, 0) for name in report.FAULTS}
        assert not any(faults.values()), measurement
    assert len(cases) == 7
    assert set(map(frozenset, cases.values())) == {frozenset({"hub", "starlette"})}
    medians = told["medians"]
    assert all(value > 0 for value in medians["50 subscribers, 64 in flight"]["deliveries_per_s"].values())
    assert all(value > 0 for value in medians["50 drivers, arrays of 50"]["fixes_per_s"].values())
    hub = next(m for m in told["measurements"] if m["server"] == "hub" and "fixes_per_s" in m["figures"])
    assert {"hub", "valkey-server", "postgres", "recorder"} <= set(hub["cpu"])
