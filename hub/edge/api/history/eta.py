"""``GET /api/v1/drivers/{id}/eta``: when a driver would arrive at a place, by its latest position and what its fleet
has learned from its trips."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Annotated, Literal

import asyncpg
import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.eta.arrivals import Certainty, Leg, arrivals
from hub.core.eta.model import Model
from hub.core.eta.samples import SPEED_OVER, Pace
from hub.core.geo.geodesy import haversine
from hub.core.nouns import Latitude, Longitude
from hub.edge.api.history.past import Past
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import Problem
from hub.stores.postgres.eta.models import model_for, places


class EtaQuery(Struct):
    """The place, in degrees WGS 84."""

    latitude: Latitude
    longitude: Longitude


class Eta(Struct, rename="camel"):
    """``arrives_at``: the estimate; eight of ten drivers arrive from ``earliest`` to ``latest``. None of them is past.
    ``certainty``: ``estimated``; ``arriving``, if the driver should be there by now and is not; ``stale``, if its
    position is older than ten minutes. ``basis``: ``learned`` from the fleet's trips, or ``default`` while they are too
    few.
    ``as_of``: when the driver was at its latest position, ``distance`` metres from the place in a straight line."""

    driver_id: str
    arrives_at: datetime
    earliest: datetime
    latest: datetime
    certainty: Certainty
    basis: Literal["learned", "default"]
    distance: Annotated[float, Meta(ge=0)]
    as_of: datetime


def routes(past: Past) -> list[Operation]:
    node = past.node

    async def driver_eta(call: Call[EtaQuery, None]) -> Response:
        driver_id, place = call.ids["driver_id"], call.query
        update = node.hub.fleet(call.fleet).latest.get(driver_id)
        if update is None:
            raise Problem(404, "there is no such driver")
        distance = haversine(update.latitude, update.longitude, place.latitude, place.longitude)
        as_of = update.recorded_at

        async def learned(connection: asyncpg.Connection) -> tuple[Model, float | None]:
            pace = Pace()
            since = as_of - timedelta(microseconds=SPEED_OVER)
            for one in await places(connection, call.fleet, driver_id, since, as_of):
                pace.add(one)
            return await model_for(connection, call.fleet, driver_id), pace.speed

        model, speed = await past.read(call, learned)
        now = datetime.now(UTC).timestamp()
        (arrival,) = arrivals(model, [Leg(distance)], as_of.timestamp(), now, speed)
        answer = Eta(
            driver_id=driver_id,
            arrives_at=_instant(arrival.at),
            earliest=_instant(arrival.earliest),
            latest=_instant(arrival.latest),
            certainty=arrival.certainty,
            basis="learned" if model.trips else "default",
            distance=round(distance, 1),
            as_of=as_of,
        )
        return Response(msgspec.json.encode(answer), media_type="application/json")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/drivers/{driver_id}/eta",
            driver_eta,
            access=Access.DRIVER,
            live=True,
            summary="When a driver would arrive at a place",
            query=EtaQuery,
            answer=Eta,
        )
    ]


def _instant(seconds: float) -> datetime:
    """The next whole second: none that is past."""
    return datetime.fromtimestamp(ceil(seconds), UTC)
