"""Maintenance by distance and by days: one alert an episode, in event time, until it is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hub.notifier.matching import Rules
from hub.notifier.rounds import Rounds
from hub.settings import Settings
from hub.stores.postgres.alerts import maintenance
from hub.stores.postgres.alerts.alerts import alert_id
from hub.stores.postgres.migrate import migrate
from tests.notifier.test_matching import taken
from tests.support.logbook import fetch, until
from tests.support.notify.events import trip
from tests.support.notify.notifiers import Shifted, alerts, connected, for_channels, notifying, put_events, rule

TRIP = (
    "INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, distance, moving_time, "
    "max_speed, points, fleet, driver_id) VALUES (gen_random_uuid(), $1, $1::timestamptz + interval '1 min', "
    "$1::timestamptz + interval '1 min', 0, 0, $2, 60, 20, 10, 'default', $3)"
)


async def drive(settings: Settings, at: datetime, metres: float, driver: str = "d", event: str = "ended") -> None:
    """A trip that is over."""
    if metres:
        await fetch(settings, TRIP, at, metres, driver)
    ended = (at + timedelta(minutes=1)).isoformat()
    await put_events(settings, [trip(driver, event, at, f"{driver} {at.isoformat()}", endedAt=ended)])
    await taken(settings)


async def done(settings: Settings, rule_id: UUID, at: datetime, driver: str = "d") -> None:
    async with connected(settings) as connection, connection.transaction():
        await maintenance.done(connection, "default", rule_id, driver, at)


async def told(settings: Settings, *expected: tuple[Any, ...]) -> None:
    """Wait until the alerts are these: number, state, and what is due."""

    def line(one: dict[str, Any]) -> tuple[Any, ...]:
        return one["episode"].rpartition(" ")[2], one["state"], one["data"]

    async def as_expected() -> bool:
        found = [line(one) for one in await alerts(settings)]
        return len(found) == len(expected) and all(
            (number, state) == (n, s) and words in data
            for (number, state, data), (n, s, words) in zip(found, expected, strict=True)
        )

    await until(as_expected)


async def test_a_distance_is_told_once_and_begins_again_when_it_is_done(settings: Settings) -> None:
    id = await rule(settings, "maintenance", {"every": 10_000, "start": 15_000}, max_age=60.0)
    async with notifying(for_channels(settings)):
        # Nothing is older than the rule, which was made an hour ago.
        now = datetime.now(UTC)
        for n, metres in enumerate([4_000.0, 3_000.0, 1_000.0]):
            await drive(settings, now - timedelta(minutes=50 - 5 * n), metres)
        await told(settings, ("1", "open", "at 20 km"))
        (alert,) = await alerts(settings)
        # It is sent although it was noticed 45 minutes later.
        assert alert["at"] == now - timedelta(minutes=44) and alert["held"] is None
        await drive(settings, now - timedelta(minutes=30), 25_000.0)
        await told(settings, ("1", "open", "at 20 km"), ("3", "open", "at 40 km"))
        await done(settings, id, now - timedelta(minutes=20))
        await told(settings, ("1", "resolved", ""), ("3", "resolved", ""))
        await drive(settings, now - timedelta(minutes=10), 9_000.0)
        assert len(await alerts(settings)) == 2
        await drive(settings, now - timedelta(minutes=8), 2_000.0)
        await told(settings, ("1", "resolved", ""), ("3", "resolved", ""), ("1", "open", "after 10 km"))


async def test_a_trip_that_was_shorter_corrects_the_alert(settings: Settings) -> None:
    await rule(settings, "maintenance", {"every": 10_000})
    async with notifying(for_channels(settings)):
        at = datetime.now(UTC) - timedelta(minutes=30)
        await drive(settings, at, 11_000.0)
        await told(settings, ("1", "open", "at 10 km"))
        await fetch(settings, "UPDATE trips SET distance = 500")
        await drive(settings, at, 0.0, event="revised")
        await told(settings, ("1", "corrected", ""))


async def test_days_are_told_once_over_a_restart_and_begin_again_when_it_is_done(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    made = clock.now() - timedelta(days=89)
    id = await rule(settings, "maintenance", {"days": 90}, created_at=made)
    register = "INSERT INTO drivers (fleet, driver_id, name, created_at) VALUES ('default', $1, '', $2)"
    await fetch(settings, register, "d", made - timedelta(days=300))
    await fetch(settings, register, "newer", clock.now() - timedelta(days=10))
    daily = (
        "INSERT INTO daily (day, trips, distance, duration, moving_time, max_speed, fleet, driver_id) "
        "VALUES (current_date, 1, 1, 1, 1, 1, 'default', 'e')"
    )
    await fetch(settings, daily)
    async with notifying(settings, clock):
        await drive(settings, clock.now(), 0.0)
        assert await alerts(settings) == []
        clock.advance(86_400)
        await told(settings, ("1", "open", "after 90 days"), ("1", "open", "after 90 days"))
        assert {(one["driver_id"], one["at"]) for one in await alerts(settings)} == {
            (driver, made + timedelta(days=90)) for driver in ("d", "e")
        }
    async with notifying(settings, clock):
        await done(settings, id, clock.now() - timedelta(days=5), "d")
        await told(settings, ("1", "resolved", ""), ("1", "open", ""))
        clock.advance(86 * 86_400)
        await told(
            settings,
            ("1", "resolved", ""), ("1", "open", ""), ("1", "open", "after 90 days"), ("1", "open", "after 90 days"),
        )  # fmt: skip
        assert {one["driver_id"] for one in (await alerts(settings))[2:]} == {"d", "newer"}


async def test_a_clock_that_is_set_back_does_not_put_off_the_look_at_days(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    clock.jumped = 86_400.0
    await rule(settings, "maintenance", {"days": 90}, created_at=clock.now() - timedelta(days=100))
    async with connected(settings) as connection:
        rules = Rules()
        await rules.load(connection, clock.now())
        rounds = Rounds(connection, rules)
        await rounds.run(clock.now())
        assert await alerts(settings) == []
        clock.jumped = 0.0
        register = "INSERT INTO drivers (fleet, driver_id, name, created_at) VALUES ('default', 'd', '', $1)"
        await fetch(settings, register, clock.now() - timedelta(days=99))
        await rounds.run(clock.now())
        assert [one["driver_id"] for one in await alerts(settings)] == ["d"]


async def test_a_rule_by_both_makes_one_alert_an_episode(settings: Settings) -> None:
    settings, clock = for_channels(settings), Shifted()
    made = clock.now() - timedelta(days=89)
    await rule(settings, "maintenance", {"every": 10_000, "days": 90}, created_at=made, watch={"drivers": ["d"]})
    async with notifying(settings, clock):
        await drive(settings, made + timedelta(days=80), 21_000.0)
        await told(settings, ("2", "open", "at 20 km"))
        clock.advance(3 * 86_400)
        await drive(settings, clock.now(), 500.0)
        assert len(await alerts(settings)) == 1
        clock.advance(180 * 86_400)
        await told(settings, ("2", "open", "at 20 km"), ("3", "open", "after 270 days"))


async def test_what_an_earlier_hub_told_is_not_told_again(settings: Settings) -> None:
    """An earlier hub named the odometer only; its alerts are completed by the migration."""
    settings = for_channels(settings)
    made = (datetime.now(UTC) - timedelta(hours=3)).replace(microsecond=0)
    id = await rule(settings, "maintenance", {"every": 10_000, "start": 15_000}, created_at=made)
    register = "INSERT INTO drivers (fleet, driver_id, name, created_at) VALUES ('default', 'e', '', $1)"
    await fetch(settings, register, made + timedelta(minutes=1, microseconds=5))
    for driver in ("d", "e"):
        await fetch(
            settings,
            "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
            "VALUES ($1, 'default', $2, $3, '3', 'open', $4, $4, $5)",
            alert_id(id, driver, "3"), id, driver, made + timedelta(hours=1),
            '{"kind":"maintenance","title":"Oil","text":"at 30 km","severity":"warning",'
            '"details":{"due":30000.0,"odometer":31000}}',
        )  # fmt: skip
        await fetch(settings, TRIP, made + timedelta(minutes=30), 16_000.0, driver)
    await fetch(settings, "DELETE FROM schema_steps WHERE step = 'step_0008_maintenance'")
    assert await migrate(settings.database_url) == ["step_0008_maintenance"]
    async with notifying(settings):
        now = datetime.now(UTC) - timedelta(minutes=30)
        for driver in ("d", "e"):
            await drive(settings, now, 1_000.0, driver)
        await told(settings, ("3", "open", "at 30 km"), ("3", "open", "at 30 km"))
        await drive(settings, now + timedelta(minutes=5), 9_000.0)
        await told(settings, ("3", "open", ""), ("3", "open", ""), ("3", "open", "at 40 km"))
        await done(settings, id, now + timedelta(minutes=10))
        await told(settings, ("3", "resolved", ""), ("3", "open", ""), ("3", "resolved", ""))
