"""Positions from the log to a receiver in Traccar's format: in batches, in order, at least once (N9)."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from hub.notifier.send.forward import REQUEST, newest
from hub.settings import Settings
from hub.stores.postgres.alerts.streams import Waiting
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until, value
from tests.support.notify.notifiers import Shifted, channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import Receiver, receiver

POSITIONS = {"events": ["position"]}


def tracks(found: Receiver) -> dict[str, list[str]]:
    """Driver -> instants that were confirmed, in the order of their arrival."""
    by_driver = defaultdict(list)
    for one in found.confirmed:
        for data in one.event:
            by_driver[data["device"]["uniqueId"]].append(data["position"]["fixTime"])
    return by_driver


async def confirmed(found: Receiver, number: int) -> None:
    async def reached() -> bool:
        return sum(map(len, tracks(found).values())) >= number

    await until(reached)


async def test_positions_arrive_in_batches_and_a_resend_does_not(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        await channel(settings, "traccar", {"url": f"{found.url}positions", "token": "secret-token"}, **POSITIONS)
        await channel(settings, "traccar", {"url": f"{found.url}events"})
        first = [position(driver, second) for second in range(3) for driver in ("a", "b")]
        async with recording(settings), notifying(settings):
            await append(settings, entry(*first))
            await confirmed(found, 6)
            await recorded(settings, await append(settings, entry(*first, position("a", 3))))
            await confirmed(found, 7)
        assert {driver: len(track) for driver, track in tracks(found).items()} == {"a": 4, "b": 3}
        assert all(track == sorted(track) for track in tracks(found).values())
        assert len(found.arrived) <= 3
        assert {one.path for one in found.arrived} == {"/positions"}
        assert {one.headers["authorization"] for one in found.arrived} == {"Bearer secret-token"}


async def test_a_receiver_that_was_down_gets_every_position_in_order(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    total = 2 * REQUEST + 100
    async with receiver() as found:

        async def down(path: str, event: Any) -> int | web.StreamResponse:
            return 503

        found.answer = down
        id = await channel(settings, "traccar", {"url": found.url, "lossless": True}, **POSITIONS)
        async with recording(settings):
            await recorded(settings, await append(settings, entry(*(position("a", n) for n in range(total)))))
            async with notifying(settings, clock):

                async def failing() -> bool:
                    query = "SELECT state = 'failing' AND retry_at > now() FROM channels WHERE id = $1"
                    return bool(await value(settings, query, id))

                await until(failing)
            found.answer = found.confirm
            clock.advance(60)
            async with notifying(settings, clock):  # another process, after a crash
                await confirmed(found, total)
        (track,) = tracks(found).values()
        assert track == sorted(track)
        assert len(set(track)) == len(track) == total
        assert max(len(one.event) for one in found.confirmed) == REQUEST
        assert (await fetch(settings, "SELECT state FROM channels"))[0]["state"] == "active"


async def test_a_stream_that_is_behind_sends_the_newest_of_each_driver(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        await channel(settings, "traccar", {"url": found.url}, **POSITIONS)
        many = [position(driver, n) for n in range(REQUEST) for driver in ("a", "b")]
        async with recording(settings):
            await recorded(settings, await append(settings, entry(*many)))
            async with notifying(settings):
                await confirmed(found, 2)
        assert {driver: len(track) for driver, track in tracks(found).items()} == {"a": 1, "b": 1}


async def test_what_is_erased_is_not_forwarded(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        await channel(settings, "traccar", {"url": found.url}, **POSITIONS)
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position("a"), position("b"))))
        await fetch(settings, "DELETE FROM positions WHERE driver_id = 'a' RETURNING 1")
        async with notifying(settings):
            await confirmed(found, 1)
        assert set(tracks(found)) == {"b"}


async def test_fleets_without_such_a_channel_note_nothing(settings: Settings) -> None:
    settings = for_channels(settings)
    await channel(settings, "traccar", {"url": "http://127.0.0.1:9/"}, events=["trip"])
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("a"))))
    assert await value(settings, "SELECT count(*) FROM position_batches") == 0


async def test_private_addresses_are_refused(settings: Settings) -> None:
    settings = for_channels(settings, hooks_allow="")
    async with receiver() as found:
        id = await channel(settings, "traccar", {"url": found.url}, **POSITIONS)
        async with recording(settings), notifying(settings):
            await append(settings, entry(position("a")))

            async def failing() -> bool:
                return await value(settings, "SELECT state FROM channels WHERE id = $1", id) == "failing"

            await until(failing)
        assert found.arrived == []
        assert "not public" in await value(settings, "SELECT reason FROM channels WHERE id = $1", id)


async def test_events_have_the_format_of_traccar(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, "traccar", {"url": found.url})
        await put_deliveries(settings, id, ["truck-1"])
        async with notifying(settings):

            async def arrived() -> bool:
                return bool(found.confirmed)

            await until(arrived)
        (one,) = found.confirmed
        assert (one.event["event"]["type"], one.event["device"]["uniqueId"]) == ("test", "truck-1")


def test_the_newest_is_that_of_the_device() -> None:
    at = datetime(2026, 11, 27, tzinfo=UTC)
    found = [Waiting(1, n + 1, "a", at.replace(second=second)) for n, second in enumerate((1, 3, 2))]
    assert newest(found) == [found[1]]
