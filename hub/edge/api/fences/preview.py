"""``POST /api/v1/fence-preview``: who was in a fence that does not exist yet."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.fences.rings import BadShape, check
from hub.core.fences.shapes import Definition, FenceRules, FenceWatch, Shape
from hub.core.names import Id
from hub.edge.api.fences.bodies import Radius
from hub.edge.api.pages import Moment, Span
from hub.edge.api.registry.answers import answer
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import Problem, invalid, unavailable
from hub.edge.node import Node
from hub.wire.stored import Visit

MOST = 2_000_000
"""Positions that one preview reads: some 20 s, a month of one driver or a day of thirty at 1 Hz."""

TIMEOUT = 60.0
"""Seconds until a preview is given up."""


class Preview(Struct, rename={"since": "from", "until": "to", "driver_ids": "drivers"}, forbid_unknown_fields=True):
    """The fence, and the span of the positions, by default the last 24 hours. ``drivers``: whose visits are wanted; all
    by default."""

    shape: Shape
    radius: Radius | None = None
    rules: FenceRules = FenceRules()
    since: Moment | None = None
    until: Moment | None = None
    driver_ids: Annotated[list[Id], Meta(max_length=1_000)] | None = None


class PreviewedVisits(Struct, rename="camel"):
    """The visits that the fence would have had; their ids are of no meaning. ``positions``: how many were read."""

    visits: list[Visit]
    positions: int


class _Asked(Struct, rename="camel"):
    """As ``Request`` of hub/preview.py, which reads it."""

    fleet: str
    definition: Definition
    since: datetime
    until: datetime
    drivers: list[str] | None
    most: int


class _Found(Struct, rename="camel"):
    visits: list[Visit] = []
    positions: int = 0
    error: str | None = None
    away: str | None = None


def routes(node: Node) -> list[Operation]:
    running = asyncio.Lock()

    async def preview(call: Call[None, Preview]) -> Response:
        wanted = call.body
        try:
            check(wanted.shape, wanted.radius)
        except BadShape as bad:
            raise invalid(bad.field, bad.detail) from bad
        since, until = Span(since=wanted.since, until=wanted.until).resolve(node.settings, call.fleet)
        definition = Definition("preview", wanted.shape, wanted.radius, wanted.rules, FenceWatch())
        drivers = node.sight.drivers(call.principal)
        if wanted.driver_ids is not None:
            drivers = [id for id in wanted.driver_ids if node.sight.sees(call.principal, id)]
        asked = _Asked(call.fleet, definition, since, until, drivers, MOST)
        if running.locked():
            raise unavailable("another preview is running", 2.0)
        async with running:
            found = await _look(node, msgspec.json.encode(asked))
        if found.error is not None:
            raise invalid("from", found.error)
        if found.away is not None:
            raise unavailable(f"the history does not answer: {found.away}", node.settings.history_timeout)
        return answer(PreviewedVisits(found.visits, found.positions))

    return [
        Operation(
            node.door,
            "POST",
            "/api/v1/fence-preview",
            preview,
            access=Access.FLEET,
            summary="The visits of the past that a fence would have had; nothing is stored",
            body=Preview,
            answer=PreviewedVisits,
            problems=(503,),
        )
    ]


async def _look(node: Node, asked: bytes) -> _Found:
    """Ask a process of its own. Raises ``Problem``."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hub.preview",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "HUB_DATABASE_URL": node.settings.database_url},
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            output, _ = await process.communicate(asked)
    except TimeoutError as error:
        raise invalid("from", f"takes more than {TIMEOUT:.0f} seconds: use a shorter span") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise Problem(500, "the preview failed")
    return msgspec.json.decode(output, type=_Found)
