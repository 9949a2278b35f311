"""Names of places for coordinates, and coordinates for texts.

GET /api/v1/geocode/reverse    the nearest place, and the address if a geocoder is set
GET /api/v1/geocode/search     coordinates in usual notations, drivers, fences, places, and addresses of the geocoder
"""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

import asyncpg
from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.fences.shapes import Shape, rings_of
from hub.core.geo.geodesy import haversine
from hub.core.geo.notations import coordinates
from hub.core.live.update import Update
from hub.core.names import SearchText
from hub.core.nouns import Latitude, Longitude
from hub.core.principal import Principal
from hub.edge.api.history.past import Past
from hub.edge.api.registry.answers import answer
from hub.edge.api.registry.database import Registry
from hub.edge.geocoding.away import GeocoderAway
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation
from hub.edge.http.problems import invalid
from hub.stores.gazetteer import MISSING, load
from hub.stores.postgres.fences.definitions import FIRST, Fence, fences
from hub.stores.postgres.places.names import gazetteer_name
from hub.stores.postgres.registry.drivers import driver, drivers
from hub.wire.stored import PlaceName

MOST_OWN = 5
"""Drivers and fences each in one answer, so that places are not pushed out of it."""


READ, MOST_READS = 100, 20
"""Drivers or fences that are read at once, and how often: those without a position, and those that the user does not
see, are passed over."""


class ReverseQuery(Struct):
    """``address``: whether the geocoder is asked, which may take seconds."""

    latitude: Latitude
    longitude: Longitude
    address: bool = True


class Located(Struct, omit_defaults=True):
    """``place``: the nearest place of the gazetteer, absent where none is within 300 km. ``address``: of the geocoder.
    ``problem``: why one of them is missing although it was asked for."""

    place: PlaceName | None = None
    address: str | None = None
    problem: str | None = None


class SearchQuery(Struct):
    """``q``: a text; places need three letters of it. ``latitude``, ``longitude``: the place whose surroundings are
    preferred, such as the middle of a map. ``addresses``: whether the geocoder is asked, which may take seconds; not
    for each letter that is typed, which public geocoders forbid."""

    q: SearchText
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 10
    addresses: bool = False


class Hit(Struct, omit_defaults=True):
    """One answer. ``id``: of the driver or the fence. ``bbox``: of the fence, as west, south, east, north. ``distance``
    in metres from the place of the query."""

    kind: Literal["coordinates", "driver", "fence", "place", "address"]
    text: str
    latitude: float
    longitude: float
    id: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    distance: float | None = None


class Hits(Struct, omit_defaults=True):
    """What was found, the best first. ``geocoder``: whether one is set. ``problem``: why something is missing."""

    results: list[Hit]
    geocoder: bool
    problem: str | None = None


def routes(past: Past, registry: Registry) -> list[Operation]:
    sight, hub, geocoder = past.node.sight, past.node.hub, past.node.geocoder

    async def reverse(call: Call[ReverseQuery, None]) -> Response:
        query = call.query
        known = await load()
        found = Located(problem=MISSING if known is None else None)
        if known is not None:
            found.place = gazetteer_name(known.nearest(query.latitude, query.longitude))
        if query.address and geocoder.configured:
            try:
                address = await geocoder.reverse(call.fleet, query.latitude, query.longitude)
            except GeocoderAway as error:
                found.problem = str(error)
            else:
                found.address = None if address is None else address.text
        return answer(found)

    async def search(call: Call[SearchQuery, None]) -> Response:
        query = call.query
        text = " ".join(query.q.split())
        if (query.latitude is None) != (query.longitude is None):
            raise invalid("longitude", "latitude and longitude belong together")
        near = None if query.latitude is None or query.longitude is None else (query.latitude, query.longitude)
        if (place := coordinates(text)) is not None:
            return _answer(past, [Hit("coordinates", f"{place[0]:.5f}, {place[1]:.5f}", *place)], near, query.limit)
        found: list[Hit] = []
        if text:
            async with registry.transaction() as connection:
                found = await own(connection, call.principal, text)
        known = await load()
        problem = MISSING if known is None else None
        if known is not None:
            # In a thread: it takes 10 ms.
            for one in await asyncio.to_thread(known.search, text, query.limit, near):
                found.append(Hit("place", one.text, one.latitude, one.longitude))
        if query.addresses and text and geocoder.configured:
            try:
                addresses = await geocoder.search(call.fleet, text, near, query.limit)
            except GeocoderAway as error:
                problem = str(error)
            else:
                # First: a search for them was asked for.
                found = [Hit("address", one.text, one.latitude, one.longitude) for one in addresses] + found
        return _answer(past, found, near, query.limit, problem)

    async def own(connection: asyncpg.Connection, principal: Principal, text: str) -> list[Hit]:
        """Drivers and fences of the fleet with the text in their name, as far as the principal sees them."""
        latest = hub.fleet(principal.fleet).latest
        hits: list[Hit] = []
        # Its exact id also finds a driver that is not registered, and comes first.
        if text in latest and sight.sees(principal, text):
            registered = await driver(connection, principal.fleet, text)
            hits.append(_driver_hit(text, "" if registered is None else registered.name, latest[text]))
        after = ""
        among = sight.drivers(principal)
        for _ in range(MOST_READS):
            named = await drivers(connection, principal.fleet, READ, after=after, text=text, among=among)
            for one in named:
                if one.driver_id != text and (update := latest.get(one.driver_id)) is not None:
                    hits.append(_driver_hit(one.driver_id, one.name, update))
            if len(named) < READ or len(hits) >= MOST_OWN:
                break
            after = named[-1].driver_id
        del hits[MOST_OWN:]
        shown: list[Fence] = []
        last = FIRST
        for _ in range(MOST_READS):
            known = await fences(connection, principal.fleet, READ, after=last, text=text)
            shown += [one for one in known if sight.watching(principal, one) is not None]
            if len(known) < READ or len(shown) >= MOST_OWN:
                break
            last = known[-1].fence_id
        for fence in shown[:MOST_OWN]:
            west, south, east, north = bbox = _bbox(fence.shape)
            middle = (south + north) / 2, (west + east) / 2
            hits.append(Hit("fence", fence.name, *middle, str(fence.fence_id), bbox))
        return hits

    return [
        Operation(
            past.node.door,
            "GET",
            "/api/v1/geocode/reverse",
            reverse,
            access=Access.FLEET,
            summary="The nearest place of a coordinate, and its address if a geocoder is set",
            query=ReverseQuery,
            answer=Located,
        ),
        Operation(
            past.node.door,
            "GET",
            "/api/v1/geocode/search",
            search,
            access=Access.FLEET,
            live=True,
            summary="Coordinates, drivers, fences, places and addresses for a text",
            query=SearchQuery,
            answer=Hits,
        ),
    ]


def _answer(
    past: Past, found: list[Hit], near: tuple[float, float] | None, limit: int, problem: str | None = None
) -> Response:
    if near is not None:
        for hit in found:
            hit.distance = round(haversine(*near, hit.latitude, hit.longitude))
    return answer(Hits(found[:limit], past.node.geocoder.configured, problem))


def _driver_hit(driver_id: str, name: str, update: Update) -> Hit:
    return Hit("driver", name or driver_id, update.latitude, update.longitude, driver_id)


def _bbox(shape: Shape) -> tuple[float, float, float, float]:
    pairs = [pair for rings in rings_of(shape) for ring in rings for pair in ring]
    longitudes, latitudes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)
