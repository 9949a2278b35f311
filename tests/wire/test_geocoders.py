"""Questions to geocoders, and answers as the three programs give them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hub.wire.geocoders import LONGEST, Address, Kind, Unusable, answers_of, reverse_url, search_url

PHOTON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [13.3967, 52.5044]},
            "properties": {
                "osm_id": 1,
                "countrycode": "DE",
                "housenumber": "3",
                "street": "Lindenstraße",
                "district": "Kreuzberg",
                "city": "Berlin",
                "state": "Berlin",
                "country": "Deutschland",
                "extent": [13.39, 52.51, 13.4, 52.5],
            },
        }
    ],
}
NOMINATIM = {
    "place_id": 1,
    "lat": "52.5044",
    "lon": "13.3967",
    "display_name": "3, Lindenstraße,\n Kreuzberg, Berlin",
    "boundingbox": ["52.5", "52.51", "13.39", "13.4"],
}
PELIAS = {
    "geocoding": {"version": "0.2"},
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [13.3967, 52.5044]},
            "properties": {
                "id": "x",
                "label": "Lindenstraße 3, Berlin, Germany",
                "name": "Lindenstraße 3",
                "distance": 0.01,
            },
        }
    ],
}


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("nominatim", NOMINATIM, "3, Lindenstraße, Kreuzberg, Berlin"),
        ("nominatim", [NOMINATIM], "3, Lindenstraße, Kreuzberg, Berlin"),
        ("photon", PHOTON, "3 Lindenstraße, Kreuzberg, Berlin, Deutschland"),
        ("pelias", PELIAS, "Lindenstraße 3, Berlin, Germany"),
        ("nominatim", {"error": "Unable to geocode"}, None),
        ("nominatim", [], None),
        ("photon", {"features": []}, None),
        ("pelias", {"features": [{**PELIAS["features"][0], "properties": {}}]}, None),  # type: ignore[index]
    ],
)
def test_an_answer(kind: Kind, body: Any, text: str | None) -> None:
    expected = [] if text is None else [Address(text, 52.5044, 13.3967)]
    assert answers_of(kind, json.dumps(body).encode()) == expected


def test_a_long_text_is_cut() -> None:
    (found,) = answers_of("nominatim", json.dumps(NOMINATIM | {"display_name": "a" * 1_000}).encode())
    assert len(found.text) == LONGEST


@pytest.mark.parametrize("kind", ["nominatim", "photon", "pelias"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1",
        b'{"lat": 1}',
        b'{"features": [1]}',
        b"[" * 100_000,
        b"\xff",
        b'[{"lat":"x","lon":"1","display_name":"a"}]',
    ],
)
def test_what_is_not_an_answer(kind: Kind, body: bytes) -> None:
    with pytest.raises(Unusable) as raised:
        answers_of(kind, body)
    assert str(raised.value) == "the answer is not one of this kind of geocoder"


@pytest.mark.parametrize(
    ("kind", "reverse", "search"),
    [
        (
            "nominatim",
            (
                "/geo/reverse",
                {"format": "jsonv2", "lat": "52.5044", "lon": "13.3967", "accept-language": "de", "key": "k"},
            ),
            (
                "/geo/search",
                {
                    "format": "jsonv2",
                    "q": "a&b",
                    "limit": "5",
                    "accept-language": "de",
                    "key": "k",
                    "viewbox": "12,51,14,53",
                },
            ),
        ),
        (
            "photon",
            ("/geo/reverse", {"lat": "52.5044", "lon": "13.3967", "lang": "de", "api_key": "k"}),
            ("/geo/api", {"q": "a&b", "limit": "5", "lang": "de", "lat": "52", "lon": "13", "api_key": "k"}),
        ),
        (
            "pelias",
            (
                "/geo/v1/reverse",
                {"point.lat": "52.5044", "point.lon": "13.3967", "size": "1", "lang": "de", "api_key": "k"},
            ),
            (
                "/geo/v1/search",
                {
                    "text": "a&b",
                    "size": "5",
                    "lang": "de",
                    "focus.point.lat": "52",
                    "focus.point.lon": "13",
                    "api_key": "k",
                },
            ),
        ),
    ],
)
def test_a_question(kind: Kind, reverse: Any, search: Any) -> None:
    base = "https://geo.example/geo/"

    def parts(url: str) -> Any:
        found = urlsplit(url)
        assert found.netloc == "geo.example"
        return found.path, {name: values[0] for name, values in parse_qs(found.query).items()}

    assert parts(reverse_url(kind, base, "k", "52.5044", "13.3967", "de")) == reverse
    assert parts(search_url(kind, base, "k", "a&b", (52.0, 13.0), 5, "de")) == search
    assert "k" not in parts(search_url(kind, base, "", "a&b", None, 5, "de"))[1].values()
