"""Socket.IO with python-socketio's own client, over both transports, against a hub with real sockets, log and acks."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec
import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from hub.embedded.services import Services
from hub.settings import Settings
from hub.wire.errors import Close
from tests.identity.test_tokens import SECRET, token
from tests.support.running import PATIENCE, Edge, edge

SETTINGS = {
    "jwt_secret": SECRET,
    "socketio": "on",
    "max_errors": 5,
    "max_message_bytes": 8192,
    "handshake_timeout": 1.0,
}
FIX = {"latitude": 52.5, "longitude": 13.4}
DISPATCHER = token(role="dispatcher")

BOTH = pytest.mark.parametrize("transport", ["websocket", "polling"])


def driver(name: str) -> str:
    return token(role="driver", driver=name)


class App:
    """A client of an app, and the events that it was sent."""

    def __init__(self, client: socketio.AsyncClient) -> None:
        self.client = client
        self.events: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        client.on("*", self._note)

    async def _note(self, name: str, body: Any) -> None:
        self.events.put_nowait((name, body))

    async def hear(self, name: str) -> Any:
        """The next event of a name; earlier ones of others are dropped."""
        while True:
            heard, body = await asyncio.wait_for(self.events.get(), PATIENCE)
            if heard == name:
                return body

    async def say(self, name: str, body: Any = None) -> Any:
        """The acknowledgement of an event."""
        return await self.client.call(name, body, timeout=PATIENCE)


@asynccontextmanager
async def app(hub: Edge, transport: str, bearer: str | None, **options: Any) -> AsyncIterator[App]:
    client = socketio.AsyncClient(reconnection=False)
    found = App(client)
    auth = None if bearer is None else {"token": bearer}
    url = f"http://{hub.address[0]}:{hub.address[1]}"
    try:
        await client.connect(url, auth=auth, transports=[transport], **options)
        yield found
    finally:
        await client.disconnect()


@BOTH
async def test_a_fix_is_acknowledged_and_reaches_a_dispatcher(hub: Edge, transport: str) -> None:
    name = f"d-{transport}"
    async with app(hub, transport, DISPATCHER) as screen, app(hub, transport, driver(name)) as phone:
        await screen.say("subscribe", {"id": "all", "drivers": [name]})
        assert (await screen.hear("subscribed"))["id"] == "all"
        assert await phone.say("location", FIX) == {"accepted": 1, "rejected": []}
        heard = await screen.hear("location")
        assert (heard["driverId"], heard["latitude"], heard["type"]) == (name, 52.5, "location")
        assert hub.call(lambda: hub.node.unlogged.size) == 0


async def test_workers_take_websockets_only(settings: Settings) -> None:
    """The requests of a polling session would reach several processes."""
    with edge(msgspec.structs.replace(settings, workers=2, **SETTINGS)) as hub:
        with pytest.raises(Refused):
            async with app(hub, "polling", DISPATCHER):
                pass
        async with app(hub, "websocket", DISPATCHER) as screen:
            await screen.say("subscribe", {"id": "all", "all": True})
            assert (await screen.hear("subscribed"))["id"] == "all"


@BOTH
async def test_errors_name_the_field_and_the_connection_stays(hub: Edge, transport: str) -> None:
    async with app(hub, transport, driver("wrong")) as phone:
        assert (await phone.say("location", FIX | {"latitude": 91}))["field"] == "latitude"
        answer = await phone.say("location", [FIX, FIX | {"driverId": "other"}])
        assert answer["accepted"] == 1
        assert [(bad["index"], bad["code"], bad["field"]) for bad in answer["rejected"]] == [
            (1, "forbidden", "driverId")
        ]
        await phone.say("subscribe", {"id": "mine"})
        assert (await phone.hear("error"))["code"] == "forbidden"
        assert (await phone.say("shout", {}))["code"] == "unknown_type"
        await phone.say("ping")
        assert await phone.hear("pong") == {"type": "pong"}


async def test_a_snapshot_larger_than_an_answer_of_polling_arrives_whole(hub: Edge) -> None:
    names = [f"many-{number}" for number in range(60)]
    async with app(hub, "polling", token(role="gateway")) as gateway, app(hub, "polling", DISPATCHER) as screen:
        for start in range(0, 60, 20):
            fixes = [FIX | {"driverId": name} for name in names[start : start + 20]]
            assert (await gateway.say("location", fixes))["accepted"] == 20
        await screen.client.emit("subscribe", {"id": "all", "drivers": names})
        assert {(await screen.hear("location"))["driverId"] for _ in names} == set(names)
        await screen.hear("synced")


async def test_a_client_may_begin_with_polling_and_change_to_a_websocket(hub: Edge) -> None:
    client = socketio.AsyncClient(reconnection=False)
    url = f"http://{hub.address[0]}:{hub.address[1]}"
    await client.connect(url, auth={"token": driver("upgrading")})
    try:
        assert client.transport() == "websocket"
        assert (await client.call("location", FIX, timeout=PATIENCE))["accepted"] == 1
    finally:
        await client.disconnect()


async def test_the_token_may_come_in_the_header_and_none_is_refused(hub: Edge) -> None:
    bearer = {"Authorization": f"Bearer {driver('header')}"}
    async with app(hub, "websocket", None, headers=bearer) as phone:
        assert (await phone.say("location", FIX))["accepted"] == 1
    for wrong in (None, "x" * 50):
        with pytest.raises(Refused):
            async with app(hub, "websocket", wrong):
                pass


async def test_what_ends_is_uncounted(hub: Edge) -> None:
    async with app(hub, "polling", driver("gone")) as one, app(hub, "websocket", driver("gone")):
        assert hub.call(lambda: hub.node.sockets.count) == 2
        assert hub.call(lambda: sum(hub.node.addresses.sockets.values())) == 2
        assert one.client.connected
    for _ in range(200):
        if not hub.call(lambda: hub.node.sockets.count):
            break
        await asyncio.sleep(0.02)
    assert hub.call(lambda: (hub.node.sockets.count, sum(hub.node.addresses.sockets.values()))) == (0, 0)


async def test_too_many_errors_end_the_connection_with_the_reason(hub: Edge) -> None:
    async with app(hub, "websocket", driver("noisy")) as phone:
        for _ in range(7):
            await phone.client.emit("location", {})
        assert await phone.hear("close") == {"type": "close", "code": 1008, "reason": "abuse", "reconnect": False}


@pytest.mark.parametrize(
    "frame",
    [
        "4x",
        '42["location"',
        '451-["location",{"_placeholder":true,"num":0}]',
        '42["connect",{}]',
        "4" + "2" * 9000,
        b"x",
    ],
)
async def test_frames_against_the_protocol_end_the_session(hub: Edge, frame: str | bytes) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"http://{hub.address[0]}:{hub.address[1]}/socket.io/?EIO=4&transport=websocket"
        async with session.ws_connect(url) as raw:
            assert (await raw.receive()).data[:1] == "0"
            await raw.send_str("40" + json.dumps({"token": driver("raw")}))
            assert (await raw.receive()).data[:2] == "40"
            await (raw.send_bytes(frame) if isinstance(frame, bytes) else raw.send_str(frame))
            while (await asyncio.wait_for(raw.receive(), PATIENCE)).type is aiohttp.WSMsgType.TEXT:
                pass
            assert raw.closed


async def test_bodies_are_bounded_and_a_session_that_never_connects_ends(hub: Edge) -> None:
    url = f"http://{hub.address[0]}:{hub.address[1]}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            sid = json.loads((await answer.text())[1:])["sid"]
        async with session.post(f"{url}&sid={sid}", data=b"4" * 8193) as answer:
            assert answer.status == 413

        async def pieces() -> AsyncIterator[bytes]:
            yield b"40"

        async with session.post(f"{url}&sid={sid}", data=pieces()) as answer:
            assert answer.status == 411
        async with session.get(f"{url}&sid={sid}") as answer:  # waits until the hub gives up
            await answer.read()
        async with session.get(f"{url}&sid={sid}") as answer:
            assert answer.status == 400


async def test_a_screen_that_reads_nothing_costs_a_bounded_queue(hub: Edge) -> None:
    """Positions of one driver replace each other; the queue of Engine.IO never holds them all."""
    url = f"http://{hub.address[0]}:{hub.address[1]}/socket.io/?EIO=4&transport=polling"
    name = "often"
    async with aiohttp.ClientSession() as session, app(hub, "websocket", token(role="gateway")) as gateway:
        async with session.get(url) as answer:
            url += "&sid=" + json.loads((await answer.text())[1:])["sid"]
        for packet in ("40" + json.dumps({"token": DISPATCHER}), f'42["subscribe",{{"id":"a","drivers":["{name}"]}}]'):
            async with session.post(url, data=packet) as answer:
                assert (await answer.text()).lower() == "ok"
        for number in range(60):
            await gateway.say("location", {"latitude": 1, "longitude": number, "driverId": name})

        def unsent() -> tuple[int, int]:
            (found,) = (s for part in hub.node.sockets.slices for s in part.values() if s.client.held)
            return found.queue.qsize(), len(found.client.owed or ())  # type: ignore[attr-defined]

        queued, owed = hub.call(unsent)
        assert queued <= 16
        assert owed == 1
        texts: list[str] = []
        while not any('"longitude":59' in text for text in texts):
            async with session.get(url) as answer:
                texts += (await answer.text()).split("\x1e")
        assert sum('42["location"' in text for text in texts) < 20


async def test_a_client_that_is_cut_is_gone_at_once(hub: Edge) -> None:
    async with app(hub, "websocket", DISPATCHER) as screen:
        await screen.say("subscribe", {"id": "cut", "all": True})
        await screen.hear("synced")
        every = [socket for part in hub.node.sockets.slices for socket in part.values()]
        (found,) = (socket for socket in every if "cut" in socket.client.held)
        hub.call(lambda: found.abort(Close.SLOW_CONSUMER))
        await asyncio.wait_for(screen.client.wait(), PATIENCE)
        assert not screen.client.connected
        assert hub.call(lambda: hub.node.sockets.closed)["slow_consumer"] == 1


async def test_a_hub_that_shuts_down_tells_its_clients_and_ends(services: Services) -> None:
    settings = Settings(port=0, redis_url=services.settings.redis_url, socketio="on")
    with edge(settings) as ending:
        async with app(ending, "websocket", None) as one, app(ending, "polling", None) as other:
            await asyncio.gather(one.say("ping"), other.say("ping"))
            began = time.monotonic()
            await asyncio.to_thread(ending.stop)
            assert time.monotonic() - began < settings.drain_timeout
            for client in (one, other):
                assert (await client.hear("bye"))["retryMs"] > 0
                assert (await client.hear("close"))["reason"] == "restart"
