"""Plans by the API: searched for by the process that plans, looked at, applied once, refused when out of date."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER, STRANGER, change, fetch, fields
from tests.support.api.job_books import JOBS, ROUTES, act, chosen, command, drive_day, new_job, new_place, numbers
from tests.support.running import Edge, until

PLANS = "/api/v1/plans"

NORTH, SOUTH = 25.4, 25.0
"""Latitudes of two ends of the town, 44 km apart."""


def draft(hub: Edge, driver: str, latitude: float, **more: Any) -> dict[str, Any]:
    """A route from a depot of its own, on a day to come."""
    day, depot = drive_day(next(numbers)), new_place(hub, latitude=latitude)["placeId"]
    body = {"driverId": driver, "day": day, "startPlaceId": depot, "startsAt": f"{day}T08:00:00Z", **more}
    answer = post(hub, ROUTES, body, DISPATCHER)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def searched(hub: Edge, body: dict[str, Any]) -> dict[str, Any]:
    """The plan, once its search has ended."""
    answer = post(hub, PLANS, {"seconds": 1} | body, DISPATCHER)
    assert answer.status == 202, answer.body
    path = answer.headers["location"]
    until(lambda: get(hub, path, DISPATCHER).json["state"] != "searching")
    found: dict[str, Any] = get(hub, path, DISPATCHER).json
    return found


def apply(hub: Edge, plan: dict[str, Any]) -> Any:
    return post(hub, f"{PLANS}/{plan['planId']}/apply", None, DISPATCHER)


def order(hub: Edge, route: dict[str, Any]) -> list[str]:
    return [job["jobId"] for job in get(hub, f"{ROUTES}/{route['routeId']}", DISPATCHER).json["waypoints"]]


def test_jobs_go_to_the_driver_that_is_near(hub: Edge) -> None:
    north, south = draft(hub, "n", NORTH), draft(hub, "s", SOUTH)
    near_north = [new_job(hub, latitude=NORTH + n / 100) for n in (3, 1, 2)]
    near_south = [new_job(hub, latitude=SOUTH - n / 100) for n in (2, 1)]
    every = [job["jobId"] for job in (*near_north, *near_south)]
    wanted = {"routes": [{"routeId": north["routeId"]}, {"routeId": south["routeId"]}], "jobs": every}
    plan = searched(hub, wanted)
    assert (plan["state"], plan["engine"], plan["basis"], plan["unassigned"]) == ("found", "own", "default", [])
    planned = {route["routeId"]: [job["jobId"] for job in route["jobs"]] for route in plan["routes"]}
    in_order = {
        north["routeId"]: [near_north[n]["jobId"] for n in (1, 2, 0)],
        south["routeId"]: [near_south[n]["jobId"] for n in (1, 0)],
    }
    assert planned == in_order
    # Nothing has changed yet.
    assert order(hub, north) == order(hub, south) == []
    applied = apply(hub, plan)
    assert (applied.status, applied.json["state"]) == (200, "applied"), applied.body
    assert {route["routeId"]: order(hub, route) for route in (north, south)} == in_order
    first = get(hub, f"{JOBS}/{near_north[1]['jobId']}", DISPATCHER).json
    assert first["status"] == "planned"
    day = north["day"]
    assert f"{day}T08:00:00Z" < first["plannedArrival"] < first["plannedDeparture"] < f"{day}T09:00:00Z"
    # 4 minutes, as of a job of which no time is known.
    assert plan["routes"][0]["jobs"][0]["departure"] == first["plannedDeparture"]
    again = apply(hub, plan)
    assert (again.status, fields(again)) == (409, ["state"])
    assert fetch(hub, "SELECT action FROM audit WHERE subject_id = $1", plan["planId"]) == [("plan.applied",)]


def test_a_plan_that_is_out_of_date_is_refused(hub: Edge) -> None:
    route, job = draft(hub, "o", NORTH), new_job(hub)
    wanted = {"routes": [{"routeId": route["routeId"]}], "jobs": [job["jobId"]]}
    plan, other = searched(hub, wanted), searched(hub, wanted)
    assert apply(hub, plan).status == 200
    late = apply(hub, other)
    assert late.status == 412 and "since the plan was made" in late.json["detail"]
    assert order(hub, route) == [job["jobId"]]


def test_what_is_begun_or_locked_stays_and_what_moves_is_dispatched(hub: Edge) -> None:
    one, two = draft(hub, "one", NORTH), draft(hub, "two", SOUTH)
    # The first is begun, the second locked; the third is where the other driver begins.
    far = [new_job(hub, latitude=latitude) for latitude in (NORTH, NORTH, SOUTH)]
    one = act(hub, one, "assign", {"jobs": chosen(*far)}).json
    one = act(hub, one, "publish").json
    one = act(hub, one, "lock", {"jobs": [far[1]["jobId"]]}).json
    two = act(hub, two, "publish").json
    assert command(hub, far[0], "depart").status == 200
    plan = searched(hub, {"routes": [{"routeId": one["routeId"]}, {"routeId": two["routeId"]}], "jobs": []})
    assert apply(hub, plan).status == 200
    assert order(hub, one) == [job["jobId"] for job in far[:2]]
    assert order(hub, two) == [far[2]["jobId"]]
    moved = get(hub, f"{JOBS}/{far[2]['jobId']}", DISPATCHER).json
    assert (moved["status"], moved["driverId"]) == ("dispatched", "two")
    assert get(hub, f"{JOBS}/{far[0]['jobId']}", DISPATCHER).json["status"] == "en_route"


def test_what_no_vehicle_can_take_says_why(hub: Edge) -> None:
    route = draft(hub, "w", NORTH)
    day = route["day"]
    jobs = {
        "load": new_job(hub, load=[9]),
        "skill": new_job(hub, skills=["crane"]),
        "window": new_job(hub, windows=[{"from": f"{day}T06:00:00Z", "to": f"{day}T07:00:00Z"}]),
    }
    fits = new_job(
        hub,
        latitude=NORTH,
        load=[5],
        skills=["tail_lift"],
        windows=[{"from": f"{day}T09:00:00Z", "to": f"{day}T10:00:00Z"}],
    )
    wanted = {"routeId": route["routeId"], "capacity": [5], "skills": ["tail_lift"]}
    plan = searched(hub, {"routes": [wanted], "jobs": [job["jobId"] for job in (*jobs.values(), fits)]})
    reasons = {one["jobId"]: one["reasons"][0] for one in plan["unassigned"]}
    assert reasons == {job["jobId"]: reason for reason, job in jobs.items()}
    (planned,) = plan["routes"][0]["jobs"]
    assert (planned["jobId"], planned["start"]) == (fits["jobId"], f"{day}T09:00:00Z")


def test_a_job_takes_the_time_of_its_place(hub: Edge) -> None:
    route, place = draft(hub, "t", NORTH), new_place(hub, serviceTime=900)["placeId"]
    ids = [new_job(hub, placeId=place)["jobId"], new_job(hub, placeId=place, serviceTime=60)["jobId"]]
    plan = searched(hub, {"routes": [{"routeId": route["routeId"]}], "jobs": ids})
    planned = {job["jobId"]: job for job in plan["routes"][0]["jobs"]}
    for id, seconds in zip(ids, (900, 60), strict=True):
        start, departure = (datetime.fromisoformat(planned[id][name]) for name in ("start", "departure"))
        assert (departure - start).total_seconds() == pytest.approx(seconds, abs=1)


def test_a_shipment_is_picked_up_first(hub: Edge) -> None:
    route = draft(hub, "p", NORTH)
    pair = {"shipmentId": f"shipment-{next(numbers)}", "load": [2]}
    delivery = new_job(hub, latitude=NORTH, **pair)
    pickup = new_job(hub, latitude=NORTH - 0.1, **pair | {"kind": "pickup"})
    ids = [delivery["jobId"], pickup["jobId"]]
    plan = searched(hub, {"routes": [{"routeId": route["routeId"]}], "jobs": ids})
    assert apply(hub, plan).status == 200
    assert order(hub, route) == ids[::-1]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"routes": []}, 422, "routes"),
        ({"routes": [{"routeId": "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"}]}, 422, "routes[0].routeId"),
        ({"routes": [{"routeId": "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"}], "seconds": 61}, 422, "seconds"),
        ({"routes": [{"routeId": "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"}], "engine": "best"}, 422, "engine"),
    ],
)
def test_refusals_name_the_field(hub: Edge, body: dict[str, Any], status: int, field: str) -> None:
    answer = post(hub, PLANS, body, DISPATCHER)
    assert (answer.status, fields(answer)) == (status, [field]), answer.body


def test_routes_and_jobs_that_cannot_be_planned(hub: Edge) -> None:
    route, job = draft(hub, "c", NORTH), new_job(hub)
    twice = post(hub, PLANS, {"routes": [{"routeId": route["routeId"]}] * 2}, DISPATCHER)
    assert (twice.status, fields(twice)) == (422, ["routes[1].routeId"])
    day = drive_day(next(numbers))
    nowhere = post(hub, ROUTES, {"driverId": "nowhere", "day": day}, DISPATCHER).json
    answer = post(hub, PLANS, {"routes": [{"routeId": nowhere["routeId"]}], "jobs": []}, DISPATCHER)
    assert (answer.status, fields(answer)) == (422, ["routes[0].routeId"])
    assert "startPlaceId" in answer.json["errors"][0]["detail"]
    route = act(hub, route, "assign", {"jobs": chosen(job)}).json
    answer = post(hub, PLANS, {"routes": [{"routeId": route["routeId"]}], "jobs": [job["jobId"]]}, DISPATCHER)
    assert (answer.status, fields(answer)) == (409, ["jobs[0]"])
    act(hub, route, "cancel")
    answer = post(hub, PLANS, {"routes": [{"routeId": route["routeId"]}], "jobs": []}, DISPATCHER)
    assert (answer.status, fields(answer)) == (409, ["routes[0].routeId"])


def test_roles(hub: Edge) -> None:
    route = draft(hub, "r", NORTH)
    body = {"routes": [{"routeId": route["routeId"]}], "jobs": [], "seconds": 1}
    assert post(hub, PLANS, body, DRIVER).status == 403
    assert post(hub, PLANS, body, STRANGER).status == 422
    path = f"{PLANS}/{searched(hub, body)['planId']}"
    assert get(hub, path, STRANGER).status == get(hub, f"{PLANS}/{route['routeId']}", DISPATCHER).status == 404
    assert change(hub, "POST", f"{path}/apply", None, etag="*", token=STRANGER).status == 404


def test_a_search_whose_hub_was_killed_has_failed(hub: Edge) -> None:
    made = """
    INSERT INTO plans (fleet, engine, seconds, made_of, created_at)
    VALUES ('f', 'own', 1, '{"routes": {}, "jobs": {}}', now() - $1::float8 * interval '1 s')
    RETURNING id::text
    """
    ids = [fetch(hub, made, ago)[0][0] for ago in (10.0, 1_000.0)]
    young, old = (get(hub, f"{PLANS}/{id}", DISPATCHER).json for id in ids)
    assert young["state"] == "searching"
    assert (old["state"], old["reason"]) == ("failed", "the hub that searched was stopped")
    assert apply(hub, old).status == 409
