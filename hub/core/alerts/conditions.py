"""Conditions in positions: too fast, battery low, alarm. Their beginnings and ends are findings.

A condition looks at the positions of a driver in the order of ``recorded_at``; a position that is not newer than the
last one changes nothing, so a resend or a late position is never a second episode. Only an ``alarm`` counts in any
order: each alarm is an episode of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from hub.core.alerts.rules import Alarm, Battery, Overspeed
from hub.core.nouns import Position

SLOWER = 3 / 3.6
"""Metres per second below the limit at which speeding is over: a driver at the limit does not end it again and
again."""

ALARM = b'"alarm"'
"""In attributes that may have an alarm."""

CALM = 15.0
"""Seconds that it stays below before it is over."""


class Held(Struct, omit_defaults=True):
    """The state of one condition of one driver. ``since``: first position of the episode; ``held``: it was found;
    ``calm``: since when it seems over; ``most``: highest speed, or lowest battery; ``at``: the last position."""

    at: datetime
    since: datetime | None = None
    held: bool = False
    calm: datetime | None = None
    most: float = 0.0


class Finding(Struct, rename="camel", omit_defaults=True):
    """A condition began, or ended at ``ended_at``. ``episode`` is the first position; ``value`` the speed, the charge;
    ``alarm`` its name."""

    rule_id: str
    at: datetime
    episode: str
    ended_at: datetime | None = None
    value: float | None = None
    alarm: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def may_begin(params: Any, positions: Iterable[Position]) -> bool:
    """Whether any of these positions could begin a condition that does not hold: most batches are decided by this."""
    match params:
        case Overspeed(limit=limit):
            return any(one.speed is not None and one.speed > limit for one in positions)
        case Battery(below=below):
            return any(one.battery is not None and one.battery <= below for one in positions)
    return any(one.attributes is not UNSET and ALARM in bytes(one.attributes) for one in positions)


def step(rule_id: str, params: Any, state: Held | None, position: Position) -> tuple[Held | None, Finding | None]:
    """The state after a position, and what was found. None: the condition does not hold and nothing is pending."""
    match params:
        case Alarm():
            return None, _alarm(rule_id, params, position)
        case Overspeed():
            value, over, under = position.speed, params.limit, params.limit - SLOWER
            hold, calm = params.hold, CALM
        case Battery():
            # Turned round: a low charge is a high value.
            value, over, under = position.battery, -params.below, -params.above
            value = None if value is None else -value
            hold = calm = 0.0
        case _:
            raise TypeError(f"{type(params).__name__} is not found in positions")
    if value is None or (state is not None and position.recorded_at <= state.at):
        return state, None
    at = position.recorded_at
    is_over = value >= over if isinstance(params, Battery) else value > over
    is_under = value <= under if isinstance(params, Battery) else value < under
    if state is None or state.since is None:
        if not is_over:
            return None, None
        state = Held(at, since=at, most=value)
    assert state.since is not None
    state.at = at
    state.most = max(state.most, value)
    if not state.held:
        if not is_over:
            return None, None
        if (at - state.since).total_seconds() < hold:
            return state, None
        state.held = True
        return state, _finding(rule_id, params, state, position)
    if not is_under:
        state.calm = None
        return state, None
    state.calm = state.calm or at
    if (at - state.calm).total_seconds() < calm:
        return state, None
    found = _finding(rule_id, params, state, position)
    found.ended_at = state.calm
    return None, found


def _finding(rule_id: str, params: Any, state: Held, position: Position) -> Finding:
    assert state.since is not None
    value = -state.most if isinstance(params, Battery) else state.most
    place = round(position.latitude, 7), round(position.longitude, 7)
    return Finding(rule_id, state.since, state.since.isoformat(), None, round(value, 3), None, *place)


class _Attributes(Struct):
    alarm: Any = None


_attributes = msgspec.json.Decoder(_Attributes)


def _alarm(rule_id: str, params: Alarm, position: Position) -> Finding | None:
    if position.attributes is UNSET or ALARM not in bytes(position.attributes):
        return None
    try:
        alarm = _attributes.decode(position.attributes).alarm
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if not isinstance(alarm, str) or not alarm or (params.alarms and alarm not in params.alarms):
        return None
    # A text of a phone: what cannot be shown, or stored (U+0000), must not stop the alarm.
    alarm = "".join(character if character.isprintable() else "?" for character in alarm[:40])
    place = round(position.latitude, 7), round(position.longitude, 7)
    at = position.recorded_at
    return Finding(rule_id, at, f"{at.isoformat()} {alarm}", None, None, alarm, *place)
