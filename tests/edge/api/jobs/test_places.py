"""Places by the API: entering, editing, listing and refusals in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER, GATEWAY, STRANGER, change, fetch, fields
from tests.support.api.job_books import HERE, PLACES, new_place
from tests.support.fence_shapes import square
from tests.support.running import Edge


def test_a_place_is_entered_read_changed_and_deleted(hub: Edge) -> None:
    wanted = {
        "name": "Mall",
        **HERE,
        "reference": "mall",
        "address": "1 Mall Road",
        "radius": 60,
        "shape": square(80),
        "serviceTime": 300,
        "contact": {"name": "Ann", "phone": "+971 1"},
        "notes": "gate 4\nring twice",
        "attributes": {"gate": 4},
    }
    answer = post(hub, PLACES, wanted, DISPATCHER)
    assert (answer.status, answer.headers["etag"]) == (201, '"1"'), answer.body
    place = answer.json
    assert {name: place[name] for name in wanted} == wanted
    path = answer.headers["location"]
    assert get(hub, path, DISPATCHER).json == place
    changed = change(hub, "PATCH", path, {"radius": None, "address": "2 Mall Road"}, etag='"1"', token=DISPATCHER)
    assert (changed.json["address"], changed.json["version"]) == ("2 Mall Road", 2) and "radius" not in changed.json
    assert changed.json["contact"] == wanted["contact"] and changed.json == get(hub, path, DISPATCHER).json
    stale = change(hub, "PATCH", path, {"radius": 50}, etag='"1"', token=DISPATCHER)
    assert (stale.status, stale.headers["etag"]) == (412, '"2"')
    assert change(hub, "PATCH", path, {"radius": 50}, token=DISPATCHER).status == 428
    assert change(hub, "DELETE", path, etag='"2"', token=DISPATCHER).status == 204
    assert get(hub, path, DISPATCHER).status == 404
    said = fetch(hub, "SELECT action FROM audit WHERE subject_id = $1 ORDER BY id", place["placeId"])
    assert said == [("place.created",), ("place.changed",), ("place.deleted",)]


def test_places_are_listed_by_name(hub: Edge) -> None:
    for name in ("Zoo", "Bank", "Zoo"):
        new_place(hub, name=name, address="Listed Street")
    first = get(hub, f"{PLACES}?q=listed&limit=2", DISPATCHER).json
    assert [place["name"] for place in first["places"]] == ["Bank", "Zoo"]
    rest = get(hub, f"{PLACES}?q=listed&limit=2&cursor={first['next']}", DISPATCHER).json
    assert [place["name"] for place in rest["places"]] == ["Zoo"] and "next" not in rest
    assert first["places"][1]["placeId"] != rest["places"][0]["placeId"]


def test_roles(hub: Edge) -> None:
    place = new_place(hub)
    for token in (DRIVER, GATEWAY):
        assert get(hub, PLACES, token).status == 403
        assert post(hub, PLACES, {"name": "x", **HERE}, token).status == 403
    assert get(hub, f"{PLACES}/{place['placeId']}", STRANGER).status == 404


REFUSED = [
    ({"latitude": 91}, "latitude", "at most 90"),
    ({"radius": 1}, "radius", "at least 5"),
    ({"shape": {"type": "Polygon", "coordinates": [[[55, 25], [55.1, 25.1], [55.1, 25], [55, 25.1], [55, 25]]]}},
     "shape.coordinates[0]", "must not meet itself"),
    ({"shape": {"type": "Point", "coordinates": [55, 25]}}, "shape.type", "Polygon"),
    ({"attributes": [1]}, "attributes", "object"),
    ({"contact": {"mail": "x"}}, "contact.mail", "unknown field"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "field", "words"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refusals_name_the_field(hub: Edge, body: dict[str, Any], field: str, words: str) -> None:
    answer = post(hub, PLACES, {"name": "x", **HERE, **body}, DISPATCHER)
    assert (answer.status, fields(answer)) == (422, [field]), answer.body
    assert words in answer.json["errors"][0]["detail"]


def test_a_reference_is_of_one_place(hub: Edge) -> None:
    new_place(hub, reference="once")
    other = new_place(hub)
    again = post(hub, PLACES, {"name": "x", **HERE, "reference": "once"}, DISPATCHER)
    path = f"{PLACES}/{other['placeId']}"
    taken = change(hub, "PATCH", path, {"reference": "once"}, etag="*", token=DISPATCHER)
    for answer in (again, taken):
        assert (answer.status, fields(answer)) == (409, ["reference"])
