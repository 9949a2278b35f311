"""Health checks: ``/health`` as JSON, ``/livez`` and ``/readyz`` as text.

``/health`` and ``/readyz`` are public, so they query PostgreSQL at most once in ``FRESH`` seconds for any number of
requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub import __version__
from hub.edge.node import Node
from hub.edge.ops.siblings import Siblings
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.stores.postgres.replica import Replica

FRESH = 1.0
"""Seconds for which an answer of PostgreSQL is reused."""

PATIENCE = 2.0
"""Seconds that PostgreSQL has for an answer; health checkers give up soon after."""

READY_PATIENCE = 0.5
"""Seconds that ``/readyz`` waits for PostgreSQL; then it is degraded, which the next answer may revise. Orchestrators
wait for one second, and must not take out a hub whose live positions continue."""

DATABASE_AWAY = "PostgreSQL does not answer"

Status = Literal["ok", "degraded", "unavailable"]
Problems = Callable[[], list[str]]


class Check(Struct, omit_defaults=True):
    """One part of the hub; ``details`` describe its problems."""

    status: Status
    details: list[str] = []


class Checks(Struct, rename="camel"):
    """``live``: sockets are accepted. ``log``: positions are acknowledged. ``history``: positions are recorded.
    ``database``: history can be read, by the replica if there is one, and users can log in. ``clock``: the hub's clock
    agrees with others."""

    live: Check
    log: Check
    history: Check
    database: Check
    clock: Check


class Report(Struct, rename="camel"):
    """``degraded``: live positions continue and are acknowledged, but another part fails. ``unavailable``: send no new
    clients. ``nodes``: processes that serve clients on the same Redis, None while it does not answer."""

    status: Status
    version: str
    nodes: int | None
    checks: Checks


class Health:
    """The checks of a node and of its services."""

    def __init__(
        self,
        node: Node,
        database: Pool,
        problems: Problems,
        degraded: Problems,
        siblings: Siblings | None = None,
        replica: Replica | None = None,
    ) -> None:
        self.node, self.database, self.degraded, self.siblings = node, database, degraded, siblings
        self._replica = replica
        self._problems = problems
        self._database_up = False
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    def draining(self) -> list[str]:
        """Conditions that keep sockets from being accepted. While a worker is replaced, the others accept them."""
        return ["draining: the hub is shutting down"] if self.node.draining and not self.node.replaced else []

    def missing(self) -> list[str]:
        """Workers that do not serve; the others accept sockets."""
        return list(self.siblings.problems()) if self.siblings is not None else []

    def log_problems(self) -> list[str]:
        """Conditions that keep positions from being acknowledged."""
        appender = self.node.appender
        ours = [appender.problem] if appender.problem else []
        return ours + self._problems()

    def log_risks(self) -> list[str]:
        """Conditions that have lost acknowledged positions, or may, or delay acks until replicas are back."""
        uncopied = self.node.appender.uncopied
        return ([uncopied] if uncopied else []) + self.node.safety.risks()

    def replica_problems(self) -> list[str]:
        """Conditions that keep the standby from answering requests for history."""
        return [] if self._replica is None else self._replica.problems()

    async def database_up(self, patience: float = PATIENCE + 1) -> bool:
        """Whether PostgreSQL answered just now, or within ``patience`` seconds."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= FRESH and self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        if self._asking is not None:
            # Not cancelled after the wait: others may wait for the same answer.
            _, late = await asyncio.wait([self._asking], timeout=patience)
            if late:
                return False
        return self._database_up

    async def database_problems(self, degraded: list[str], patience: float = PATIENCE + 1) -> list[str]:
        """Conditions that keep PostgreSQL from answering. A private one that is known not to run is not asked: each
        try would be a warning in the log."""
        if any("postgresql" in line for line in degraded):  # the name of the service
            return [DATABASE_AWAY]
        return [] if await self.database_up(patience) else [DATABASE_AWAY]

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self.database.connection() as connection:
                await connection.fetchval("SELECT 1")
            self._database_up = True
        except (DatabaseAway, TimeoutError):
            self._database_up = False
        finally:
            self._asked_at = asyncio.get_running_loop().time()
            self._asking = None

    async def report(self) -> Report:
        """The state of each part; this may query PostgreSQL."""
        live, log, history = self.draining(), self.log_problems(), self.degraded()
        risks = self.log_risks()
        database, nodes = await asyncio.gather(self.database_problems(history), self.node.registration.nodes())
        clock, replica = self.node.clock_watch.degraded(), self.replica_problems()
        missing = self.missing()
        wrong, waits = live or log, missing or history or database or replica or risks or clock
        return Report(
            "unavailable" if wrong else "degraded" if waits else "ok",
            __version__,
            None if nodes is None else len(nodes),
            Checks(
                Check("unavailable" if live else "degraded" if missing else "ok", live + missing),
                Check("unavailable" if log else "degraded" if risks else "ok", log + risks),
                Check("degraded" if history else "ok", history),
                Check("unavailable" if database else "degraded" if replica else "ok", database + replica),
                Check("degraded" if clock else "ok", clock),
            ),
        )

    async def answer(self, request: Request) -> Response:
        """``/health``: the report, as 503 while it is ``unavailable``."""
        report = await self.report()
        status = 503 if report.status == "unavailable" else 200
        headers = {"cache-control": "no-store"}
        return Response(msgspec.json.encode(report), status, headers, "application/json")

    async def ready(self, request: Request) -> Response:
        """``/readyz``: the same, as lines."""
        wrong = self.draining() + self.log_problems()
        # Taking every hub out of service because PostgreSQL is away would end live positions too.
        degraded = self.degraded()
        away = await self.database_problems(degraded, READY_PATIENCE)
        if not any("postgresql" in line.lower() for line in degraded):
            degraded = [*degraded, *away]
        degraded = self.missing() + degraded + self.replica_problems() + self.log_risks()
        degraded += self.node.clock_watch.degraded()
        lines = [*wrong, *(f"degraded: {line}" for line in degraded)] or ["ok"]
        text = "".join(f"{line}\n" for line in lines + self.node.safety.policy())
        return Response(text, 503 if wrong else 200, media_type="text/plain")


async def live(request: Request) -> Response:
    """``/livez``: the process answers."""
    return Response("ok\n", media_type="text/plain")


def routes(health: Health) -> list[Route]:
    return [Route("/livez", live), Route("/readyz", health.ready), Route("/health", health.answer)]
