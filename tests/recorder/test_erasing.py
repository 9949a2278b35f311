"""Erasure of a driver's history: nothing of before it is left or comes back, and what came after it is as if it was
all that ever was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest
import redis.asyncio

from hub.core.audit import Actor, ActorKind, Audited
from hub.core.nouns import Position
from hub.recorder import erasing
from hub.settings import Settings
from hub.stores.postgres.audit import audit
from hub.stores.postgres.history.erasures import erasure, request_erasure
from hub.stores.postgres.registry.drivers import add_driver
from hub.stores.postgres.registry.shares import Several, add_share
from hub.stores.postgres.registry.states import put_state
from hub.stores.postgres.registry.vehicles import add_vehicle
from hub.wire.events import EVENTS_KEY
from tests.support.logbook import BASE, append, entry, fetch, position, recorded, recording, until, value

UNTIL = BASE + timedelta(hours=2)

KEPT = {
    "drivers": "the entry of the registry is deleted by DELETE /api/v1/fleet/drivers/{id}",
    "phone_tokens": "the driver may go on reporting",
    "vehicles": "who drives a vehicle now, which the registry changes",
    "vehicle_assignments": "the present one, from the instant of the erasure on",
    "issued_tokens": "the driver may go on reporting, until the token expires",
    "driver_groups": "the groups of the registry",
    "driver_profiles": "notes and photo of the registry",
    "retentions": "how long its later positions are kept",
    "routes": "what the driver was to do, which the fleet has planned",
    "erasures": "the request itself, by which later positions are known to be erased",
}
"""Tables with a driver id whose rows an erasure leaves -> why."""

OF_SEVERAL = {"shares.driver_ids", "position_batches.drivers", "report_schedules.drivers"}
"""Columns with the ids of several drivers. Erasures take the id out; report schedules keep it, as rules and fences do
in ``watch``."""

PASSING = {"fence_changes", "fence_refolds", "job_changes"}
"""Tables whose rows the recorder takes out at once."""


def drive(driver: str, hour: float, count: int = 120, **fields: Any) -> list[Position]:
    """A stop of ten minutes and a drive that begin so many hours after ``BASE``, with a position every ten seconds."""
    return [
        position(driver, hour * 3600 + n * 10, latitude=25.0 + hour / 10 + max(0, n - 60) * 0.0008, **fields)
        for n in range(count)
    ]


async def request(settings: Settings, driver: str = "d1", until: datetime = UNTIL, *, history: bool = True) -> UUID:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return (await request_erasure(connection, "default", driver, until, history=history)).id
    finally:
        await connection.close()


async def finished(settings: Settings, id: UUID) -> int:
    """Wait until an erasure is done; how many positions it deleted."""

    async def done() -> bool:
        return await value(settings, f"SELECT finished_at IS NOT NULL FROM erasures WHERE id = '{id}'")

    await until(done)
    return await value(settings, f"SELECT positions FROM erasures WHERE id = '{id}'")


OF_D1 = "fleet = 'default' AND driver_id = 'd1'"

ABOUT_FENCES_AND_ALERTS = """
INSERT INTO visits (id, entered_at, last_inside_at, distance, points, fence_version, fence_id, fleet, driver_id, cause)
VALUES (gen_random_uuid(), now(), now(), 0, 1, 1, gen_random_uuid(), 'default', '$driver', 'crossed');
INSERT INTO crossings (entered_at, exited_at, fence_version, fence_id, fleet, driver_id)
VALUES (now(), now(), 1, gen_random_uuid(), 'default', '$driver');
INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data)
VALUES (gen_random_uuid(), 'default', gen_random_uuid(), '$driver', '', 'open', now(), now(), '{}');
INSERT INTO alert_messages (fleet, driver_id, payload) VALUES ('default', '$driver', '{}');
INSERT INTO findings (fleet, driver_id, payload) VALUES ('default', '$driver', '{}');
INSERT INTO presences (entered_at, fleet, driver_id, fence_id, visit_id, fence_name)
VALUES (now(), 'default', '$driver', '', '', '');
WITH channel AS (
    INSERT INTO channels (fleet, name, kind, config, sealed) VALUES ('default', '', 'webhook', '{}', '') RETURNING id
)
INSERT INTO deliveries (channel_id, sequence, lane, message_id, type, driver_id, state, at, created_at, next_at, data)
SELECT id, 1, '', '$driver', '', '$driver', 'sent', now(), now(), now(), '{}' FROM channel;
WITH rule AS (
    INSERT INTO rules (
        fleet, name, kind, params, watch, channels, severity, cooldown, digest, max_age, tell_resolved, enabled
    )
    VALUES ('elsewhere', '', 'battery', '{}', '{}', '{}', 'info', 0, 0, 0, false, true) RETURNING id
), condition AS (
    INSERT INTO conditions (rule_id, at, fleet, driver_id, state) SELECT id, now(), 'default', '$driver', '' FROM rule
)
INSERT INTO maintenance_done (rule_id, done_at, fleet, driver_id) SELECT id, now(), 'default', '$driver' FROM rule;
INSERT INTO fence_checkpoints (recorded_at, fleet, driver_id, state) VALUES (now(), 'default', '$driver', '');
INSERT INTO position_batches (fleet, drivers, instants)
VALUES ('default', '{$driver,other,$driver}', '{2020-01-01,2020-01-01,2020-01-02}');
INSERT INTO traced_positions (fleet, driver_id, recorded_at, trace_id, entry_id)
VALUES ('default', '$driver', '2020-01-01', gen_random_uuid(), '1-0');
WITH job AS (
    INSERT INTO jobs (fleet, kind, latitude, longitude) VALUES ('default', 'delivery', 25, 55) RETURNING id
)
INSERT INTO job_events (job_id, at, event, source, status, version, driver_id, command_id)
SELECT id, '2020-01-01', 'arrived', 'position', 'open', 1, '$driver', '0/arrived/0' FROM job;
INSERT INTO routes (fleet, driver_id, day) VALUES ('default', '$driver', '2020-01-01');
INSERT INTO arrival_checkpoints (recorded_at, fleet, driver_id, state) VALUES (now(), 'default', '$driver', '')"""

ERASED_WHOLE = (
    "visits",
    "crossings",
    "alerts",
    "alert_messages",
    "findings",
    "presences",
    "deliveries",
    "traced_positions",
    "job_events",
)

OF_FLEET = {
    "deliveries": "driver_id = 'd1' AND channel_id IN (SELECT id FROM channels WHERE fleet = 'default')",
    "job_events": "driver_id = 'd1' AND source = 'position'",
}
"""Tables without a fleet -> the condition in place of ``OF_D1``."""

TABLES = ["positions", "trips", "stops", "daily"]


async def contents(settings: Settings, driver: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of a driver in the tables of the recorder, without the time of receipt."""
    rows = {}
    for table in TABLES:
        columns = "to_jsonb(t) - 'received_at' - 'id'"
        found = await fetch(settings, f"SELECT {columns} FROM {table} AS t WHERE driver_id = '{driver}' ORDER BY 1")
        rows[table] = [tuple(row) for row in found]
    return rows


async def test_all_of_the_driver_is_deleted_and_nothing_of_others(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "PIECE", 50)  # several pieces
    connection = await asyncpg.connect(settings.database_url)
    for driver in ("d1", "d10"):
        await add_driver(connection, "default", driver)
        await add_share(connection, "default", driver, "", datetime.now(UNTIL.tzinfo) + timedelta(hours=1), 10)
        for several in ((driver,), (driver, "other")):
            shows, until_ = Several(several, None, False), datetime.now(UNTIL.tzinfo) + timedelta(hours=1)
            await add_share(connection, "default", shows, "", until_, 10)
        await connection.execute("UPDATE shares SET created_at = $1", BASE)
        await put_state(connection, "default", driver, None, "free")
        await connection.execute("UPDATE driver_states SET changed_at = $1", BASE)
        for id, sender, query, body in (
            (driver, None, "", b""), (None, driver, "", b""), (None, None, f"id={driver}&lat=x", b""),
            (None, None, "", b'[{"device_id": "%s"}]' % driver.encode()),
        ):  # fmt: skip
            await connection.execute(
                "INSERT INTO quarantine (fleet, received_at, dialect, code, detail, points, path, query, sender, "
                "coding, body, driver_id) VALUES ('default', $1, '', '', '', 1, '', $2, $3, '', $4, $5)",
                BASE, query, sender, body, id,
            )  # fmt: skip
        await connection.execute(
            "INSERT INTO dead_letters (entry_id, fleet, reason, payload) VALUES ('1-0', 'default', '', $1)",
            b'{"driverId":"%s","latitude":1}' % driver.encode(),
        )
        for statement in ABOUT_FENCES_AND_ALERTS.split(";\n"):
            await connection.execute(statement.replace("$driver", driver))
    async with recording(settings):
        ahead = drive("d1", 48, received_at=BASE)  # a clock that is two days ahead
        rows = [*drive("d1", 0), *ahead, *drive("d10", 0)]
        await recorded(settings, await append(settings, entry(*rows), entry(*drive("d1", 0), fleet="other")))
        others = await contents(settings, "d10")
        assert all(others.values()) and await value(settings, "SELECT count(*) FROM events WHERE driver_id = 'd1'")
        assert await finished(settings, await request(settings)) == 240
        assert await contents(settings, "d10") == others
        for table in ("quarantine", "dead_letters"):
            count = {"quarantine": 4, "dead_letters": 1}[table]
            assert await value(settings, f"SELECT count(*) FROM {table}") == count
        columns = await fetch(
            settings,
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables USING (table_name) "
            "WHERE column_name = 'driver_id' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'positions\\_%'",
        )
        several = await fetch(
            settings,
            "SELECT table_name || '.' || column_name FROM information_schema.columns "
            "JOIN information_schema.tables USING (table_name) "
            "WHERE data_type = 'ARRAY' AND column_name LIKE '%driver%' AND table_type = 'BASE TABLE'",
        )
        assert {name for (name,) in several} == OF_SEVERAL
        # A table that is new fails here: it is either kept, or this test fills it.
        unfilled = {
            name
            for (name,) in columns
            if name not in KEPT
            and name not in PASSING
            and not await value(
                settings, f"SELECT count(*) FROM {name} WHERE {OF_FLEET.get(name, OF_D1)}".replace("'d1'", "'d10'")
            )
        }
        assert unfilled == set()
        left = {
            name: count
            for (name,) in columns
            if name not in KEPT
            and (count := await value(settings, f"SELECT count(*) FROM {name} WHERE {OF_FLEET.get(name, OF_D1)}"))
        }
        for name in ERASED_WHOLE:
            assert await value(settings, f"SELECT count(*) FROM {name} WHERE driver_id = 'd10'") == 1, name
        shared = await fetch(settings, "SELECT driver_ids FROM shares WHERE kind = 'drivers' ORDER BY driver_ids")
        assert [row["driver_ids"] for row in shared] == [["d10"], ["d10", "other"], ["other"]]
        named = await fetch(settings, "SELECT drivers FROM position_batches ORDER BY id")
        assert [row["drivers"] for row in named] == [["", "other", ""], ["d10", "other", "d10"]]
        # Empty checkpoints, and the event that tells the hubs.
        assert left == {"trip_checkpoints": 1, "fence_checkpoints": 1, "arrival_checkpoints": 1, "events": 1}
        assert await value(settings, "SELECT count(*) FROM positions WHERE fleet = 'other'") == 120
    async with redis.asyncio.from_url(settings.redis_url) as client:
        told = [fields for _, fields in await client.xrange(EVENTS_KEY)]
    mine = [fields[b"payload"] for fields in told if fields[b"driver"] == b"d1" and fields[b"fleet"] == b"default"]
    assert b"latitude" not in b"".join(mine)
    assert any(fields[b"driver"] == b"d10" for fields in told)
    await connection.close()


async def test_what_the_notifier_was_making_meanwhile_is_erased(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its transaction had read the driver's events before they were erased, and ended after that."""
    connection = await asyncpg.connect(settings.database_url)
    past = erasing.erasures.delete_past

    async def delete_past(*arguments: Any) -> int:
        await connection.execute(
            "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
            "VALUES (gen_random_uuid(), 'default', gen_random_uuid(), 'd1', '', 'open', now(), now(), '{}')"
        )
        return await past(*arguments)

    monkeypatch.setattr(erasing.erasures, "delete_past", delete_past)
    async with recording(settings):
        await finished(settings, await request(settings))
    assert await connection.fetchval("SELECT count(*) FROM alerts") == 0
    await connection.close()


async def test_assignments_and_states_begin_again_at_the_erasure(settings: Settings) -> None:
    """The vehicles of before are gone; the present one, and what the driver does now, are of after it."""
    hour = timedelta(hours=1)
    connection = await asyncpg.connect(settings.database_url)
    for driver in ("d1", "d2", "d3"):
        await add_driver(connection, "default", driver)
    for vehicle, since in (("past", BASE - hour), ("crossing", BASE), ("present", BASE)):
        await add_vehicle(connection, "default", vehicle, "", "", "", None, since)
    for vehicle, driver, instant in (
        ("past", "d1", BASE), ("past", "d2", BASE + hour), ("crossing", "d1", UNTIL - hour),
        ("crossing", "d3", UNTIL + hour), ("present", "d1", UNTIL - hour / 2),
    ):  # fmt: skip
        await connection.execute(
            "UPDATE vehicles SET driver_id = NULL, assigned_at = greatest(assigned_at, $1) "
            "WHERE driver_id = $2 AND vehicle_id <> $3", instant, driver, vehicle,
        )  # fmt: skip
        await connection.execute(
            "UPDATE vehicles SET driver_id = $2, assigned_at = $3 WHERE vehicle_id = $1", vehicle, driver, instant
        )
    # The crossing one ended after the request.
    await connection.execute(
        "UPDATE vehicle_assignments SET until = $1 WHERE vehicle_id = 'crossing' AND driver_id = 'd1'", UNTIL + hour
    )
    version = await connection.fetchval("SELECT version FROM vehicles WHERE vehicle_id = 'present'")
    await put_state(connection, "default", "d1", None, "busy")
    async with recording(settings):
        await append(settings, entry(position("d1")))
        await finished(settings, await request(settings))
    rows = await connection.fetch(
        "SELECT vehicle_id, since, until FROM vehicle_assignments WHERE driver_id = 'd1' ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [("crossing", UNTIL, UNTIL + hour), ("present", UNTIL, None)]
    assert await connection.fetchval("SELECT count(*) FROM vehicle_assignments WHERE driver_id IN ('d2', 'd3')") == 2
    vehicle = await connection.fetchrow(
        "SELECT driver_id, assigned_at, version FROM vehicles WHERE vehicle_id = 'present'"
    )
    assert tuple(vehicle) == ("d1", UNTIL, version + 1)
    assert await connection.fetchval("SELECT state FROM driver_states") == "busy"
    await connection.close()


async def test_what_comes_later_from_before_is_not_stored(settings: Settings) -> None:
    """From the log that was not read yet, and from a phone that had kept it."""
    await append(settings, entry(*drive("d1", 0)))
    id = await request(settings)
    async with recording(settings) as recorder:
        await finished(settings, id)
        late = UNTIL + timedelta(hours=1)
        last = await append(settings, entry(*drive("d1", 1, received_at=late), position("d1", 7_300, received_at=late)))
        await recorded(settings, last)
        assert await value(settings, "SELECT count(*) FROM positions") == 1
        assert recorder.progress.rows == 1
        again = await append(settings, entry(*drive("d1", 0), position("d2")))
        await recorded(settings, again)
    # Another session of the recorder knows it, too.
    async with recording(settings):
        await recorded(settings, await append(settings, entry(*drive("d1", 1, received_at=late))))
        assert await value(settings, "SELECT count(*) FROM positions") == 2
    assert await value(settings, "SELECT lost FROM log_offsets") == 0


async def test_a_wrong_clock_that_is_known_does_not_erase_what_comes_after(settings: Settings) -> None:
    await request(settings)
    behind = {"received_at": UNTIL + timedelta(minutes=5), "clock_offset": -10_000.0}
    async with recording(settings):
        last = await append(settings, entry(position("d1", 0, **behind), position("d1", 7_500, **behind)))
        await recorded(settings, last)
        rows = await fetch(settings, "SELECT recorded_at FROM positions")
    # 7,500 s were recorded 10,000 s later by a right clock; so was 0, which is 2 h 46 min.
    assert len(rows) == 2


@pytest.mark.parametrize("after", [0, 30, 119])
async def test_it_is_as_if_only_what_came_later_had_been(settings: Settings, after: int) -> None:
    """The request comes in the middle of a trip; the trips are those of the rest alone, also after late points."""
    whole = [*drive("d1", 0), *drive("d1", 1.9, 180)]  # the second drive goes on past the request
    rest = [p for p in whole if p.recorded_at > UNTIL]
    assert 0 < len(rest) < 180
    alone = [msgspec.structs.replace(p, driver_id="alone", received_at=UNTIL + timedelta(hours=1)) for p in rest]
    rest = [msgspec.structs.replace(p, received_at=UNTIL + timedelta(hours=1)) for p in rest]
    early, late = rest[: min(after, len(rest))], rest[min(after, len(rest)) :]
    async with recording(settings):
        old = [p for p in whole if p.recorded_at <= UNTIL]
        await recorded(settings, await append(settings, entry(*old), entry(*alone)))
        if early:
            await recorded(settings, await append(settings, entry(*early)))
        id = await request(settings)
        assert await finished(settings, id) == len(old)
        if late:
            # The last first: what comes after it is late.
            await recorded(settings, await append(settings, entry(late[-1]), entry(*late[:-1])))
        found, expected = await contents(settings, "d1"), await contents(settings, "alone")
    assert {table: _without_driver(rows) for table, rows in found.items()} == {
        table: _without_driver(rows) for table, rows in expected.items()
    }
    assert found["trips"]


def _without_driver(rows: list[tuple[Any, ...]]) -> list[str]:
    return [row[0].replace('"alone"', '"d1"') for row in rows]


async def test_a_recorder_that_ends_in_the_middle_goes_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "PIECE", 20)
    taken = 0
    take = erasing.Eraser._take

    async def stop_sometimes(self: erasing.Eraser, *arguments: Any) -> int:
        nonlocal taken
        taken += 1
        if taken % 2 == 0:
            raise OSError("cut off")
        return await take(self, *arguments)

    async with recording(settings):
        await recorded(settings, await append(settings, entry(*drive("d1", 0), *drive("d2", 0))))
    monkeypatch.setattr(erasing.Eraser, "_take", stop_sometimes)
    # Each session takes one step; with the same start each time it would never end, so two of three go through.
    id = await request(settings)
    async with recording(settings) as recorder:

        async def tried() -> bool:
            return taken >= 4

        await until(tried)
        assert await value(settings, "SELECT finished_at IS NULL FROM erasures")
        monkeypatch.setattr(erasing.Eraser, "_take", take)
        assert await finished(settings, id) == 120
        assert recorder.progress.retries >= 2
    assert await value(settings, "SELECT count(*) FROM positions WHERE driver_id = 'd1'") == 0
    assert await value(settings, "SELECT count(*) FROM positions WHERE driver_id = 'd2'") == 120


async def test_an_erasure_that_fails_does_not_stop_the_recorder(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(erasing.Eraser, "_erase_derived", fail)
    failing = await request(settings)
    live = await request(settings, "d2", history=False)
    async with recording(settings) as recorder:
        await finished(settings, live)
        await recorded(settings, await append(settings, entry(position("d3"))))
        assert recorder.progress.retries == 0
    connection = await asyncpg.connect(settings.database_url)
    found = await erasure(connection, "default", failing)
    await connection.close()
    assert found is not None and found.finished_at is None


async def test_a_removal_is_told_to_the_hubs_and_deletes_nothing(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(*drive("d1", 0))))
        assert await finished(settings, await request(settings, history=False)) == 0

        async def told() -> bool:
            async with redis.asyncio.from_url(settings.redis_url) as client:
                last = await client.xrevrange(EVENTS_KEY, count=1)
            return bool(last) and last[0][1][b"payload"].startswith(b'{"type":"removed"')

        await until(told)
    assert await value(settings, "SELECT count(*) FROM positions") == 120


async def test_the_audit_log_outlives_it(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    await audit(connection, Actor("default", ActorKind.COMMAND, "x"), Audited.HISTORY_ERASED, "d1")
    await connection.close()
    async with recording(settings):
        await finished(settings, await request(settings))
    assert await value(settings, "SELECT count(*) FROM audit") == 1
