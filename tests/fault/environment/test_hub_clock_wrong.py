"""The hub's own clock is wrong from the start (no battery, no NTP, a GPS rollover): it says so, and loses nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import msgspec
import pytest

from hub.settings import Settings
from tests.support.api.calls import call
from tests.support.peers import Peer
from tests.support.running import Served, served, until

FULL = "/ws?subscribe=none"
DAY, ROLLOVER = timedelta(days=1), timedelta(weeks=1_024)

TRANSMISSION = timedelta(milliseconds=50)
"""From the time of a fix to its arrival. Loopback takes 0.1 ms, as long as a fix that has no time of its own."""

SET_CLOCK = """
import time

real = time.time

def wall():
    with open({path!r}) as file:
        return real() + float(file.read() or 0)

time.time = wall
"""


class Wall:
    """The wall clock of the hub's processes, set by a file; those of Redis, PostgreSQL and the drivers are right."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = folder / "offset"
        self.set(timedelta())
        (folder / "sitecustomize.py").write_text(SET_CLOCK.format(path=str(self._file)))
        monkeypatch.setenv("PYTHONPATH", str(folder))

    def set(self, offset: timedelta) -> None:
        self._file.with_suffix(".new").write_text(str(offset.total_seconds()))
        self._file.with_suffix(".new").replace(self._file)


@pytest.fixture
def wall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wall:
    return Wall(tmp_path, monkeypatch)


class Drivers:
    """Five drivers, each with an offset of its clock, and a screen that shows them."""

    def __init__(self, hub: Served, offsets: list[timedelta]) -> None:
        self.hub, self.offsets, self.sent = hub, offsets, 0
        self.gateway, self.screen = Peer(hub.address, FULL), Peer(hub.address, FULL)
        self.screen.say({"type": "subscribe", "id": "s", "all": True})
        self.screen.hear_all()

    def send(self) -> None:
        """One fix of each driver; returns when all are acked."""
        for number, offset in enumerate(self.offsets):
            self.sent += 1
            recorded_at = (datetime.now(UTC) - TRANSMISSION + offset).isoformat()
            fix = {"latitude": 1, "longitude": self.sent / 100, "driverId": f"d{number}", "recordedAt": recorded_at}
            self.gateway.say(fix | {"msgNo": self.sent})
            assert self.gateway.hear() == {"type": "ack", "msgNo": self.sent}

    def shown(self) -> set[str]:
        return {message["driverId"] for message in self.screen.hear_all() if message["type"] == "location"}


@contextmanager
def driven(settings: Settings, offsets: list[timedelta]) -> Iterator[tuple[Served, Drivers]]:
    # As a command: Python imports ``sitecustomize`` when it starts.
    with served(msgspec.structs.replace(settings, log_format="json"), command=True) as hub:
        yield hub, Drivers(hub, offsets)


def get(hub: Served, path: str) -> str:
    answer = call(hub, "GET", path)
    assert answer.status == 200
    return answer.body.decode()


def offsets_of(hub: Served) -> dict[str, float]:
    lines = [line for line in get(hub, "/metrics").splitlines() if line.startswith("hub_clock_offset_seconds{")]
    return {line.split('"')[1]: float(line.split()[-1]) for line in lines}


def logged(hub: Served, prefix: str) -> list[str]:
    """Actions of the log that begin with this, in order."""
    actions = [json.loads(line)["action"] for line in hub.log.read_text().splitlines() if line.startswith("{")]
    return [action for action in actions if action.startswith(prefix)]


async def rows(database_url: str) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM positions"))
    finally:
        await connection.close()


ONE_WRONG = [timedelta()] * 4 + [timedelta(hours=-1)]


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (-DAY, "1 day behind"),
        pytest.param(DAY, "1 day ahead of", marks=pytest.mark.slow),
        pytest.param(-ROLLOVER, "1,024 weeks behind", marks=pytest.mark.thorough),
        pytest.param(ROLLOVER, "1,024 weeks ahead of", marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_drivers_redis_and_postgresql_are_right(settings: Settings, wall: Wall, offset: timedelta, words: str) -> None:
    wall.set(offset)
    with driven(settings, ONE_WRONG) as (hub, drivers):
        drivers.send()
        warned = ": drivers are shown with a clock warning" if offset < timedelta() else ""
        sentence = f"the hub's clock is {words} Redis, PostgreSQL and 4 of 5 drivers{warned}"
        until(lambda: f"degraded: {sentence}\n" in get(hub, "/readyz"))
        health = json.loads(get(hub, "/health"))
        assert (health["status"], health["checks"]["clock"]) == (
            "degraded",
            {"status": "degraded", "details": [sentence]},
        )
        known = offsets_of(hub)
        assert set(known) == {"redis", "postgresql", "drivers"}
        assert all(abs(value - offset.total_seconds()) < 60 for value in known.values())
        assert len(drivers.shown()) == 5
        until(lambda: asyncio.run(rows(settings.database_url)) == 5)


def test_the_clock_is_set_and_all_is_well(settings: Settings, wall: Wall) -> None:
    wall.set(-DAY)
    with driven(settings, ONE_WRONG) as (hub, drivers):
        drivers.send()
        until(lambda: "4 of 5 drivers" in get(hub, "/readyz"))
        assert drivers.shown() == {"d0", "d1", "d2", "d3", "d4"}
        wall.set(timedelta())
        drivers.send()
        assert drivers.shown() == {"d0", "d1", "d2", "d3", "d4"}
        until(lambda: "clock" not in get(hub, "/readyz"))
        said = logged(hub, "clock_")
        # Once for each change of what differs: a service, or the drivers, may have been compared a moment later.
        assert said[-1] == "clock_right" and 1 <= said.count("clock_wrong") <= 4 and said.count("clock_right") == 1
        assert offsets_of(hub)["redis"] == 0


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (4, "degraded: the hub's clock is 1 day behind 4 of 5 drivers: drivers are shown with a clock warning\n"),
        # One or two devices that are wrong are the devices' trouble, as are those that do not agree.
        (2, "ok\n"),
    ],
)
def test_redis_and_postgresql_have_the_clock_of_the_hub(settings: Settings, wrong: int, sentence: str) -> None:
    """As with the embedded ones: only the drivers can tell."""
    with driven(settings, [DAY] * wrong + [timedelta()] * (5 - wrong)) as (hub, drivers):
        drivers.send()
        until(lambda: get(hub, "/readyz").startswith(sentence) and len(offsets_of(hub)) == 3)
        assert {offset for source, offset in offsets_of(hub).items() if source != "drivers"} == {0}
