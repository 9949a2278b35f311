"""The offline base map: Natural Earth's world, cut into cells so that a page loads only the visible ones.

Its packages are TopoJSON: polygons that share arcs of delta-coded integers. The whole coast at 1:10 million is 10 MB of
GeoJSON; cut into cells of ten degrees the one around Dubai is a hundredth of that, and the page need not decode arcs.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CELL = 10
"""Degrees of longitude and latitude that a cell spans."""

Point = tuple[float, float]
Ring = list[Point]
Polygon = list[Ring]
"""The outer ring and its holes; points are (longitude, latitude)."""


class Topology:
    """A TopoJSON document with its arcs in degrees."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.objects: dict[str, Any] = document["objects"]
        (kx, ky), (dx, dy) = document["transform"]["scale"], document["transform"]["translate"]
        self.arcs: list[Ring] = []
        for deltas in document["arcs"]:
            x = y = 0
            arc = []
            for step in deltas:
                x, y = x + step[0], y + step[1]
                arc.append((x * kx + dx, y * ky + dy))
            self.arcs.append(arc)

    def line(self, indices: list[int]) -> Ring:
        """The arcs joined; ``~i`` is arc ``i`` reversed, and each begins where the last one ended."""
        points: Ring = []
        for index in indices:
            arc = self.arcs[index] if index >= 0 else self.arcs[~index][::-1]
            points += arc[1:] if points else arc
        return points

    def polygons(self, name: str) -> Iterator[tuple[dict[str, Any], Polygon]]:
        """(properties, polygon) of an object's geometries; one that crosses the date line is two."""
        for geometry in self.objects[name]["geometries"]:
            parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            for part in parts:
                for polygon in _within([self.line(ring) for ring in part]):
                    yield geometry.get("properties", {}), polygon

    def borders(self, name: str) -> list[Ring]:
        """Lines that two geometries of an object share."""
        uses: Counter[int] = Counter()
        for geometry in self.objects[name]["geometries"]:
            parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
            uses.update({index if index >= 0 else ~index for part in parts for ring in part for index in ring})
        return [self.arcs[index] for index, count in sorted(uses.items()) if count > 1]


def _within(polygon: Polygon) -> Iterator[Polygon]:
    """The parts of a polygon between 180° west and east. In the packages a ring crosses the date line with a jump of
    nearly 360°, which would be drawn as a line around the world."""
    outer, *holes = map(_continuous, polygon)
    west, east = min(x for x, _ in outer), max(x for x, _ in outer)
    holes = [_moved(hole, next(by for by in (0, 360, -360) if west <= hole[0][0] + by <= east)) for hole in holes]
    for by in (-360, 0, 360):
        moved = [_moved(ring, by) for ring in (outer, *holes)]
        yield from _side(_side([moved], 0, -180.0, below=False), 0, 180.0, below=True)


def _continuous(ring: Ring) -> Ring:
    """A closed ring without jumps, which may exceed 180°; one around a pole is extended to the pole."""
    points = ring[:1]
    for x, y in ring[1:]:
        points.append((x + 360 * round((points[-1][0] - x) / 360), y))
    if abs(points[-1][0] - points[0][0]) > 180:
        pole = 90.0 if points[0][1] > 0 else -90.0
        points += [(points[-1][0], pole), (points[0][0], pole), points[0]]
    return points


def _moved(ring: Ring, degrees: float) -> Ring:
    return [(x + degrees, y) for x, y in ring]


def cells(polygons: list[Polygon]) -> Iterator[tuple[int, int, list[Polygon]]]:
    """(column, row, polygons inside) of each cell that has land; column 0 begins at 180° west, row 0 at 90° south."""

    def cut(polygons: list[Polygon], west: int, east: int, south: int, north: int) -> Iterator[tuple[int, int, Any]]:
        if not polygons:
            return
        if east - west == 1 and north - south == 1:
            yield west, south, polygons
            return
        # Halving makes each point pass as many cuts as the depth is, and not as many as there are cells.
        if east - west >= north - south:
            middle = (west + east) // 2
            at = middle * CELL - 180.0
            yield from cut(_side(polygons, 0, at, below=True), west, middle, south, north)
            yield from cut(_side(polygons, 0, at, below=False), middle, east, south, north)
        else:
            middle = (south + north) // 2
            at = middle * CELL - 90.0
            yield from cut(_side(polygons, 1, at, below=True), west, east, south, middle)
            yield from cut(_side(polygons, 1, at, below=False), west, east, middle, north)

    yield from cut(polygons, 0, 360 // CELL, 0, 180 // CELL)


def _side(polygons: list[Polygon], axis: int, at: float, *, below: bool) -> list[Polygon]:
    kept = []
    for polygon in polygons:
        outer = _clip(polygon[0], axis, at, below)
        if outer:
            kept.append([outer, *(hole for ring in polygon[1:] if (hole := _clip(ring, axis, at, below)))])
    return kept


def _clip(ring: Ring, axis: int, at: float, below: bool) -> Ring:
    """The part of a closed ring on one side of a line (Sutherland and Hodgman); empty if there is none."""
    values = [point[axis] for point in ring]
    low, high = min(values), max(values)
    if (high <= at) if below else (low >= at):
        return ring
    if (low >= at) if below else (high <= at):
        return []
    clipped: Ring = []
    previous = ring[-1]
    for point in ring:
        inside, was_inside = ((p[axis] <= at) if below else (p[axis] >= at) for p in (point, previous))
        if inside != was_inside:
            share = (at - previous[axis]) / (point[axis] - previous[axis])
            other = previous[1 - axis] + share * (point[1 - axis] - previous[1 - axis])
            clipped.append((at, other) if axis == 0 else (other, at))
        if inside:
            clipped.append(point)
        previous = point
    if clipped and clipped[0] != clipped[-1]:
        clipped.append(clipped[0])
    return clipped


def draw(atlas: Path, folder: Path) -> None:
    """Write ``world.json`` (land, borders and names for all of it) and a ``<column>_<row>.json`` of finer land for each
    cell that has any, named in ``world.json``, from the package ``world-atlas``. ``version`` changes with any cell."""
    coarse, fine = (Topology(json.loads((atlas / f"{name}.json").read_text())) for name in ("land-110m", "land-10m"))
    countries = Topology(json.loads((atlas / "countries-50m.json").read_text()))
    folder.mkdir(parents=True)
    names = []
    digest = hashlib.sha256()
    for column, row, polygons in cells([polygon for _, polygon in fine.polygons("land")]):
        names.append(f"{column}_{row}")
        digest.update(_write(folder / f"{column}_{row}.json", _geometry("MultiPolygon", polygons, 4)))
    world = {
        "land": _geometry("MultiPolygon", [polygon for _, polygon in coarse.polygons("land")], 2),
        "borders": _geometry("MultiLineString", countries.borders("countries"), 3),
        "countries": _labels(countries),
        "cells": sorted(names),
        "version": digest.hexdigest()[:8],
    }
    _write(folder / "world.json", world)


def _labels(countries: Topology) -> list[dict[str, Any]]:
    """``name``, ``longitude``, ``latitude`` in the middle of each country's largest part, and that part's ``size`` in
    degrees; largest first."""
    largest: dict[str, tuple[float, float, float]] = {}
    for properties, polygon in countries.polygons("countries"):
        longitudes, latitudes = ([point[axis] for point in polygon[0]] for axis in (0, 1))
        west, east, south, north = min(longitudes), max(longitudes), min(latitudes), max(latitudes)
        size = min(east - west, north - south)
        name = properties.get("name", "")
        if name and size > largest.get(name, (0.0, 0.0, 0.0))[0]:
            largest[name] = (size, (west + east) / 2, (south + north) / 2)
    rows = sorted(((*values, name) for name, values in largest.items()), reverse=True)
    return [
        {"name": name, "longitude": round(x, 2), "latitude": round(y, 2), "size": round(size, 1)}
        for size, x, y, name in rows
    ]


def _geometry(kind: str, coordinates: Any, digits: int) -> dict[str, Any]:
    return {"type": kind, "coordinates": _rounded(coordinates, digits)}


def _rounded(nested: Any, digits: int) -> Any:
    if isinstance(nested, tuple):
        return [round(nested[0], digits), round(nested[1], digits)]
    return [_rounded(part, digits) for part in nested]


def _write(path: Path, document: Any) -> bytes:
    content = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    path.write_bytes(content)
    return content
