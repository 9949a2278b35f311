"""Six of Solomon's instances (Operations Research 35, 1987): 100 customers with windows, a depot, 25 equal vehicles.

``solomon.json`` has coordinates, demands, windows, service time, and ``best``, the shortest known distance with
distances cut to one decimal, the convention of the 12th DIMACS challenge. Here all figures are tenths, so integers.
"""

from __future__ import annotations

import json
from math import hypot
from pathlib import Path
from typing import Any

from hub.core.plans.problem import Job, Objective, Problem, Vehicle, Window

DATA: dict[str, Any] = json.loads(Path(__file__).with_name("solomon.json").read_text())

NAMES = tuple(DATA["instances"])


def best(name: str) -> float:
    return round(float(DATA["instances"][name]["best"]) * 10)


def problem(name: str) -> Problem:
    """The cost of a plan is its distance in tenths: a job that is left costs more than any plan."""
    given = DATA["instances"][name]
    places = DATA["layouts"][given["layout"]]
    windows = [(10.0 * opens, 10.0 * closes) for opens, closes in given["windows"]]
    jobs = tuple(
        Job(
            id=str(number),
            point=number,
            windows=(Window(*windows[number]),),
            service=10.0 * given["service"],
            load=(places[number][2],),
        )
        for number in range(1, len(places))
    )
    vehicles = tuple(
        Vehicle(id=f"v{number}", start=0, end=0, ready=windows[0][0], ends=windows[0][1], capacity=(given["capacity"],))
        for number in range(given["vehicles"])
    )
    seconds = tuple(tuple(float(int(hypot(a[0] - b[0], a[1] - b[1]) * 10 + 1e-9)) for b in places) for a in places)
    return Problem(jobs=jobs, vehicles=vehicles, seconds=seconds, objective=Objective(unassigned=1e6))
