"""The live fleet for programs that poll.

GET /api/v1/feeds/drivers.geojson           a point for each driver (RFC 7946)
GET /api/v1/feeds/vehicle-positions.pb      GTFS-Realtime 2.0, positions recorded in the last 90 seconds
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hub.core.live.fleet import Fleet
from hub.core.live.hub import ONLINE
from hub.edge.http.access import reader_of
from hub.edge.http.operations import Operation
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.wire.files.exports import feature
from hub.wire.frames import text_of
from hub.wire.stored import StoredPosition

try:
    from google.transit import gtfs_realtime_pb2 as gtfs
except ImportError:  # the extra is not installed
    gtfs = None  # type: ignore[assignment]

TURN = 200
"""Drivers that are written in one turn of the loop, some two milliseconds."""

FRESH = timedelta(seconds=90)
"""What the best practices of GTFS-Realtime say of how old a position may be."""

_decode = msgspec.json.Decoder(StoredPosition).decode


def routes(node: Node) -> list[Operation]:
    async def fleet_of(request: Request) -> Fleet:
        principal = await reader_of(node.identity, request)
        return node.hub.fleet(principal.fleet)

    async def geojson(request: Request) -> Response:
        fleet = await fleet_of(request)
        features = []
        async for position in _latest(fleet):
            one = feature(position)
            one["id"] = position.driver_id
            properties = one["properties"]
            assert isinstance(properties, dict)
            properties["status"] = fleet.away.get(position.driver_id, ONLINE)
            features.append(msgspec.Raw(msgspec.json.encode(one)))
        body = msgspec.json.encode({"type": "FeatureCollection", "features": features})
        return Response(body, media_type="application/geo+json")

    async def vehicle_positions(request: Request) -> Response:
        fleet = await fleet_of(request)
        if gtfs is None:
            raise Problem(501, "GTFS-Realtime needs the extra: pip install 'location-hub[gtfs]'")
        now = node.clock.now()
        feed = gtfs.FeedMessage()
        feed.header.gtfs_realtime_version = "2.0"
        feed.header.incrementality = gtfs.FeedHeader.FULL_DATASET
        feed.header.timestamp = int(now.timestamp())
        async for position in _latest(fleet):
            if position.recorded_at < now - FRESH:
                continue
            vehicle = feed.entity.add(id=position.driver_id).vehicle
            vehicle.vehicle.id = position.driver_id
            vehicle.timestamp = int(position.recorded_at.timestamp())
            vehicle.position.latitude = position.latitude
            vehicle.position.longitude = position.longitude
            if position.heading is not None:
                vehicle.position.bearing = position.heading
            if position.speed is not None:
                vehicle.position.speed = position.speed
        return Response(feed.SerializeToString(), media_type="application/x-protobuf")

    return [
        Operation(
            "GET",
            "/api/v1/feeds/drivers.geojson",
            geojson,
            summary="The live fleet as GeoJSON",
            media=("application/geo+json",),
        ),
        Operation(
            "GET",
            "/api/v1/feeds/vehicle-positions.pb",
            vehicle_positions,
            summary="The live fleet as GTFS-Realtime vehicle positions",
            media=("application/x-protobuf",),
            problems=(501,),
        ),
    ]


async def _latest(fleet: Fleet) -> AsyncIterator[StoredPosition]:
    """The latest position of each driver; others have their turns in between."""
    frames = [update.frame for update in fleet.latest.values()]
    for number, frame in enumerate(frames, 1):
        yield _decode(text_of(frame))
        if number % TURN == 0:
            await asyncio.sleep(0)
