"""Names of fields as apps spell them, sorted into the hub's nouns.

Names are compared without case, ``_`` and ``-``: ``Lat``, ``device_id`` and ``deviceId`` are found with ``lat`` and
``deviceid``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

ALIASES: dict[str, tuple[str, ...]] = {
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng", "long"),
    "recorded_at": ("recordedat", "time", "timestamp", "tst", "fixtime", "gpstime", "datetime", "ts"),
    "driver_id": ("driverid", "deviceid", "id", "device", "uniqueid", "imei", "tid"),
    "speed": ("speed", "spd"),
    "heading": ("heading", "bearing", "course", "direction", "cog"),
    "accuracy": ("accuracy", "acc", "horizontalaccuracy", "hacc", "gpsaccuracy"),
    "altitude": ("altitude", "alt", "ele", "elevation"),
    "battery": ("battery", "batt", "batterylevel"),
}
"""Noun -> its names. Of several names in one object the first one here that has a value counts."""

PRIVATE = frozenset(
    {"notificationtoken", "token", "accesstoken", "password", "passwd", "secret", "apikey", "key", "authorization"}
)
"""Fields that go nowhere: credentials."""

_NOUNS = {name: (noun, rank) for noun, names in ALIASES.items() for rank, name in enumerate(names)}


_PRIVATE = ("", 0)
_ID = _NOUNS["id"]
"""A number in a field ``id`` is the number of a row in the queue of some libraries, not a device."""


def plain(name: str) -> str:
    """A name in the spelling of the tables here."""
    return name.strip("\ufeff ").lower().replace("_", "").replace("-", "")


CACHED = 4_096
"""Names whose meaning is remembered; apps use some hundred."""

LONGEST = 64
"""Characters of a name that is looked up and remembered."""


@lru_cache(CACHED)
def meaning(name: str) -> tuple[str, int] | None:
    """The noun of a name and its rank; ``_PRIVATE`` for a credential; None for another name."""
    spelling = plain(name)
    return _PRIVATE if spelling in PRIVATE else _NOUNS.get(spelling)


class Sorted(NamedTuple):
    """``values`` and ``names`` by noun: what the app says, and the name that it uses. ``extra`` are all other fields
    with a value, without credentials."""

    values: dict[str, object]
    names: dict[str, str]
    extra: dict[str, object]


def sort(fields: Iterable[tuple[str, object]]) -> Sorted:
    """Fields by noun."""
    values: dict[str, object] = {}
    names: dict[str, str] = {}
    extra: dict[str, object] = {}
    ranks: dict[str, int] = {}
    for name, value in fields:
        found = meaning(name) if len(name) <= LONGEST else None
        if found is None or (found is _ID and not isinstance(value, str)):
            if value is not None:
                extra[name] = value
            continue
        if found is _PRIVATE:
            continue
        noun, rank = found
        if noun not in values or (not empty(value) and (empty(values[noun]) or rank < ranks[noun])):
            values[noun], names[noun], ranks[noun] = value, name, rank
    return Sorted(values, names, extra)


def within(context: Mapping[str, object], values: dict[str, object]) -> dict[str, object]:
    """The values of a location, and those of its envelope where it has none of its own."""
    return {**context, **{noun: value for noun, value in values.items() if not empty(value)}} if context else values


def empty(value: object) -> bool:
    """Whether an app writes this for an unknown value: null, or a text without characters."""
    return value is None or (isinstance(value, str) and not value.strip())


def has_place(fields: Iterable[str]) -> bool:
    """Whether an object has a latitude or a longitude under any of their names."""
    for name in fields:
        found = meaning(name) if len(name) <= LONGEST else None
        if found is not None and found[0] in _PLACE:
            return True
    return False


_PLACE = ("latitude", "longitude")


MESSAGE = frozenset(
    {"notificationtoken", "driveruniqueid", "charge", "charging", "ischarging", "alarm", "event", "motion", "ismoving",
     "ignition", "status", "odometer", "activity", "provider", "uuid", "extras", "heartbeat", "cell", "wifi", "u", "d",
     "valid", "type", "companyid", "rssi", "sat"}
)  # fmt: skip
"""Fields of known messages without a place, in addition to those of driver, time and battery: a heartbeat, a token for
notifications, cells and access points for a look-up that the hub does not make."""

_WITHOUT_PLACE = frozenset({"driver_id", "recorded_at", "battery"})


def is_message(fields: Iterable[str]) -> bool:
    """Whether all fields belong to known messages without a place."""
    return all(plain(name) in MESSAGE or _NOUNS.get(plain(name), ("",))[0] in _WITHOUT_PLACE for name in fields)
