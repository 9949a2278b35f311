"""What the phases of the tracker begin with, and the row of a trip."""

from __future__ import annotations

from hub.core.trips.odometer import Figures, Odometer, finish
from hub.core.trips.state import Leaving, Moving, Point, Seeking, Trip, TripRules, Window

Undecided = Seeking | Leaving
"""Phases in which a trip may have begun."""

Travelling = Seeking | Leaving | Moving
"""Phases with an odometer."""


def new_window(point: Point, rules: TripRules) -> Window:
    at = point[0]
    return Window(at, point[1], point[2], check=at + int(rules.stop_duration * 1e6 / 3))


def begin(point: Point, rules: TripRules) -> Seeking:
    """Begin with a first point."""
    at, latitude, longitude, _, _ = point
    trip = Odometer.start(at, latitude, longitude, 1)
    trip.path.bound()
    return Seeking(trip, new_window(point, rules), trip.read())


def open_window(phase: Travelling, point: Point, rules: TripRules) -> None:
    """Perhaps the driver stays here; then its trip ended here, with the sums of now."""
    phase.trip.path.bound()
    phase.window, phase.at_window = new_window(point, rules), phase.trip.read()


def trip_row(trip: Odometer, figures: Figures, at: int, latitude: float, longitude: float, ended: bool) -> Trip:
    distance, moving = finish(figures, at, latitude, longitude)
    origin = trip.path.vertices[0]
    return Trip(
        started_at=trip.started_at,
        latitude=origin[0],
        longitude=origin[1],
        counted_to=at,
        ended_at=at if ended else None,
        end_latitude=latitude if ended else None,
        end_longitude=longitude if ended else None,
        distance=distance,
        moving_time=moving,
        # Over a trip of a few points the average can exceed what was measured between them.
        max_speed=max(figures.max_speed, distance / (at - trip.started_at) * 1e6),
        points=figures.points,
        path=trip.path_to(figures, (latitude, longitude)) if ended else None,
        gap_distance=figures.gap,
    )
