"""``GET /api/v1/share/{drivers_token}/drivers``: where the drivers of a link are, without an account."""

from __future__ import annotations

import asyncio
from datetime import datetime

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.live.facts.presence import ONLINE
from hub.core.live.hub import Hub
from hub.core.registry.pseudonyms import pseudonym
from hub.edge.api.registry.shares import HIDDEN, MOST_DRIVERS, Links, Place, other_kind
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.node import Node
from hub.stores.postgres.registry.shares import Several, Shared
from hub.wire.frames import text_of

FRESH = 1.0
"""Seconds for which an answer is good for all viewers of a link: a page asks every two seconds."""

MAX_REMEMBERED = 100
"""Answers that are kept, some 3 MB at most; others are made for each request."""


class Member(Struct, rename="camel", omit_defaults=True):
    """``id`` is the same as long as the link lasts, and leads back to no driver. ``name``: where the link shows names,
    and the driver has one."""

    id: str
    status: str
    position: Place
    name: str = ""


class SharedDrivers(Struct, rename="camel"):
    """The drivers of a link that have a position, at most 200; ``total`` counts all of them."""

    label: str
    expires_at: datetime
    total: int
    drivers: list[Member]


def members(hub: Hub, found: Shared, shows: Several) -> SharedDrivers:
    """What a link to several drivers shows now. A driver that left the group is not in it."""
    fleet = hub.fleet(found.fleet)
    present = [
        (driver_id, fleet.latest[driver_id])
        for driver_id in found.drivers
        if driver_id in fleet.latest and (shows.group is None or shows.group in fleet.groups.get(driver_id, ()))
    ]
    shown = [
        Member(
            pseudonym(found.secret, driver_id),
            fleet.away.get(driver_id, ONLINE),
            msgspec.json.decode(text_of(update.frame), type=Place),
            found.drivers[driver_id] if shows.names else "",
        )
        for driver_id, update in present[:MOST_DRIVERS]
    ]
    return SharedDrivers(found.label, found.expires_at, len(present), shown)


def routes(node: Node, links: Links) -> list[Operation]:
    answers: dict[str, tuple[float, bytes]] = {}

    async def look(call: Plain) -> Response:
        token = call.request.path_params["drivers_token"]
        found = await links.valid(token, node.clock.now())
        if not isinstance(found.shows, Several):
            raise other_kind(found)
        now = asyncio.get_running_loop().time()
        until, body = answers.get(token, (0.0, b""))
        if now >= until:
            body = msgspec.json.encode(members(node.hub, found, found.shows))
            answers.pop(token, None)
            while len(answers) >= MAX_REMEMBERED:
                del answers[next(iter(answers))]
            answers[token] = (now + FRESH, body)
        return Response(body, 200, HIDDEN, "application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/share/{drivers_token}/drivers",
            look,
            access=Access.PUBLIC,
            summary="Where the drivers of a link are",
            answer=SharedDrivers,
        )
    ]
