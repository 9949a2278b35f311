"""Entering places, jobs and routes over the API."""

from __future__ import annotations

from itertools import count
from typing import Any

from tests.support.api.calls import Answer, call, post
from tests.support.api.fleets import DISPATCHER
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
