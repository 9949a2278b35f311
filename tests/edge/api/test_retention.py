"""The retention of one driver by the API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, DRIVERS, STRANGER, fetch, fields, hub_with
from tests.support.running import Edge

PATH = "/api/v1/drivers/d/retention"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "retention", retention_months=12) as running:
        assert post(running, DRIVERS, {"driverId": "d"}, ADMIN).status == 201
        yield running


def put(hub: Edge, body: object, token: str = ADMIN, path: str = PATH) -> int:
    return call(hub, "PUT", path, body, token=token).status


def test_it_is_set_read_and_withdrawn(hub: Edge) -> None:
    assert get(hub, PATH, DISPATCHER).json == {"driverId": "d", "months": 12, "own": False}
    assert put(hub, {"months": 3}) == 200
    assert put(hub, {"months": 0}) == 200
    assert get(hub, PATH, DISPATCHER).json == {"driverId": "d", "months": 0, "own": True}
    assert call(hub, "DELETE", PATH, token=ADMIN).status == 204
    assert get(hub, PATH, DISPATCHER).json["own"] is False
    assert call(hub, "DELETE", PATH, token=ADMIN).status == 404
    entries = fetch(hub, "SELECT details ->> 'months' FROM audit WHERE action = 'retention.changed' ORDER BY id")
    assert [months for (months,) in entries] == ["3", "0", None]


def test_refusals(hub: Edge) -> None:
    for body in ({"months": -1}, {"months": 1_201}, {"months": 1.5}, {"months": None}, {}):
        answer = call(hub, "PUT", PATH, body, token=ADMIN)
        assert (answer.status, fields(answer)) == (422, ["months"]), body
    assert put(hub, {"months": 1, "weeks": 2}) == 422
    assert [put(hub, {"months": 1}, token) for token in (DISPATCHER, DRIVER, STRANGER, "")] == [403, 403, 404, 401]
    assert get(hub, PATH, STRANGER).status == get(hub, "/api/v1/drivers/never/retention", ADMIN).status == 404
    assert put(hub, {"months": 1}, path="/api/v1/drivers/never/retention") == 404
    assert fetch(hub, "SELECT FROM retentions") == []
