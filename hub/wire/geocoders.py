"""Requests to geocoders and their answers: Nominatim, Photon and Pelias.

Sources: the API pages of Nominatim (``/reverse`` and ``/search`` with ``format=jsonv2``), the README of Photon
(``/reverse`` and ``/api``, GeoJSON), and the documentation of Pelias (``/v1/reverse`` and ``/v1/search``, GeoJSON).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct

Kind = Literal["nominatim", "photon", "pelias"]

LONGEST = 300
"""Characters of an address; longer ones are cut."""

PARTS = ("district", "city", "state", "country")
"""Properties of Photon that follow the name and the street in a text."""

KEYS: dict[Kind, str] = {"nominatim": "key", "photon": "api_key", "pelias": "api_key"}
"""Name of the parameter for a key, as hosted services of these programs have it."""

Degrees = Annotated[float, Meta(ge=-180, le=180)]


class Address(Struct, frozen=True, gc=False):
    """``text``: the address or the name of a place, as people write it, on one line."""

    text: str
    latitude: Degrees
    longitude: Degrees


class Unusable(ValueError):
    """The answer is not one of such a geocoder."""


class _Nominatim(Struct):
    lat: str
    lon: str
    display_name: str


class _Point(Struct):
    coordinates: tuple[Degrees, Degrees]


class _Feature(Struct):
    geometry: _Point
    properties: dict[str, Any]


class _Features(Struct):
    features: list[_Feature]


def reverse_url(kind: Kind, base: str, key: str, latitude: str, longitude: str, language: str) -> str:
    """The URL that asks for the address of a coordinate."""
    if kind == "nominatim":
        given = {"format": "jsonv2", "lat": latitude, "lon": longitude, "accept-language": language}
        return _url(kind, base, "/reverse", key, given)
    if kind == "photon":
        return _url(kind, base, "/reverse", key, {"lat": latitude, "lon": longitude, "lang": language})
    given = {"point.lat": latitude, "point.lon": longitude, "size": "1", "lang": language}
    return _url(kind, base, "/v1/reverse", key, given)


def search_url(
    kind: Kind, base: str, key: str, text: str, near: tuple[float, float] | None, limit: int, language: str
) -> str:
    """The URL that searches a text. ``near``: a place in whole degrees; nearer answers are preferred."""
    if kind == "nominatim":
        given = {"format": "jsonv2", "q": text, "limit": str(limit), "accept-language": language}
        if near is not None:
            latitude, longitude = near
            given["viewbox"] = f"{longitude - 1:g},{latitude - 1:g},{longitude + 1:g},{latitude + 1:g}"
        return _url(kind, base, "/search", key, given)
    if kind == "photon":
        given = {"q": text, "limit": str(limit), "lang": language}
        if near is not None:
            given |= {"lat": f"{near[0]:g}", "lon": f"{near[1]:g}"}
        return _url(kind, base, "/api", key, given)
    given = {"text": text, "size": str(limit), "lang": language}
    if near is not None:
        given |= {"focus.point.lat": f"{near[0]:g}", "focus.point.lon": f"{near[1]:g}"}
    return _url(kind, base, "/v1/search", key, given)


def answers_of(kind: Kind, body: bytes) -> list[Address]:
    """The addresses of an answer, best first; none where the geocoder knows nothing. Raises ``Unusable``."""
    try:
        if kind != "nominatim":
            features = msgspec.json.decode(body, type=_Features).features
            text = _photon_text if kind == "photon" else _pelias_text
            found = [Address(text(one.properties), *reversed(one.geometry.coordinates)) for one in features]
        else:
            document = msgspec.json.decode(body)
            if isinstance(document, dict) and "error" in document:  # "Unable to geocode": nothing is there
                return []
            items = msgspec.convert(document if isinstance(document, list) else [document], list[_Nominatim])
            found = [Address(_line(one.display_name), float(one.lat), float(one.lon)) for one in items]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        # Its text may repeat what was asked.
        raise Unusable("the answer is not one of this kind of geocoder") from error
    return [one for one in found if one.text and abs(one.latitude) <= 90 and abs(one.longitude) <= 180]


def _url(kind: Kind, base: str, path: str, key: str, given: dict[str, str]) -> str:
    if key:
        given[KEYS[kind]] = key
    return f"{base.rstrip('/')}{path}?{urlencode(given)}"


def _photon_text(properties: dict[str, Any]) -> str:
    street = " ".join(filter(None, (_text(properties, "housenumber"), _text(properties, "street"))))
    parts = [_text(properties, "name"), street, *(_text(properties, name) for name in PARTS)]
    return _line(", ".join(dict.fromkeys(filter(None, parts))))


def _pelias_text(properties: dict[str, Any]) -> str:
    return _line(_text(properties, "label") or _text(properties, "name"))


def _text(properties: dict[str, Any], name: str) -> str:
    value = properties.get(name)
    return value if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST]
