"""The simulator against a real hub."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from clients.connection import Refused
from clients.dispatcher import DispatcherClient
from clients.messages import Synced
from clients.simulator.simulate import Simulated, progress, simulate
from tests.support.hub_process import HubProcess


async def test_trucks_report_and_are_acked(own_hub: HubProcess) -> None:
    figures = await simulate(own_hub.url, 20, interval=0.2, duration=2, console=Console(file=StringIO()))
    assert figures.trucks == figures.connected == 20
    assert figures.sent == figures.acked > 20
    assert (figures.waiting, figures.rejected) == (0, 0)
    async with DispatcherClient(own_hub.url) as dispatcher:
        async for event in dispatcher.subscribe(all=True):
            if isinstance(event, Synced):
                break
        assert set(dispatcher.latest) == {f"truck-{number:03d}" for number in range(1, 21)}
        assert all(24.5 < place.latitude < 25.5 for place in dispatcher.latest.values())


@pytest.mark.thorough
async def test_they_may_share_connections_and_time_may_run(own_hub: HubProcess) -> None:
    figures = await simulate(
        own_hub.url, 10, interval=0.1, factor=10, connections=2, duration=2, console=Console(file=StringIO())
    )
    assert figures.connected == 2
    assert figures.sent == figures.acked > 10
    async with DispatcherClient(own_hub.url) as dispatcher:
        async for event in dispatcher.subscribe(all=True):
            if isinstance(event, Synced):
                break
        fastest = max(place.speed or 0 for place in dispatcher.latest.values())
    assert 100 < fastest < 400, "ten times a truck's"


async def test_a_hub_that_does_not_want_it_ends_it(closed_hub: HubProcess) -> None:
    with pytest.raises(Refused, match="401"):
        await simulate(closed_hub.url, 3, interval=0.1, duration=30, console=Console(file=StringIO()))


@pytest.mark.parametrize("factor", [0, -1, 10.5])
async def test_a_factor_that_the_hub_would_not_believe(factor: float) -> None:
    with pytest.raises(ValueError, match="factor"):
        await simulate("ws://localhost:1/ws", 1, factor=factor)


def test_progress() -> None:
    before = Simulated(500, 500, sent=1_000, acked=990, seconds=2.0)
    now = Simulated(500, 499, sent=2_000, acked=1_985, rejected=1, waiting=15, seconds=4.0)
    assert progress(before, now).plain == (
        "500 trucks · 499 connected · 500 fixes/s sent · 498 acked · 15 waiting · 1 rejected"
    )
