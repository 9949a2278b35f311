"""When maintenance is due: after a distance, after a number of days, or after the first of both."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from hub.core.alerts.changes import Open
from hub.core.alerts.rules import Rule


class Counted(NamedTuple):
    """What is counted of a driver: ``since`` the last maintenance if it was ``done``, else since the rule was made, or
    the driver registered. ``driven`` metres since then."""

    driver_id: str
    since: datetime
    done: bool
    driven: float = 0.0


def due(rule: Rule, counted: Counted, at: datetime) -> Open | None:
    """The newest maintenance that is due ``at`` an instant, the end of the last trip or now. Its ``number`` counts from
    ``since``, by whichever is ahead, so what is due by distance and by days is one alert."""
    every, start, days = rule.params.every, rule.params.start, rule.params.days
    by_distance = by_days = 0
    odometer = counted.driven + (0.0 if counted.done else start)
    if every is not None:
        by_distance = int(odometer // every) - (0 if counted.done else int(start // every))
    if days is not None:
        by_days = int((at - counted.since) // timedelta(days=days))
    number = max(by_distance, by_days)
    if number < 1:
        return None
    details: dict[str, object] = {"number": number, "since": counted.since.isoformat()}
    if by_distance == number:
        details |= {"due": odometer // every * every, "odometer": round(odometer)}
    if by_days == number:
        passed = counted.since + timedelta(days=days * number)
        at = passed if by_distance < number else min(at, passed)
        details |= {"days": days * number}
    if counted.done:
        details["done"] = True
    return Open(rule, counted.driver_id, f"{counted.since.isoformat()} {number}", at, details)
