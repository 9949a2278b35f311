"""When reports are due, and the days they are of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.reports.asked import begin
from hub.core.reports.schedules import Period, days_of, last_run, next_run

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("period", "day", "days"),
    [
        ("day", date(2026, 3, 1), (date(2026, 2, 28), date(2026, 2, 28))),
        ("week", date(2026, 11, 2), (date(2026, 10, 26), date(2026, 11, 1))),
        ("month", date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_the_days_of_a_period(period: Period, day: date, days: tuple[date, date]) -> None:
    assert days_of(period, day) == days


@pytest.mark.parametrize(
    ("period", "after", "due"),
    [
        ("day", "2026-10-24T05:00:01Z", "2026-10-25T06:00:00Z"),  # the clocks went back in the night
        ("day", "2026-10-24T03:59:59Z", "2026-10-24T05:00:00Z"),
        ("day", "2026-10-24T05:00:00Z", "2026-10-25T06:00:00Z"),
        ("week", "2026-10-24T00:00:00Z", "2026-10-26T06:00:00Z"),
        ("month", "2026-10-24T00:00:00Z", "2026-11-01T06:00:00Z"),
        ("month", "2026-12-24T00:00:00Z", "2027-01-01T06:00:00Z"),
    ],
)
def test_the_next_time_is_on_the_wall_clock(period: Period, after: str, due: str) -> None:
    assert next_run(period, "07:00", BERLIN, BERLIN, datetime.fromisoformat(after)).at == datetime.fromisoformat(due)


def test_a_time_that_the_clocks_leave_out_or_repeat_comes_once() -> None:
    spring = [next_run("day", "02:30", BERLIN, BERLIN, datetime(2026, 3, 28, 12, tzinfo=UTC)).at]
    autumn = [next_run("day", "02:30", BERLIN, BERLIN, datetime(2026, 10, 24, 12, tzinfo=UTC)).at]
    for times in (spring, autumn):
        for _ in range(2):
            times.append(next_run("day", "02:30", BERLIN, BERLIN, times[-1]).at)
    assert [f"{at:%d %H:%M}" for at in spring] == ["29 01:30", "30 00:30", "31 00:30"]
    assert [f"{at:%d %H:%M}" for at in autumn] == ["25 00:30", "26 01:30", "27 01:30"]


@pytest.mark.parametrize(
    ("period", "place", "days_in", "at", "days"),
    [
        # In New York the day of Dubai is over before the next one begins there.
        ("day", "America/New_York", "Asia/Dubai", "2026-11-02T11:00:00Z", ("2026-11-01", "2026-11-01")),
        ("week", "America/New_York", "Asia/Dubai", "2026-11-02T11:00:00Z", ("2026-10-26", "2026-11-01")),
        # On Kiritimati it is 06:00 when the day of UTC has eight hours left.
        ("day", "Pacific/Kiritimati", "UTC", "2026-11-02T16:00:00Z", ("2026-11-01", "2026-11-01")),
        ("week", "Pacific/Kiritimati", "UTC", "2026-11-02T16:00:00Z", ("2026-10-26", "2026-11-01")),
        ("month", "Pacific/Kiritimati", "UTC", "2026-11-01T16:00:00Z", ("2026-10-01", "2026-10-31")),
    ],
)
def test_the_days_of_the_fleet_have_ended(
    period: Period, place: str, days_in: str, at: str, days: tuple[str, str]
) -> None:
    last = last_run(period, "06:00", place, days_in, datetime(2026, 11, 2, 20, tzinfo=UTC))
    assert last == (datetime.fromisoformat(at), *map(date.fromisoformat, days))


PLACES = st.sampled_from([BERLIN, "UTC", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe"])


@given(
    st.sampled_from(["day", "week", "month"]),
    st.times(),
    PLACES,
    PLACES,
    st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),
)
def test_periods_follow_one_another_without_a_gap(
    period: Period, at: object, place: str, days_in: str, now: datetime
) -> None:
    clock = f"{at:%H:%M}"
    last = last_run(period, clock, place, days_in, now)
    following = next_run(period, clock, place, days_in, now)
    assert last.at <= now < following.at
    assert next_run(period, clock, place, days_in, last.at) == following
    assert following.since == last.until + timedelta(days=1)
    assert begin(last.until + timedelta(days=1), days_in) <= last.at
