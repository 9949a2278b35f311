"""Routes by the API: entering, editing, listing, and the route that a driver sees."""

from __future__ import annotations

from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER, GATEWAY, STRANGER, change, fetch, fields
from tests.support.api.job_books import ROUTES, act, drive_day, new_job, new_place, new_route, numbers
from tests.support.running import Edge


def test_a_route_is_entered_read_and_changed(hub: Edge) -> None:
    depot, day = new_place(hub)["placeId"], drive_day(next(numbers))
    wanted = {"driverId": "d", "day": day, "startPlaceId": depot, "startsAt": f"{day}T08:00:00Z"}
    answer = post(hub, ROUTES, wanted, DISPATCHER)
    route = answer.json
    assert (answer.status, answer.headers["etag"]) == (201, '"1"'), answer.body
    assert {name: route[name] for name in wanted} == wanted
    assert (route["state"], route["waypoints"]) == ("draft", [])
    path = answer.headers["location"]
    assert get(hub, path, DISPATCHER).json == route
    changed = change(hub, "PATCH", path, {"endPlaceId": depot, "startsAt": None}, etag='"1"', token=DISPATCHER)
    assert (changed.json["endPlaceId"], changed.json["version"]) == (depot, 2) and "startsAt" not in changed.json
    assert change(hub, "PATCH", path, {}, etag='"1"', token=DISPATCHER).status == 412
    again = post(hub, ROUTES, wanted, DISPATCHER)
    assert (again.status, fields(again)) == (409, ["day"])
    act(hub, changed.json, "cancel")
    assert post(hub, ROUTES, wanted, DISPATCHER).status == 201
    said = fetch(hub, "SELECT action FROM audit WHERE subject_id = $1 ORDER BY id", route["routeId"])
    assert said == [("route.created",), ("route.changed",), ("route.cancelled",)]


def test_refusals_name_the_field(hub: Edge) -> None:
    body = {"driverId": "d", "day": drive_day(next(numbers))}
    nothing = "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"
    for more, field in (
        ({"startPlaceId": nothing}, "startPlaceId"),
        ({"vehicleId": "none"}, "vehicleId"),
        ({"startsAt": "2031-01-02T00:00:00Z", "endsAt": "2031-01-01T00:00:00Z"}, "startsAt"),
        ({"day": "today"}, "day"),
    ):
        answer = post(hub, ROUTES, body | more, DISPATCHER)
        assert (answer.status, fields(answer)) == (422, [field]), answer.body


def test_routes_are_listed_by_day(hub: Edge) -> None:
    made = [new_route(hub, "lister")["routeId"] for _ in range(3)]
    first = get(hub, f"{ROUTES}?driverId=lister&limit=2", DISPATCHER).json
    rest = get(hub, f"{ROUTES}?driverId=lister&cursor={first['next']}", DISPATCHER).json
    assert [route["routeId"] for route in first["routes"] + rest["routes"]] == made
    day = first["routes"][1]["day"]
    assert [r["routeId"] for r in get(hub, f"{ROUTES}?from={day}&to={day}", DISPATCHER).json["routes"]] == [made[1]]
    assert get(hub, f"{ROUTES}?driverId=lister&state=published,done", DISPATCHER).json["routes"] == []
    assert get(hub, f"{ROUTES}?state=lost", DISPATCHER).status == 422


def test_roles(hub: Edge) -> None:
    route = new_route(hub)
    for token in (DRIVER, GATEWAY):
        assert get(hub, ROUTES, token).status == 403
    assert get(hub, f"{ROUTES}/{route['routeId']}", STRANGER).status == 404


def test_a_driver_sees_its_published_route(hub: Edge) -> None:
    mine = "/api/v1/me/route"
    job = new_job(hub, recipient={"name": "Ann"})
    route = new_route(hub, "d", job)
    assert get(hub, f"{mine}?day={route['day']}", DRIVER).status == 404
    act(hub, route, "publish")
    seen = get(hub, f"{mine}?day={route['day']}", DRIVER).json
    assert (seen["routeId"], seen["state"]) == (route["routeId"], "published")
    assert [w["jobId"] for w in seen["waypoints"]] == [job["jobId"]] and seen["waypoints"][0]["recipient"]
    assert get(hub, f"{mine}?day={route['day']}&driverId=d", DISPATCHER).json == seen
    assert get(hub, f"{mine}?day={route['day']}&driverId=e", DRIVER).status == 403
    assert get(hub, mine, DISPATCHER).status == 422
    # Without a day: the next one that is not done.
    assert get(hub, mine, DRIVER).json["day"] <= route["day"]
