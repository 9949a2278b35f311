"""The primary of Redis dies and Sentinels name another one: acks go on, and nothing that was acked is missing."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.settings import Settings
from hub.wire.log import LOG_KEY, decode_entry
from tests.edge.test_app import get
from tests.support.acked import Drivers
from tests.support.hub_process import HubProcess
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until
from tests.support.valkeys import Server, linked, pair, sentinel_url, start_sentinels

DRIVERS = 30


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    """A primary, its replica, and three Sentinels."""
    started = pair(tmp_path)
    started += [Server(tmp_path / f"sentinel-{number}") for number in range(3)]
    try:
        start_sentinels(started[2:], started[0])
        yield started
    finally:
        for server in started:
            server.kill()


@pytest.mark.parametrize("replicas", [0, pytest.param(1, marks=pytest.mark.slow)])
async def test_the_primary_is_killed(replicas: int, servers: list[Server], settings: Settings, tmp_path: Path) -> None:
    primary, replica, *sentinels = servers
    settings = msgspec.structs.replace(settings, redis_url=sentinel_url(sentinels), log_replicas=replicas)
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        async with Drivers.at(hub.url, DRIVERS) as drivers:
            await drivers.recorded(settings.database_url)
            await asyncio.to_thread(primary.kill)
            before = drivers.acked
            if replicas:
                # With all replicas there is none after a failover: acks begin when the old primary is one.
                await asyncio.sleep(4)
                primary.start("--appendonly", "yes", "--appendfsync", "always", "--save", "")
            async with asyncio.timeout(60):
                while drivers.acked < before + 10 * DRIVERS:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
            await drivers.flush()
        missing = await drivers.missing(settings.database_url)
    finally:
        hub.stop()
    print(
        f"\nprimary killed, HUB_LOG_REPLICAS={replicas}: {drivers.acked} acked, {missing} missing, "
        f"no ack for {drivers.gap:.2f} s at most",
        file=sys.stderr,
    )
    assert drivers.acked == sum(drivers.sent) and missing == 0
    assert replica.call("ROLE")[0] == b"master"  # type: ignore[index]
    assert "log_lost" not in (tmp_path / "hub.log").read_text()


def test_nothing_is_acked_while_a_replica_is_missing(tmp_path: Path, settings: Settings) -> None:
    primary, replica = pair(tmp_path)
    try:
        settings = msgspec.structs.replace(settings, redis_url=primary.url, log_replicas=1, max_unlogged=50)
        with edge(settings) as hub:
            freeze_and_thaw(hub, replica)
        with primary.client() as client:
            entries = client.xrange(LOG_KEY)
    finally:
        primary.kill()
        replica.kill()
    logged = [p.longitude for _, fields in entries for p in decode_entry(fields)[1].get("default", [])]
    assert logged == list(range(1, 52))  # each once


def fix(number: int) -> dict[str, object]:
    at = 1_767_225_600 + number
    return {"latitude": 1, "longitude": number, "driverId": "d", "recordedAt": at, "msgNo": number}


def freeze_and_thaw(hub: Edge, replica: Server) -> None:
    with Peer(hub.address, "/ws?subscribe=none") as driver, Peer(hub.address) as screen:
        driver.say(fix(1))
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        assert screen.hear()["longitude"] == 1.0
        replica.signal(signal.SIGSTOP)
        try:
            for number in range(2, 53):
                driver.say(fix(number))
                assert screen.hear()["longitude"] == number
            assert driver.hear()["code"] == "unavailable"  # the 52nd
            until(lambda: hub.appender.uncopied is not None)
            answer = get(hub, "/readyz")
            line = b"degraded: nothing is acked: 0 of 1 replicas have the log (HUB_LOG_REPLICAS)"
            assert answer.status == 200 and line in answer.body.splitlines()
            assert driver.hear_all() == []
        finally:
            replica.signal(signal.SIGCONT)
        until(lambda: linked(replica))
        while driver.hear()["msgNo"] != 51:
            pass
        assert hub.appender.uncopied is None
