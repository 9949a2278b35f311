"""Lanes of a channel: one that fails waits while the others go on, and a channel on which all fails is probed (N3)."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from aiohttp import web

from hub.core.alerts.backoff import STEPS
from hub.settings import Settings
from hub.stores.postgres.alerts import channels
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import Shifted, channel, connected, for_channels, notifying, put_deliveries, states
from tests.support.notify.receivers import receiver


async def of_channel(settings: Settings, id: UUID) -> dict[str, Any]:
    rows = await fetch(settings, "SELECT * FROM channels WHERE id = $1", id)
    return dict(rows[0])


async def tried(settings: Settings, lane: str, attempts: int) -> None:
    """Wait until the first delivery of a lane was tried so often."""

    async def reached() -> bool:
        query = "SELECT max(attempts) FROM deliveries WHERE lane = $1 AND sequence = 1"
        return await value(settings, query, lane) >= attempts

    await until(reached)


async def test_a_lane_that_fails_waits_and_is_given_up_and_goes_on_with_a_gap(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    async with receiver() as found:

        async def refuse_first_of_bad(path: str, event: Any) -> int | web.StreamResponse:
            return 500 if event["lane"] == "bad" and int(event["sequence"]) == 1 else 204

        found.answer = refuse_first_of_bad
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, ["bad", "good", "bad", "good", "fine"])
        async with notifying(settings, clock):

            async def others() -> bool:
                return (await states(settings)).get("sent") == 3

            await until(others)
            assert {one.event["lane"] for one in found.confirmed} == {"good", "fine"}
            for attempts in range(1, len(STEPS)):
                await tried(settings, "bad", attempts)
                if await value(settings, "SELECT count(*) FROM deliveries WHERE state = 'dead'"):
                    break
                clock.advance(STEPS[min(attempts, len(STEPS) - 1)] * 1.2 + 1)

            async def all_done() -> bool:
                return await states(settings) == {"sent": 4, "dead": 1}

            await until(all_done)
        after = [one.event for one in found.confirmed if one.event["lane"] == "bad"]
        assert [(int(one["sequence"]), one["missed"]) for one in after] == [(2, 1)]
        # One lane is not the channel.
        present = await of_channel(settings, id)
        assert (present["state"], present["failures"]) == ("active", 0)
        assert await value(settings, "SELECT attempts FROM deliveries WHERE state = 'dead'") >= 9


async def test_a_failure_that_is_noted_late_does_not_end_the_pause(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    id, retry_at = await channel(settings, config={"url": "https://hub.example"}), clock.now()
    async with connected(settings) as connection:
        await channels.failed(connection, id, clock.now(), "503", retry_at)
        await channels.failed(connection, id, clock.now(), "503", None)
    present = await of_channel(settings, id)
    assert (present["state"], present["retry_at"], present["failures"]) == ("failing", retry_at, 2)


async def test_a_channel_on_which_all_fails_gets_one_probe_a_step(settings: Settings) -> None:
    settings, clock = for_channels(settings, hook_retry_for=30 * 86_400.0, hook_disable_after=30 * 86_400.0), Shifted()
    async with receiver() as found:

        async def down(path: str, event: Any) -> int | web.StreamResponse:
            return 503

        found.answer = down
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, [f"d{n}" for n in range(200)])
        async with notifying(settings, clock):

            async def failing() -> bool:
                present = await of_channel(settings, id)
                # Those in flight are noted, too.
                return present["state"] == "failing" and present["failures"] == len(found.arrived)

            await until(failing)
            first = len(found.arrived)
            assert first <= settings.hook_inflight
            # Lanes that fail together are one failure of the channel: it is tried again soon.
            assert ((await of_channel(settings, id))["retry_at"] - clock.now()).total_seconds() < 6
            for probe in range(1, 4):
                before = (await of_channel(settings, id))["failures"]
                clock.advance(STEPS[-1] * 1.3)

                async def probed(before: int = before) -> bool:
                    return (await of_channel(settings, id))["failures"] > before

                await until(probed)
                assert len(found.arrived) == first + probe
            found.answer = found.confirm
            clock.advance(STEPS[-1] * 1.3)

            async def all_sent() -> bool:
                return await states(settings) == {"sent": 200}

            await until(all_sent)
        present = await of_channel(settings, id)
        assert (present["state"], present["failing_since"], present["reason"]) == ("active", None, None)
        counts = Counter(one.event["lane"] for one in found.confirmed)
        assert counts == {f"d{n}": 1 for n in range(200)}


async def test_a_channel_that_fails_for_days_is_disabled(settings: Settings) -> None:
    settings, clock = for_channels(settings, hook_retry_for=10 * 86_400.0), Shifted()
    async with receiver() as found:

        async def down(path: str, event: Any) -> int | web.StreamResponse:
            return 500

        found.answer = down
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, ["a", "b", "c", "d"])
        async with notifying(settings, clock):
            await tried(settings, "a", 1)
            clock.advance(settings.hook_disable_after + 1)

            async def disabled() -> bool:
                return (await of_channel(settings, id))["state"] == "disabled"

            await until(disabled)
        assert "every delivery failed since" in (await of_channel(settings, id))["reason"]
        assert "answers 500" in (await of_channel(settings, id))["reason"]


async def test_410_disables_the_channel(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:

        async def gone(path: str, event: Any) -> int | web.StreamResponse:
            return 410

        found.answer = gone
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, ["a", "a"])
        async with notifying(settings):

            async def disabled() -> bool:
                return (await of_channel(settings, id))["state"] == "disabled"

            await until(disabled)
        assert len(found.arrived) == 1


async def test_retry_after_is_obeyed(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    async with receiver() as found:

        async def busy(path: str, event: Any) -> int | web.StreamResponse:
            return web.Response(status=429, headers={"retry-after": "900"})

        found.answer = busy
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, ["a"])
        async with notifying(settings, clock):
            await tried(settings, "a", 1)
            wait = "SELECT extract(epoch FROM next_at)::float8 FROM deliveries"
            assert await value(settings, wait) - clock.time() > 800
            found.answer = found.confirm
            clock.advance(901)

            async def sent() -> bool:
                return await states(settings) == {"sent": 1}

            await until(sent)


async def test_what_a_pause_stops_stays(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await fetch(settings, "UPDATE channels SET state = 'paused'")
        await put_deliveries(settings, id, ["a"])
        other = await channel(settings, config={"url": found.url})
        async with notifying(settings):
            await put_deliveries(settings, other, ["b"])

            async def sent() -> bool:
                return await states(settings) == {"pending": 1, "sent": 1}

            await until(sent)
        assert [one.event["lane"] for one in found.arrived] == ["b"]


async def test_secrets_that_cannot_be_opened_disable_the_channel(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await put_deliveries(settings, id, ["a"])
        async with notifying(for_channels(settings, channel_secret="another secret of at least 32 bytes")):

            async def disabled() -> bool:
                return (await of_channel(settings, id))["state"] == "disabled"

            await until(disabled)
        assert "HUB_CHANNEL_SECRET" in (await of_channel(settings, id))["reason"]
        assert found.arrived == []
