"""``GET /api/v1/share/{cars_token}/nearby``: free cars near a rider, for the holders of a link, without an account."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.live.facts.states import DriverState
from hub.core.nouns import Latitude, Longitude
from hub.core.registry.pseudonyms import Pseudonyms
from hub.edge.api.live import NearbyQuery, nearest
from hub.edge.api.registry.shares import HIDDEN, Links, other_kind
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.node import Node
from hub.stores.postgres.registry.shares import Nearby


class RiderQuery(Struct):
    """The rider's place, which is not kept."""

    latitude: Latitude
    longitude: Longitude


class Car(Struct):
    """A free driver. ``id`` is valid in this link until ``validUntil`` of the answer."""

    id: str
    latitude: float
    longitude: float


class Cars(Struct, rename="camel"):
    """The nearest cars first. ``valid_until``: when all ids change."""

    label: str
    expires_at: datetime
    valid_until: datetime
    cars: list[Car]


def routes(node: Node, links: Links) -> list[Operation]:
    async def nearby(call: Call[RiderQuery, None]) -> Response:
        now, query = node.clock.now(), call.query
        found = await links.valid(call.request.path_params["cars_token"], now)
        shows = found.shows
        if not isinstance(shows, Nearby):
            raise other_kind(found)
        await node.needs.of(found.fleet)
        asked = NearbyQuery(
            latitude=query.latitude,
            longitude=query.longitude,
            radius=shows.radius,
            limit=shows.limit,
            status="online",
            state=DriverState.FREE,
        )
        ids = Pseudonyms(found.secret, node.settings.nearby_id_lifetime, now)
        fleet = node.hub.fleet(found.fleet)
        cars = [
            Car(ids.of(update.driver_id), update.latitude, update.longitude)
            for _, update in await nearest(node.slices, fleet, asked, asked.test(fleet, None))
        ]
        answer = Cars(found.label, found.expires_at, ids.valid_until, cars)
        return Response(msgspec.json.encode(answer), 200, HIDDEN, "application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/share/{cars_token}/nearby",
            nearby,
            access=Access.PUBLIC,
            summary="Free cars near a place, under changing ids",
            query=RiderQuery,
            answer=Cars,
        )
    ]
