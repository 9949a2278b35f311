"""Where trips and stops began and ended, in words: the address that the geocoder answered for a coordinate, else the
nearest place of the gazetteer. Made when they are read: the gazetteer takes 40 µs a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from hub.clock import SYSTEM, SystemClock
from hub.core.geo.gazetteer import Gazetteer, Near
from hub.settings import Settings
from hub.stores.gazetteer import load
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.places.addresses import find, key_of
from hub.wire.geocoders import Address
from hub.wire.stored import PlaceName, Trip

Name = Callable[[Any], Any]
"""Fills the places of a trip, a stop, or another thing with ``latitude``, ``longitude`` and ``place``; returns it."""


class PlaceNames:
    """``wanted`` gets the questions for coordinates whose address is not known yet; nothing waits for their answers."""

    def __init__(
        self, settings: Settings, wanted: Callable[[Sequence[str]], None] | None = None, clock: SystemClock = SYSTEM
    ) -> None:
        self._language = settings.geocoder_language if settings.geocoder else None
        self._kept_for = timedelta(days=settings.geocoder_days)
        self._wanted, self._clock = wanted, clock

    async def naming(self, connection: Connection, things: Sequence[Any], *, fill: bool = False) -> Name:
        """What names the places of these things, later and in pieces. ``fill``: ask the geocoder for addresses that are
        missing, for the next reader."""
        known = await load()
        addresses: dict[str, list[Address]] = {}
        if self._language is not None and things:
            keys = list(dict.fromkeys(key_of(*place) for thing in things for place in _places(thing)))
            addresses = await find(connection, self._language, keys, self._clock.now() - self._kept_for)
            if fill and self._wanted is not None:
                self._wanted([key for key in keys if key not in addresses])
        return _namer(known, addresses)


def gazetteer_name(near: Near | None) -> PlaceName | None:
    """A place of the gazetteer as it is answered."""
    if near is None:
        return None
    place = near.place
    if near.inside:
        return PlaceName(near.text, "gazetteer", place.name, place.country)
    return PlaceName(near.text, "gazetteer", place.name, place.country, round(near.distance), near.direction)


@lru_cache(maxsize=4_000)
def place_name(known: Gazetteer, latitude: float, longitude: float) -> PlaceName | None:
    """The nearest place of coordinates with 4 decimals (11 m), as it is answered. Many are asked again: a trip begins
    where the last one ended, and a parked car is looked at by many."""
    return gazetteer_name(known.nearest(latitude, longitude))


def _namer(known: Gazetteer | None, addresses: dict[str, list[Address]]) -> Name:
    def place(latitude: float, longitude: float) -> PlaceName | None:
        if addresses and (found := addresses.get(key_of(latitude, longitude))):
            return PlaceName(found[0].text, "geocoder")
        return None if known is None else place_name(known, round(latitude, 4), round(longitude, 4))

    def name(thing: Any) -> Any:
        if not isinstance(thing, Trip):
            thing.place = place(thing.latitude, thing.longitude)
            return thing
        thing.start_place = place(thing.latitude, thing.longitude)
        if thing.end_latitude is not None and thing.end_longitude is not None:
            thing.end_place = place(thing.end_latitude, thing.end_longitude)
        return thing

    return name


def _places(thing: Any) -> Iterable[tuple[float, float]]:
    yield thing.latitude, thing.longitude
    if isinstance(thing, Trip) and thing.end_latitude is not None and thing.end_longitude is not None:
        yield thing.end_latitude, thing.end_longitude
