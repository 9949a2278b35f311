"""The jobs of routes: assigning, taking out, ordering, fixing and publishing them; two dispatchers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.identity.test_tokens import token
from tests.support.api.calls import get
from tests.support.api.fleets import DISPATCHER, DRIVER, change, fields
from tests.support.api.job_books import JOBS, ROUTES, act, chosen, command, new_job, new_route
from tests.support.running import Edge

LIMITED = token(role="dispatcher", fleet="f", groups=["nobody-is-in"])


def ids(route: dict[str, Any]) -> list[str]:
    return [job["jobId"] for job in route["waypoints"]]


def read(hub: Edge, thing: dict[str, Any]) -> dict[str, Any]:
    path = f"{ROUTES}/{thing['routeId']}" if "waypoints" in thing else f"{JOBS}/{thing['jobId']}"
    found: dict[str, Any] = get(hub, path, DISPATCHER).json
    return found


def test_jobs_are_assigned_ordered_and_taken_out(hub: Edge) -> None:
    one, two, three = (new_job(hub) for _ in range(3))
    route = new_route(hub, "d", one, two)
    assert [(job["jobId"], job["status"], job.get("number")) for job in route["waypoints"]] == [
        (one["jobId"], "planned", 0),
        (two["jobId"], "planned", 1),
    ]
    route = act(hub, route, "assign", {"jobs": chosen(three), "number": 1}).json
    assert ids(route) == [one["jobId"], three["jobId"], two["jobId"]]
    route = act(hub, route, "order", {"jobs": ids(route)[::-1]}).json
    assert ids(route) == [two["jobId"], three["jobId"], one["jobId"]]
    part = act(hub, route, "order", {"jobs": ids(route)[:2]}, status=422)
    assert fields(part) == ["jobs"]
    route = act(hub, route, "unassign", {"jobs": [two["jobId"]]}).json
    assert [job["number"] for job in route["waypoints"]] == [0, 1] and route["jobs"] == 2
    assert read(hub, two)["status"] == "open"
    assert [j["jobId"] for j in get(hub, f"{JOBS}?routeId={route['routeId']}", DISPATCHER).json["jobs"]] != []


def test_a_job_moves_from_route_to_route(hub: Edge) -> None:
    job = new_job(hub)
    first = new_route(hub, "d", job)
    second = new_route(hub, "e", publish=True)
    stale = act(hub, second, "assign", {"jobs": chosen(job)}, status=412)
    assert fields(stale) == ["jobs[0].version"]
    second = act(hub, second, "assign", {"jobs": chosen(read(hub, job))}).json
    # The second one is published: its driver has the job at once.
    assert second["waypoints"][0]["status"] == "dispatched" and second["waypoints"][0]["driverId"] == "e"
    emptied = read(hub, first)
    assert emptied["waypoints"] == [] and emptied["version"] > first["version"]
    events = get(hub, f"{JOBS}/{job['jobId']}/events", DISPATCHER).json["events"]
    assert [(event["event"], event.get("driverId")) for event in events] == [
        ("assign", "d"), ("unassign", "d"), ("assign", "e"), ("publish", "e")
    ]  # fmt: skip
    again = act(hub, second, "assign", {"jobs": chosen(second["waypoints"][0])}, status=409)
    assert fields(again) == ["jobs[0].jobId"]


def test_r4_of_two_dispatchers_that_assign_one_job_one_succeeds(hub: Edge) -> None:
    for _ in range(3):
        job, routes = new_job(hub), [new_route(hub, driver) for driver in ("d", "e")]

        def assign(route: dict[str, Any], job: dict[str, Any] = job) -> int:
            path = f"{ROUTES}/{route['routeId']}/assign"
            return change(hub, "POST", path, {"jobs": chosen(job)}, etag='"1"', token=DISPATCHER).status

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(assign, routes)) == [200, 412]
        assert sorted(len(read(hub, route)["waypoints"]) for route in routes) == [0, 1]
        events = get(hub, f"{JOBS}/{job['jobId']}/events", DISPATCHER).json["events"]
        assert [event["event"] for event in events] == ["assign"]


def test_two_dispatchers_that_move_jobs_between_two_routes_both_get_an_answer(hub: Edge) -> None:
    """Each locks jobs before routes, so that they do not wait for each other."""
    routes = [new_route(hub, driver, *(new_job(hub) for _ in range(4))) for driver in ("d", "e")]

    def swap(n: int) -> list[int]:
        statuses = []
        for job in routes[1 - n]["waypoints"]:
            route = read(hub, routes[n])
            path = f"{ROUTES}/{route['routeId']}/assign"
            body = {"jobs": chosen(read(hub, job))}
            statuses.append(change(hub, "POST", path, body, etag="*", token=DISPATCHER).status)
        return statuses

    with ThreadPoolExecutor(2) as pool:
        statuses = [status for some in pool.map(swap, (0, 1)) for status in some]
    assert set(statuses) <= {200, 412, 409}
    assert sorted(ids(read(hub, routes[0])) + ids(read(hub, routes[1]))) == sorted(ids(routes[0]) + ids(routes[1]))


def test_locked_and_begun_jobs_keep_their_place(hub: Edge) -> None:
    route = new_route(hub, "d", *(new_job(hub) for _ in range(3)))
    last = ids(route)[2]
    route = act(hub, route, "lock", {"jobs": [last]}).json
    assert [job.get("locked", False) for job in route["waypoints"]] == [False, False, True]
    assert fields(act(hub, route, "unassign", {"jobs": [last]}, status=409)) == ["jobs"]
    assert fields(act(hub, route, "order", {"jobs": [last, *ids(route)[:2]]}, status=409)) == ["jobs"]
    act(hub, route, "assign", {"jobs": chosen(new_job(hub)), "number": 0}, status=409)
    other = new_route(hub, "e")
    act(hub, other, "assign", {"jobs": chosen(read(hub, route["waypoints"][2]))}, status=409)
    route = act(hub, route, "lock", {"jobs": [last], "locked": False}).json
    route = act(hub, route, "publish").json
    begun = route["waypoints"][0]
    command(hub, begun, "depart", token=DRIVER)
    route = read(hub, route)
    assert route["state"] == "active"
    act(hub, route, "order", {"jobs": ids(route)[::-1]}, status=409)
    act(hub, route, "order", {"jobs": [ids(route)[0], *ids(route)[:0:-1]]})


def test_a_shipment_is_done_by_one_driver_in_order(hub: Edge) -> None:
    pickup, delivery = new_job(hub, kind="pickup", shipmentId="pair"), new_job(hub, shipmentId="pair")
    route = new_route(hub)
    assert "same shipment" in act(hub, route, "assign", {"jobs": chosen(pickup)}, status=409).json["detail"]
    late = act(hub, route, "assign", {"jobs": chosen(delivery, pickup)}, status=409)
    assert "before its delivery" in late.json["detail"]
    route = act(hub, route, "assign", {"jobs": chosen(pickup, delivery)}).json
    act(hub, route, "order", {"jobs": ids(route)[::-1]}, status=409)
    act(hub, route, "unassign", {"jobs": [pickup["jobId"]]}, status=409)
    assert act(hub, route, "unassign", {"jobs": ids(route)}).json["waypoints"] == []


def test_a_route_is_published_once_and_cancelled(hub: Edge) -> None:
    route = new_route(hub, "d", new_job(hub), new_job(hub), publish=True)
    done, undone = route["waypoints"]
    assert done["publishedAt"] and route["state"] == "published"
    act(hub, route, "publish", status=409)
    command(hub, done, "complete", token=DRIVER)
    cancelled = act(hub, read(hub, route), "cancel").json
    assert cancelled["state"] == "cancelled" and ids(cancelled) == [done["jobId"]]
    assert (read(hub, done)["status"], read(hub, undone)["status"]) == ("done", "open")
    act(hub, cancelled, "assign", {"jobs": chosen(read(hub, undone))}, status=409)


def test_a_limited_dispatcher_sees_open_jobs_and_those_of_its_drivers(hub: Edge) -> None:
    free, held = new_job(hub, shipmentId="limited"), new_job(hub)
    route = new_route(hub, "d", held)
    assert get(hub, f"{ROUTES}/{route['routeId']}", LIMITED).status == 404
    assert get(hub, f"{JOBS}/{held['jobId']}", LIMITED).status == 404
    assert get(hub, f"{JOBS}/{free['jobId']}", LIMITED).status == 200
    assert command(hub, held, "cancel", token=LIMITED).status == 404
    listed = [job["jobId"] for job in get(hub, f"{JOBS}?shipmentId=limited", LIMITED).json["jobs"]]
    assert listed == [free["jobId"]]
    assert change(hub, "POST", f"{ROUTES}", {"driverId": "d", "day": "2040-01-01"}, token=LIMITED).status == 422
