"""``GET /api/v1/system``: the state of the hub, of the log as a queue, of the recorder, and what waits in the fleet's
channels, for admins."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct
from starlette.responses import Response

from hub.edge.api.registry.answers import answer
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.node import Node
from hub.edge.ops.health import Health, Report
from hub.stores.postgres.alerts.queues import ChannelQueue, queues
from hub.stores.postgres.history.kept import Kept, kept
from hub.stores.postgres.pool import DatabaseAway
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.log.state import size
from hub.stores.redis.nodes import NodeReport
from hub.stores.redis.reports.recorder import recorder_report

PATH = "/api/v1/system"


class LogFigures(Struct, rename="camel"):
    """The log in Redis: ``entries`` with their ``bytes`` of memory. ``unlogged`` positions wait in the hub for it."""

    entries: int
    bytes: int
    unlogged: int


class RecorderFigures(Struct, rename="camel"):
    """The recorder's last report. ``backlogEntries`` are not in PostgreSQL yet, the oldest for ``lagSeconds``; both are
    None until it has read the log. ``commits``, ``rows``, ``duplicates``, ``deadLetters`` and ``retries`` count since
    it started, ``lost`` acknowledged positions since the database was created. ``error``, ``problem`` and ``failing``
    are empty while all is well."""

    state: str
    reported_at: datetime
    backlog_entries: int | None
    lag_seconds: float | None
    commits: int
    rows: int
    duplicates: int
    dead_letters: int
    retries: int
    lost: int
    last_commit_at: datetime | None
    error: str
    problem: str
    failing: str


class HubFigures(Struct, rename="camel"):
    """This process: ``connections`` are its open sockets, ``clockOffsets`` the seconds that its clock is ahead of
    others."""

    started_at: datetime
    connections: int
    clock_offsets: dict[str, float]


class System(Struct, rename="camel"):
    """``nodes`` are the processes that serve clients on the same Redis. They and ``log`` are None while Redis does not
    answer, ``recorder`` also if none has reported for 15 s. ``kept`` and ``channels`` are those of the fleet, None
    while PostgreSQL does not answer."""

    health: Report
    hub: HubFigures
    nodes: list[NodeReport] | None
    log: LogFigures | None
    recorder: RecorderFigures | None
    kept: Kept | None
    channels: list[ChannelQueue] | None


def recorder_figures(fields: dict[str, str]) -> RecorderFigures | None:
    """The recorder's report as figures; None without one."""
    if not fields:
        return None
    backlog, lag = fields.get("backlog_entries"), fields.get("lag_seconds")
    last_commit = float(fields["last_commit"])
    return RecorderFigures(
        state=fields["state"],
        reported_at=datetime.fromtimestamp(float(fields["reported_at"]), UTC),
        backlog_entries=None if backlog is None else int(backlog),
        lag_seconds=None if lag is None else float(lag),
        commits=int(fields["commits"]),
        rows=int(fields["rows"]),
        duplicates=int(fields["duplicates"]),
        dead_letters=int(fields["dead_letters"]),
        retries=int(fields["retries"]),
        lost=int(fields["lost"]),
        last_commit_at=datetime.fromtimestamp(last_commit, UTC) if last_commit else None,
        error=fields["error"],
        problem=fields["problem"],
        failing=fields["failing"],
    )


def routes(node: Node, registry: Registry, health: Health) -> list[Operation]:
    started_at = datetime.now(UTC)

    async def state(call: Plain) -> Response:
        log, recorder, kept_now, channels = None, None, None, None
        # Without an answer the figures are None, and `health` says why.
        with suppress(*UNAVAILABLE):
            entries, taken = await size(node.appender.redis, node.layout)
            recorder = recorder_figures(await recorder_report(node.appender.redis, node.layout))
            log = LogFigures(entries, taken, node.unlogged.size)
        with suppress(DatabaseAway):
            async with registry.pool.connection() as connection, connection.transaction():
                kept_now = await kept(connection, call.fleet)
                channels = await queues(connection, call.fleet)
        hub = HubFigures(started_at, node.sockets.count, dict(node.clock_watch.offsets))
        return answer(
            System(await health.report(), hub, await node.registration.nodes(), log, recorder, kept_now, channels)
        )

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            state,
            access=Access.MANAGE,
            summary="State of the hub, its log, its recorder and the channels of the fleet",
            answer=System,
        )
    ]
