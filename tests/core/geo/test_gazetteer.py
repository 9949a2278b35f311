"""The nearest place and the search by name, in a small world and in that of the installation."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.web.gazetteer import pack, plain
from hub.core.geo import gazetteer as module
from hub.core.geo.gazetteer import FARTHEST, MAGIC, Gazetteer, searched
from hub.core.geo.geodesy import haversine, haversine_from
from hub.stores.gazetteer import gazetteer

COUNTRIES = {"AE": "United Arab Emirates", "BR": "Brazil", "FJ": "Fiji", "FR": "France", "NO": "Norway"}


def city(name: str, latitude: float, longitude: float, country: str) -> dict[str, Any]:
    return {"name": name, "lat": str(latitude), "lng": str(longitude), "country": country, "admin1": "", "admin2": ""}


WORLD = Gazetteer(
    pack(
        [
            city("Ḩattā", 24.80073, 56.12726, "AE"),
            city("Dubai", 25.07725, 55.30927, "AE"),
            city("Ash Sha\u2018m", 26.0279, 56.08352, "AE"),
            city("São Paulo", -23.5475, -46.63611, "BR"),
            city("São Paulo de Olivença", -3.37833, -68.8725, "BR"),
            city("Cabo São Paulo", -5.0, -35.5, "BR"),
            city("Labasa", -16.4332, 179.36451, "FJ"),
            city("Waiyevo", -16.79, -179.98, "FJ"),
            city("Longyearbyen", 78.22334, 15.64689, "NO"),
            city("Paris", 48.85341, 2.3488, "FR"),
        ],
        COUNTRIES,
    )
)


@pytest.mark.parametrize(
    ("latitude", "longitude", "text"),
    [
        (24.8, 56.127, "Hatta, United Arab Emirates"),
        (24.814, 56.142, "2.1 km NE of Hatta, United Arab Emirates"),
        (24.6, 56.12726, "22 km S of Hatta, United Arab Emirates"),
        (26.03, 56.08, "Ash Sham, United Arab Emirates"),
        (-23.5475, -46.9, "27 km W of São Paulo, Brazil"),
        (-16.79, 179.97, "5.3 km W of Waiyevo, Fiji"),
        (78.3, -164.0, None),
        (79.9, 20.0, "208 km NE of Longyearbyen, Norway"),
        (0.0, 0.0, None),
    ],
)
def test_the_nearest_place(latitude: float, longitude: float, text: str | None) -> None:
    near = WORLD.nearest(latitude, longitude)
    assert (near and near.text) == text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hatta", ["Hatta"]),
        ("Ḩattā", ["Hatta"]),
        ("sao paulo", ["São Paulo", "São Paulo de Olivença", "Cabo São Paulo"]),
        ("PAULO", ["São Paulo", "Cabo São Paulo", "São Paulo de Olivença"]),
        ("ash sha'm", ["Ash Sham"]),
        ("pa", []),
        ("attā", []),
        ("\n", []),
    ],
)
def test_a_search(text: str, names: list[str]) -> None:
    assert [place.name for place in WORLD.search(text, 10, (-23.0, -46.0))] == names


@given(st.floats(-85, 85), st.floats(-180, 180), st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180))))
def test_no_place_is_nearer(latitude: float, longitude: float, places: list[tuple[float, float]]) -> None:
    """Against a comparison of all places."""
    near = [(latitude + by / 7, max(-180.0, min(180.0, longitude + by))) for by in (-0.9, -0.01, 0.3, 2.0)]
    known = [*places, *near]
    world = Gazetteer(pack([city(f"p{number}", *place, "FR") for number, place in enumerate(known)], COUNTRIES))
    least = min(haversine(latitude, longitude, *place) for place in known)
    found = world.nearest(latitude, longitude)
    if found is None:
        assert least > FARTHEST - 10
    else:
        assert found.distance == pytest.approx(least, abs=5)


def test_the_world_of_the_installation() -> None:
    world = gazetteer()
    assert world is not None, "python -m clients.web.bundle has not been run"
    assert len(world) > 150_000
    near = world.nearest(24.82, 56.15)
    assert near is not None and near.text == "3.1 km NE of Hatta, United Arab Emirates"
    assert [place.text for place in world.search("paris", 1, (25.2, 55.3))] == ["Paris, France"]
    # Each of its names is found by itself, whatever its letters.
    for number in random.Random(1).sample(range(len(world)), 10):
        place = world._place(number)
        if len(searched(place.name).encode()) < 3:
            continue
        assert place in world.search(place.name, 50, (place.latitude, place.longitude)), place


def test_at_sea_few_places_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the North Sea, with the towns of four countries within reach."""
    world, measured = gazetteer(), []
    assert world is not None

    def counting(latitude: float, longitude: float) -> Callable[[float, float], float]:
        distance = haversine_from(latitude, longitude)
        return lambda *place: measured.append(place) or distance(*place)  # type: ignore[func-returns-value]

    monkeypatch.setattr(module, "haversine_from", counting)
    assert world.nearest(55.3, 5.8) is not None
    assert 0 < len(measured) < 150


def test_both_programs_spell_alike() -> None:
    for name in ("Ḩattā", "Łódź", "Ålesund", "Sha\u2018m", "Straße", "İzmir", "Ærø", "Đà Nẵng", "S\u2019ang"):
        assert searched(name) == plain(name).casefold()


@pytest.mark.parametrize(
    "data", [b"", b"places 2\n", MAGIC, MAGIC + zlib.compress(b"\0"), MAGIC + zlib.compress(b"\2\0\0\0{}")]
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="is "):
        Gazetteer(data)
