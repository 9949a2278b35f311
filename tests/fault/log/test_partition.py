"""The network parts the primary of Redis, and the hub with it, from the replica that takes its place.

The isolated primary still answers. What it takes is gone when the network heals, because it then becomes a replica of
the new primary. The recorder stands still meanwhile, so that PostgreSQL does not have it either.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.settings import Settings
from tests.support.acked import Drivers
from tests.support.hub_process import HubProcess
from tests.support.network import HERE, Switch, switch, why_not
from tests.support.parts import children, command_of
from tests.support.running import until
from tests.support.valkeys import Server, data, linked, sentinel_url, start_sentinels

THERE = "there"

SECONDS = 6.0
"""Of the partition. A new primary is there after about two."""


@pytest.fixture
def networks() -> Iterator[Switch]:
    try:
        with switch(THERE) as found:
            yield found
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(why_not(error))


@pytest.fixture
def servers(networks: Switch, tmp_path: Path) -> Iterator[list[Server]]:
    """A primary here, its replica and three Sentinels on the other side."""
    primary = Server(tmp_path / "primary", networks.host(HERE))
    there = networks.host(THERE), networks.wrapper(THERE)
    others = [Server(tmp_path / name, *there) for name in ("replica", "s1", "s2", "s3")]
    try:
        primary.start(*data())
        others[0].start(*data(), "--replicaof", f"{primary.host} {primary.port}")
        until(lambda: linked(others[0]))
        start_sentinels(others[1:], primary)
        yield [primary, *others]
    finally:
        for server in (primary, *others):
            server.kill()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("replicas", "node_lost"),
    [(1, True), (0, False), (0, True)],
    ids=["acks wait for the replica", "the hub appends again", "the hub ends too"],
)
async def test_a_partition(
    replicas: int, node_lost: bool, networks: Switch, servers: list[Server], settings: Settings, tmp_path: Path
) -> None:
    primary, replica, *sentinels = servers
    settings = msgspec.structs.replace(settings, redis_url=sentinel_url(sentinels), log_replicas=replicas)
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        async with Drivers.at(hub.url, 30) as drivers:
            await asyncio.sleep(2)
            await drivers.recorded(settings.database_url)
            recorder = recorder_of(hub)
            os.kill(recorder, signal.SIGSTOP)
            before = drivers.acked
            networks.cut(THERE)
            await asyncio.sleep(SECONDS)
            await drivers.stop()
            in_partition = drivers.acked - before
            if node_lost:
                os.kill(recorder, signal.SIGKILL)
                await asyncio.to_thread(hub.kill)
        acked = drivers.acked
        networks.heal(THERE)
        await asyncio.to_thread(until, lambda: linked(primary))
        if node_lost:
            await asyncio.to_thread(hub.start)
        else:
            os.kill(recorder, signal.SIGCONT)
        missing = await drivers.missing(settings.database_url)
    finally:
        hub.stop()
    print(
        f"\npartition of {SECONDS:g} s, HUB_LOG_REPLICAS={replicas}, hub {'killed' if node_lost else 'alive'}: "
        f"{acked} acked, {in_partition} of them in the partition, {missing} lost",
        file=sys.stderr,
    )
    assert replica.call("ROLE")[0] == b"master"  # type: ignore[index]
    if replicas:
        assert missing == 0 and in_partition < 60
    elif node_lost:
        assert 0 < missing <= in_partition, "the test shows nothing"
    else:
        assert missing == 0 and in_partition > 0
        assert "log_lost" not in (tmp_path / "hub.log").read_text()


def recorder_of(hub: HubProcess) -> int:
    """The process of the recorder; 0 before it is there."""
    return next((pid for pid in children(hub.pid) if "hub.recorder" in command_of(pid)), 0)
