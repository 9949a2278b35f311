"""Reports by schedule: handed over once for each period, by one of several notifiers, also after an outage; sent with
the workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import openpyxl
import pytest

from hub.core.reports.schedules import next_run
from hub.notifier.send import report
from hub.settings import Settings
from hub.workbook import WorkbookFailed
from tests.notifier.send.test_smtp import Mailboxes, mailboxes
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import Shifted, channel, for_channels, notifying, put_deliveries, states

__all__ = ["mailboxes"]  # a fixture

TRIP = """
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id)
SELECT gen_random_uuid(), at, at + interval '10 min', at + interval '10 min', 1, 2, 3, 4, 6000, 540, 20, 60, fleet,
    driver
FROM (VALUES ($1::timestamptz)) AS t (at),
    (VALUES ('default', 'd'), ('default', 'e'), ('other', 'd')) AS f (fleet, driver)
"""


@pytest.fixture
def mailing(settings: Settings, mailboxes: tuple[Mailboxes, str]) -> Iterator[tuple[Settings, Mailboxes]]:
    found, server = mailboxes
    more = {"smtp_url": f"smtp://us%2Fer:p%40ss@{server}", "smtp_from": "hub@hub.example", "time_zone": "Asia/Dubai"}
    yield for_channels(settings, **more), found


async def schedule(settings: Settings, channels: list[UUID], next_at: datetime, **more: Any) -> UUID:
    """A new schedule of the fleet ``default``, each day at 06:00 in Dubai."""
    values = {
        "id": uuid4(), "fleet": "default", "name": "Trips\r\nof the day", "kind": "trips", "drivers": [], "groups": [],
        "period": "day", "clock": "06:00", "time_zone": "Asia/Dubai", "channels": channels, "enabled": True,
        "next_at": next_at, **more,
    }  # fmt: skip
    names = ", ".join(values)
    places = ", ".join(f"${number + 1}" for number in range(len(values)))
    await fetch(settings, f"INSERT INTO report_schedules ({names}) VALUES ({places})", *values.values())
    id: UUID = values["id"]
    return id


def due(clock: Shifted) -> datetime:
    """When the schedule is due next."""
    return next_run("day", "06:00", "Asia/Dubai", "Asia/Dubai", clock.now()).at


async def sent(settings: Settings, number: int) -> None:
    async def reached() -> bool:
        return await states(settings) == {"sent": number}

    await until(reached)


async def test_each_period_is_sent_once_with_two_notifiers_and_after_restarts(
    mailing: tuple[Settings, Mailboxes],
) -> None:
    settings, found = mailing
    clock = Shifted()
    mail, first = await channel(settings, "email", {"to": ["a@b.example"]}), due(clock)
    id = await schedule(settings, [mail, mail, uuid4()], first, drivers=["d"])
    # Of the day before, by the clock of Dubai: that of the first is today.
    await fetch(settings, TRIP, first - timedelta(hours=7))
    await fetch(settings, TRIP, first - timedelta(hours=5))
    async with notifying(settings, clock), notifying(settings, clock):
        clock.advance((first - clock.now()).total_seconds() + 1)
        await sent(settings, 1)
    async with notifying(settings, clock):
        # Three days later: two periods were missed, the last one is sent.
        clock.advance(3 * 86_400)
        await sent(settings, 2)
    async with notifying(settings, clock), notifying(settings, clock):
        await fetch(settings, "UPDATE report_schedules SET next_at = now() - interval '1 day' WHERE id = $1", id)

        async def passed() -> bool:
            rows = await fetch(settings, "SELECT next_at FROM report_schedules")
            return bool(rows[0][0] > clock.now())

        await until(passed)
    assert await states(settings) == {"sent": 2} and len(found.messages) == 2
    days = [first.date() - timedelta(days=1), first.date() + timedelta(days=2)]
    rows = await fetch(settings, "SELECT message_id, type, data FROM deliveries ORDER BY id")
    assert [row[0] for row in rows] == [f"report_{id}_{day}" for day in days]
    assert {row[1] for row in rows} == {"hub.report.due"}
    message = found.messages[0]
    assert message["Subject"] == "Trips of the day"
    text = message.get_body(("plain",)).get_content()
    assert f"Trips on {days[0]}." in text and "1 row; days and times are those of the time zone Asia/Dubai." in text
    (file,) = message.iter_attachments()
    assert file.get_filename() == f"trips-{days[0]}-{days[0]}.xlsx"
    head, *lines = openpyxl.load_workbook(io.BytesIO(file.get_content())).active.iter_rows(values_only=True)
    assert [(line[0].date(), line[2]) for line in lines] == [(days[0], "d")] and head[3] == "Start (Asia/Dubai)"


async def test_a_report_that_is_too_long_is_not_attached(mailing: tuple[Settings, Mailboxes]) -> None:
    settings, found = mailing
    settings = msgspec.structs.replace(settings, max_report_rows=1, public_url="https://hub.example/")
    clock = Shifted()
    at = due(clock)
    await fetch(settings, TRIP, at - timedelta(hours=12))
    await fetch(settings, "INSERT INTO drivers (fleet, driver_id, groups) VALUES ('default', 'e', '{north}')")
    mail = await channel(settings, "email", {"to": ["a@b.example"]})
    await schedule(settings, [mail], at)
    await schedule(settings, [mail], at, groups=["north"])
    clock.advance((at - clock.now()).total_seconds() + 1)
    async with notifying(settings, clock):
        await sent(settings, 2)
    day = at.date() - timedelta(days=1)
    texts = {message.get_body(("plain",)).get_content(): list(message.iter_attachments()) for message in found.messages}
    (whole,) = [text for text in texts if "HUB_MAX_REPORT_ROWS (1) allows, and is not attached" in text]
    assert f"https://hub.example/#/reports/trips?from={day}&to={day}" in whole.splitlines() and texts[whole] == []
    (northern,) = texts.keys() - {whole}
    assert f"&to={day}&group=north\r\n" in northern
    (file,) = texts[northern]
    assert openpyxl.load_workbook(io.BytesIO(file.get_content())).active.max_row == 2


async def test_a_report_that_cannot_be_made_delays_no_alert_and_does_not_fail_its_channel(
    mailing: tuple[Settings, Mailboxes], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, found = mailing

    async def broken(*given: Any) -> None:
        raise WorkbookFailed("exit status 1")

    monkeypatch.setattr(report, "letter", broken)
    clock = Shifted()
    mail = await channel(settings, "email", {"to": ["a@b.example"]})
    ids = [await schedule(settings, [mail], clock.now() - timedelta(minutes=5)) for _ in range(4)]
    async with notifying(settings, clock):

        async def failed() -> bool:
            return bool(await value(settings, "SELECT count(*) = 4 FROM deliveries WHERE attempts > 0"))

        await until(failed)
        await put_deliveries(settings, mail, [""])

        async def passed() -> bool:
            return await states(settings) == {"pending": 4, "sent": 1}

        await until(passed)
    (row,) = await fetch(settings, "SELECT state, failures, failing_since FROM channels")
    assert tuple(row) == ("active", 0, None) and len(found.messages) == 1
    rows = await fetch(settings, "SELECT lane, last_error FROM deliveries WHERE state = 'pending'")
    assert {row["lane"] for row in rows} == {f"report {id}" for id in ids}
    assert {row["last_error"] for row in rows} == {"the report could not be made: exit status 1"}


async def test_a_report_without_a_channel_that_sends_is_not_noted_as_sent(mailing: tuple[Settings, Mailboxes]) -> None:
    settings, _ = mailing
    clock = Shifted()
    paused = await channel(settings, "email", {"to": ["a@b.example"]})
    await fetch(settings, "UPDATE channels SET state = 'paused'")
    await schedule(settings, [paused], clock.now() - timedelta(minutes=5))
    await schedule(settings, [uuid4()], clock.now() - timedelta(minutes=5))
    async with notifying(settings, clock):

        async def passed() -> bool:
            return bool(await value(settings, "SELECT bool_and(next_at > now()) FROM report_schedules"))

        await until(passed)
    assert await states(settings) == {"skipped": 1}
    rows = await fetch(settings, "SELECT sent_to, sent_at FROM report_schedules")
    assert [tuple(row) for row in rows] == [(None, None)] * 2


async def test_a_schedule_that_is_off_or_of_a_newer_hub_is_left_alone(mailing: tuple[Settings, Mailboxes]) -> None:
    settings, _ = mailing
    clock = Shifted()
    mail, past = await channel(settings, "email", {"to": ["a@b.example"]}), clock.now() - timedelta(minutes=5)
    await schedule(settings, [mail], past, enabled=False)
    await schedule(settings, [mail], past, kind="fuel")
    await schedule(settings, [mail], past, kind="mileage", period="month")
    async with notifying(settings, clock):
        await sent(settings, 1)
    (data,) = [msgspec.json.decode(row[0]) for row in await fetch(settings, "SELECT data FROM deliveries")]
    last = date.fromisoformat(data["to"])
    assert data["kind"] == "mileage" and data["from"] == str(last.replace(day=1))
    assert (last + timedelta(days=1)).day == 1 and last < datetime.now(UTC).date()
