from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.fixes.accept import Rejected, checked_attributes, is_live, is_more_exact, recorded_instant
from hub.core.nouns import Fix

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
MINUTE, YEAR = timedelta(minutes=1), timedelta(days=365.25)
HORIZON = NINE + MINUTE
WEST = timezone(timedelta(hours=-12))


def fix(recorded_at: datetime | float | None = None) -> Fix:
    return Fix(1.0, 2.0, recorded_at=recorded_at)


@pytest.mark.parametrize(
    ("recorded_at", "expected"),
    [
        (None, NINE),
        (NINE - 2 * MINUTE, NINE - 2 * MINUTE),
        (NINE.timestamp(), NINE),
        (NINE.timestamp() * 1000, NINE),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (NINE - 19.6 * YEAR, NINE - 19.6 * YEAR),  # a week rollover: stored as it was said
        (NINE + 10 * YEAR, NINE + 10 * YEAR),
    ],
)
def test_recorded_instant(recorded_at: datetime | float | None, expected: datetime) -> None:
    assert recorded_instant(fix(recorded_at), NINE, None) == expected


@pytest.mark.parametrize(
    ("recorded_at", "detail"),
    [
        (-1, "before 1970"),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "before 1970"),
        (datetime(1, 1, 1, tzinfo=UTC), "before 1970"),
        (1e300, "out of range"),
        (-1e300, "out of range"),
        (datetime.max.replace(tzinfo=WEST), "out of range"),
    ],
)
def test_instants_that_cannot_be(recorded_at: datetime | float, detail: str) -> None:
    with pytest.raises(Rejected) as rejected:
        recorded_instant(fix(recorded_at), NINE, None)
    assert (rejected.value.field, rejected.value.detail) == ("recordedAt", detail)


@given(st.lists(st.integers(-7200, 7200), min_size=2, max_size=30))
def test_fixes_without_a_time_go_forward_whatever_our_clock_does(steps: list[int]) -> None:
    """Also when several come in one instant, and after NTP set the clock back."""
    now, latest = NINE, None
    for step in steps:
        now += timedelta(seconds=step)
        instant = recorded_instant(fix(), now, latest)
        assert instant >= now and (latest is None or instant > latest)
        assert latest is None or instant == now or instant - latest == timedelta(microseconds=1)
        latest = instant


@pytest.mark.parametrize(
    ("recorded_at", "latest", "live"),
    [
        (NINE, None, True),
        (NINE, NINE - MINUTE, True),
        (NINE, NINE - timedelta(microseconds=1), True),
        (NINE, NINE, False),  # a repeat
        (NINE - timedelta(microseconds=1), NINE, False),  # late
        (NINE - 19.6 * YEAR, NINE, False),
        (NINE - 19.6 * YEAR, None, True),  # the only one that we have
        (HORIZON, NINE, True),
        (HORIZON + timedelta(microseconds=1), NINE, False),
        (HORIZON + timedelta(microseconds=1), None, False),
        (NINE + YEAR, NINE, False),
    ],
)
def test_is_live(recorded_at: datetime, latest: datetime | None, live: bool) -> None:
    assert is_live(recorded_at, latest, HORIZON) is live


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(-600, 600)), max_size=30))
def test_a_future_fix_hides_no_real_one(course: list[tuple[int, int]]) -> None:
    """Fixes are off by so many seconds. Those too far ahead change nothing for the others."""

    def live(allowed: int) -> list[tuple[datetime, datetime]]:
        now, latest, result = NINE, None, []
        for pause, off in course:
            now += timedelta(seconds=pause)
            if off > allowed:
                continue
            recorded_at = recorded_instant(fix(now + timedelta(seconds=off)), now, latest)
            if is_live(recorded_at, latest, now + MINUTE):
                result.append((now, recorded_at))
                latest = recorded_at
        return result

    positions = live(allowed=600)
    assert positions == live(allowed=60)
    assert all(before < after for (_, before), (_, after) in pairwise(positions))
    assert all(recorded_at <= now + MINUTE for now, recorded_at in positions)


def attributes(text: str) -> msgspec.Raw | None:
    raw = msgspec.json.decode(f'{{"latitude": 1, "longitude": 2, "attributes": {text}}}', type=Fix).attributes
    return checked_attributes(raw)


@pytest.mark.parametrize("text", ["{}", '{"hdop": 0.9, "alarm": null}', '{ "a" : [1, {"b": "ü"}] }'])
def test_attributes_pass_untouched(text: str) -> None:
    assert attributes(text) == msgspec.Raw(text.encode())


def test_attributes_may_be_absent() -> None:
    assert checked_attributes(Fix(1, 2).attributes) is None
    assert attributes("null") is None


@pytest.mark.parametrize("text", ["[]", '"text"', "7", "true", "-0.5"])
def test_attributes_are_an_object(text: str) -> None:
    with pytest.raises(Rejected, match="attributes: must be an object"):
        attributes(text)


def test_attributes_have_a_size() -> None:
    """In bytes, not characters."""
    assert attributes('{"a":"' + "x" * (1024 - 8) + '"}') is not None
    for text in ('{"a":"' + "x" * (1024 - 7) + '"}', '{"a":"' + "ü" * 509 + '"}'):
        with pytest.raises(Rejected, match="attributes: must have at most 1024 bytes"):
            attributes(text)


@pytest.mark.parametrize(
    ("accuracy", "latest", "replaces"),
    [
        (10.0, 1038.0, True),
        (1038.0, 10.0, False),
        (10.0, 10.0, False),
        (None, None, False),
        (10.0, None, True),
        (None, 10.0, False),
        (None, 1038.0, True),
        (0.0, 10.0, False),
    ],
)
def test_is_more_exact(accuracy: float | None, latest: float | None, replaces: bool) -> None:
    assert is_more_exact(accuracy, latest) is replaces
