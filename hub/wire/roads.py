"""Requests for tables of durations to routing engines, and their answers: OSRM and Valhalla.

Sources: the HTTP API of OSRM (``/table/v1``, seconds and metres) and of Valhalla (``/sources_to_targets``, seconds and
kilometres). Both answer null for pairs without a way.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

Kind = Literal["osrm", "valhalla"]

AT_ONCE: dict[Kind, int] = {"osrm": 100, "valhalla": 50}
"""Origins, and destinations, of one request: the default limits of both are 100 by 100 and 2,500 pairs."""

Point = tuple[float, float]
"""Latitude, longitude."""

Rows = list[list[float | None]]


class Unusable(ValueError):
    """The answer is not one of such an engine."""


class Question(NamedTuple):
    url: str
    body: bytes | None
    """JSON of a POST; None for a GET."""


class _Osrm(Struct):
    durations: Rows
    distances: Rows


class _Pair(Struct):
    time: float | None = None
    distance: float | None = None


class _Valhalla(Struct):
    sources_to_targets: list[list[_Pair]]


def question(kind: Kind, base: str, origins: Sequence[Point], destinations: Sequence[Point]) -> Question:
    """For the table from each origin to each destination."""
    base = base.rstrip("/")
    if kind == "osrm":
        places = ";".join(f"{longitude:.6f},{latitude:.6f}" for latitude, longitude in (*origins, *destinations))
        sources = ";".join(map(str, range(len(origins))))
        targets = ";".join(map(str, range(len(origins), len(origins) + len(destinations))))
        wanted = f"annotations=duration,distance&sources={sources}&destinations={targets}"
        return Question(f"{base}/table/v1/driving/{places}?{wanted}", None)
    asked = {
        "sources": [{"lat": latitude, "lon": longitude} for latitude, longitude in origins],
        "targets": [{"lat": latitude, "lon": longitude} for latitude, longitude in destinations],
        "costing": "auto",
        "units": "kilometers",
    }
    return Question(f"{base}/sources_to_targets", msgspec.json.encode(asked))


def table(kind: Kind, answer: bytes, origins: int, destinations: int) -> tuple[Rows, Rows]:
    """Seconds and metres. Raises ``Unusable``."""
    try:
        if kind == "osrm":
            found = msgspec.json.decode(answer, type=_Osrm)
            seconds, metres = found.durations, found.distances
        else:
            pairs = msgspec.json.decode(answer, type=_Valhalla).sources_to_targets
            seconds = [[pair.time for pair in row] for row in pairs]
            metres = [[None if pair.distance is None else 1000 * pair.distance for pair in row] for row in pairs]
    except msgspec.DecodeError as error:
        raise Unusable(f"the answer is not a table of {kind}") from error
    for rows in (seconds, metres):
        if len(rows) != origins or any(len(row) != destinations for row in rows):
            raise Unusable(f"the table has not {origins} rows of {destinations} figures")
        if any(figure is not None and figure < 0 for row in rows for figure in row):
            raise Unusable("a figure of the table is negative")
    return seconds, metres
