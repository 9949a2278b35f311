"""From events and findings to alerts and deliveries: late ones are only listed (N6), an episode is told once (N7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import msgspec
import pytest

from hub.notifier import loop
from hub.recorder.folds.conditions import Conditions
from hub.settings import Settings
from hub.wire.events import Removal
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until, value
from tests.support.notify.events import fence, trip
from tests.support.notify.notifiers import alerts, channel, for_channels, notifying, put_events, rule, states
from tests.support.notify.receivers import receiver

NOW = datetime.now(UTC)


async def taken(settings: Settings) -> None:
    """Wait until the notifier has taken all events and findings."""

    async def done() -> bool:
        query = (
            "SELECT (SELECT count(*) FROM findings) + (SELECT count(*) FROM events WHERE id > "
            "coalesce((SELECT last_id FROM event_offsets WHERE stream = 'notifier'), 0))"
        )
        return await value(settings, query) == 0

    await until(done)


async def sent(settings: Settings) -> None:
    """Wait until nothing is to be sent."""
    await taken(settings)

    async def done() -> bool:
        return "pending" not in await states(settings)

    await until(done)


async def test_ten_minutes_of_speeding_are_one_alert_and_one_end(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "overspeed", {"limit": 25}, channels=[id])
        since = (datetime.now(UTC) - timedelta(minutes=11) - position().recorded_at).total_seconds()
        async with recording(settings, [Conditions]), notifying(settings):
            for minute in range(11):
                speed = 30 if minute < 10 else 10
                seconds = range(60 * minute, 60 * minute + 60)
                last = await append(settings, *(entry(position(second=since + n, speed=speed)) for n in seconds))
                await recorded(settings, last)
            await sent(settings)
        assert [one.event["type"] for one in found.confirmed] == ["hub.alert.opened", "hub.alert.resolved"]
    (alert,) = await alerts(settings)
    assert (alert["state"], alert["held"]) == ("resolved", None)


async def test_what_a_phone_sends_after_five_hours_is_listed_and_not_sent(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "overspeed", {"limit": 25, "for": 0}, channels=[id])
        await rule(settings, "battery", channels=[id])
        await rule(settings, "trip.ended", channels=[id])
        since = (datetime.now(UTC) - timedelta(hours=5) - position().recorded_at).total_seconds()
        at = datetime.now(UTC) - timedelta(hours=4)
        async with recording(settings, [Conditions]), notifying(settings):
            points = [
                position(second=since + 10 * n, speed=30 if n % 60 < 10 else 5, battery=0.5 - n / 3_000)
                for n in range(1_260)
            ]
            await recorded(
                settings, await append(settings, *(entry(*points[n : n + 200]) for n in range(0, 1_260, 200)))
            )
            await put_events(settings, [trip("d1", "ended", at, f"t{n}", endedAt=at.isoformat()) for n in range(10)])
            await sent(settings)
        assert found.arrived == []
    held = {alert["held"] for alert in await alerts(settings)}
    assert held == {"late"} and len(await alerts(settings)) == 21 + 1 + 10
    assert await states(settings) == {}


async def test_an_alarm_is_sent_however_late(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "alarm", channels=[id])
        raw = {"attributes": msgspec.Raw(b'{"alarm":"sos"}')}
        async with recording(settings, [Conditions]), notifying(settings):
            await recorded(settings, await append(settings, entry(position(**raw))))
            await sent(settings)
        assert [one.event["data"]["text"] for one in found.confirmed] == ["d1 sends the alarm sos"]


async def test_a_fact_that_did_not_happen_is_corrected_where_it_was_told(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url})
        await rule(settings, "fence.entered", channels=[id])
        now = datetime.now(UTC)
        old = now - timedelta(hours=2)
        async with notifying(settings):
            events = [fence("d", "entered", now), fence("e", "entered", old, "v2"), fence("d", "entered", now)]
            await put_events(settings, events)
            await put_events(settings, [fence("d", "revised", now, removed=True)])
            await put_events(settings, [fence("e", "revised", old, "v2", removed=True)])
            await sent(settings)
        types = [(one.event["type"], one.event["subject"]) for one in found.confirmed]
        assert types == [("hub.alert.opened", "drivers/d"), ("hub.alert.corrected", "drivers/d")]
    assert [(one["driver_id"], one["state"]) for one in await alerts(settings)] == [
        ("d", "corrected"),
        ("e", "corrected"),
    ]
    assert await value(settings, "SELECT count(*) FROM presences") == 0


async def test_a_visit_is_resolved_by_its_exit(settings: Settings) -> None:
    settings = for_channels(settings)
    now = datetime.now(UTC)
    await rule(settings, "fence.entered")
    async with notifying(settings):
        await put_events(settings, [fence("d", "entered", now)])
        await taken(settings)
        assert await value(settings, "SELECT driver_id || fence_id FROM presences") == "ddepot"
        await put_events(settings, [fence("d", "exited", now + timedelta(minutes=5), enteredAt=now.isoformat())])
        await taken(settings)
    (alert,) = await alerts(settings)
    assert (alert["state"], alert["resolved_at"] - alert["at"]) == ("resolved", timedelta(minutes=5))
    assert await value(settings, "SELECT count(*) FROM presences") == 0


async def test_cooldown_is_of_a_driver_and_a_digest_gathers(settings: Settings) -> None:
    settings = for_channels(settings)
    now = datetime.now(UTC)
    await rule(settings, "trip.started", cooldown=600.0)
    await rule(settings, "trip.ended", digest=600.0)
    async with notifying(settings):
        for n in range(3):
            events = [
                trip(driver, event, now, f"{driver}{n}", endedAt=now.isoformat())
                for driver in ("a", "b")
                for event in ("started", "ended")
            ]
            await put_events(settings, events)
        await taken(settings)
    rows = await fetch(settings, "SELECT data ->> 'kind', held, count(*) FROM alerts GROUP BY 1, 2 ORDER BY 1, 2")
    assert [tuple(row) for row in rows] == [
        ("trip.ended", "digest", 5),
        ("trip.ended", None, 1),
        ("trip.started", "cooldown", 4),
        ("trip.started", None, 2),
    ]


async def test_events_are_streamed_to_channels_that_want_them(settings: Settings) -> None:
    settings = for_channels(settings)
    async with receiver() as found:
        id = await channel(settings, config={"url": found.url}, events=["trip"])
        await channel(settings, config={"url": found.url}, events=["trip"], fleet="other")
        await channel(settings, config={"url": found.url})
        paused = await channel(settings, config={"url": found.url}, events=["trip", "fence"])
        await fetch(settings, "UPDATE channels SET state = 'paused' WHERE id = $1", paused)
        async with notifying(settings):
            await put_events(settings, [trip("d", "started", NOW), fence("d", "entered", NOW)])
            await sent(settings)
        assert [(one.event["type"], one.event["id"]) for one in found.confirmed] == [("hub.trip.started", "event_1")]
    assert await states(settings) == {"sent": 1, "skipped": 2}
    assert await value(settings, "SELECT count(*) FROM deliveries WHERE channel_id = $1", id) == 1


async def test_an_event_that_cannot_be_read_holds_nothing_up(settings: Settings) -> None:
    await rule(settings, "trip.started")
    await fetch(settings, "INSERT INTO events (fleet, driver_id, payload) VALUES ('default', 'd', '[1]')")
    async with notifying(for_channels(settings)):
        await put_events(settings, [trip("d", "started", NOW)])
        await taken(settings)
    assert len(await alerts(settings)) == 1


async def test_the_removal_of_a_driver_is_not_for_the_notifier(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await rule(settings, "trip.started")
    async with notifying(for_channels(settings)):
        payload = msgspec.json.encode(Removal(driver_id="d", until=NOW)).decode()
        await fetch(settings, "INSERT INTO events (fleet, driver_id, payload) VALUES ('default', 'd', $1)", payload)
        await put_events(settings, [trip("d", "started", NOW)])
        await taken(settings)
    assert len(await alerts(settings)) == 1
    assert "internal_error" not in capsys.readouterr().out


async def test_a_text_has_the_name_of_a_registered_driver(settings: Settings) -> None:
    insert = "INSERT INTO drivers (fleet, driver_id, name) VALUES ('default', $1, $2)"
    for driver, name in (("d", "Courier 7"), ("e", "")):
        await fetch(settings, insert, driver, name)
    await rule(settings, "trip.started")
    async with notifying(for_channels(settings)):
        await put_events(settings, [trip(driver, "started", NOW, driver) for driver in ("d", "e", "f")])
        await taken(settings)
    texts = await fetch(settings, "SELECT data ->> 'text' FROM alerts ORDER BY number")
    assert [row[0] for row in texts] == [f"{name} has started a trip" for name in ("Courier 7", "e", "f")]


async def test_open_alerts_of_a_rule_that_is_off_or_deleted_are_closed(settings: Settings) -> None:
    off, gone, on = [await rule(settings, "fence.entered", watch={"drivers": [name]}) for name in ("off", "gone", "on")]
    await put_events(settings, [fence(name, "entered", NOW, visit=name) for name in ("off", "gone", "on")])
    async with notifying(settings):
        await taken(settings)
        await fetch(settings, "UPDATE rules SET enabled = false, version = version + 1 WHERE id = $1", off)
        await fetch(settings, "DELETE FROM rules WHERE id = $1", gone)

        async def closed() -> bool:
            return await value(settings, "SELECT count(*) FROM alerts WHERE state = 'open'") == 1

        await until(closed)
    found = {
        one["rule_id"]: msgspec.json.decode(one["data"])["details"].get("closed") for one in await alerts(settings)
    }
    assert found == {off: "rule_off", gone: "rule_deleted", on: None}


async def test_open_alerts_of_drivers_and_fences_that_are_watched_no_more_are_closed(settings: Settings) -> None:
    join = "INSERT INTO drivers (fleet, driver_id, name, groups) VALUES ('default', $1, '', '{vans}')"
    for name in ("leaves", "stays"):
        await fetch(settings, join, name)
    named = await rule(settings, "fence.entered", watch={"drivers": ["a", "b"]})
    of_group = await rule(settings, "fence.entered", watch={"groups": ["vans"]})
    of_fence = await rule(settings, "fence.entered", watch={"drivers": ["f"], "fences": ["depot"]})
    edit = "UPDATE rules SET watch = $2, version = version + 1 WHERE id = $1"
    async with notifying(settings):
        await put_events(
            settings, [fence(name, "entered", NOW, visit=name) for name in ("a", "b", "f", "leaves", "stays")]
        )
        await taken(settings)
        assert await value(settings, "SELECT count(*) FROM alerts WHERE state = 'open'") == 5
        await fetch(settings, edit, named, '{"drivers": ["b"]}')
        await fetch(settings, edit, of_fence, '{"drivers": ["f"], "fences": ["another"]}')
        await fetch(settings, "UPDATE drivers SET groups = '{}' WHERE driver_id = 'leaves'")

        async def closed() -> bool:
            return await value(settings, "SELECT count(*) FROM alerts WHERE state = 'open'") == 2

        await until(closed)
    found = [(one["rule_id"], one["driver_id"], one["state"], one["data"]) for one in await alerts(settings)]
    assert {(id, driver) for id, driver, state, _ in found if state == "open"} == {(named, "b"), (of_group, "stays")}
    assert all('"closed":"not_watched"' in data for _, _, state, data in found if state == "resolved")


async def test_what_cannot_be_stored_holds_nothing_up(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A text with U+0000, as a phone could have it in an alarm: PostgreSQL refuses it at each try."""
    id = await rule(settings, "alarm")
    await rule(settings, "trip.started")
    bad = {"ruleId": str(id), "at": NOW.isoformat(), "episode": "\0", "alarm": "sos"}
    finding = "INSERT INTO findings (fleet, driver_id, payload) VALUES ('default', $1, $2)"
    for driver, more in (("a", {"episode": "1"}), ("b", {}), ("c", {"episode": "3"})):
        await fetch(settings, finding, driver, msgspec.json.encode(bad | more).decode())
    await put_events(settings, [trip(name, "started", NOW, id) for name, id in (("d", "t"), ("e", "\0"), ("f", "u"))])
    async with notifying(for_channels(settings)):
        await taken(settings)
    assert sorted(one["driver_id"] for one in await alerts(settings)) == ["a", "c", "d", "f"]
    event = await value(settings, "SELECT id FROM events WHERE driver_id = 'e'")
    lines = [line for line in capsys.readouterr().out.splitlines() if "internal_error" in line]
    for where, id in (("event", event), ("finding", 2)):
        assert any({f"where={where}", f"id={id}", "fleet=default"} <= set(line.split()) for line in lines), lines
    assert len(lines) == 2


async def test_alerts_of_a_deleted_fence_are_closed(settings: Settings) -> None:
    """Also where the driver sends nothing any more, so that its visit has no end."""
    await rule(settings, "fence.entered")
    gone, there = uuid4(), uuid4()
    for one in (gone, there):
        await fetch(settings, "INSERT INTO fence_versions VALUES ($1, 1, 'default', now(), NULL, '{}')", one)
    await fetch(settings, "INSERT INTO fences (id, fleet, name, shape) VALUES ($1, 'default', 'there', '{}')", there)
    await put_events(settings, [fence("d", "entered", NOW, visit=str(one), fenceId=str(one)) for one in (gone, there)])
    with patch.object(loop, "TIDY_EVERY", 0.1):
        async with notifying(settings):
            await taken(settings)

            async def closed() -> bool:
                return await value(settings, "SELECT count(*) FROM alerts WHERE state = 'open'") == 1

            await until(closed)
    (first, second) = await alerts(settings)
    assert (first["state"], second["state"]) == ("resolved", "open")
    assert '"closed":"fence_deleted"' in first["data"]
    assert [row[0] for row in await fetch(settings, "SELECT fence_id FROM presences")] == [str(there)]
