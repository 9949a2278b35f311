"""Alerts in the API: listed, filtered, acknowledged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, STRANGER, fetch, hub_with
from tests.support.running import Edge

ALERTS = "/api/v1/alerts"
INSERT = """
INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data)
VALUES ($1, 'f', $2, $3, $4, $5, timestamptz '2026-10-05 08:00Z' + $6 * interval '1 h', now(),
    json_build_object('kind', $7::text, 'title', 't', 'text', 'x', 'severity', 'info', 'details', '{}'::json))
"""


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "alerts") as running:
        yield running


@pytest.fixture(autouse=True)
def empty(hub: Edge) -> None:
    fetch(hub, "DELETE FROM alerts")
    fetch(hub, "DELETE FROM alert_messages")


def put(hub: Edge, hour: int, driver: str = "d", kind: str = "battery", state: str = "open", rule: str = "") -> str:
    id = str(uuid4())
    fetch(hub, INSERT, id, rule or str(uuid4()), driver, id, state, hour, kind)
    return id


def listed(hub: Edge, query: str = "") -> list[str]:
    answer = get(hub, f"{ALERTS}{query}", DISPATCHER)
    assert answer.status == 200, answer
    return [alert["alertId"] for alert in answer.json["alerts"]]


def test_the_newest_come_first_in_pages(hub: Edge) -> None:
    ids = [put(hub, hour) for hour in (3, 1, 2)]
    first = get(hub, f"{ALERTS}?limit=2", DISPATCHER).json
    assert [alert["alertId"] for alert in first["alerts"]] == [ids[2], ids[1]]
    assert listed(hub, f"?limit=2&cursor={first['next']}") == [ids[0]]
    assert get(hub, f"{ALERTS}/{ids[0]}", DISPATCHER).json["alertId"] == ids[0]


def test_filters(hub: Edge) -> None:
    rule = str(uuid4())
    one, two, three = put(hub, 0, rule=rule), put(hub, 1, "e", state="resolved"), put(hub, 2)
    assert listed(hub, "?driverId=e") == [two]
    assert listed(hub, f"?ruleId={rule}") == [one]
    assert listed(hub, "?state=open") == [three, one]
    assert listed(hub, "?from=2026-10-05T09:00:00Z&to=2026-10-05T10:00:00Z") == [two]
    assert post(hub, f"{ALERTS}/{three}/acknowledge", None, DISPATCHER).status == 200
    assert listed(hub, "?unacknowledged=true") == [two, one]
    for query in ("state=new", "driverId=a%20b", "ruleId=x", "cursor=x", "from=now", "driver=d"):
        assert get(hub, f"{ALERTS}?{query}", DISPATCHER).status == 422, query


def test_the_first_acknowledgement_counts(hub: Edge) -> None:
    id = put(hub, 0)
    first: Any = post(hub, f"{ALERTS}/{id}/acknowledge", None, DISPATCHER).json
    assert first["acknowledgedAt"] and first["acknowledgedBy"] and (first["state"], first["version"]) == ("open", 2)
    assert post(hub, f"{ALERTS}/{id}/acknowledge", None, ADMIN).json == first
    (message,) = fetch(hub, "SELECT fleet, driver_id, payload FROM alert_messages")
    assert message[:2] == ("f", "d") and '"event":"acknowledged"' in message[2]


def test_an_alarm_is_over_when_it_is_acknowledged(hub: Edge) -> None:
    answer: Any = post(hub, f"{ALERTS}/{put(hub, 0, kind='alarm')}/acknowledge", None, DISPATCHER).json
    assert answer["state"] == "resolved" and answer["resolvedAt"] == answer["acknowledgedAt"]


def test_another_fleet_and_drivers_see_none(hub: Edge) -> None:
    id = put(hub, 0)
    assert get(hub, ALERTS, STRANGER).json == {"alerts": []}
    assert get(hub, f"{ALERTS}/{id}", STRANGER).status == 404
    assert post(hub, f"{ALERTS}/{id}/acknowledge", None, STRANGER).status == 404
    for path in (ALERTS, f"{ALERTS}/{id}"):
        assert get(hub, path, DRIVER).status == 403
    assert get(hub, f"{ALERTS}/{uuid4()}", ADMIN).status == 404
    assert fetch(hub, "SELECT acknowledged_at FROM alerts") == [(None,)]
