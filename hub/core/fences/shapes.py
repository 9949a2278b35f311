"""What a fence is: its shape in GeoJSON (RFC 7946, longitude before latitude), its rules, and what it watches."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from hub.core.names import Id, Name

Pair = Annotated[list[float], Meta(min_length=2, max_length=3)]
"""A position of GeoJSON: longitude, latitude and perhaps an altitude, which is ignored."""

Place = tuple[float, float]
"""(latitude, longitude), degrees, as everywhere else in the core."""


class Point(Struct, tag_field="type", tag="Point"):
    """The centre of a circle."""

    coordinates: Pair


class LineString(Struct, tag_field="type", tag="LineString"):
    """The middle of a corridor."""

    coordinates: Annotated[list[Pair], Meta(min_length=2)]


class MultiLineString(Struct, tag_field="type", tag="MultiLineString"):
    """The middles of a corridor with branches."""

    coordinates: Annotated[list[Annotated[list[Pair], Meta(min_length=2)]], Meta(min_length=1)]


Ring = Annotated[list[Pair], Meta(min_length=4)]


class Polygon(Struct, tag_field="type", tag="Polygon"):
    """An outer ring, and holes."""

    coordinates: Annotated[list[Ring], Meta(min_length=1)]


class MultiPolygon(Struct, tag_field="type", tag="MultiPolygon"):
    """Several polygons; those that touch, at the antimeridian for instance, are one area."""

    coordinates: Annotated[list[Annotated[list[Ring], Meta(min_length=1)]], Meta(min_length=1)]


Shape = Point | LineString | MultiLineString | Polygon | MultiPolygon

Seconds = Annotated[float, Meta(ge=0, le=604_800)]


class FenceRules(Struct, rename="camel", omit_defaults=True, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """When a driver is inside. Seconds and metres; docs/fences.md has the figures behind the defaults.

    ``enter_after``: being inside for this long is a visit. ``exit_after``: being outside for this long ends it.
    ``exit_margin``: metres beyond the border that still count as inside. ``dwell``: a visit of this length is
    announced. ``max_accuracy``: fixes that are less exact are ignored. ``bridge``: the longest silence over which the
    way counts as straight. ``speed_limit`` (metres per second) and ``count_limit`` (drivers inside) are for rules of
    alerts.
    """

    enter_after: Seconds = 0.0
    exit_after: Seconds = 60.0
    exit_margin: Annotated[float, Meta(ge=0, le=1_000)] = 20.0
    dwell: Annotated[float, Meta(gt=0, le=31_622_400)] | None = None
    max_accuracy: Annotated[float, Meta(ge=1, le=200)] = 200.0
    bridge: Annotated[float, Meta(ge=1, le=3_600)] = 300.0
    speed_limit: Annotated[float, Meta(gt=0, le=400)] | None = None
    count_limit: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None


class FenceWatch(Struct, omit_defaults=True, forbid_unknown_fields=True, frozen=True):
    """The drivers that a fence watches: those named, and those of the groups; all where both are empty."""

    drivers: Annotated[list[Id], Meta(max_length=10_000)] = []
    groups: Annotated[list[Id], Meta(max_length=100)] = []


class Definition(Struct, omit_defaults=True, frozen=True):
    """One version of a fence, as the fold reads it. ``radius`` in metres: of the circle, or half the corridor's
    width."""

    name: Name
    shape: Shape
    radius: float | None = None
    rules: FenceRules = FenceRules()
    watch: FenceWatch = FenceWatch()


def rings_of(shape: Shape) -> list[list[list[Pair]]]:
    """The polygons of an area as lists of rings; the lines of a corridor as polygons of one 'ring'; a point
    likewise."""
    match shape:
        case Point(coordinates=pair):
            return [[[pair]]]
        case LineString(coordinates=line):
            return [[line]]
        case MultiLineString(coordinates=lines):
            return [[line] for line in lines]
        case Polygon(coordinates=rings):
            return [rings]
        case MultiPolygon(coordinates=polygons):
            return polygons


def is_area(shape: Shape) -> bool:
    return isinstance(shape, Polygon | MultiPolygon)


def unrolled(shape: Shape) -> list[list[list[Place]]]:
    """The same with longitudes that go on beyond 180 degrees where a line or ring crosses the antimeridian, all near
    the
    first one: as (latitude, longitude)."""
    polygons: list[list[list[Place]]] = []
    first: float | None = None
    for rings in rings_of(shape):
        unrolled_rings: list[list[Place]] = []
        for ring in rings:
            before = ring[0][0] if first is None else first
            places: list[Place] = []
            for pair in ring:
                # The nearest longitude to the one before it; half a turn is ambiguous and stays.
                longitude = pair[0] + 360.0 * round((before - pair[0]) / 360.0)
                places.append((pair[1], longitude))
                before = longitude
            first = places[0][1] if first is None else first
            unrolled_rings.append(places)
        polygons.append(unrolled_rings)
    return polygons


def places(shape: Shape) -> int:
    """How many positions a shape has."""
    return sum(len(ring) for rings in rings_of(shape) for ring in rings)
