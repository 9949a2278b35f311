"""Time from the ack of a position to what people get of it, at 1,000 positions a second: the event of a fence and the
alert on a socket, and the alert at a webhook. Prints the figures of docs/webhooks.md.

Every driver drives past a fence and is put into the middle of it once, and sends one alarm, so that for each event the
position that causes it is known. The hub with its services, and this process, share the machine."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from clients.bench.figures import percentile
from clients.bench.processes import cpu_seconds, family
from hub.settings import Settings
from tests.support.hub_process import HubProcess
from tests.support.notify.receivers import LOOPBACK, receiver

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

DRIVERS, CONNECTIONS = 1_000, 50
SECONDS = int(os.environ.get("EVENT_LATENCY_SECONDS", "60"))
WARM_UP = 10
"""Seconds before the first event, in which trips begin and caches fill."""

PATIENCE = 60.0
"""Seconds in which everything arrives on a busy machine."""

FENCES = 100
"""Fences that drivers enter."""

MORE = int(os.environ.get("EVENT_LATENCY_FENCES", "100")) - FENCES
"""Fences beside them, which the recorder judges, too."""

WAYS = (
    "fence, event on the socket",
    "fence, alert on the socket",
    "fence, alert at the webhook",
    "alarm, alert on the socket",
    "alarm, alert at the webhook",
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(
        Settings(port=0, data_dir=tmp_path / "hub", hooks_allow=LOOPBACK, log_level="warning"), tmp_path
    )
    process.start()
    try:
        yield process
    finally:
        process.stop()


class Run:
    """What was acked, and what arrived, by driver; seconds of the monotonic clock."""

    def __init__(self) -> None:
        self.acked: dict[tuple[str, str], float] = {}
        """What a position causes (``fence`` or ``alarm``) and its driver -> its ack."""
        self.arrived: dict[str, dict[str, float]] = {}
        """What arrived -> driver -> first time."""

    def note(self, what: str, driver: str) -> None:
        self.arrived.setdefault(what, {}).setdefault(driver, time.monotonic())

    def message(self, message: dict[str, Any]) -> None:
        """A message of the socket."""
        if message["type"] == "fence" and message["event"] == "entered":
            self.note("fence, event on the socket", message["driverId"])
        elif message["type"] == "alert" and message["event"] == "opened":
            self.note(f"{cause(message)}, alert on the socket", message["driverId"])

    async def hook(self, path: str, event: Any) -> int:
        """The answer to a webhook."""
        if event["type"] == "hub.alert.opened":
            self.note(f"{cause(event['data'])}, alert at the webhook", event["data"]["driverId"])
        return 204

    def missing(self) -> bool:
        return any(len(self.arrived.get(what, ())) < DRIVERS for what in WAYS)

    def latencies(self, what: str) -> list[float]:
        kind = what.partition(",")[0]
        return [at - self.acked[kind, driver] for driver, at in self.arrived[what].items()]


def cause(alert: dict[str, Any]) -> str:
    return "fence" if alert["kind"] == "fence.entered" else "alarm"


async def ask(session: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> dict[str, Any]:
    async with session.post(f"/api/v1/{path}", json=body) as answer:
        found: dict[str, Any] = await answer.json()
        assert answer.status == 201, found
        return found


async def rules(session: aiohttp.ClientSession, url: str) -> None:
    for n in range(FENCES):
        shape = {"type": "Point", "coordinates": [55 + n / 50, 25.0]}
        await ask(session, "fences", {"name": f"depot {n}", "shape": shape, "radius": 100})
    for start in range(0, MORE, 1_000):
        features = [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [55 + n % 200 / 100, 25.01 + n // 200 / 100]},
                "properties": {"name": f"place {n}", "radius": 100},
            }
            for n in range(start, min(start + 1_000, MORE))
        ]
        await ask(session, "fences.geojson", {"type": "FeatureCollection", "features": features})
    channel = await ask(session, "channels", {"name": "hook", "kind": "webhook", "config": {"url": url}})
    channels = [channel["channel"]["id"]]
    for kind, params, where in [
        ("fence.entered", {}, channels),
        ("alarm", {}, channels),
        ("overspeed", {"limit": 100, "for": 15}, []),
        ("battery", {}, []),
        ("offline", {}, []),
        ("stopped", {}, []),
    ]:
        await ask(session, "rules", {"name": kind, "kind": kind, "params": params, "channels": where})


async def drive(run: Run, url: str, number: int) -> None:
    """The drivers of one connection: each sends once a second, and they take turns."""
    mine = range(number, DRIVERS, CONNECTIONS)
    waiting: list[tuple[int, tuple[str, str]]] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}?subscribe=none") as socket:

        async def acks() -> None:
            async for frame in socket:
                message = msgspec.json.decode(frame.data)
                assert message["type"] == "ack", message
                now = time.monotonic()
                while waiting and waiting[0][0] <= message["msgNo"]:
                    run.acked[waiting.pop(0)[1]] = now

        reading = asyncio.create_task(acks())
        started, number_of = time.monotonic(), 0
        for second in range(SECONDS):
            for turn, n in enumerate(mine):
                due = started + second + (turn * CONNECTIONS + number) / DRIVERS
                await asyncio.sleep(max(0.0, due - time.monotonic()))
                driver, events = f"truck-{n:04}", SECONDS - WARM_UP - 5
                # 300 m north of the fence until the second of its event, then in the middle of it.
                enters, alarms = WARM_UP + n * 7 % events, WARM_UP + n * 11 % events
                fix: dict[str, Any] = {
                    "driverId": driver, "longitude": 55 + n % FENCES / 50 + second * 1e-6, "accuracy": 5,
                    "latitude": 25.0 + (0.0027 if second < enters else 0), "speed": 1.0, "battery": 0.8,
                    "recordedAt": datetime.now(UTC).isoformat(), "msgNo": number_of,
                }  # fmt: skip
                if second == enters:
                    waiting.append((number_of, ("fence", driver)))
                if second == alarms:
                    fix["attributes"] = {"alarm": "sos"}
                    waiting.append((number_of, ("alarm", driver)))
                number_of += 1
                await socket.send_str(msgspec.json.encode(fix).decode())
        async with asyncio.timeout(PATIENCE):
            while waiting:  # noqa: ASYNC110 (of the hub)
                await asyncio.sleep(0.1)
        reading.cancel()


async def watch(run: Run, url: str, watching: asyncio.Event) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}?subscribe=none") as socket:
        await socket.send_str('{"type":"subscribe","id":"a","all":true,"positions":false,"fences":true,"alerts":true}')
        watching.set()
        async for frame in socket:
            run.message(msgspec.json.decode(frame.data))


async def test_from_the_ack_to_the_event(hub: HubProcess, capsys: pytest.CaptureFixture[str]) -> None:
    run, watching = Run(), asyncio.Event()
    host, port = hub.address
    async with receiver() as found, aiohttp.ClientSession(f"http://{host}:{port}") as session:
        found.answer = run.hook
        await rules(session, found.url)
        screen = asyncio.create_task(watch(run, hub.url, watching))
        await watching.wait()
        await asyncio.sleep(3)  # the recorder and the notifier have read the fences and rules
        before, started = cpu_seconds(family(hub.pid)), time.monotonic()
        await asyncio.gather(*(drive(run, hub.url, number) for number in range(CONNECTIONS)))
        took_cpu, passed = cpu_seconds(family(hub.pid)), time.monotonic() - started
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while run.missing():  # noqa: ASYNC110 (of the hub)
                    await asyncio.sleep(0.1)
        screen.cancel()
    lines = []
    for what in sorted(run.arrived):
        took = run.latencies(what)
        p50, p99, most = (1_000 * percentile(took, share) for share in (0.5, 0.99, 1.0))
        lines.append(f"{what}: {len(took)}, p50 {p50:.0f} ms, p99 {p99:.0f} ms, max {most:.0f} ms")
    shares = [f"{name} {(took_cpu[name] - before.get(name, 0.0)) / passed:.0%}" for name in sorted(took_cpu)]
    lines.append(f"of a core: {', '.join(shares)}")
    with capsys.disabled():
        print(f"\nfrom the ack, {DRIVERS} positions/s, {FENCES + MORE} fences, 6 rules:", *lines, sep="\n")
    assert len(run.acked) == 2 * DRIVERS
    # Each event arrives once a driver, by each way.
    assert {what: len(drivers) for what, drivers in run.arrived.items()} == dict.fromkeys(WAYS, DRIVERS)
