"""Rules by the clock: stops and visits that last, begins of schedules, digests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.settings import Settings
from tests.notifier.test_matching import sent, taken
from tests.support.logbook import fetch, until
from tests.support.notify.events import fence, trip
from tests.support.notify.notifiers import Shifted, alerts, channel, for_channels, notifying, put_events, rule
from tests.support.notify.receivers import receiver

STOP = "INSERT INTO stops (started_at, latitude, longitude, fleet, driver_id) VALUES ($1, 25, 55, 'default', $2)"


async def count(settings: Settings, number: int) -> None:
    async def reached() -> bool:
        return len(await alerts(settings)) == number

    await until(reached)


async def test_a_stop_that_lasts_is_told_once_and_resolved(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "stopped", {"after": 1_200})
    started = clock.now() - timedelta(seconds=600)
    await fetch(settings, STOP, started, "d")
    await fetch(settings, STOP, clock.now() - timedelta(days=30), "parked")
    async with notifying(settings, clock):
        await put_events(settings, [trip("d", "ended", started)])
        await taken(settings)
        assert await alerts(settings) == []
        clock.advance(601)
        await count(settings, 1)
    async with notifying(settings, clock):
        clock.advance(600)
        await fetch(settings, "UPDATE stops SET ended_at = $1 WHERE driver_id = 'd'", clock.now())

        async def resolved() -> bool:
            return [one["state"] for one in await alerts(settings)] == ["resolved"]

        await until(resolved)
    (alert,) = await alerts(settings)
    assert (alert["driver_id"], alert["at"]) == ("d", started + timedelta(seconds=1_200))


async def test_late_positions_move_a_stop_or_undo_it(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "stopped", {"after": 600})
    started = clock.now() - timedelta(seconds=650)
    for driver in ("earlier", "later", "none", "short"):
        await fetch(settings, STOP, started, driver)
    edit = "UPDATE stops SET started_at = $2, ended_at = $3 WHERE driver_id = $1"
    async with notifying(settings, clock):
        await count(settings, 4)
        await fetch(settings, edit, "earlier", started - timedelta(seconds=300), None)
        await fetch(settings, edit, "later", started + timedelta(seconds=60), None)
        await fetch(settings, edit, "short", started, started + timedelta(seconds=400))
        await fetch(settings, "DELETE FROM stops WHERE driver_id = 'none'")

        async def settled() -> bool:
            return sorted(one["state"] for one in await alerts(settings)) == ["corrected", "corrected", "open", "open"]

        await until(settled)
        clock.advance(60)
        await put_events(settings, [trip("d", "ended", started)])
        await taken(settings)
    found = {one["driver_id"]: one["state"] for one in await alerts(settings)}
    assert found == {"earlier": "open", "later": "open", "none": "corrected", "short": "corrected"}
    assert len(await alerts(settings)) == 4


async def test_a_visit_that_lasts_is_told_by_the_time_of_the_rule(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    await rule(settings, "fence.dwelled", {"after": 600}, watch={"fences": ["depot"]})
    entered = clock.now()
    async with notifying(settings, clock):
        events = [
            fence("d", "entered", entered),
            fence("e", "entered", entered, "v2"),
            fence("e", "exited", entered, "v2"),
        ]
        await put_events(settings, [*events, fence("f", "entered", entered, "v3", fenceId="other")])
        await taken(settings)
        clock.advance(590)
        await taken(settings)
        assert await alerts(settings) == []
        clock.advance(20)
        await count(settings, 1)
        await put_events(settings, [fence("d", "exited", clock.now())])

        async def resolved() -> bool:
            return [one["state"] for one in await alerts(settings)] == ["resolved"]

        await until(resolved)
    (alert,) = await alerts(settings)
    assert (alert["driver_id"], alert["at"]) == ("d", entered + timedelta(seconds=600))


async def test_who_is_inside_and_outside_when_a_schedule_begins(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    begin = (clock.now() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    days = ("mo", "tu", "we", "th", "fr", "sa", "su")
    end = begin + timedelta(hours=1)
    schedule = {"timeZone": "UTC", "weekly": [[day, f"{begin:%H:%M}", f"{end:%H:%M}"] for day in days]}
    watch = {"drivers": ["d", "e"], "fences": ["depot"]}
    await rule(settings, "fence.inside", watch=watch, schedule=schedule)
    await rule(settings, "fence.outside", watch=watch, schedule=schedule)
    for kind in ("fence.inside", "fence.outside"):  # a group without drivers is none, instead of all
        await rule(settings, kind, watch={"groups": ["empty"], "fences": ["depot"]}, schedule=schedule)
    async with notifying(settings, clock):
        await put_events(settings, [fence("d", "entered", clock.now()), fence("x", "entered", clock.now(), "v2")])
        await taken(settings)
        assert await alerts(settings) == []

        async def round_done() -> bool:
            return bool(await fetch(settings, "SELECT FROM notifier_clock WHERE part = 'schedules'"))

        await until(round_done)
    clock.advance((begin - clock.now()).total_seconds() + 30)
    async with notifying(settings, clock):  # the begin is made up for
        await count(settings, 2)
        found = {(one["driver_id"], one["at"]) for one in await alerts(settings)}
        assert found == {("d", begin), ("e", begin)}
        await put_events(settings, [fence("e", "entered", clock.now(), "v4")])
        await put_events(settings, [fence("d", "exited", clock.now())])

        async def resolved() -> bool:
            return {one["state"] for one in await alerts(settings)} == {"resolved"}

        await until(resolved)
    assert len(await alerts(settings)) == 2


async def test_a_digest_is_one_message(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "trip.started", digest=300.0, channels=[id])
        now = datetime.now(UTC)
        async with notifying(settings, clock):
            await put_events(settings, [trip(f"d{n}", "started", now, f"t{n}") for n in range(30)])
            await sent(settings)
            assert [one.event["type"] for one in found.confirmed] == ["hub.alert.opened"]
            clock.advance(301)

            async def told() -> bool:
                return len(found.confirmed) == 2

            await until(told)
            # The time of the digest begins again.
            await put_events(settings, [trip("later", "started", clock.now(), "t99")])
            await sent(settings)
            assert len(found.confirmed) == 2
        digest = found.confirmed[1].event
        assert (digest["type"], digest["data"]["count"], len(digest["data"]["alerts"])) == ("hub.alert.digest", 29, 20)
        assert digest["data"]["text"].endswith("and 9 more")
    held = [one["held"] for one in await alerts(settings)]
    assert held == [None] * 30 + ["digest"]
