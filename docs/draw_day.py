"""Draws a day of a recorded track with its trips and stops, for docs/trips.md.

    python docs/draw_day.py <file.csv> <first instant> <last instant> > docs/trips.svg

The file is read as ``hub replay`` reads it. Instants are RFC 3339 with an offset, which is the clock of the picture.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from clients.replay.tracks import read
from hub.core.geo.geodesy import scale
from hub.core.geo.paths import decode_polyline, douglas_peucker
from hub.core.trips.state import Point, Stop, Trip, TripRules
from hub.core.trips.tracker import Tracker
from hub.recorder.folds.base import instant, microseconds

MAP, WIDTH, LEFT, BAR = 520.0, 760.0, 20.0, 24.0
"""Sides of the map and width of the picture, its margin, and the height of the bars of time."""

COLOURS = ("#1b6ca8", "#c8553d", "#3d8c40", "#7a4fa3", "#b8860b", "#0f8b8d", "#a83264", "#555b6e")


def rows(points: list[Point]) -> list[Trip | Stop]:
    tracker = Tracker(TripRules())
    for point in points:
        tracker.add(point)
    final = {(type(row), row.started_at): row for row in tracker.rows}
    return sorted(final.values(), key=lambda row: row.started_at)


def draw(points: list[Point], first: datetime, last: datetime) -> str:
    since, until = microseconds(first), microseconds(last)
    day = [point for point in points if since <= point[0] < until]
    kx, ky = scale(day[0][1])
    west, north = min(p[2] for p in day), max(p[1] for p in day)
    metre = MAP / max((max(p[2] for p in day) - west) * kx, (north - min(p[1] for p in day)) * ky)
    top = LEFT + (north - min(p[1] for p in day)) * ky * metre + 40

    def place(latitude: float, longitude: float) -> tuple[float, float]:
        return (longitude - west) * kx * metre + LEFT, (north - latitude) * ky * metre + LEFT

    def line(path: list[tuple[float, float]], colour: str, width: int) -> str:
        vertices = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*p) for p in path))
        return f'<polyline points="{vertices}" fill="none" stroke="{colour}" stroke-width="{width}"/>'

    def across(at: int) -> float:
        return LEFT + WIDTH * (min(max(at, since), until) - since) / (until - since)

    def clock(at: int) -> str:
        return f"{instant(at).astimezone(first.tzinfo):%H:%M}" if since <= at < until else "..."

    parts = [line(douglas_peucker([p[1:3] for p in day], 3.0), "#ccc", 6)]
    trips = stops = 0
    for number, row in enumerate(
        row for row in rows(points) if row.started_at < until and (row.ended_at or until) > since
    ):
        ended = row.ended_at or until
        if isinstance(row, Trip):
            trips += 1
            name, colour, height = str(trips), COLOURS[trips % len(COLOURS)], BAR
            figures = f", {row.distance / 1000:.1f} km"
            if row.path:
                parts.append(line(decode_polyline(row.path), colour, 2))
        else:
            stops += 1
            name, colour, height = chr(ord("A") + stops - 1), "#222", BAR / 2
            figures = f", {(ended - row.started_at) / 60e6:.0f} min"
            x, y = place(row.latitude, row.longitude)
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{75 * metre:.1f}" fill="none" stroke="{colour}"/>')
            parts.append(
                f'<text x="{x + 75 * metre + 2:.1f}" y="{y - 4 + 11 * (stops % 2):.1f}" fill="{colour}">{name}</text>'
            )
        x, wide = across(row.started_at), across(ended) - across(row.started_at)
        parts.append(
            f'<rect x="{x:.1f}" y="{top + BAR - height}" width="{max(wide, 1):.1f}" height="{height}" fill="{colour}"/>'
        )
        parts.append(
            f'<text x="{LEFT + MAP + 60}" y="{LEFT + 12 + number * 18}" fill="{colour}">'
            f"{name}: {clock(row.started_at)} - {clock(ended)}{figures}</text>"
        )
    hour = first
    while hour <= last:
        x = across(microseconds(hour))
        parts.append(f'<text x="{x:.1f}" y="{top + BAR + 16}" text-anchor="middle" fill="#444">{hour:%H}</text>')
        hour += timedelta(hours=2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 2 * LEFT:.0f} {top + BAR + 30:.0f}"'
        ' font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="#fff"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def main() -> None:
    path, first, last = sys.argv[1:4]
    points = [
        (microseconds(p.recorded_at), p.fix.latitude, p.fix.longitude, p.fix.speed, p.fix.accuracy)
        for p in read([Path(path)], lambda bad: print(bad, file=sys.stderr))
    ]
    print(draw(points, datetime.fromisoformat(first), datetime.fromisoformat(last)), end="")


if __name__ == "__main__":
    main()
