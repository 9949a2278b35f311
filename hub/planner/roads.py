"""The tables of a problem from a routing engine over HTTP, or in a straight line while there is none.

All figures of one problem are of one kind: after the first request without an answer, all are of the straight line.
Requests are made in the process that plans, where waiting and large answers delay no position.
"""

from __future__ import annotations

import time
import urllib.request
from collections.abc import Sequence

import msgspec

from hub.core.eta.model import DEFAULT, Model
from hub.core.plans.matrix import Matrix, Point, completed, straight
from hub.wire.roads import AT_ONCE, Kind, Rows, Unusable, question, table

PATIENCE = 2.0
"""Seconds for one request. A table of 100 by 100 takes OSRM 0.2 s."""

LONGEST = 10.0
"""Seconds for all requests of a problem."""

LARGEST = 16_000_000
"""Bytes of an answer."""


class Roads(msgspec.Struct, frozen=True):
    """A routing engine: ``url`` without the path of the request."""

    kind: Kind
    url: str


def matrix(points: Sequence[Point], roads: Roads | None, model: Model = DEFAULT) -> tuple[Matrix, str | None]:
    """The tables, and why they are not those of the engine."""
    line = straight(points, model)
    if roads is None or not points:
        return line, None
    try:
        seconds, metres = asked(points, roads)
    except (OSError, ValueError) as error:  # no connection, no answer, not an answer
        return line, f"{type(error).__name__}: {error}"
    return completed(seconds, metres, line), None


def asked(points: Sequence[Point], roads: Roads) -> tuple[Rows, Rows]:
    """Both tables in parts that the engine accepts. Raises ``OSError`` and ``ValueError``."""
    until = time.monotonic() + LONGEST
    size = AT_ONCE[roads.kind]
    seconds: Rows = []
    metres: Rows = []
    for first in range(0, len(points), size):
        origins = points[first : first + size]
        rows: tuple[Rows, Rows] = ([[] for _ in origins], [[] for _ in origins])
        for other in range(0, len(points), size):
            if time.monotonic() > until:
                raise TimeoutError(f"the tables take longer than {LONGEST:g} s")
            destinations = points[other : other + size]
            for all_rows, part in zip(rows, ask(roads, origins, destinations), strict=True):
                for row, more in zip(all_rows, part, strict=True):
                    row += more
        seconds += rows[0]
        metres += rows[1]
    return seconds, metres


def ask(roads: Roads, origins: Sequence[Point], destinations: Sequence[Point]) -> tuple[Rows, Rows]:
    url, body = question(roads.kind, roads.url, origins, destinations)
    request = urllib.request.Request(url, body, {"User-Agent": "location-hub", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        answer = response.read(LARGEST + 1)
    if len(answer) > LARGEST:
        raise Unusable(f"the answer has more than {LARGEST} bytes")
    return table(roads.kind, answer, len(origins), len(destinations))
