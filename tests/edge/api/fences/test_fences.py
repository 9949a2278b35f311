"""Fences by the API: entering, editing, refusals in words, GeoJSON, visits and the preview."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    GATEWAY,
    STRANGER,
    change,
    execute,
    fetch,
    fields,
    hub_with,
)
from tests.support.fence_shapes import circle, moved, square
from tests.support.running import Edge

FENCES = "/api/v1/fences"
DAY = "from=2026-10-05T00:00:00Z&to=2026-10-06T00:00:00Z"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "fences") as running:
        yield running


def made(hub: Edge, **fields: Any) -> dict[str, Any]:
    """A new fence."""
    answer = post(hub, FENCES, {"name": "depot", "shape": circle(), "radius": 50, **fields}, ADMIN)
    assert answer.status == 201, answer.body
    return answer.json


def versions(hub: Edge, fence_id: str) -> list[tuple[int, bool]]:
    """(version, whether it is still valid)."""
    rows = fetch(
        hub, "SELECT version, valid_until IS NULL FROM fence_versions WHERE fence_id = $1 ORDER BY 1", fence_id
    )
    return [(row[0], row[1]) for row in rows]


def test_a_fence_is_entered_read_changed_and_deleted(hub: Edge) -> None:
    wanted = {
        "name": "depot",
        "shape": square(100),
        "rules": {"enterAfter": 30, "dwell": 600},
        "watch": {"groups": ["vans"]},
        "colour": "#ff8800",
        "category": "depot",
        "attributes": {"gate": 4},
    }
    answer = post(hub, FENCES, wanted, ADMIN)
    assert answer.status == 201, answer.body
    assert answer.headers["etag"] == '"1"'
    fence = answer.json
    path = f"{FENCES}/{fence['fenceId']}"
    assert answer.headers["location"] == path
    assert {name: fence[name] for name in wanted} == wanted
    assert get(hub, path, DISPATCHER).json == fence
    assert fence in get(hub, f"{FENCES}?q=DEP", DISPATCHER).json["fences"]
    assert fence not in get(hub, f"{FENCES}?q=airport", DISPATCHER).json["fences"]

    # The colour is no part of what visits depend on.
    changed = change(hub, "PATCH", path, {"colour": "#000000", "category": None}, etag='"1"')
    assert (changed.json["colour"], changed.headers["etag"]) == ("#000000", '"2"') and "category" not in changed.json
    assert versions(hub, fence["fenceId"]) == [(1, True)]
    changed = change(hub, "PATCH", path, {"shape": circle(), "radius": 70}, etag='"2"')
    assert changed.json["radius"] == 70 and changed.json["rules"] == wanted["rules"]
    assert versions(hub, fence["fenceId"]) == [(1, False), (3, True)]
    assert change(hub, "PATCH", path, {"name": "x"}, etag='"2"').status == 412
    assert change(hub, "PATCH", path, {"name": "x"}).status == 428
    assert change(hub, "DELETE", path, etag='"3"').status == 204
    assert get(hub, path, ADMIN).status == 404
    assert versions(hub, fence["fenceId"]) == [(1, False), (3, False)]


def test_roles(hub: Edge) -> None:
    fence = made(hub)
    path = f"{FENCES}/{fence['fenceId']}"
    for token in (DRIVER, GATEWAY):
        assert get(hub, FENCES, token).status == get(hub, path, token).status == 403
    assert post(hub, FENCES, {"name": "x", "shape": circle(), "radius": 5}, DISPATCHER).status == 403
    assert get(hub, path, STRANGER).status == 404
    assert get(hub, f"{path}/drivers", STRANGER).status == 404
    assert get(hub, f"/api/v1/visits?driverId=d&{DAY}", DRIVER).status == 200
    assert get(hub, f"/api/v1/visits?driverId=e&{DAY}", DRIVER).status == 403
    assert get(hub, f"/api/v1/visits?{DAY}", DRIVER).status == 403


BOWTIE = [[55, 25], [55.1, 25.1], [55.1, 25], [55, 25.1], [55, 25]]
BOX = [[55, 25], [55.1, 25], [55.1, 25.1], [55, 25.1], [55, 25]]

FLAT = [[55, 25], [56, 25], [57, 25], [55, 25]]
TRIANGLE = [[56, 25], [56.1, 25], [56.1, 25.1], [56, 25]]


def area(*rings: Any) -> dict[str, Any]:
    return {"shape": {"type": "Polygon", "coordinates": list(rings)}}


def line(*positions: Any) -> dict[str, Any]:
    return {"shape": {"type": "LineString", "coordinates": list(positions)}, "radius": 5}


ROUND = {"shape": circle(), "radius": 5}

REFUSED = [
    ({"shape": circle()}, "radius", "required"),
    ({"shape": circle(), "radius": 0.5}, "radius", "from 1 to"),
    ({"shape": square(10), "radius": 5}, "radius", "not for areas"),
    ({"shape": {"type": "Point", "coordinates": [25.2, 95]}, "radius": 5}, "shape.coordinates[1]", "longitude first"),
    (area(BOX[:4]), "shape.coordinates[0]", "first position"),
    (area(BOWTIE), "shape.coordinates[0]", "must not meet itself"),
    (area(BOX, TRIANGLE), "shape.coordinates[1]", "it is a hole"),
    (area(FLAT), "shape.coordinates[0]", "meet itself"),
    (area([[55, 25]] * 4), "shape.coordinates[0]", "three different"),
    (line([55, 25], [55, 25]), "shape.coordinates", "different"),
    (line([0, 25], [100, 25]), "shape.coordinates", "span"),
    ({"shape": {"type": "Circle", "coordinates": [1, 2]}}, "shape.type", ""),
    (ROUND | {"rules": {"exitAfter": -1}}, "rules.exitAfter", "at least 0"),
    (ROUND | {"colour": "red"}, "colour", "pattern"),
    (ROUND | {"attributes": [1]}, "attributes", "object"),
]


@pytest.mark.parametrize(("body", "field", "words"), REFUSED, ids=[row[1] + row[2] for row in REFUSED])
def test_refusals_name_the_field(hub: Edge, body: dict[str, Any], field: str, words: str) -> None:
    answer = post(hub, FENCES, {"name": "x", **body}, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field]), answer.body
    assert words in answer.json["errors"][0]["detail"]


def test_a_fleet_has_a_limit(services: Services, template: str) -> None:
    with hub_with(services, template, "few_fences", max_fences=1) as hub:
        made(hub)
        answer = post(hub, FENCES, {"name": "x", "shape": circle(), "radius": 5}, ADMIN)
        assert answer.status == 409 and "HUB_MAX_FENCES" in answer.json["detail"]


def test_geojson_out_and_in(hub: Edge) -> None:
    first = made(hub, name="one", watch={"drivers": ["d"]}, attributes={"a": 1})
    collection = get(hub, "/api/v1/fences.geojson", DISPATCHER)
    assert collection.headers["content-type"] == "application/geo+json"
    (feature,) = [one for one in collection.json["features"] if one["id"] == first["fenceId"]]
    assert feature["geometry"] == first["shape"]
    answer = post(hub, f"{FENCES}.geojson", {"type": "FeatureCollection", "features": [feature]}, ADMIN)
    assert answer.status == 201, answer.body
    (copy,) = answer.json["fences"]
    assert copy["fenceId"] != first["fenceId"]
    assert {n: copy[n] for n in ("name", "shape", "radius", "watch", "attributes")} == {
        n: first[n] for n in ("name", "shape", "radius", "watch", "attributes")
    }
    small = {"type": "Feature", "geometry": circle(), "properties": {"name": "x", "radius": 5}}
    answer = post(hub, f"{FENCES}.geojson", {"type": "FeatureCollection", "features": [small] * 1_001}, ADMIN)
    assert (answer.status, fields(answer)) == (422, ["features"])
    before = len(get(hub, FENCES, ADMIN).json["fences"])
    bad = {"type": "Feature", "geometry": circle(), "properties": {"name": "no radius"}}
    answer = post(hub, f"{FENCES}.geojson", {"type": "FeatureCollection", "features": [feature, bad]}, ADMIN)
    assert (answer.status, fields(answer)) == (422, ["features[1].radius"])
    assert len(get(hub, FENCES, ADMIN).json["fences"]) == before  # all or none


@pytest.mark.thorough
def test_an_import_has_a_limit_of_its_own(hub: Edge, services: Services, template: str) -> None:
    def polygon(n: int) -> dict[str, Any]:
        angles = [2 * math.pi * k / 30 for k in range(30)]
        ring = [[55 + n * 1e-3 + math.cos(a) / 1e4, 25 + math.sin(a) / 1e4] for a in angles]
        area = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        return {"type": "Feature", "geometry": area, "properties": {"name": f"Area {n}", "from": "another program"}}

    features = [polygon(n) for n in range(1_000)]
    body = {"type": "FeatureCollection", "features": features}
    size = len(msgspec.json.encode(body))
    assert hub.settings.max_body_bytes * 4 < size < hub.settings.max_import_bytes
    answer = post(hub, f"{FENCES}.geojson", body, ADMIN)
    assert answer.status == 201, answer.body
    assert [one["name"] for one in answer.json["fences"]] == [f"Area {n}" for n in range(1_000)]
    assert answer.headers["cache-control"] == "no-store"
    features[999]["geometry"]["coordinates"][0][7] = ["x", 25]
    wrong = post(hub, f"{FENCES}.geojson", body, ADMIN)
    assert wrong.status == 422 and fields(wrong)[0].startswith("features[999].geometry")
    # Other operations keep theirs.
    assert post(hub, FENCES, {"name": "x" * hub.settings.max_body_bytes}, ADMIN).status == 413
    with hub_with(services, template, "small_import", max_import_bytes=size // 2) as small:
        refused = post(small, f"{FENCES}.geojson", body, ADMIN)
        assert refused.status == 413 and f"at most {size // 2} bytes" in refused.json["detail"]


def put_visits(hub: Edge, fence_id: str) -> None:
    import asyncio

    asyncio.run(
        execute(
            hub.settings.database_url,
            """
            INSERT INTO visits (id, entered_at, exited_at, last_inside_at, distance, points, fence_version, fence_id,
                fleet, driver_id, cause, exit_cause)
            SELECT gen_random_uuid(), timestamptz '2026-10-05 08:00Z' + n * interval '10 min',
                CASE WHEN n < 6 THEN timestamptz '2026-10-05 08:05Z' + n * interval '10 min' END,
                timestamptz '2026-10-05 08:05Z' + n * interval '10 min', 100, 30, 1, $1, 'f',
                CASE n % 2 WHEN 0 THEN 'd' ELSE 'e' END, 'crossed', CASE WHEN n < 6 THEN 'crossed' END
            FROM generate_series(0, 6) AS n
            """,
            fence_id,
        )
    )


def test_visits(hub: Edge) -> None:
    fence = made(hub, name="=1+1")
    put_visits(hub, fence["fenceId"])
    url = f"/api/v1/visits?{DAY}&fence={fence['fenceId']}"
    found = get(hub, url, DISPATCHER).json["visits"]
    assert [visit["driverId"] for visit in found] == list("dededed")
    assert (found[0]["duration"], found[0]["exitCause"], "exitedAt" in found[6]) == (300, "crossed", False)
    assert get(hub, f"{url}&driverId=e", DISPATCHER).json["visits"] == found[1::2]
    pages, cursor = [], ""
    while True:
        answer = get(hub, f"{url}&limit=3{cursor}", DISPATCHER)
        pages.append(answer.json["visits"])
        if "next" not in answer.json:
            break
        cursor = f"&cursor={answer.json['next']}"
    assert [len(page) for page in pages] == [3, 3, 1] and [visit for page in pages for visit in page] == found
    inside = get(hub, f"{FENCES}/{fence['fenceId']}/drivers", DISPATCHER).json["visits"]
    assert [visit["visitId"] for visit in inside] == [found[6]["visitId"]]
    around = get(hub, "/api/v1/drivers/d/fences", DRIVER)
    assert around.status in (200, 404) and (around.status == 404 or around.json["visits"] == inside)
    text = get(hub, f"{url}&format=csv", DISPATCHER)
    assert text.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text.body.decode())))
    assert [row["visitId"] for row in rows] == [visit["visitId"] for visit in found]
    assert {row["fenceName"] for row in rows} == {"'=1+1"}  # not a formula
    assert get(hub, f"{url}&format=csv&cursor=x", DISPATCHER).status == 422


def test_backfill_opens_the_fence_earlier(hub: Edge) -> None:
    fence = made(hub)
    path = f"{FENCES}/{fence['fenceId']}/backfill"
    assert post(hub, path, {"from": "2030-01-01T00:00:00Z"}, ADMIN).status == 422
    answer = post(hub, path, {"from": "2026-10-01T00:00:00Z"}, ADMIN)
    assert (answer.status, answer.json["validFrom"]) == (202, "2026-10-01T00:00:00Z")
    rows = fetch(hub, "SELECT min(since) FROM fence_changes WHERE fence_id = $1", fence["fenceId"])
    assert rows[0][0].isoformat() == "2026-10-01T00:00:00+00:00"
    assert post(hub, path, {"from": "2026-10-02T00:00:00Z"}, ADMIN).status == 422
    unknown = f"{FENCES}/{UUID(int=5)}/backfill"
    assert post(hub, unknown, {"from": "2026-10-02T00:00:00Z"}, ADMIN).status == 404


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+23:59"])
def test_a_backfill_from_the_end_of_time_is_refused(hub: Edge, since: str) -> None:
    """It was stored as PostgreSQL's infinite instant, which the recorder cannot read: fences of all fleets ended."""
    path = f"{FENCES}/{made(hub)['fenceId']}/backfill"
    answer = post(hub, path, {"from": since}, ADMIN)
    assert (answer.status, fields(answer)) == (422, ["from"])
    before = post(hub, path, {"from": "1815-06-18T11:35:00Z"}, ADMIN)
    assert (before.status, before.json["validFrom"]) == (202, "1970-01-01T00:00:00Z")


def test_the_preview_is_what_the_fold_would_have_made(hub: Edge) -> None:
    import asyncio

    start, end = moved(-2_000, 0), moved(2_000, 0)
    asyncio.run(
        execute(
            hub.settings.database_url,
            """
            INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
            SELECT timestamptz '2026-10-05 08:00Z' + n * interval '1 s', now(), ($1::float8 * 1e7)::integer,
                (($2::float8 + ($3::float8 - $2::float8) * n / 400) * 1e7)::integer, 'f', driver
            FROM generate_series(0, 400) AS n, (VALUES ('p'), ('q')) AS v (driver)
            """,
            start[0], start[1], end[1],
        )
    )  # fmt: skip
    body = {"shape": circle(), "radius": 200, "from": "2026-10-05T00:00:00Z", "to": "2026-10-06T00:00:00Z"}
    answer = post(hub, "/api/v1/fence-preview", body, DISPATCHER)
    assert answer.status == 200, answer.body
    assert [visit["driverId"] for visit in answer.json["visits"]] == ["p", "q"]
    assert answer.json["visits"][0]["duration"] == pytest.approx(40, abs=0.1)
    assert answer.json["positions"] == 802
    only = post(hub, "/api/v1/fence-preview", body | {"drivers": ["q"]}, DISPATCHER)
    assert [visit["driverId"] for visit in only.json["visits"]] == ["q"]
    assert fetch(hub, "SELECT count(*) FROM visits WHERE driver_id IN ('p', 'q')") == [(0,)]
