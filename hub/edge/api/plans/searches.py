"""Searches of this process, and what they leave in the table ``plans``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hub.core.plans.plan import Plan
from hub.edge.api.registry.database import Registry
from hub.edge.http.problems import Problem
from hub.logs import Action, get_logger
from hub.planner.messages import Request, Solved
from hub.planner.process import GRACE, PlanFailed, Planner
from hub.stores.postgres.jobs import plans
from hub.stores.postgres.jobs.plans import PlannedJob, PlannedRoute, Result, UnassignedJob
from hub.stores.postgres.pool import DatabaseAway, Pool

WAITING = 8
"""Searches that wait for the one that runs, or run, at one process of the hub. The next request gets 429."""

NOTED_EVERY = 1.0
"""Seconds between two notes of the lowest cost."""

log = get_logger()


class Searches:
    """Starts searches and keeps their results."""

    def __init__(self, registry: Registry) -> None:
        self._pool: Pool = registry.pool
        self._planner = Planner()
        self._running: set[asyncio.Task[None]] = set()

    def check(self) -> None:
        """Raises ``Problem`` 429 while too many searches wait."""
        if len(self._running) >= WAITING:
            raise Problem(429, f"{WAITING} plans are being searched for or wait: ask again when one of them is found")

    def start(self, id: UUID, request: Request, drivers: dict[str, str]) -> None:
        """Search, and note what is found of the plan ``id``. ``drivers``: by route."""
        task = asyncio.create_task(self._search(id, request, drivers))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def close(self) -> None:
        """End all searches."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _search(self, id: UUID, request: Request, drivers: dict[str, str]) -> None:
        lowest: list[float] = []
        noting = asyncio.create_task(self._note(id, lowest))
        try:
            try:
                solved = await self._planner.solve(request, lambda better: lowest.append(better.cost))
            finally:
                noting.cancel()
            async with self._pool.connection() as connection:
                await plans.found(connection, id, solved.plan.cost, result_of(solved, drivers))
        except PlanFailed as error:
            await self._fail(id, str(error))
        except asyncio.CancelledError:
            await self._fail(id, "the hub was stopped")
            raise
        except DatabaseAway:
            pass  # later the plan is shown as failed, because its time is over
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="plan")
            await self._fail(id, "an internal error, which is in the log of the hub")

    async def _note(self, id: UUID, lowest: list[float]) -> None:
        while True:
            await asyncio.sleep(NOTED_EVERY)
            if lowest:
                cost = lowest[-1]
                lowest.clear()
                try:
                    async with self._pool.connection() as connection:
                        await plans.better(connection, id, cost)
                except DatabaseAway:
                    continue

    async def _fail(self, id: UUID, reason: str) -> None:
        try:
            async with self._pool.connection() as connection:
                await plans.failed(connection, id, reason)
        except DatabaseAway:
            pass


def result_of(solved: Solved, drivers: dict[str, str]) -> Result:
    """What is stored of a plan."""
    plan: Plan = solved.plan
    return Result(
        routes=[
            PlannedRoute(
                route_id=UUID(route.vehicle),
                driver_id=drivers[route.vehicle],
                jobs=[
                    PlannedJob(
                        UUID(waypoint.job),
                        _instant(waypoint.arrival),
                        _instant(waypoint.start),
                        _instant(waypoint.departure),
                        round(waypoint.late, 1),
                    )
                    for waypoint in route.waypoints
                ],
                ends_at=_instant(route.ends),
                seconds=round(route.seconds, 1),
                metres=round(route.metres, 1),
                pause=None if route.pause is None else _instant(route.pause),
            )
            for route in plan.routes
        ],
        unassigned=[UnassignedJob(UUID(left.job), list(left.reasons)) for left in plan.unassigned],
        basis=solved.basis,
        rounds=solved.rounds,
        no_roads=solved.no_roads,
        unroutable=solved.unroutable,
    )


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds), UTC)


def overdue(plan: plans.Plan, now: datetime) -> bool:
    """Whether the search must have ended without a note of it: its hub was killed."""
    patience = timedelta(seconds=(plan.seconds + GRACE) * WAITING)
    return plan.state == "searching" and now > plan.created_at + patience
