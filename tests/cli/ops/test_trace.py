"""From a request, a message or a phone to the row: the trace in the log, in PostgreSQL, and ``hub trace``."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from hub.cli.main import cli
from hub.embedded.services import Services
from hub.environment import environment
from hub.settings import Settings
from tests.cli.test_main import no_settings
from tests.core.test_traces import PARENT, TRACE
from tests.support.api.calls import call
from tests.support.api.fleets import fetch, hub_with
from tests.support.logbook import append, entry, position, recorded, recording
from tests.support.logbook import fetch as rows_of
from tests.support.peers import Peer
from tests.support.running import PATIENCE, Edge, until

__all__ = ["no_settings"]

UNSAMPLED = f"{PARENT[:-2]}00"
PATH = "/api/v1/location"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "traced", jwt_secret="") as running:
        yield running


def trace(settings: Settings, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(cli, ["trace", *arguments], env={"HUB_DATABASE_URL": settings.database_url,
                                                                 "HUB_REDIS_URL": settings.redis_url})  # fmt: skip
    assert result.exit_code == code, result.output
    return result.output


def other(number: int) -> str:
    """A ``traceparent`` of another trace."""
    return f"00-{number:032x}-00f067aa0ba902b7-01"


def test_a_request_and_a_message_are_found_by_their_rows(hub: Edge) -> None:
    fix = {"driverId": "posted", "latitude": 1, "longitude": 2}
    assert call(hub, "POST", PATH, fix, {"traceparent": PARENT}).status == 200
    own = [fix | {"driverId": "own", "traceparent": other(1)}, fix | {"driverId": "shared"}]
    assert call(hub, "POST", PATH, own, {"traceparent": other(2)}).status == 200
    assert call(hub, "POST", PATH, fix | {"driverId": "unsampled"}, {"traceparent": UNSAMPLED}).status == 200
    assert call(hub, "POST", PATH, fix | {"driverId": "invalid", "traceparent": "x"}).status == 200
    assert call(hub, "POST", "/osmand?id=phone&lat=1&lon=2", b"", {"traceparent": other(3)}).status == 200
    with Peer(hub.address) as screen, Peer(hub.address) as peer:
        screen.hear(), screen.hear()
        peer.say(json.dumps(fix | {"driverId": "said", "traceparent": other(4), "msgNo": 1}))
        until(lambda: '"traceparent":"' + other(4) in json.dumps(screen.hear()).replace(": ", ":"))

    recorder = subprocess.Popen([sys.executable, "-m", "hub.recorder"], env=environment(hub.settings))
    try:
        until(lambda: fetch(hub, "SELECT 1 FROM positions WHERE driver_id = 'said'") != [])
    finally:
        recorder.terminate()
        recorder.wait(PATIENCE)
    found = fetch(hub, "SELECT driver_id, trace_id::text FROM traced_positions ORDER BY driver_id")
    expected = {"own": 1, "phone": 3, "said": 4, "shared": 2}
    traces = {driver_id: id.replace("-", "") for driver_id, id in found}
    assert traces == {driver: other(number)[3:35] for driver, number in expected.items()} | {"posted": TRACE}
    count = fetch(hub, "SELECT count(*) FROM positions JOIN traced_positions USING (fleet, driver_id, recorded_at)")
    assert count == [(5,)]
    (line,) = trace(hub.settings, TRACE).splitlines()
    assert "position     driver posted, recorded at " in line
    assert trace(hub.settings, TRACE, "--fleet", "elsewhere", code=1) == ""
    assert trace(hub.settings, "mine", code=1) == ""


def test_a_refused_payload_is_found_by_its_request(hub: Edge) -> None:
    headers = {"traceparent": other(5)}
    assert call(hub, "POST", "/osmand?id=phone&lat=north&lon=2", b"", headers).status == 200
    assert call(hub, "POST", "/osmand?id=phone&lat=south&lon=2", b"", {"x-request-id": "mine"}).status == 200
    until(lambda: fetch(hub, "SELECT count(*) FROM quarantine WHERE request_id IS NOT NULL") == [(2,)])
    assert "quarantine" in trace(hub.settings, other(5)[3:35]) and "lat" in trace(hub.settings, "mine")


async def test_a_dead_letter_is_found_and_its_log_line_has_the_trace(settings: Settings) -> None:
    bad = entry(position("d", latitude=91.0, traceparent=PARENT), position("e", second=1, traceparent=PARENT))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub.recorder"),
        env={"HUB_REDIS_URL": settings.redis_url, "HUB_DATABASE_URL": settings.database_url,
             "HUB_LOG_FORMAT": "json", "HUB_LOG_LEVEL": "debug"},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        await recorded(settings, await append(settings, bad))
        process.terminate()
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    lines = [json.loads(line) for line in said.splitlines()]
    (letter,) = [line for line in lines if line["action"] == "dead_letter"]
    (committed,) = [line for line in lines if line["action"] == "recorder_committed"]
    for line in (letter, committed):
        assert (line["traces"], line["trace_ids"]) == (1, [TRACE])
    found = await asyncio.to_thread(trace, settings, TRACE)
    position_line, letter_line = found.splitlines()
    assert " position " in position_line and " dead letter " in letter_line


async def test_a_trace_that_the_log_has_and_is_not_one_stops_nothing(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("d", traceparent="x"))))
    assert [tuple(row) for row in await rows_of(settings, "SELECT count(*) FROM positions")] == [(1,)]
    assert [tuple(row) for row in await rows_of(settings, "SELECT count(*) FROM traced_positions")] == [(0,)]
