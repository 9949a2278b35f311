"""What a plan is asked for: jobs, vehicles, the durations between their points, and what costs how much.

Times are Unix seconds, durations seconds, distances metres. A ``Problem`` is checked when it is made: ``ValueError``
says what is wrong.
"""

from __future__ import annotations

from collections import Counter
from math import isfinite
from typing import Literal

import msgspec

Table = tuple[tuple[float, ...], ...]
"""A figure for each way from one point to another."""

Kind = Literal["delivery", "pickup", "service"]

MOST_JOBS = 2_000
"""Jobs of one problem: the tables of the search grow with the square, 2,000 jobs take 100 MB."""


class Window(msgspec.Struct, frozen=True):
    """When the service of a job may begin."""

    opens: float
    closes: float


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job at one point."""

    id: str
    point: int
    """Row and column in the tables of the problem."""
    kind: Kind = "delivery"
    """Without ``pair`` the load of a delivery is on board from the start of the route, that of a pickup until its
    end."""
    pair: str | None = None
    """Two jobs with the same text are a pickup and its delivery: one vehicle serves both, the pickup first."""
    windows: tuple[Window, ...] = ()
    """In order of time; without windows the job is served at any time."""
    tolerance: float = 0.0
    """Seconds after the last window in which the service may still begin, at the price of ``Objective.lateness``."""
    service: float = 0.0
    load: tuple[int, ...] = ()
    """One figure for each dimension: pieces, kilograms, litres."""
    skills: frozenset[str] = frozenset()
    """What the vehicle must have, all of them."""
    only: frozenset[str] | None = None
    """Ids of the vehicles that may serve it; None means each."""
    priority: int = 0
    """To leave the job unassigned costs ``Objective.unassigned`` times (1 + priority)."""
    vehicle: str | None = None
    """Id of the vehicle that it is planned for at present."""
    moving: float = 300.0
    """What a change of that vehicle costs."""


class Break(msgspec.Struct, frozen=True):
    """A break between two jobs, or before the first. It begins between ``earliest`` and ``latest``; a route that ends
    until ``latest`` needs none."""

    earliest: float
    latest: float
    duration: float


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle with its driver, from where it is now."""

    id: str
    start: int
    """Point at ``ready``: a depot, or the live position."""
    ready: float
    """When it can leave: the beginning of the shift, or now."""
    end: int | None = None
    """Point where the route ends; None means at the last job."""
    ends: float | None = None
    """End of the shift: the route has ended by then."""
    pause: Break | None = None
    """None also after the break was taken."""
    capacity: tuple[int, ...] = ()
    """A dimension that is not listed has no limit."""
    skills: frozenset[str] = frozenset()
    most_jobs: int | None = None
    """Limit of jobs, also those that are done."""
    most_seconds: float | None = None
    """Limit of the time of driving; ``driven_seconds`` counts."""
    most_metres: float | None = None
    driven_seconds: float = 0.0
    driven_metres: float = 0.0
    done: tuple[str, ...] = ()
    """Jobs that are served, in order: their pickups are on board, their number counts."""
    locked: tuple[str, ...] = ()
    """Jobs that come next, in this order: the current one, and what people pinned."""
    arrived: float | None = None
    """When it arrived at the first job of ``locked``; None while it is under way."""


class Objective(msgspec.Struct, frozen=True, kw_only=True):
    """The cost of a plan: seconds of driving, and these."""

    vehicle: float = 0.0
    """For each vehicle that is used and has nothing done or locked."""
    lateness: float = 3.0
    """For each second after the last window of a job."""
    unassigned: float = 36_000.0
    """For each job without a vehicle."""


class Located(msgspec.Struct, frozen=True, kw_only=True, tag="located"):
    """A problem whose points are coordinates: its tables are made where it is solved. Raises ``ValueError``."""

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    points: tuple[tuple[float, float], ...]
    """Latitude and longitude of each."""
    objective: Objective = Objective()

    def __post_init__(self) -> None:
        check_all(self.jobs, self.vehicles, len(self.points))

    def problem(self, seconds: Table, metres: Table) -> Problem:
        return Problem(jobs=self.jobs, vehicles=self.vehicles, seconds=seconds, metres=metres, objective=self.objective)


class Problem(msgspec.Struct, frozen=True, kw_only=True, tag="problem"):
    """Raises ``ValueError`` for contradictions."""

    jobs: tuple[Job, ...]
    vehicles: tuple[Vehicle, ...]
    seconds: Table
    """``seconds[a][b]``: duration of driving from point a to point b."""
    metres: Table = ()
    """Needed where a vehicle has ``most_metres``; without it distances are 0."""
    objective: Objective = Objective()

    def __post_init__(self) -> None:
        check_tables(self.seconds, self.metres)
        check_all(self.jobs, self.vehicles, len(self.seconds))
        for vehicle in self.vehicles:
            require(vehicle.most_metres is None or bool(self.metres), "most_metres needs a table of metres")


def check_all(jobs: tuple[Job, ...], vehicles: tuple[Vehicle, ...], points: int) -> None:
    for found in (jobs, vehicles):
        twice = [name for name, count in Counter(each.id for each in found).items() if count > 1]
        require(not twice, f"the ids {twice} are used twice")
    require(len(jobs) <= MOST_JOBS, f"{len(jobs)} jobs are more than {MOST_JOBS}")
    for job in jobs:
        check_job(job, points)
    for vehicle in vehicles:
        check_vehicle(vehicle, points)
    check_pairs(jobs)
    check_locks(jobs, vehicles)


def require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def check_tables(seconds: Table, metres: Table) -> None:
    for name, table in (("seconds", seconds), ("metres", metres)):
        require(all(len(row) == len(table) for row in table), f"the table of {name} is not a square")
        require(
            all(isfinite(value) and value >= 0 for row in table for value in row),
            f"the table of {name} has a figure that is negative or not finite",
        )
    require(not metres or len(metres) == len(seconds), "the tables of seconds and metres differ in size")


def check_job(job: Job, points: int) -> None:
    name = f"job {job.id}"
    require(0 <= job.point < points, f"{name}: point {job.point} is unknown (0 to {points - 1})")
    require(job.service >= 0 and isfinite(job.service), f"{name}: service is negative or not finite")
    require(job.tolerance >= 0 and isfinite(job.tolerance), f"{name}: tolerance is negative or not finite")
    require(job.moving >= 0 and job.priority >= 0, f"{name}: moving and priority are at least 0")
    require(all(amount >= 0 for amount in job.load), f"{name}: load is negative")
    require(all(window.opens <= window.closes for window in job.windows), f"{name}: a window closes before it opens")
    for one, other in zip(job.windows, job.windows[1:], strict=False):
        require(one.closes < other.opens, f"{name}: windows are in order of time and do not meet")


def check_vehicle(vehicle: Vehicle, points: int) -> None:
    name = f"vehicle {vehicle.id}"
    for point in (vehicle.start, vehicle.end):
        require(point is None or 0 <= point < points, f"{name}: point {point} is unknown (0 to {points - 1})")
    require(isfinite(vehicle.ready), f"{name}: ready is not finite")
    require(vehicle.arrived is None or bool(vehicle.locked), f"{name}: arrived needs a locked job")
    if vehicle.pause is not None:
        pause = vehicle.pause
        require(pause.earliest <= pause.latest, f"{name}: the latest begin of the break is before the earliest")
        require(pause.duration > 0, f"{name}: the break lasts {pause.duration} s, and must be longer than 0")


def check_pairs(jobs: tuple[Job, ...]) -> None:
    pairs: dict[str, list[Job]] = {}
    for job in jobs:
        if job.pair is not None:
            pairs.setdefault(job.pair, []).append(job)
    for name, both in pairs.items():
        kinds = sorted(job.kind for job in both)
        require(kinds == ["delivery", "pickup"], f"pair {name} is one pickup and one delivery, not {kinds}")
        require(both[0].load == both[1].load, f"pair {name}: both jobs have the same load")


def check_locks(all_jobs: tuple[Job, ...], vehicles: tuple[Vehicle, ...]) -> None:
    jobs = {job.id: job for job in all_jobs}
    fixed: dict[str, tuple[str, int]] = {}
    for vehicle in vehicles:
        for position, name in enumerate((*vehicle.done, *vehicle.locked)):
            require(name in jobs, f"vehicle {vehicle.id}: job {name} is unknown")
            require(name not in fixed, f"job {name} is done or locked twice")
            fixed[name] = (vehicle.id, position)
    of_pair = {(job.pair, job.kind): job.id for job in all_jobs if job.pair is not None}
    for name, (vehicle_id, position) in fixed.items():
        job = jobs[name]
        if job.pair is not None and job.kind == "delivery":
            pickup = fixed.get(of_pair[job.pair, "pickup"])
            require(
                pickup is not None and pickup[0] == vehicle_id and pickup[1] < position,
                f"job {name} is done or locked in vehicle {vehicle_id} without its pickup before it",
            )
