"""A thousand clients come at once: all are served, or told at once to come back, and PostgreSQL is not needed (P9)."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import msgspec
import pytest

from hub.settings import Settings
from hub.workers.prepared import allow_files
from tests.support.peers import Peer, frame, handshake
from tests.support.running import PATIENCE, Served, free_port, served

FULL = "/ws?subscribe=none"
DRIVERS = 100


class Client:
    """As little as possible of a subscriber, so that a thousand fit into one process beside the hub."""

    def __init__(self, since: dict[str, Any] | None = None) -> None:
        self.since = since
        self.status = 0
        self.retry_after = ""
        self.locations = 0
        self.subscribed: dict[str, Any] = {}

    async def connect(self, address: tuple[str, int]) -> None:
        """Returns when the snapshot is complete, or the hub has refused."""
        self.reader, self.writer = await asyncio.open_connection(*address)
        self.writer.write(handshake(FULL))
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.status = int(head.split()[1])
        if self.status != 101:
            self.retry_after = head.lower().partition("retry-after: ")[2].partition("\r")[0]
            self.writer.close()
            return
        request = {"type": "subscribe", "id": "s", "all": True}
        self.writer.write(frame(json.dumps({**request, "since": self.since} if self.since else request)))
        while (message := await self.hear())["type"] != "synced":
            if message["type"] == "subscribed":
                self.subscribed = message
            else:
                self.locations += 1
        self.since = {"epoch": self.subscribed["epoch"], "seq": message["seq"]}

    async def hear(self) -> dict[str, Any]:
        first, size = await self.reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        payload = await self.reader.readexactly(size)
        return msgspec.json.decode(payload) if first == 0x81 else {"type": "frame"}  # type: ignore[no-any-return]


async def storm(clients: list[Client], hub: Served) -> float:
    """All of them at once; returns the seconds until the last one had what it came for."""
    started = time.monotonic()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(client.connect(hub.address) for client in clients))
    return time.monotonic() - started


def fill(hub: Served) -> None:
    with Peer(hub.address, FULL) as driver:
        driver.say([{"latitude": 1, "longitude": 2, "driverId": f"d{n}", "msgNo": n} for n in range(DRIVERS)])
        while driver.hear()["msgNo"] != DRIVERS - 1:
            pass


@pytest.mark.parametrize(
    "count", [200, pytest.param(1_000, marks=pytest.mark.thorough), pytest.param(5_000, marks=pytest.mark.slow)]
)
async def test_everybody_comes_back_after_a_crash(
    settings: Settings, count: int, capsys: pytest.CaptureFixture[str]
) -> None:
    allow_files(count * 2 + 100)
    settings = msgspec.structs.replace(
        settings, port=free_port(), database_url="postgresql://127.0.0.1:1/none", log_level="error"
    )
    clients = [Client() for _ in range(count)]
    with served(settings) as first:
        fill(first)
        fresh = await storm(clients, first)
        assert {(client.status, client.locations) for client in clients} == {(101, DRIVERS)}
        first.kill()
    for client in clients:
        client.writer.close()
    with served(settings) as second:
        returned = await storm(clients, second)
        # Another run of numbering, so all of it again; and then live.
        assert {client.subscribed["reset"] for client in clients} == {True}
        assert {client.locations for client in clients} == {2 * DRIVERS}
        await asyncio.to_thread(fill, second)
        async with asyncio.timeout(PATIENCE):
            for client in clients:
                while (await client.hear()).get("driverId") != f"d{DRIVERS - 1}":
                    pass
        for client in clients:
            client.writer.close()
    with capsys.disabled():
        print(f"\n{count} clients at once: {fresh:.1f} s, and {returned:.1f} s after the hub was killed")


async def test_over_capacity_nobody_hangs(settings: Settings) -> None:
    allow_files(1_000)
    settings = msgspec.structs.replace(settings, max_connections=50, log_level="error")
    with served(settings) as hub:
        fill(hub)
        clients = [Client() for _ in range(300)]
        await storm(clients, hub)
        assert [client.status for client in clients].count(101) == 50
        assert {client.retry_after for client in clients if client.status == 503} == {"2"}
        assert {client.status for client in clients} == {101, 503}
        for client in clients:
            client.writer.close()
