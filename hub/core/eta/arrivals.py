"""When a driver arrives at the places of a route, by one position and the time since."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from math import sqrt
from typing import NamedTuple

from hub.core.eta.model import Model, travel

SILENT = 120.0
"""Seconds without a position after which the interval grows by the silence: the driver may stand since then."""

STALE = 600.0
"""Seconds without a position after which an estimate is no longer one to count down by."""


class Certainty(Enum):
    """``estimated``; ``arriving``: due by now and not there; ``stale``: no position for ten minutes."""

    ESTIMATED = "estimated"
    ARRIVING = "arriving"
    STALE = "stale"


class Leg(NamedTuple):
    """The way to the next place: ``distance`` in metres in a straight line; ``service`` seconds are spent there, from
    ``opens`` on, an instant in seconds."""

    distance: float
    service: float = 0.0
    opens: float = 0.0


class Arrival(NamedTuple):
    """Instants in seconds. None of them is before the instant of the question."""

    at: float
    earliest: float
    latest: float
    certainty: Certainty


def arrivals(model: Model, legs: Sequence[Leg], as_of: float, now: float, speed: float | None = None) -> list[Arrival]:
    """Arrivals at the ends of ``legs``, the first of which begins where the driver was at ``as_of``; ``speed`` is that
    of the last minutes in m/s. The errors of legs are taken as independent."""
    silence = max(0.0, now - as_of)
    found: list[Arrival] = []
    leave, early, late = as_of, 0.0, 0.0
    for number, leg in enumerate(legs):
        way = travel(model, leg.distance, speed if number == 0 else None)
        reach = leave + way.seconds
        early = sqrt(early**2 + (way.seconds - way.earliest) ** 2)
        late = sqrt(late**2 + (way.latest - way.seconds) ** 2)
        latest = reach + late + (silence if silence > SILENT else 0.0)
        # A driver that is not there yet arrives from now on.
        at = max(reach, now, leg.opens)
        certainty = Certainty.STALE if silence > STALE else Certainty.ARRIVING if reach <= now else Certainty.ESTIMATED
        found.append(Arrival(at, max(reach - early, now, leg.opens), max(latest, at), certainty))
        leave = at + leg.service
    return found
