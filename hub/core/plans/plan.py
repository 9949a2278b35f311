"""The answer to a problem: routes with times, and what is left with its reasons."""

from __future__ import annotations

from typing import Literal

import msgspec

Reason = Literal[
    "vehicle", "pair", "skill", "load", "window", "shift", "break", "jobs", "seconds", "metres", "full", "cost"
]
"""Why a job is unassigned. Until ``metres``: what is violated if it is alone in the vehicle that fits it best.
``vehicle``: only other vehicles may serve it. ``pair``: its pickup was in another vehicle. ``jobs``, ``seconds`` and
``metres``: limits of the vehicle. ``full``: alone it fits, but next to the others it does not. ``cost``: it fits, and
costs more than to leave it."""


class Waypoint(msgspec.Struct, frozen=True):
    """A job in a route. ``late``: seconds after its last window."""

    job: str
    arrival: float
    start: float
    departure: float
    late: float = 0.0


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """What one vehicle does from where it is: its locked jobs first."""

    vehicle: str
    waypoints: tuple[Waypoint, ...]
    ends: float
    """Arrival at the end of the route."""
    pause: float | None = None
    """When the break begins."""
    seconds: float = 0.0
    """Driving, from here on."""
    metres: float = 0.0


class Left(msgspec.Struct, frozen=True):
    """A job without a vehicle. ``reasons``: everything that the best vehicle violates; the first one is decisive."""

    job: str
    reasons: tuple[Reason, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    routes: tuple[Route, ...]
    """One for each vehicle of the problem, in its order."""
    unassigned: tuple[Left, ...] = ()
    cost: float = 0.0


Sequences = dict[str, tuple[str, ...]]
"""Vehicle id -> the jobs that it serves after its locked ones, in order."""
