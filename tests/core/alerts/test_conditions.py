"""Conditions: one episode from its first position to its end, whatever is repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.alerts.conditions import CALM, SLOWER, Finding, Held, may_begin, step
from hub.core.alerts.rules import Alarm, Battery, Overspeed
from hub.core.nouns import Position

BASE = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT = 25.0


def position(second: float, **fields: Any) -> Position:
    at = BASE + timedelta(seconds=second)
    return Position("d", 25.0, 55.0, at, at, 1, **fields)


def run(params: Any, positions: list[Position]) -> list[Finding]:
    state: Held | None = None
    found = []
    for one in positions:
        state, finding = step("r", params, state, one)
        found += [] if finding is None else [finding]
        if state is not None:  # as after a restart
            state = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=Held)
    return found


def test_ten_minutes_above_the_limit_are_one_episode() -> None:
    fast = [position(n, speed=30 + n % 3) for n in range(600)]
    slow = [position(600 + n, speed=10.0) for n in range(60)]
    opened, ended = run(Overspeed(LIMIT), fast + slow)
    assert (opened.at, opened.ended_at) == (BASE, None)
    assert ended.episode == opened.episode == BASE.isoformat()
    assert ended.ended_at == BASE + timedelta(seconds=600)
    assert ended.value == 32.0


def test_a_short_excess_is_none() -> None:
    positions = [position(n, speed=30.0 if n % 20 < 10 else 10.0) for n in range(200)]
    assert run(Overspeed(LIMIT), positions) == []
    assert len(run(Overspeed(LIMIT, hold=5.0), positions[:10])) == 1


def test_at_the_limit_and_just_below_it_does_not_end() -> None:
    fast = [position(n, speed=30.0) for n in range(20)]
    near = [position(20 + n, speed=LIMIT - SLOWER / 2) for n in range(600)]
    assert len(run(Overspeed(LIMIT), fast + near)) == 1
    assert run(Overspeed(LIMIT), [position(n, speed=LIMIT) for n in range(60)]) == []


def test_a_short_calm_does_not_end_it() -> None:
    positions = [position(n, speed=5.0 if 30 <= n % 60 < 30 + CALM - 2 else 30.0) for n in range(600)]
    assert len(run(Overspeed(LIMIT), positions)) == 1


def test_positions_without_speed_change_nothing() -> None:
    positions = [position(n, speed=30.0 if n % 2 else None) for n in range(60)]
    assert len(run(Overspeed(LIMIT), positions)) == 1


def test_a_battery_is_low_once_in_a_discharge() -> None:
    charges = [0.3, 0.16, 0.15, 0.12, 0.16, 0.2, 0.14, 0.24, 0.25, 0.5, 0.15]
    found = run(Battery(), [position(n * 60, battery=charge) for n, charge in enumerate(charges)])
    assert [(one.at, one.ended_at) for one in found] == [
        (BASE + timedelta(minutes=2), None),
        (BASE + timedelta(minutes=2), BASE + timedelta(minutes=8)),
        (BASE + timedelta(minutes=10), None),
    ]
    assert [one.value for one in found] == [0.15, 0.12, 0.15]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        (b'{"alarm":"sos"}', "sos"),
        (b'{"alarm":"general","x":1}', "general"),
        (b'{"alarm":"a\\u0000\\u0007b"}', "a??b"),
        (b'{"alarm":""}', None),
        (b'{"alarm":null}', None),
        (b'{"alarm":5}', None),
        (b'{"x":"\\"alarm\\""}', None),
        (b'{"alarm":"\xff"}', None),
    ],
)
def test_an_alarm_is_an_attribute(attributes: bytes, expected: str | None) -> None:
    found = run(Alarm(), [position(0, attributes=msgspec.Raw(attributes))])
    assert [one.alarm for one in found] == ([] if expected is None else [expected])


def test_alarms_can_be_chosen_and_each_is_an_episode() -> None:
    both = [position(n, attributes=msgspec.Raw(b'{"alarm":"%s"}' % name)) for n, name in enumerate([b"sos", b"tow"])]
    assert [one.alarm for one in run(Alarm(["sos"]), both)] == ["sos"]
    assert len({one.episode for one in run(Alarm(), both)}) == 2
    assert run(Alarm(), both[:1]) == run(Alarm(), both[:1])


@given(st.lists(st.tuples(st.integers(0, 300), st.sampled_from([5.0, LIMIT, 24.5, 30.0, None])), max_size=60))
def test_repeats_and_late_positions_change_nothing(points: list[tuple[int, float | None]]) -> None:
    positions = [position(second, speed=speed) for second, speed in sorted(points, key=lambda point: point[0])]
    state: Held | None = None
    findings: list[Finding] = []
    for one in positions:
        before = state
        state, finding = step("r", Overspeed(LIMIT), state, one)
        if finding is not None:
            findings.append(finding)
        if state is not None and before is not None:
            kept = msgspec.msgpack.encode(state)
            again, nothing = step("r", Overspeed(LIMIT), state, one)
            assert nothing is None and again is not None and msgspec.msgpack.encode(again) == kept
    # Beginnings and ends alternate, and every end is of the beginning before it.
    for opened, ended in zip(findings[::2], findings[1::2], strict=False):
        assert opened.ended_at is None and ended.ended_at is not None and ended.episode == opened.episode
        assert opened.at <= ended.ended_at


FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "speed": st.sampled_from([0.0, LIMIT, 30.0, None]),
        "battery": st.sampled_from([0.1, 0.15, 0.2, None]),
        "attributes": st.sampled_from([msgspec.Raw(b'{"alarm":"sos"}'), msgspec.Raw(b"{}")]),
    },
)


@given(st.lists(FIELDS, max_size=5), st.sampled_from([Overspeed(LIMIT, hold=0.0), Battery(), Alarm()]))
def test_what_may_not_begin_does_not(fields: list[dict[str, Any]], params: Any) -> None:
    positions = [position(n, **one) for n, one in enumerate(fields)]
    if not may_begin(params, positions):
        assert run(params, positions) == []
        assert all(step("r", params, None, one) == (None, None) for one in positions)
