"""The fold of conditions in a real recorder: findings are written once, also over restarts."""

from __future__ import annotations

from typing import Any

import msgspec

from hub.recorder.folds.conditions import Conditions
from hub.settings import Settings
from tests.support.logbook import append, entry, fetch, position, recorded, recording, value
from tests.support.notify.notifiers import rule


async def findings(settings: Settings) -> list[dict[str, Any]]:
    return [msgspec.json.decode(row[0]) for row in await fetch(settings, "SELECT payload FROM findings ORDER BY id")]


def driving(since: int, until: int, speed: float) -> dict[bytes, bytes]:
    return entry(*(position(second=n, speed=speed) for n in range(since, until)))


async def test_speeding_is_found_once_over_restarts_and_repeats(settings: Settings) -> None:
    id = await rule(settings, "overspeed", {"limit": 25})
    for part in ([driving(0, 20, 30)], [driving(20, 40, 30), driving(0, 40, 30)], [driving(40, 60, 30)]):
        async with recording(settings, [Conditions]):
            await recorded(settings, await append(settings, *part))
    (opened,) = await findings(settings)
    assert (opened["ruleId"], opened["value"]) == (str(id), 30.0)
    assert await value(settings, "SELECT count(*) FROM conditions") == 1
    async with recording(settings, [Conditions]):
        await recorded(settings, await append(settings, driving(60, 80, 10)))
    _, ended = await findings(settings)
    assert ended["episode"] == opened["episode"] and "endedAt" in ended
    assert await value(settings, "SELECT count(*) FROM conditions") == 0


async def test_a_rule_counts_from_the_batch_after_it_was_made(settings: Settings) -> None:
    async with recording(settings, [Conditions]):
        await recorded(settings, await append(settings, driving(0, 20, 30)))
        assert await findings(settings) == []
        id = await rule(settings, "overspeed", {"limit": 25, "for": 0})
        await recorded(settings, await append(settings, driving(20, 22, 30)))
        assert len(await findings(settings)) == 1
        await fetch(settings, "DELETE FROM rules WHERE id = $1", id)
        await recorded(settings, await append(settings, driving(22, 60, 10)))
        assert len(await findings(settings)) == 1
    assert await value(settings, "SELECT count(*) FROM conditions") == 0


async def test_only_the_drivers_of_the_fleet_that_are_watched(settings: Settings) -> None:
    await rule(settings, "overspeed", {"limit": 25, "for": 0}, watch={"drivers": ["d2"]})
    async with recording(settings, [Conditions]):
        await append(settings, entry(*(position(f"d{n}", speed=30) for n in range(4))))
        last = await append(settings, entry(position("d2", speed=30), fleet="other"))
        await recorded(settings, last)
    rows = await fetch(settings, "SELECT fleet, driver_id FROM findings")
    assert [tuple(row) for row in rows] == [("default", "d2")]


async def test_drivers_that_join_and_leave_a_group(settings: Settings) -> None:
    await rule(settings, "overspeed", {"limit": 25, "for": 0}, watch={"groups": ["vans"]})
    join = "INSERT INTO drivers (fleet, driver_id, name, groups) VALUES ('default', $1, '', '{vans}')"

    async def found(second: int) -> list[str]:
        both = [
            position(driver, second=second + n, speed=speed)
            for driver in ("a", "b")
            for n, speed in ((0, 30), (1, 10), (16, 10))
        ]
        await recorded(settings, await append(settings, entry(*both)))
        rows = await fetch(settings, "DELETE FROM findings RETURNING driver_id")
        return sorted({row[0] for row in rows})

    async with recording(settings, [Conditions]):
        assert await found(0) == []
        await fetch(settings, join, "a")
        assert await found(100) == ["a"]
        await fetch(settings, join, "b")
        await fetch(settings, "UPDATE drivers SET groups = '{}' WHERE driver_id = 'a'")
        assert await found(200) == ["b"]


async def test_what_a_rule_held_is_over_when_it_is_off_or_watches_another_driver(settings: Settings) -> None:
    """Else nothing would be found when it is on again."""
    id = await rule(settings, "overspeed", {"limit": 25, "for": 0})
    edit = "UPDATE rules SET {}, version = version + 1 WHERE id = $1"
    second = 0
    for off, on in (
        ("enabled = false", "enabled = true"),
        ('watch = \'{"drivers": ["other"]}\'', "watch = '{}'"),
    ):
        for change in (off, on):
            async with recording(settings, [Conditions]):  # restarted after each change
                second += 10
                await recorded(settings, await append(settings, driving(second, second + 5, 30)))
                await fetch(settings, edit.format(change), id)
                second += 10
                await recorded(settings, await append(settings, driving(second, second + 5, 30)))
    assert len({one["episode"] for one in await findings(settings)}) == 3


async def test_battery_and_alarm_in_one_position(settings: Settings) -> None:
    await rule(settings, "battery")
    await rule(settings, "alarm", {"alarms": ["sos"]})
    raw = msgspec.Raw(b'{"alarm":"sos"}')
    async with recording(settings, [Conditions]):
        # The same again is no new row, so no new alarm.
        one = entry(position(battery=0.1, attributes=raw))
        await append(settings, one)
        await recorded(settings, await append(settings, one))
    assert sorted(found.get("alarm", "battery") for found in await findings(settings)) == ["battery", "sos"]
