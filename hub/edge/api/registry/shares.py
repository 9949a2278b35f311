"""Share links: where one driver, several, those of a group, or cars nearby are, without an account, until the link
expires. The answers about several are in ``shared_drivers.py``, those about cars in ``cars.py``.

GET, POST /api/v1/shares        the fleet's links, or a new one
DELETE /api/v1/shares/{id}      end one
GET /api/v1/share/{token}       the driver of a link
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Annotated, Literal

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.live.facts.presence import OFFLINE, ONLINE
from hub.core.names import Id, Name
from hub.core.principal import Principal
from hub.edge.api.pages import Instant, encode_cursor, page, written
from hub.edge.api.recent import Recent
from hub.edge.api.registry.answers import NO_STORE, OldestFirst, answer, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem, invalid
from hub.edge.http.requests import public_url
from hub.edge.node import Node
from hub.stores.gazetteer import load
from hub.stores.postgres.audit import audit
from hub.stores.postgres.places.names import place_name
from hub.stores.postgres.registry.drivers import driver
from hub.stores.postgres.registry.groups import groups
from hub.stores.postgres.registry.shares import (
    Nearby,
    Reach,
    Several,
    Share,
    Shared,
    Shows,
    add_share,
    delete_share,
    shared,
    shares,
)
from hub.wire.frames import text_of
from hub.wire.stored import PlaceName
from hub.wire.validation import Code

PATH = "/api/v1/shares"

LONGEST = 168
"""Hours: a week, so that a forgotten link does not show a driver for long."""

TOKEN = re.compile(r"[A-Za-z0-9_-]{24}\Z")
"""The form of a token of a share link. Other texts are neither looked up nor remembered."""

FARTHEST = 20_000
"""Metres: a rider that waits for a car to come farther does not choose it from a map."""

MOST_DRIVERS = 200
"""Drivers in one answer, and in a link to several: some 30 kB every two seconds for each viewer."""

MOST_CARS = 20
"""Cars in one answer. A holder of the link may ask for any place, so the limit is what keeps a fleet from being copied
in a few requests."""

FRESH = 3.0
"""Seconds for which PostgreSQL's answer about a link is good. After them a link shows nothing that was ended or whose
driver was disabled."""

MAX_REMEMBERED = 10_000
"""Links that are kept while their rows are fresh: a kilobyte each, 20 if they show 200 drivers with long ids."""

HIDDEN = {**NO_STORE, "referrer-policy": "no-referrer"}
"""The address of a link is a secret: no cache keeps it, and no other site gets it as Referer."""


class NewShare(Struct, rename="camel", forbid_unknown_fields=True):
    """``label`` is the text that the link shows. Either ``expiresAt`` or ``hours``, at most 168 from now. ``kind``
    driver needs a ``driverId``, drivers 1 to 200 ``driverIds``, group a ``group``, whose drivers at each moment it
    shows; these two show the drivers' names if ``names`` is true. nearby has a ``radius`` in metres (default 2,000) and
    a ``limit`` of cars (default 8)."""

    driver_id: Id | None = None
    driver_ids: Annotated[list[Id], Meta(min_length=1, max_length=MOST_DRIVERS)] | None = None
    group: Id | None = None
    names: bool | None = None
    kind: Literal["driver", "drivers", "group", "nearby"] = "driver"
    radius: Annotated[float, Meta(ge=100, le=FARTHEST)] | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST_CARS)] | None = None
    label: Name = ""
    expires_at: Instant | None = None
    hours: Annotated[float, Meta(ge=1, le=LONGEST)] | None = None

    def until(self, now: datetime) -> datetime:
        """When it expires, in UTC. Raises ``Problem`` 422."""
        if (self.expires_at is None) == (self.hours is None):
            raise invalid("expiresAt", "either expiresAt or hours is needed")
        if self.hours is not None:
            return now + timedelta(hours=self.hours)
        assert self.expires_at is not None
        if not timedelta() < self.expires_at - now <= timedelta(hours=LONGEST):
            raise invalid("expiresAt", f"must be in the future, at most {LONGEST} hours")
        return self.expires_at.astimezone(UTC)

    def shows(self) -> Shows:
        """What the link shows. Raises ``Problem`` 422 where a field is missing or belongs to another kind."""
        for field, name, kinds in FIELDS_OF_KINDS:
            if getattr(self, field) is not None and self.kind not in kinds:
                raise invalid(name, f"is not allowed with the kind {self.kind}")
            if getattr(self, field) is None and kinds == (self.kind,) and self.kind != "nearby":
                raise invalid(name, "required", Code.REQUIRED)
        if self.kind == "nearby":
            return Nearby(self.radius or 2_000.0, self.limit or 8)
        if self.driver_id is not None:
            return self.driver_id
        drivers = None if self.driver_ids is None else tuple(dict.fromkeys(self.driver_ids))
        return Several(drivers, self.group, bool(self.names))


FIELDS_OF_KINDS = [
    ("driver_id", "driverId", ("driver",)),
    ("driver_ids", "driverIds", ("drivers",)),
    ("group", "group", ("group",)),
    ("names", "names", ("drivers", "group")),
    ("radius", "radius", ("nearby",)),
    ("limit", "limit", ("nearby",)),
]
"""Field of ``NewShare``, its name in JSON, and the kinds that have it."""


class MadeShare(Share, kw_only=True):
    """``token`` and ``url`` are shown this once."""

    token: str
    url: str


class SharePage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    shares: list[Share]
    next: str | None = None


class Place(Struct, rename="camel", omit_defaults=True):
    """The visible part of a position: degrees, degrees clockwise from north, metres per second, UTC. ``clock_offset``
    as in a ``location`` message."""

    latitude: float
    longitude: float
    recorded_at: datetime
    heading: float | None = None
    speed: float | None = None
    clock_offset: float | None = None


class Glimpse(Struct, rename="camel", omit_defaults=True):
    """The content of a link. ``status`` as in other answers; ``position`` is absent while none is known. ``place``: the
    nearest place of the gazetteer."""

    label: str
    status: str
    expires_at: datetime
    position: Place | None = None
    place: PlaceName | None = None


class Links:
    """What each token shows, queried at most once in ``FRESH`` seconds for any number of viewers."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._known: Recent[Shared | None] = Recent(FRESH, MAX_REMEMBERED)

    async def find(self, token: str) -> Shared | None:
        """The share of a token; None for an unknown token. Raises ``Problem`` 503."""
        return await self._known.get(token, partial(self._ask, token))

    async def valid(self, token: str, now: datetime) -> Shared:
        """The share of a token. Raises ``Problem`` 404 for an unknown, ended or expired one, and 503."""
        found = await self.find(token) if TOKEN.match(token) else None
        if found is None or found.expires_at <= now:
            raise Problem(404, "the share link is unknown, expired or ended", headers=HIDDEN)
        return found

    async def _ask(self, token: str) -> Shared | None:
        async with self._registry.transaction() as connection:
            return await shared(connection, token)


def other_kind(found: Shared) -> Problem:
    """For a link that is asked for what links of another kind show: which address it has."""
    if isinstance(found.shows, Nearby):
        right = "shows cars nearby: GET /api/v1/share/{token}/nearby?latitude=…&longitude=…"
    elif isinstance(found.shows, Several):
        right = "shows several drivers: GET /api/v1/share/{token}/drivers"
    else:
        right = "shows one driver: GET /api/v1/share/{token}"
    return Problem(404, f"the share link {right}", headers=HIDDEN)


def field_of(shows: Shows) -> str:
    """The field of ``NewShare`` that names what a link shows."""
    if isinstance(shows, Nearby):
        return "kind"
    if isinstance(shows, str):
        return "driverId"
    return "driverIds" if shows.group is None else "group"


def path_of(shows: Shows, token: str) -> str:
    """Where a link leads: a page, or for cars nearby the API."""
    if isinstance(shows, Nearby):
        return f"/api/v1/share/{token}/nearby"
    return f"/share/{token}/drivers" if isinstance(shows, Several) else f"/share/{token}"


def routes(node: Node, registry: Registry, links: Links) -> list[Operation]:
    settings, hub = node.settings, node.hub

    def reach(principal: Principal) -> Reach | None:
        drivers = node.sight.drivers(principal)
        return None if drivers is None else Reach(drivers, sorted(principal.groups or ()))

    async def check(connection: asyncpg.Connection, principal: Principal, shows: Shows) -> None:
        """Raises ``Problem`` 422 for a link to what a principal does not see, or what there is not."""
        if isinstance(shows, Nearby):
            if principal.groups is not None:
                raise invalid("kind", "cars nearby are those of the whole fleet, and you see some groups only")
        elif isinstance(shows, Several) and shows.group is not None:
            seen = principal.groups is None or shows.group in principal.groups
            if not seen or not await groups(connection, principal.fleet, shows.group):
                raise invalid("group", "there is no such group")
        else:
            drivers = [shows] if isinstance(shows, str) else list(shows.drivers or ())
            for driver_id in drivers:
                seen, fleet = node.sight.sees(principal, driver_id), principal.fleet
                known = driver_id in hub.fleet(fleet).latest or await driver(connection, fleet, driver_id)
                if not seen or not (known or await node.is_live(fleet, driver_id)):
                    if isinstance(shows, str):
                        raise invalid("driverId", "there is no such driver")
                    raise invalid("driverIds", f"there is no driver {driver_id}")

    async def list_shares(call: Call[OldestFirst, None]) -> Response:
        query = call.query
        after = query.after()
        async with registry.transaction() as connection:
            found = await shares(connection, call.fleet, query.limit, after, among=reach(call.principal))
        following = encode_cursor(found[-1].created_at, found[-1].id) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "shares", found, following))

    async def create(call: Call[None, NewShare]) -> Response:
        new = call.body
        shows = new.shows()
        until = new.until(node.clock.now())
        base = public_url(settings, call.request)
        async with registry.transaction() as connection:
            await check(connection, call.principal, shows)
            added = await add_share(connection, call.fleet, shows, new.label, until, settings.max_shares)
            if added is None:
                raise taken(field_of(shows), f"the fleet has its {settings.max_shares} links already: end some first")
            token, kept = added
            said: dict[str, str | bool | list[str] | None] = {
                "kind": kept.kind,
                "driverId": kept.driver_id,
                "expiresAt": written(kept.expires_at),
            }
            if isinstance(shows, Several):
                said |= {"driverIds": kept.driver_ids, "group": kept.group, "names": kept.names}
            await audit(connection, call.actor, Audited.SHARE_LINK_CREATED, kept.id, **said)
        made = MadeShare(**msgspec.structs.asdict(kept), token=token, url=base + path_of(shows, token))
        return answer(made, 201)

    async def delete(call: Plain) -> Response:
        id = call.ids["share_id"]
        async with registry.transaction() as connection:
            if not await delete_share(connection, call.fleet, id, among=reach(call.principal)):
                raise refusal("share", None)
            await audit(connection, call.actor, Audited.SHARE_LINK_ENDED, id)
        return no_content()

    async def look(call: Plain) -> Response:
        found = await links.valid(call.request.path_params["token"], node.clock.now())
        if not isinstance(found.shows, str):
            raise other_kind(found)
        await node.needs.of(found.fleet)
        fleet = hub.fleet(found.fleet)
        update = fleet.latest.get(found.shows)
        glimpse = Glimpse(found.label, OFFLINE, found.expires_at)
        if update is not None:
            glimpse.status = fleet.away.get(found.shows, ONLINE)
            glimpse.position = msgspec.json.decode(text_of(update.frame), type=Place)
            # Not the geocoder's: viewers without a login ask it nothing.
            if (known := await load()) is not None:
                glimpse.place = place_name(known, round(update.latitude, 4), round(update.longitude, 4))
        return Response(msgspec.json.encode(glimpse), 200, HIDDEN, "application/json")

    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_shares,
            access=Access.FLEET,
            summary="The fleet's links",
            query=OldestFirst,
            answer=SharePage,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.FLEET,
            summary="A public link that shows where drivers are, or cars nearby; shown once",
            body=NewShare,
            answer=MadeShare,
            status=201,
            problems=(409,),
        ),
        Operation(
            node.door, "DELETE", f"{PATH}/{{share_id}}", delete, access=Access.FLEET, summary="End a link", status=204
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/share/{token}",
            look,
            access=Access.PUBLIC,
            summary="Where the driver of a link is",
            answer=Glimpse,
        ),
    ]
