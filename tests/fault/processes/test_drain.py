"""SIGTERM: the hub says so, says goodbye, and ends in time, whatever its clients and services do (P8)."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path

import msgspec
import pytest

from clients.driver import DriverClient
from hub.embedded.services import running
from hub.settings import Settings
from tests.fault.processes.test_hub_killed import publish, settled
from tests.support.peers import CLOSE, TEXT, Peer, Raw, handshake
from tests.support.running import PATIENCE, Edge, edge, free_port, served

FULL = "/ws?subscribe=none"
READYZ = b"GET /readyz HTTP/1.1\r\nHost: hub\r\n\r\n"


@pytest.mark.thorough
def test_the_order_of_the_end(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, drain_timeout=3.0)
    with served(settings) as hub:
        watching, plain, silent = Peer(hub.address, FULL), Peer(hub.address), Peer(hub.address, receive_buffer=4_096)
        watching.say({"type": "subscribe", "id": "s", "all": True})
        # More than its kernel takes, so that its goodbye waits behind it.
        watching.say(
            [{"latitude": 1, "longitude": 2, "driverId": f"d{n}", "attributes": {"x": "x" * 99}} for n in range(200)]
        )
        for n in range(40):
            watching.say(
                [
                    {"latitude": 1, "longitude": n, "driverId": f"d{d}", "attributes": {"x": "x" * 99}}
                    for d in range(200)
                ]
            )
        watching.say({"latitude": 1, "longitude": 2, "driverId": "last", "msgNo": 1})
        while watching.hear().get("msgNo") != 1:
            pass
        while plain.hear()["driverId"] != "last":
            pass
        with Raw(hub.address) as kept:
            kept.send(READYZ)
            assert kept.response().status in (200, 503)
            started = time.monotonic()
            hub.process.send_signal(signal.SIGTERM)
            while b"draining" not in (answer := _ready(kept)).body:
                pass
            assert answer.status == 503
        # The goodbye, where it is understood, and the close.
        assert watching.hear()["type"] == "bye"
        assert watching.closed() == (1012, "restart")
        opcode, payload = plain.next_frame()
        assert (opcode, payload) == (CLOSE, (1012).to_bytes(2, "big") + b"restart")
        # Who comes meanwhile is told to come back, by an answer.
        with Raw(hub.address) as late:
            late.send(handshake())
            refusal = late.response()
            assert (refusal.status, refusal.headers["retry-after"]) == (503, "2")
            assert b"the hub is shutting down" in refusal.body
        # Neither the one who does not answer nor the one who does not read keeps it.
        assert hub.process.wait(PATIENCE) == 0
        assert time.monotonic() - started < settings.drain_timeout + 30
        silent.close()
        plain.close()


def _ready(kept: Raw):  # type: ignore[no-untyped-def]
    kept.send(READYZ)
    return kept.response()


def test_idle_it_ends_at_once(settings: Settings) -> None:
    with served(settings) as hub:
        hub.process.send_signal(signal.SIGINT)
        assert hub.process.wait(PATIENCE) == 0
        lines = [msgspec.json.decode(line) for line in hub.log.read_text().splitlines()]
        # Services may still be starting, and say so meanwhile.
        actions = [line["action"] for line in lines if line["process"] == "hub"]
        said = [action for action in actions if action.startswith("serve_")]
        assert "internal_error" not in actions
        assert said[-2:] == ["serve_draining", "serve_stopped"]


async def test_under_load_nothing_is_lost_and_nothing_doubled(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, port=free_port())
    driver = DriverClient(f"ws://127.0.0.1:{settings.port}/ws")
    driver.link._longest = 0.5
    with served(settings) as first:
        async with driver:
            done = asyncio.Event()
            publishing = asyncio.create_task(publish(driver, 500.0, done))
            await asyncio.sleep(0.7)
            first.process.send_signal(signal.SIGTERM)
            await asyncio.to_thread(first.process.wait, PATIENCE)
            with served(settings):
                await asyncio.sleep(0.7)
                done.set()
                await publishing
                async with asyncio.timeout(PATIENCE):
                    await driver.flush()
                acked = driver.acked_through
                assert await settled(settings.database_url, acked) == (acked, acked)
    # An orderly end acks what it has, so little is sent twice.
    assert driver.sent < acked * 1.5


async def test_with_redis_frozen_it_ends_too(tmp_path: Path) -> None:
    async with running(Settings(port=0, data_dir=tmp_path, database_url="postgresql://unused")) as services:
        child = services.parts["valkey"].child
        assert child is not None and child.pid is not None
        with edge(msgspec.structs.replace(services.settings, drain_timeout=1.0)) as hub:
            os.kill(child.pid, signal.SIGSTOP)
            try:
                await asyncio.to_thread(say_and_stop, hub)
            finally:
                os.kill(child.pid, signal.SIGCONT)


def say_and_stop(hub: Edge) -> None:
    with Peer(hub.address, FULL) as driver:
        driver.say({"latitude": 1, "longitude": 2, "driverId": "d", "msgNo": 1})
        hub.loop.call_soon_threadsafe(hub.server.ask_to_exit)
        # No ack: it is not durable. The driver has it still, and goes elsewhere with it.
        opcode, payload = driver.next_frame()
        assert opcode == TEXT
        assert msgspec.json.decode(payload)["type"] == "bye"
        assert driver.closed() == (1012, "restart")
    hub.stop()


@pytest.mark.parametrize("stop", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.thorough)])
def test_a_second_signal_does_not_hurt(settings: Settings, stop: signal.Signals) -> None:
    # The peer does not answer the goodbye, so that there is time for a second signal.
    with served(msgspec.structs.replace(settings, drain_timeout=1.0)) as hub, Peer(hub.address):
        for _ in range(2):
            hub.process.send_signal(stop)
            time.sleep(0.3)
        assert hub.process.wait(PATIENCE) == 0
