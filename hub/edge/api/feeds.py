"""The live fleet for programs that poll.

GET /api/v1/feeds/drivers.geojson           a point for each driver (RFC 7946)
GET /api/v1/feeds/vehicle-positions.pb      GTFS-Realtime 2.0, positions recorded in the last 90 seconds
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct
from starlette.responses import Response

from hub.core.live.facts.presence import ONLINE
from hub.core.live.fleet import Fleet
from hub.core.live.update import Update
from hub.core.registry.vehicles import Driven
from hub.edge.api.registry.answers import groups_of
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.pieces import Pieces
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.extras import missing
from hub.wire.files.exports import feature
from hub.wire.frames import text_of
from hub.wire.stored import StoredPosition

try:
    from google.transit import gtfs_realtime_pb2 as gtfs
except ImportError:  # the extra is not installed
    gtfs = None  # type: ignore[assignment]

HEAD = b'{"type":"FeatureCollection","features":['

FRESH = timedelta(seconds=90)
"""Greatest age of a position, by the best practices of GTFS-Realtime."""

_decode = msgspec.json.Decoder(StoredPosition).decode


class FeedQuery(Struct):
    """``group``: names of groups, separated by commas."""

    group: str | None = None


def routes(node: Node) -> list[Operation]:
    slices = node.slices
    vehicles = node.vehicle_copy.vehicles

    def driven(fleet: str, driver_id: str) -> Driven | None:
        """The registered vehicle that a driver has now."""
        vehicle_id = vehicles.of_driver(fleet, driver_id)
        return None if vehicle_id is None else vehicles.find(fleet, vehicle_id)

    def seen(call: Call[FeedQuery, None], fleet: Fleet) -> list[Update]:
        """The latest positions that are asked for and may be seen."""
        sees = fleet.filter(call.principal.groups, groups_of(call.query.group))
        updates = fleet.latest.values()
        return [update for update in updates if sees is None or sees(update.driver_id)]

    async def geojson(call: Call[FeedQuery, None]) -> Response:
        fleet = node.hub.fleet(call.fleet)

        def features(updates: Sequence[Update]) -> bytes:
            return b",".join(_feature(fleet, update) for update in updates)

        pieces = await slices.encode(seen(call, fleet), features, between=b",")
        return Pieces([HEAD, *pieces, b"]}"], media_type="application/geo+json")

    async def vehicle_positions(call: Call[FeedQuery, None]) -> Response:
        fleet = node.hub.fleet(call.fleet)
        if gtfs is None:
            raise Problem(501, f"GTFS-Realtime {missing('gtfs')}")
        now = node.clock.now()
        head = gtfs.FeedMessage()
        head.header.gtfs_realtime_version = "2.0"
        head.header.incrementality = gtfs.FeedHeader.FULL_DATASET
        head.header.timestamp = int(now.timestamp())

        def entities(updates: Sequence[Update]) -> bytes:
            feed = gtfs.FeedMessage()
            for update in updates:
                if update.recorded_at >= now - FRESH:
                    position = _decode(text_of(update.frame))
                    _add_vehicle(feed, position, update.recorded_at, driven(call.fleet, update.driver_id))
            # A message may be written in parts: a reader joins the entities of all (protobuf, "Last One Wins").
            return bytes(feed.SerializePartialToString())

        pieces = await slices.encode(seen(call, fleet), entities)
        return Pieces([head.SerializeToString(), *pieces], media_type="application/x-protobuf")

    return [
        Operation(
            node.door,
            "GET",
            "/api/v1/feeds/drivers.geojson",
            geojson,
            access=Access.FLEET,
            live=True,
            summary="The live fleet as GeoJSON",
            query=FeedQuery,
            media=("application/geo+json",),
        ),
        Operation(
            node.door,
            "GET",
            "/api/v1/feeds/vehicle-positions.pb",
            vehicle_positions,
            access=Access.FLEET,
            live=True,
            summary="The live fleet as GTFS-Realtime vehicle positions",
            query=FeedQuery,
            media=("application/x-protobuf",),
            problems=(501,),
        ),
    ]


def _feature(fleet: Fleet, update: Update) -> bytes:
    one = feature(_decode(text_of(update.frame)))
    one["id"] = update.driver_id
    properties = one["properties"]
    assert isinstance(properties, dict)
    properties["status"] = fleet.away.get(update.driver_id, ONLINE)
    known = fleet.states.get(update.driver_id)
    if known is not None and known.state is not None:
        properties["state"] = known.state
    return msgspec.json.encode(one)


def _add_vehicle(feed: Any, position: StoredPosition, recorded_at: datetime, driven: Driven | None) -> None:
    """``recorded_at`` is that of the position, corrected where the driver's clock is wrong. ``driven``: the driver's
    vehicle."""
    vehicle = feed.entity.add(id=position.driver_id).vehicle
    if driven is None:
        vehicle.vehicle.id = position.driver_id
    else:
        vehicle.vehicle.id = driven.vehicle_id
        label = driven.name or driven.plate
        if label:
            vehicle.vehicle.label = label
        if driven.plate:
            vehicle.vehicle.license_plate = driven.plate
    vehicle.timestamp = int(recorded_at.timestamp())
    vehicle.position.latitude = position.latitude
    vehicle.position.longitude = position.longitude
    if position.heading is not None:
        vehicle.position.bearing = position.heading
    if position.speed is not None:
        vehicle.position.speed = position.speed
