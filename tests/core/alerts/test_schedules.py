"""Schedules: weekly times on the wall clock of a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.alerts.schedules import DAYS, Schedule


def schedule(*weekly: tuple[str, str, str], zone: str = "Europe/Berlin", without: list[str] | None = None) -> Schedule:
    document = {"timeZone": zone, "weekly": weekly, "except": without or []}
    return msgspec.json.decode(msgspec.json.encode(document), type=Schedule)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-03-02T07:59:59+01:00", False),
        ("2026-03-02T08:00:00+01:00", True),
        ("2026-03-02T17:59:59+01:00", True),
        ("2026-03-02T18:00:00+01:00", False),
        ("2026-03-03T09:00:00+01:00", False),
    ],
)
def test_from_is_inside_and_to_is_not(instant: str, expected: bool) -> None:
    assert schedule(("mo", "08:00", "18:00")).active(at(instant)) is expected


def test_a_night_ends_on_the_next_day() -> None:
    night = schedule(("su", "22:00", "06:00"))
    assert night.active(at("2026-03-01T23:00:00+01:00"))
    assert night.active(at("2026-03-02T05:59:00+01:00"))
    assert not night.active(at("2026-03-02T06:00:00+01:00"))
    assert not night.active(at("2026-03-01T05:00:00+01:00"))


def test_a_whole_day_and_every_day() -> None:
    whole = schedule(*((day, "00:00", "24:00") for day in DAYS))
    assert all(whole.active(at("2026-03-28T00:00:00Z") + timedelta(minutes=7 * n)) for n in range(400))
    same = schedule(*((day, "08:00", "08:00") for day in DAYS))
    assert same.active(at("2026-03-28T00:00:00Z"))


def test_the_wall_clock_counts_where_the_clock_changes() -> None:
    # On 2026-03-29 at 02:00 the clock of Berlin goes to 03:00.
    morning = schedule(("su", "08:00", "09:00"))
    assert morning.begins(at("2026-03-28T00:00:00Z"), at("2026-03-30T00:00:00Z")) == [at("2026-03-29T06:00:00Z")]
    assert morning.begins(at("2026-03-21T12:00:00Z"), at("2026-03-23T00:00:00Z")) == [at("2026-03-22T07:00:00Z")]


@pytest.mark.parametrize("weekly", [("sa", "23:59", "23:58"), ("sa", "24:00", "24:00")])
def test_a_long_interval_lasts_over_a_day_of_25_hours(weekly: tuple[str, str, str]) -> None:
    # On 2026-10-25 at 03:00 the clock of Berlin goes to 02:00.
    assert schedule(weekly).active(at("2026-10-25T23:30:00+01:00"))
    assert not schedule(weekly).active(at("2026-10-26T00:00:00+01:00"))


def test_exceptions_are_days_on_which_no_interval_begins() -> None:
    days = schedule(("mo", "22:00", "06:00"), ("tu", "08:00", "09:00"), without=["2026-03-02"])
    assert not days.active(at("2026-03-02T23:00:00+01:00"))
    assert days.active(at("2026-03-03T08:30:00+01:00"))
    assert days.without == [date(2026, 3, 2)]


def test_begins_are_after_one_instant_and_up_to_another() -> None:
    hourly = schedule(("mo", "08:00", "09:00"), ("mo", "08:00", "10:00"), ("mo", "12:00", "13:00"), zone="UTC")
    eight, twelve = at("2026-03-02T08:00:00Z"), at("2026-03-02T12:00:00Z")
    assert hourly.begins(eight - timedelta(seconds=1), twelve) == [eight, twelve]
    assert hourly.begins(eight, twelve) == [twelve]
    assert hourly.begins(twelve, twelve + timedelta(hours=1)) == []


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 23), st.integers(1, 24)), min_size=1, max_size=4),
    st.integers(0, 14 * 96),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"]),
)
def test_it_is_active_from_every_begin_on(weekly: list[tuple[str, int, int]], quarter: int, zone: str) -> None:
    found = schedule(*((day, f"{begin:02}:00", f"{end:02}:00") for day, begin, end in weekly), zone=zone)
    since = at("2026-06-01T00:00:00Z")
    now = since + timedelta(minutes=15 * quarter)
    begins = found.begins(since, now)
    assert begins == sorted(set(begins)) and all(since < one <= now for one in begins)
    assert all(found.active(one) for one in begins)


@pytest.mark.parametrize(
    "document",
    [
        {"timeZone": "UTC", "weekly": []},
        {"timeZone": "UTC", "weekly": [["xx", "08:00", "09:00"]]},
        {"timeZone": "UTC", "weekly": [["mo", "24:01", "09:00"]]},
        {"timeZone": "UTC", "weekly": [["mo", "8:00", "09:00"]]},
        {"timeZone": "UTC", "weekly": [["mo", "08:00", "09:00"]], "except": ["2026-02-30"]},
        {"weekly": [["mo", "08:00", "09:00"]]},
    ],
)
def test_invalid_ones_are_refused(document: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(document), type=Schedule)


def test_an_unknown_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        schedule(("mo", "08:00", "09:00"), zone="Mars/Base").check()
