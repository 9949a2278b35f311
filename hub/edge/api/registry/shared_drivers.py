"""``GET /api/v1/share/{drivers_token}/drivers``: where the drivers of a link are, without an account."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import datetime
from functools import partial
from heapq import nsmallest
from typing import NamedTuple

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.live.facts.groups import members_of
from hub.core.live.facts.presence import ONLINE
from hub.core.live.hub import Hub
from hub.core.registry.pseudonyms import pseudonym
from hub.edge.api.recent import Recent
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.shares import HIDDEN, MOST_DRIVERS, Links, Place, other_kind
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.http.problems import unavailable
from hub.edge.node import Node
from hub.stores.postgres.registry.drivers import driver_names
from hub.stores.postgres.registry.shares import Several, Shared
from hub.wire.frames import text_of

FRESH = 1.0
"""Seconds for which an answer is good for all viewers of a link: a page asks every two seconds."""

MAX_REMEMBERED = 100
"""Links whose answer is kept, some 3 MB at most."""


class Member(Struct, rename="camel", omit_defaults=True):
    """``id`` is the same as long as the link lasts, and leads back to no driver. ``name``: where the link shows names,
    and the driver has one."""

    id: str
    status: str
    position: Place
    name: str = ""


class Present(NamedTuple):
    """How many drivers have a position, and the first ``MOST_DRIVERS`` of them by id."""

    total: int
    shown: list[str]


class SharedDrivers(Struct, rename="camel"):
    """The drivers of a link that have a position, at most 200; ``total`` counts all of them."""

    label: str
    expires_at: datetime
    total: int
    drivers: list[Member]


def present(hub: Hub, disabled: Container[tuple[str, str]], fleet_id: str, drivers: Iterable[str]) -> Present:
    """Those of ``drivers`` that have a position now and are not ``disabled`` (fleet, driver)."""
    latest = hub.fleet(fleet_id).latest
    found = [driver_id for driver_id in drivers if driver_id in latest and (fleet_id, driver_id) not in disabled]
    return Present(len(found), nsmallest(MOST_DRIVERS, found))


def members(hub: Hub, found: Shared, drivers: list[str], names: dict[tuple[str, str], str]) -> list[Member]:
    """What a link shows of these drivers, with the ``names`` of (fleet, driver)."""
    fleet = hub.fleet(found.fleet)
    return [
        Member(
            pseudonym(found.secret, driver_id),
            fleet.away.get(driver_id, ONLINE),
            msgspec.json.decode(text_of(update.frame), type=Place),
            names.get((found.fleet, driver_id), ""),
        )
        for driver_id in drivers
        if (update := fleet.latest.get(driver_id)) is not None
    ]


def routes(node: Node, registry: Registry, links: Links) -> list[Operation]:
    answers: Recent[bytes] = Recent(FRESH, MAX_REMEMBERED)
    # By fleet and group: a fleet may have many links to one group, and a group many drivers.
    grouped: Recent[Present] = Recent(FRESH, MAX_REMEMBERED)
    directory = node.identity.directory

    async def in_group(fleet_id: str, group: str) -> Present:
        return present(node.hub, directory.drivers, fleet_id, members_of(node.hub.fleet(fleet_id), group))

    async def written(found: Shared, shows: Several) -> bytes:
        if not directory.current:  # a driver may have been disabled since
            raise unavailable("the registry does not answer: its changes are not known", node.settings.retry_after)
        if shows.group is not None:
            total, shown = await grouped.get(
                f"{found.fleet}\n{shows.group}", partial(in_group, found.fleet, shows.group)
            )
        else:
            total, shown = present(node.hub, directory.drivers, found.fleet, shows.drivers or ())
        names = {}
        if shows.names:
            async with registry.transaction() as connection:
                names = await driver_names(connection, [(found.fleet, driver_id) for driver_id in shown])
        content = members(node.hub, found, shown, names)
        return msgspec.json.encode(SharedDrivers(found.label, found.expires_at, total, content))

    async def look(call: Plain) -> Response:
        token = call.request.path_params["drivers_token"]
        found = await links.valid(token, node.clock.now())
        if not isinstance(found.shows, Several):
            raise other_kind(found)
        await node.needs.of(found.fleet)
        body = await answers.get(token, partial(written, found, found.shows))
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
