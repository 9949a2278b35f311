"""Positions and events through a real MQTT broker, Debian's mosquitto."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiomqtt
import pytest

from hub.notifier.send.broker import Broker
from hub.settings import Settings
from hub.wire.notices.addresses import networks
from hub.wire.notices.kinds import Mqtt
from tests.support.logbook import append, entry, position, recording, until, value
from tests.support.notify.notifiers import channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import LOOPBACK, listener
from tests.support.notify.servers import listening, program
from tests.support.running import free_port

Messages = list[tuple[str, bool, dict[str, object]]]


@asynccontextmanager
async def serving(folder: Path, more: str = "") -> AsyncIterator[int]:
    """The port of a broker on loopback."""
    port = free_port()
    file = folder / "mosquitto.conf"
    file.write_text(f"listener {port} 127.0.0.1\n{more}allow_anonymous true\npersistence false\nuser root\n")
    async with listening(port, program("mosquitto"), "-c", str(file)):
        yield port


@pytest.fixture
async def mosquitto(tmp_path: Path) -> AsyncIterator[int]:
    async with serving(tmp_path) as port:
        yield port


async def gather(client: aiomqtt.Client, number: int) -> Messages:
    found: Messages = []
    async with asyncio.timeout(20):
        async for one in client.messages:
            assert isinstance(one.payload, bytes)
            found.append((one.topic.value, one.retain, json.loads(one.payload)))
            if len(found) == number:
                break
    return found


async def test_positions_events_and_discovery_reach_a_broker(settings: Settings, mosquitto: int) -> None:
    settings = for_channels(settings)
    config = {"url": f"mqtt://127.0.0.1:{mosquitto}", "topic": "fleet", "discovery": "homeassistant"}
    async with aiomqtt.Client("127.0.0.1", mosquitto) as client:
        await client.subscribe("#", qos=1)
        id = await channel(settings, "mqtt", config, events=["position"])
        async with recording(settings), notifying(settings):
            await append(settings, entry(position("truck.1", 1), position("truck.1", 2), position("truck.1", 0)))
            discovery, *positions = await gather(client, 4)
            await put_deliveries(settings, id, ["truck.1"])
            (event,) = await gather(client, 1)
    topic = "fleet/default/truck.1/location"
    assert [one[0] for one in positions] == [topic] * 3
    instants = [str(one[2]["recordedAt"]) for one in positions]
    assert instants == [sorted(instants)[n] for n in (1, 2, 0)]
    assert discovery[0].startswith("homeassistant/device_tracker/hub_default_truck_1_")
    assert discovery[2]["json_attributes_topic"] == topic
    assert (event[0], event[2]["type"]) == ("fleet/default/truck.1/events", "hub.test")
    async with aiomqtt.Client("127.0.0.1", mosquitto) as later:
        await later.subscribe("fleet/#", qos=1)
        ((_, retained, body),) = await gather(later, 1)
    assert retained and body["recordedAt"] == max(instants)  # a late position does not replace it


async def test_a_private_broker_hears_nothing() -> None:
    async with listener() as heard:
        port = int(heard[0])
        for host in ("127.0.0.1", "localhost", "[::1]", "0x7f.1"):
            for scheme in ("mqtt", "mqtts"):
                result = await Broker(2.0, []).publish(Mqtt(f"{scheme}://{host}:{port}"), [])
                assert not result.ok and "not public" in result.error
        assert len(heard) == 1


async def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiomqtt", None)
    result = await Broker(2.0, networks(LOOPBACK)).publish(Mqtt("mqtt://127.0.0.1:1"), [])
    assert not result.ok and "pip install '.[mqtt]'" in result.error


async def test_a_broker_that_is_down_makes_the_channel_fail(settings: Settings) -> None:
    settings = for_channels(settings)
    id = await channel(settings, "mqtt", {"url": f"mqtt://127.0.0.1:{free_port()}"}, events=["position"])
    async with recording(settings), notifying(settings):
        await append(settings, entry(position("a")))

        async def failing() -> bool:
            return await value(settings, "SELECT state FROM channels WHERE id = $1", id) == "failing"

        await until(failing)
    assert "cannot connect" in await value(settings, "SELECT reason FROM channels WHERE id = $1", id)
