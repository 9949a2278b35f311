"""Why jobs are unassigned: each is tried alone in each vehicle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast, get_args

from hub.core.plans.check import of_route
from hub.core.plans.plan import Left, Reason
from hub.core.plans.problem import Job
from hub.core.plans.schedule import Clockwork

ORDER: tuple[str, ...] = get_args(Reason)


def alone(clockwork: Clockwork, job: Job) -> tuple[Reason, ...]:
    """What is violated if the job, with the other one of its pair, is the only one that is added to the locked jobs
    of the vehicle that fits it best. Empty if it fits."""
    problem = clockwork.problem
    free = [each for each in clockwork.open_jobs() if each.pair is not None and each.pair == job.pair]
    task = sorted(free, key=lambda each: each.kind != "pickup") or [job]
    best: tuple[str, ...] = ("vehicle",)
    fewest = len(ORDER)
    for vehicle in problem.vehicles:
        route = clockwork.route(vehicle, [each.id for each in task])
        broken = {violation.rule for violation in of_route(problem, vehicle, route, clockwork.jobs)}
        if not broken:
            return ()
        if len(broken) < fewest:
            fewest, best = len(broken), tuple(sorted(broken, key=ORDER.index))
    return cast(tuple[Reason, ...], best)


def left(clockwork: Clockwork, jobs: Iterable[Job], fits: Iterable[str]) -> tuple[Left, ...]:
    """The reasons of these unassigned jobs. ``fits``: ids of jobs for which the final routes have a place, which
    costs more than to leave them."""
    cheap = set(fits)
    return tuple(Left(job.id, alone(clockwork, job) or (("cost",) if job.id in cheap else ("full",))) for job in jobs)
