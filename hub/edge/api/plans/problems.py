"""The problem that routes and jobs make for the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from hub.core.jobs.fields import JobKind
from hub.core.jobs.order import BEGUN
from hub.core.jobs.status import ENDED, WITH_DRIVER, Status
from hub.core.plans.plan import Sequences
from hub.core.plans.problem import Break, Located, Vehicle, Window
from hub.core.plans.problem import Job as Planned
from hub.stores.postgres.jobs.jobs import Job
from hub.stores.postgres.jobs.routes import Route

SERVICE = 240.0
"""Seconds at a job of which no time is known: to park, to ring, to hand over."""

MOVING, MOVING_SEEN = 300.0, 900.0
"""What it costs, in seconds of driving, to give a job to another driver: before and after its driver saw it."""

Place = tuple[float, float]


class Limits(NamedTuple):
    """What the vehicle of a route can do."""

    capacity: tuple[int, ...] = ()
    skills: frozenset[str] = frozenset()
    most_jobs: int | None = None
    pause: Break | None = None


class Given(NamedTuple):
    """A route with its jobs in their order, and where and when its driver can begin what is left."""

    route: Route
    jobs: Sequence[Job]
    limits: Limits
    start: Place
    ready: datetime
    end: Place | None


class Made(NamedTuple):
    """The problem, and the present order of the jobs that it may move, to begin with."""

    problem: Located
    start: Sequences


def fixed(jobs: Sequence[Job]) -> int:
    """How many jobs at the beginning of a route keep their number: all up to the last one that is begun or locked."""
    return max((n for n, job in enumerate(jobs, 1) if job.locked or job.status in BEGUN), default=0)


def make(routes: Sequence[Given], more: Sequence[Job], service: Mapping[UUID, float]) -> Made:
    """The problem of these routes and of ``more`` jobs, which are in none. ``service``: seconds by place. Raises
    ``ValueError``."""
    points: list[Place] = []

    def point(place: Place) -> int:
        points.append(place)
        return len(points) - 1

    every = [*(job for given in routes for job in given.jobs if job.status is not Status.CANCELLED), *more]
    pairs = _pairs(every)
    planned = []
    for job in every:
        known = service.get(job.place_id) if job.place_id is not None else None
        time = job.service_time if job.service_time is not None else known
        planned.append(
            Planned(
                id=str(job.job_id),
                point=point((job.latitude, job.longitude)),
                kind=job.kind.value,
                pair=job.shipment_id if job.shipment_id in pairs else None,
                windows=tuple(Window(one.since.timestamp(), one.until.timestamp()) for one in job.windows),
                service=SERVICE if time is None else time,
                load=tuple(job.load),
                skills=frozenset(job.skills),
                priority=job.priority,
                vehicle=None if job.route_id is None else str(job.route_id),
                moving=MOVING_SEEN if job.status in WITH_DRIVER else MOVING,
            )
        )
    vehicles, start = [], {}
    for given in routes:
        name = str(given.route.route_id)
        here = [job for job in given.jobs if job.status is not Status.CANCELLED]
        kept = here[: fixed(here)]
        locked = [job for job in kept if job.status not in ENDED]
        arrived = locked[0].arrived_at if locked and locked[0].status is Status.ARRIVED else None
        vehicles.append(
            Vehicle(
                id=name,
                start=point(given.start),
                ready=given.ready.timestamp(),
                end=None if given.end is None else point(given.end),
                ends=None if given.route.ends_at is None else given.route.ends_at.timestamp(),
                pause=given.limits.pause,
                capacity=given.limits.capacity,
                skills=given.limits.skills,
                most_jobs=given.limits.most_jobs,
                done=tuple(str(job.job_id) for job in kept if job.status in ENDED),
                locked=tuple(str(job.job_id) for job in locked),
                arrived=None if arrived is None else arrived.timestamp(),
            )
        )
        start[name] = tuple(str(job.job_id) for job in here[len(kept) :])
    problem = Located(jobs=tuple(planned), vehicles=tuple(vehicles), points=tuple(points))
    return Made(problem, start)


def _pairs(jobs: Sequence[Job]) -> set[str]:
    """Shipments of which both the pickup and the delivery are to be planned."""
    kinds: dict[str, list[JobKind]] = {}
    for job in jobs:
        if job.shipment_id is not None:
            kinds.setdefault(job.shipment_id, []).append(job.kind)
    both = sorted([JobKind.DELIVERY, JobKind.PICKUP])
    return {name for name, found in kinds.items() if sorted(found) == both}
