"""Evidence about one step between two fixes: whether it is a teleport, whether a driver came back from one, and whether
a silence hides a ferry.

A teleport is a step that is not impossible but unlikely, for example 2.7 km within a minute by a phone that reports
speed 0. It alone proves nothing: an app may have hung, or the phone may have been off. The return decides. Fixes after
a teleport are held back; if the driver is soon back where it was, they are ghosts and do not count.
"""

from __future__ import annotations

from hub.core.geo.geodesy import metres, scale
from hub.core.trips.state import Held, Point

LEAST = 75.0
"""Metres beyond the accuracies of both fixes; a shorter step is not a teleport but noise (the radius of a stop)."""

FAST = 20.0
"""Metres per second: a step that is faster, and twice as fast as the step before it, is unlikely."""

RESTING_FAST = 8.0
"""The same for a step between two fixes that report no motion, or to a fix without satellites: the average speed in
towns. A parked phone reports every few minutes, so a whole drive between two reports is slower than this on average."""

RESTING = 1.0
"""Metres per second; a lower reported speed means that the driver stands."""

COARSE = 100.0
"""Metres: a fix with a worse accuracy comes from radio towers, not from satellites."""

HELD_TIME = 1_200.0
"""Seconds for which fixes after a teleport are held back: a place held longer is real."""

HELD_POINTS = 32
"""Fixes held back: bounds the state to 2 kB more. Beyond them, every second one is dropped."""

GOING_ON = 300.0
"""Metres of ordinary steps after a teleport that prove it: ghosts do not drive."""

GHOSTS = 3
"""Fixes held back, besides the two newest, before going on proves anything: ghosts of a moving driver move along."""

CATCHING_UP = 60.0
"""Seconds of travel at ``FAST`` which a driver may have begun unseen, while ghosts were reported."""

DETOUR = 0.7
"""A way past ghosts is at most this share of the way over them: no more than a right-angled corner."""

GAP_SILENCE = 600.0
"""Seconds: a silence as long as a short ferry crossing may be a gap. Few road tunnels take so long."""

GAP_MICROSECONDS = int(GAP_SILENCE * 1e6)

GAP_SURE = 1_200.0
"""Seconds: the longest road tunnel (24.5 km) takes as long; a longer silence is a gap at any speed."""

GAP_SPEED = 10.0
"""Metres per second: ferries are slower than this, roads without stops are faster."""

GAP_WAY = 2_000.0
"""Metres: a shorter way without fixes is that of a tracker that woke up late."""

RHYTHM = 4
"""A silence that is less than this many times as long as the interval before it is the rhythm of the tracker."""


def is_teleport(last: Point, point: Point, way: float, earlier: Point | None) -> bool:
    """Whether a step of ``way`` metres is unlikely; ``earlier`` is the point before ``last``."""
    noise = (last[4] or 0.0) + (point[4] or 0.0)
    if way <= LEAST + noise:
        return False
    off, took = (way - noise) * 1e6, point[0] - last[0]
    return (
        off > took * _fast(last, point)
        and off > took * 2 * (point[3] or 0.0)  # the device says so itself
        and off > took * 2 * pace(earlier, last)
    )


def is_return(earlier: Point | None, last: Point, first: Point, final: Point, point: Point) -> bool:
    """Whether a driver at ``last`` is back at ``point``, or where it would be by now, after a teleport.

    ``first`` and ``final`` are the first and the last ghost, ``earlier`` is the point before ``last``.
    """
    if final[0] - first[0] > HELD_TIME * 1e6:
        return False
    straight, out, back = _way(last, point), _way(last, first), _way(final, point)
    took, took_back = point[0] - last[0], point[0] - final[0]
    if straight <= LEAST + (last[4] or 0.0) + (point[4] or 0.0):
        # The same place: the way back is rather unlikely, too, or the way out was impossible for a driver at rest.
        return 2e6 * back > took_back * _fast(final, point) or out * 1e6 > 2 * (first[0] - last[0]) * _fast(last, first)
    # On the way: as far as the driver may have come meanwhile, and the way back is a teleport.
    meanwhile = 2 * pace(earlier, last) * took * 1e-6 + FAST * min(took * 1e-6, CATCHING_UP)
    return (
        straight <= DETOUR * (out + back)
        and straight <= LEAST + meanwhile
        and back * 1e6 > took_back * _fast(final, point)
        and back * 1e6 > took_back * 2 * pace(earlier, last)
    )


def hold(last: Point, point: Point) -> Held:
    """Hold back the first point after a teleport."""
    return Held([point], point, last)


def is_confirmed(held: Held, before: Point, point: Point, way: float) -> bool:
    """Whether the points held back are real: they last, or they lead on by ordinary steps.

    ``way`` is that of the newest step, from ``before`` to ``point``."""
    if is_teleport(before, point, way, held.earlier):
        held.landed = point
    held.earlier = before
    return point[0] - held.points[0][0] > HELD_TIME * 1e6 or (
        len(held.points) >= GHOSTS and _way(held.landed, point) >= GOING_ON
    )


def is_gap(earlier: Point | None, last: Point, point: Point, way: float, end: float) -> bool:
    """Whether a silence hides a way that may not be the driver's own; ``end``: the silence that ends a trip."""
    silence = (point[0] - last[0]) * 1e-6
    return (
        earlier is not None
        and GAP_SILENCE <= silence < end
        and way >= GAP_WAY
        and (silence >= GAP_SURE or way < silence * GAP_SPEED)
        and silence * 1e6 >= (last[0] - earlier[0]) * RHYTHM
    )


def _fast(last: Point, point: Point) -> float:
    at_rest = last[3] is not None and point[3] is not None and last[3] <= RESTING and point[3] <= RESTING
    return RESTING_FAST if at_rest or (last[4] or 0.0) > COARSE or (point[4] or 0.0) > COARSE else FAST


def _way(one: Point, other: Point) -> float:
    return metres(one[1], one[2], other[1], other[2], *scale(other[1]))


def pace(earlier: Point | None, last: Point) -> float:
    """Metres per second of the step to ``last``; ``FAST`` if it is the first point: it may be in motion."""
    return FAST if earlier is None else _way(earlier, last) / (last[0] - earlier[0]) * 1e6
