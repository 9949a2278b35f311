"""Entering places, jobs and routes over the API."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.support.api.calls import Answer, call, post
from tests.support.api.fleets import DISPATCHER, change
from tests.support.running import Edge

PLACES, JOBS, ROUTES = "/api/v1/places", "/api/v1/jobs", "/api/v1/routes"

HERE = {"latitude": 25.2, "longitude": 55.3}

numbers = count(1)


def new_place(hub: Edge, **fields: Any) -> dict[str, Any]:
    answer = post(hub, PLACES, {"name": "Depot", **HERE, **fields}, DISPATCHER)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def new_job(hub: Edge, **fields: Any) -> dict[str, Any]:
    answer = post(hub, JOBS, {"kind": "delivery", **HERE, **fields}, DISPATCHER)
    assert answer.status == 201, answer.body
    made: dict[str, Any] = answer.json
    return made


def send_csv(hub: Edge, path: str, text: str, token: str = DISPATCHER) -> Answer:
    return call(hub, "POST", path, text.encode(), {"content-type": "text/csv"}, token)


def drive_day(number: int) -> str:
    """A day of its own for each test, since a driver has one route a day."""
    return f"2031-{number // 28 + 1:02}-{number % 28 + 1:02}"


def new_route(hub: Edge, driver: str = "d", *jobs: dict[str, Any], publish: bool = False) -> dict[str, Any]:
    """A route on a day of its own with these jobs."""
    answer = post(hub, ROUTES, {"driverId": driver, "day": drive_day(next(numbers))}, DISPATCHER)
    assert answer.status == 201, answer.body
    route: dict[str, Any] = answer.json
    if jobs:
        route = act(hub, route, "assign", {"jobs": chosen(*jobs)}).json
    if publish:
        route = act(hub, route, "publish").json
    return route


def chosen(*jobs: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"jobId": job["jobId"], "version": job["version"]} for job in jobs]


def act(
    hub: Edge, route: dict[str, Any], what: str, body: object = None, *, status: int = 200, token: str = DISPATCHER
) -> Answer:
    """Change a route of the version that was read."""
    answer = change(hub, "POST", f"{ROUTES}/{route['routeId']}/{what}", body, etag=f'"{route["version"]}"', token=token)
    assert answer.status == status, answer.body
    return answer


def command(
    hub: Edge,
    job: dict[str, Any],
    what: str,
    *,
    id: str | None = None,
    etag: str = "*",
    token: str = DISPATCHER,
    **fields: Any,
) -> Answer:
    body = {"command": what, "commandId": id or f"c{next(numbers)}", **fields}
    return change(hub, "POST", f"{JOBS}/{job['jobId']}/commands", body, etag=etag, token=token)
