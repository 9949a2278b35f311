"""Positions and events through a real NATS server, Debian's, with and without JetStream."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import nats
import pytest

from hub.notifier.send.nats_server import publish
from hub.settings import Settings
from hub.wire.notices.addresses import networks
from hub.wire.notices.kinds import Nats
from hub.wire.notices.subjects import Published
from tests.support.logbook import append, entry, position, recording
from tests.support.notify.notifiers import channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import LOOPBACK, listener
from tests.support.notify.servers import listening, program
from tests.support.running import free_port


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[int]:
    """The port of a server on loopback, with JetStream."""
    port = free_port()
    options = ("-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(tmp_path))
    async with listening(port, program("nats-server"), *options):
        yield port


async def test_positions_and_events_reach_a_server(settings: Settings, server: int) -> None:
    settings = for_channels(settings)
    client = await nats.connect(f"nats://127.0.0.1:{server}")
    found = await client.subscribe("fleet.>")
    await client.flush()
    config = {"url": f"nats://127.0.0.1:{server}", "subject": "fleet"}
    id = await channel(settings, "nats", config, events=["position"])
    async with recording(settings), notifying(settings):
        await append(settings, entry(position("truck.1", 1), position("truck.1", 2)))
        positions = [await found.next_msg(timeout=20) for _ in range(2)]
        await put_deliveries(settings, id, ["truck.1"])
        event = await found.next_msg(timeout=20)
    await client.close()
    assert {one.subject for one in positions} == {"fleet.default.truck~1.location"}
    instants = [json.loads(one.data)["recordedAt"] for one in positions]
    assert instants == sorted(instants) and len(set(instants)) == 2
    assert (event.subject, json.loads(event.data)["type"]) == ("fleet.default.truck~1.events", "hub.test")


async def test_a_stream_stores_a_message_once_and_must_exist(server: int) -> None:
    config, allowed = Nats(f"nats://127.0.0.1:{server}", jet_stream=True), networks(LOOPBACK)
    message = [Published("hub.default.a.location", b"{}", "one")]
    missing = await publish(config, message, 5.0, allowed)
    assert (missing.ok, missing.error) == (False, "no stream of the server stores the subject")
    client = await nats.connect(f"nats://127.0.0.1:{server}")
    await client.jetstream().add_stream(name="hub", subjects=["hub.>"])
    for _ in range(2):
        assert (await publish(config, message, 5.0, allowed)).ok
    assert (await client.jetstream().stream_info("hub")).state.messages == 1
    await client.close()


async def test_a_private_server_hears_nothing() -> None:
    async with listener() as heard:
        for host in ("127.0.0.1", "localhost", "[::1]", "0x7f.1"):
            for scheme in ("nats", "tls"):
                result = await publish(Nats(f"{scheme}://{host}:{int(heard[0])}"), [], 2.0, [])
                assert not result.ok and "not public" in result.error
        assert len(heard) == 1


async def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nats", None)
    result = await publish(Nats("nats://127.0.0.1:1"), [], 2.0, networks(LOOPBACK))
    assert not result.ok and "pip install '.[nats]'" in result.error


async def test_a_server_that_is_down_is_an_error() -> None:
    result = await publish(Nats(f"nats://127.0.0.1:{free_port()}"), [], 5.0, networks(LOOPBACK))
    assert not result.ok and result.error
