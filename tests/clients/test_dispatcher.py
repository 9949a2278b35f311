"""The dispatcher client against a real hub: its table stays correct through failures."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from clients.connection import Refused
from clients.dispatcher import Area, Disconnected, DispatcherClient, Event, Stale, State
from clients.driver import DriverClient
from clients.messages import Heartbeat, Left, Location, Subscribed, Synced
from hub.identity.tokens import issue
from tests.support.hub_process import HubProcess, until


@asynccontextmanager
async def watching(dispatcher: DispatcherClient, area: Area) -> AsyncIterator[list[Event]]:
    """The events so far, of a subscription that is read in the background."""
    events: list[Event] = []

    async def read() -> None:
        async for event in dispatcher.subscribe(**area):
            events.append(event)

    reader = asyncio.create_task(read())
    try:
        await until(lambda: dispatcher.state is State.LIVE or reader.done())
        yield events
    finally:
        reader.cancel()
        await asyncio.wait([reader])


def table(dispatcher: DispatcherClient) -> dict[str, tuple[float, float]]:
    return {driver_id: (place.latitude, place.longitude) for driver_id, place in dispatcher.latest.items()}


def cut(dispatcher: DispatcherClient) -> None:
    """A lost connection, as in a tunnel."""
    assert dispatcher._socket is not None
    dispatcher._socket.transport.abort()


def named(events: list[Event], kind: type[Event]) -> list[str]:
    return [event.driver_id for event in events if isinstance(event, kind)]


async def test_snapshot_then_live(hub: HubProcess) -> None:
    async with DriverClient(hub.url) as gateway, DispatcherClient(hub.url) as dispatcher:
        await gateway.send(25.2, 55.3, driver_id="s-1")
        await gateway.flush()
        async with watching(dispatcher, {"drivers": ["s-1", "s-2"]}) as events:
            assert [type(event) for event in events[:3]] == [Subscribed, Location, Synced]
            await gateway.send(25.3, 55.3, driver_id="s-2")
            await gateway.send(25.4, 55.3, driver_id="s-1")
            await until(lambda: table(dispatcher) == {"s-1": (25.4, 55.3), "s-2": (25.3, 55.3)})
            assert dispatcher.presence == {"s-1": "online", "s-2": "online"}
            assert named(events, Location) == ["s-1", "s-2", "s-1"]


async def test_a_driver_that_leaves_the_area_leaves_the_table(hub: HubProcess) -> None:
    async with DriverClient(hub.url, "leaver") as driver, DispatcherClient(hub.url) as dispatcher:
        await driver.send(-30.2, 10.3)
        await driver.flush()
        async with watching(dispatcher, {"bbox": (10, -31, 11, -30)}) as events:
            await until(lambda: "leaver" in dispatcher.latest)
            await driver.send(-30.2, 12.0)
            await until(lambda: "leaver" not in dispatcher.latest)
            assert named(events, Left) == ["leaver"]
            assert dispatcher.presence == {}


async def test_moving_keeps_drivers_in_both_areas(hub: HubProcess) -> None:
    async with DriverClient(hub.url) as gateway, DispatcherClient(hub.url) as dispatcher:
        for number, longitude in enumerate((20.0, 20.5, 21.0)):
            await gateway.send(-40.0, longitude, driver_id=f"m-{number}")
        await gateway.flush()
        async with watching(dispatcher, {"near": (-40.0, 20.25, 50_000)}) as events:
            await until(lambda: set(dispatcher.latest) == {"m-0", "m-1"})
            await dispatcher.move(bbox=(20.4, -41, 21.1, -39))
            await until(lambda: set(dispatcher.latest) == {"m-1", "m-2"})
            await until(lambda: sum(isinstance(event, Synced) for event in events) == 2)
            assert sorted(named(events, Location)) == ["m-0", "m-1", "m-2"]
            assert named(events, Left) == ["m-0"]


async def test_a_resume_sends_only_changes(hub: HubProcess) -> None:
    async with DriverClient(hub.url) as gateway, DispatcherClient(hub.url) as dispatcher:
        for number in range(5):
            await gateway.send(-50.0, 30.0 + number / 100, driver_id=f"r-{number}")
        await gateway.flush()
        async with watching(dispatcher, {"bbox": (29.9, -51, 30.5, -49)}) as events:
            cut(dispatcher)
            await gateway.send(-50.0, 30.2, driver_id="r-1")
            await gateway.send(-50.0, 35.0, driver_id="r-2")  # out of the area, behind our back
            await gateway.send(-50.0, 30.3, driver_id="r-5")
            await until(lambda: sum(isinstance(event, Synced) for event in events) == 2)
            await until(lambda: set(dispatcher.latest) == {"r-0", "r-1", "r-3", "r-4", "r-5"})
            lost = next(index for index, event in enumerate(events) if isinstance(event, Disconnected))
            again = events[lost:]
            assert [event.reset for event in again if isinstance(event, Subscribed)] == [False]
            assert sorted(named(again, Location)) == ["r-1", "r-5"]
            assert named(again, Left) == ["r-2"]


async def test_a_move_while_disconnected_starts_with_a_snapshot(
    hub: HubProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough to be seen: the delay is anything from nothing.
    monkeypatch.setattr("clients.connection.random.uniform", lambda low, high: high)
    async with DriverClient(hub.url) as gateway, DispatcherClient(hub.url) as dispatcher:
        await gateway.send(-60.0, 30.0, driver_id="d-1")
        await gateway.send(-60.0, 40.0, driver_id="d-2")
        await gateway.flush()
        async with watching(dispatcher, {"drivers": ["d-1"]}) as events:
            await until(lambda: set(dispatcher.latest) == {"d-1"})
            cut(dispatcher)
            await until(lambda: dispatcher.state is State.RECONNECTING)
            await dispatcher.move(drivers=["d-2"])
            await until(lambda: set(dispatcher.latest) == {"d-2"})
            assert [event.reset for event in events if isinstance(event, Subscribed)] == [True, True]


async def test_the_table_is_correct_after_a_hub_restart(own_hub: HubProcess) -> None:
    async with DriverClient(own_hub.url) as gateway, DispatcherClient(own_hub.url) as dispatcher:
        for number in range(20):
            await gateway.send(25.0, 55.0 + number / 100, driver_id=f"h-{number}")
        await gateway.flush()
        async with watching(dispatcher, {"all": True}) as events:
            await until(lambda: len(dispatcher.latest) == 20)
            await asyncio.to_thread(own_hub.kill)
            await until(lambda: dispatcher.state is State.RECONNECTING)
            for number in range(0, 25, 5):
                await gateway.send(26.0, 55.0, driver_id=f"h-{number}")
            await asyncio.to_thread(own_hub.start)
            async with asyncio.timeout(60):
                await gateway.flush()
            moved = {f"h-{number}": (26.0, 55.0) for number in range(0, 25, 5)}
            stayed = {f"h-{number}": (25.0, 55.0 + number / 100) for number in range(20)}
            await until(lambda: table(dispatcher) == stayed | moved)
            assert dispatcher.state is State.LIVE
            first, second = [event for event in events if isinstance(event, Subscribed)]
            # Another run of the hub goes on from the log.
            assert not second.reset and first.epoch != second.epoch


async def test_a_silent_hub_is_noticed(hub: HubProcess) -> None:
    # The hub of these tests says something twice a second; we give up on it after two and a half seconds.
    async with (
        DispatcherClient(hub.url, heartbeat_interval=1.0) as dispatcher,
        watching(dispatcher, {"drivers": ["nobody"]}) as events,
    ):
        await until(lambda: sum(isinstance(event, Heartbeat) for event in events) >= 2)
        assert dispatcher.state is State.LIVE
        hub.signal(signal.SIGSTOP)
        try:
            await until(lambda: dispatcher.state is State.STALE)
        finally:
            hub.signal(signal.SIGCONT)
        await until(lambda: dispatcher.state is State.LIVE)
        assert [event.seconds for event in events if isinstance(event, Stale)][:1] == [2.5]


async def test_a_slow_reader_gets_the_newest(hub: HubProcess) -> None:
    async with DriverClient(hub.url) as gateway, DispatcherClient(hub.url) as dispatcher:
        seen: dict[str, float] = {}
        drivers = [f"c-{number}" for number in range(20)]
        async for event in dispatcher.subscribe(drivers=drivers):
            if isinstance(event, Synced):
                # A busy second of the reader: the hub has far more to say than fits into the buffers on the way.
                for tick in range(2_000):
                    for driver_id in drivers:
                        await gateway.send(25.0, tick / 100, driver_id=driver_id)
                await gateway.flush()
            if isinstance(event, Location):
                assert event.longitude > seen.get(event.driver_id, -1)
                seen[event.driver_id] = event.longitude
                if len(seen) == 20 and set(seen.values()) == {19.99}:
                    break


async def test_refusals(closed_hub: HubProcess) -> None:
    with pytest.raises(Refused, match="401"):
        async with DispatcherClient(closed_hub.url) as dispatcher:
            async for _ in dispatcher.subscribe(all=True):
                pass
    token = issue(closed_hub.settings, "f", "driver", "d", 3_600, driver="d")
    with pytest.raises(Refused, match="forbidden"):
        async with DispatcherClient(closed_hub.url, token) as dispatcher:
            async for _ in dispatcher.subscribe(all=True):
                pass


async def test_fleets_do_not_see_each_other(closed_hub: HubProcess) -> None:
    async def token(fleet: str, role: str) -> str:
        return issue(closed_hub.settings, fleet, role, role, 3_600)

    async with DriverClient(closed_hub.url, token=await token("one", "gateway")) as gateway:
        await gateway.send(25.0, 55.0, driver_id="d")
        await gateway.flush()
        for fleet, expected in (("one", {"d"}), ("two", set())):
            async with DispatcherClient(closed_hub.url, await token(fleet, "dispatcher")) as dispatcher:
                async for event in dispatcher.subscribe(all=True):
                    if isinstance(event, Synced):
                        break
                assert set(dispatcher.latest) == expected


@pytest.mark.parametrize("area", [{}, {"all": True, "drivers": ["a"]}, {"drivers": []}, {"max_hz": 1.0}])
async def test_exactly_one_kind_of_area(area: Area) -> None:
    dispatcher = DispatcherClient("ws://localhost:1/ws")
    with pytest.raises(ValueError, match="exactly one"):
        await anext(dispatcher.subscribe(**area))
    with pytest.raises(ValueError, match="exactly one"):
        await dispatcher.move(**area)


async def test_closing_ends_the_iteration(hub: HubProcess) -> None:
    async def read() -> None:
        async for _ in dispatcher.subscribe(drivers=["nobody"]):
            pass

    async with DispatcherClient(hub.url) as dispatcher:
        reader = asyncio.create_task(read())
        await until(lambda: dispatcher.state is State.LIVE)
    async with asyncio.timeout(30):
        await reader
