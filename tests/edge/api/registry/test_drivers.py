"""Registered drivers: entered, found, changed by one at a time, deleted."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    VEHICLES,
    change,
    fetch,
    fields,
    hub_with,
)
from tests.support.running import Edge


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "fleet_drivers") as running:
        yield running


def enter(hub: Edge, driver_id: str, **more: Any) -> str:
    """The ETag of a new driver."""
    answer = post(hub, DRIVERS, {"driverId": driver_id, **more}, ADMIN)
    assert answer.status == 201, answer
    return answer.headers["etag"]


def test_a_driver_is_entered_read_changed_and_deleted(hub: Edge) -> None:
    made = post(hub, DRIVERS, {"driverId": "life", "name": "سائق الليل", "phone": "+971 50 000 0000"}, ADMIN)
    assert (made.status, made.headers["location"], made.headers["etag"]) == (201, f"{DRIVERS}/life", '"1"')
    assert made.headers["cache-control"] == "no-store"
    seen = made.json
    assert seen.pop("createdAt") == seen.pop("updatedAt")
    assert seen == {
        "driverId": "life",
        "name": "سائق الليل",
        "phone": "+971 50 000 0000",
        "groups": [],
        "disabled": False,
        "version": 1,
    }

    read = get(hub, f"{DRIVERS}/life", DISPATCHER)
    assert (read.status, read.json, read.headers["etag"]) == (200, made.json, '"1"')

    changed = change(hub, "PATCH", f"{DRIVERS}/life", {"disabled": True}, etag=read.headers["etag"])
    assert (changed.status, changed.headers["etag"]) == (200, '"2"')
    assert changed.json["disabled"] is True
    assert changed.json["name"] == "سائق الليل"
    assert changed.json["updatedAt"] > changed.json["createdAt"]

    changed = change(hub, "PATCH", f"{DRIVERS}/life", {"name": "", "disabled": False}, etag='"2"')
    assert (changed.json["name"], changed.json["phone"]) == ("", "+971 50 000 0000")

    assert change(hub, "DELETE", f"{DRIVERS}/life", etag='"3"').status == 204
    assert get(hub, f"{DRIVERS}/life", ADMIN).status == 404


def test_an_id_is_taken_once_in_a_fleet(hub: Edge) -> None:
    enter(hub, "twice", name="first")
    again = post(hub, DRIVERS, {"driverId": "twice", "name": "second"}, ADMIN)
    assert (again.status, fields(again)) == (409, ["driverId"])
    assert get(hub, f"{DRIVERS}/twice", ADMIN).json["name"] == "first"
    assert post(hub, DRIVERS, {"driverId": "twice", "name": "theirs"}, STRANGER).status == 201
    assert get(hub, f"{DRIVERS}/twice", ADMIN).json["name"] == "first"


def test_a_change_needs_the_version_that_it_is_meant_for(hub: Edge) -> None:
    etag = enter(hub, "edited", name="before")
    path = f"{DRIVERS}/edited"
    for method, body in (("PATCH", {"name": "x"}), ("DELETE", None)):
        assert change(hub, method, path, body).status == 428
        assert change(hub, method, path, body, etag="1").status == 422
        stale = change(hub, method, path, body, etag='"7"')
        assert (stale.status, stale.headers["etag"]) == (412, etag)
        assert change(hub, method, path, body, etag='"9999999999"').status == 412
        assert change(hub, method, f"{DRIVERS}/nobody", body, etag='"1"').status == 404
    assert get(hub, path, ADMIN).json["name"] == "before"
    assert change(hub, "PATCH", path, {"name": "whatever was there"}, etag="*").status == 200


def test_of_two_changes_at_once_one_wins(hub: Edge) -> None:
    etag = enter(hub, "raced")
    for _ in range(10):
        rename = partial(change, hub, "PATCH", f"{DRIVERS}/raced", etag=etag)
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(rename, [{"name": "one"}, {"name": "two"}]))
        assert sorted(answer.status for answer in answers) == [200, 412]
        winner, loser = sorted(answers, key=lambda answer: answer.status)
        assert winner.headers["etag"] == loser.headers["etag"] != etag
        etag = winner.headers["etag"]
        assert get(hub, f"{DRIVERS}/raced", ADMIN).json == winner.json


def test_pages_by_id_and_a_search_in_id_and_name(hub: Edge) -> None:
    for number in range(5):
        enter(hub, f"page-{number}", name=f"Öster 100% {number}")
    first = get(hub, f"{DRIVERS}?q=PAGE-&limit=3", DISPATCHER)
    assert [one["driverId"] for one in first.json["drivers"]] == ["page-0", "page-1", "page-2"]
    assert first.headers["cache-control"] == "no-store"
    following = first.headers["link"].split(">")[0].removeprefix("<")
    rest = get(hub, following, DISPATCHER)
    assert [one["driverId"] for one in rest.json["drivers"]] == ["page-3", "page-4"]
    assert "next" not in rest.json

    def found(q: str) -> list[str]:
        return [one["driverId"] for one in get(hub, f"{DRIVERS}?q={q}", ADMIN).json["drivers"]]

    assert found("%C3%B6STER%20100%25%203") == ["page-3"]
    assert found("_") == []  # no pattern, but text
    assert len(found("")) >= 5


def test_a_driver_of_a_vehicle_stays_until_it_has_another(hub: Edge) -> None:
    etag = enter(hub, "busy")
    made = post(hub, VEHICLES, {"vehicleId": "van-1", "driverId": "busy"}, ADMIN)
    refused = change(hub, "DELETE", f"{DRIVERS}/busy", etag=etag)
    assert refused.status == 409
    assert "van-1" in refused.json["detail"]
    change(hub, "PATCH", f"{VEHICLES}/van-1", {"driverId": None}, etag=made.headers["etag"])
    assert change(hub, "DELETE", f"{DRIVERS}/busy", etag=etag).status == 204


def test_a_deleted_driver_leaves_its_positions_and_no_way_in(hub: Edge) -> None:
    enter(hub, "leaving")
    driver = {"driverId": "leaving"}
    assert post(hub, f"{DRIVERS}/leaving/tokens", {}, ADMIN).status == 201
    assert post(hub, "/api/v1/shares", {**driver, "hours": 1}, ADMIN).status == 201
    fix = {"latitude": 25.2, "longitude": 55.3, **driver}
    assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200
    assert change(hub, "DELETE", f"{DRIVERS}/leaving", etag="*").status == 204
    assert get(hub, "/api/v1/drivers/leaving", ADMIN).status == 200
    for table in ("phone_tokens", "shares"):
        assert fetch(hub, f"SELECT FROM {table} WHERE driver_id = 'leaving'") == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ("{", 400, None),
        (b"\xff", 400, None),
        ("[]", 422, "body"),
        ({}, 422, "driverId"),
        ({"driverId": ""}, 422, "driverId"),
        ({"driverId": "a b"}, 422, "driverId"),
        ({"driverId": "a\n"}, 422, "driverId"),
        ({"driverId": "a" * 65}, 422, "driverId"),
        ({"driverId": 1}, 422, "driverId"),
        ({"driverId": "x", "name": "n" * 101}, 422, "name"),
        ({"driverId": "x", "name": "a\u0000"}, 422, "name"),
        ({"driverId": "x", "name": "a\nb\u0000"}, 422, "name"),
        ({"driverId": "x", "name": None}, 422, "name"),
        ({"driverId": "..", "name": "x"}, 422, "driverId"),
        ({"driverId": "x", "phone": "1" * 41}, 422, "phone"),
        ({"driverId": "x", "nmae": "y"}, 422, "nmae"),
        ({"driverId": "x", "version": 3}, 422, "version"),
        (b" " * 262_145, 413, None),
    ],
)
def test_a_wrong_body_changes_nothing(hub: Edge, body: object, status: int, field: str | None) -> None:
    answer = post(hub, DRIVERS, body, ADMIN)
    assert (answer.status, fields(answer)) == (status, [field] if field else [])
    assert answer.headers["content-type"] == "application/problem+json"
    assert get(hub, f"{DRIVERS}/x", ADMIN).status == 404


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=x", "limit"),
        ("q=%00", "q"),
        ("cursor=x", "cursor"),
        ("cursor=kaEA", "cursor"),
        ("name=x", "name"),
        ("q=a&q=b", "q"),
    ],
)
def test_a_wrong_query_is_refused(hub: Edge, query: str, field: str) -> None:
    for path in (DRIVERS, VEHICLES):
        answer = get(hub, f"{path}?{query}", ADMIN)
        assert (answer.status, fields(answer)) == (422, [field])


def test_roles_that_read_and_roles_that_change(hub: Edge) -> None:
    etag = enter(hub, "roles")
    one = f"{DRIVERS}/roles"
    asked: list[tuple[str, str, object]] = [
        ("GET", DRIVERS, None),
        ("GET", one, None),
        ("POST", DRIVERS, {"driverId": "by-role"}),
        ("PATCH", one, {"name": "changed"}),
        ("DELETE", one, None),
    ]
    for method, path, body in asked:
        for token in (DRIVER, GATEWAY, *([] if method == "GET" else [DISPATCHER])):
            assert change(hub, method, path, body, etag=etag, token=token).status == 403
        assert change(hub, method, path, body, etag=etag, token="").status == 401
    assert get(hub, one, DISPATCHER).json["version"] == 1


def test_another_fleet_has_none_of_these(hub: Edge) -> None:
    etag = enter(hub, "ours-1")
    one = f"{DRIVERS}/ours-1"
    assert get(hub, one, STRANGER).status == 404
    assert change(hub, "PATCH", one, {"name": "stolen"}, etag=etag, token=STRANGER).status == 404
    assert change(hub, "DELETE", one, etag=etag, token=STRANGER).status == 404
    assert get(hub, f"{DRIVERS}?q=ours-1", STRANGER).json == {"drivers": []}
    assert get(hub, one, ADMIN).json["version"] == 1


def test_no_cache_keeps_a_refusal(hub: Edge) -> None:
    enter(hub, "kept")
    path = f"{DRIVERS}/kept"
    refusals = [
        (428, change(hub, "PATCH", path, {})),
        (412, change(hub, "PATCH", path, {}, etag='"7"')),
        (422, change(hub, "PATCH", path, {}, etag="7")),
        (404, get(hub, f"{DRIVERS}/nobody", ADMIN)),
        (404, get(hub, f"{DRIVERS}/a%20b", ADMIN)),
        (404, get(hub, "/api/v1/nothing", ADMIN)),
        (403, get(hub, DRIVERS, DRIVER)),
        (401, get(hub, DRIVERS)),
        (409, post(hub, DRIVERS, {"driverId": "kept"}, ADMIN)),
    ]
    for status, answer in refusals:
        assert (answer.status, answer.headers["cache-control"]) == (status, "no-store")


def test_ids_that_cannot_be_are_not_there(hub: Edge) -> None:
    for path in (f"{DRIVERS}/a%20b", f"{DRIVERS}/{'a' * 65}", f"{DRIVERS}/%2e%2e", f"{VEHICLES}/a%00b"):
        assert get(hub, path, ADMIN).status == 404
    assert call(hub, "PUT", f"{DRIVERS}/x", {}, token=ADMIN).status == 405
