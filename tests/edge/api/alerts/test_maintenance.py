"""Maintenance that was done: the count begins again, open alerts are handed to the notifier to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from hub.embedded.services import Services
from tests.support.api.calls import post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, DRIVERS, STRANGER, fetch, hub_with
from tests.support.running import Edge

RULES = "/api/v1/rules"
BODY = {"name": "Oil", "kind": "maintenance", "params": {"every": 1e7, "days": 180}}
AT = "2026-11-20T09:00:00Z"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "maintenance") as running:
        for driver in ({"driverId": "d"}, {"driverId": "e", "groups": ["north"]}):
            assert post(running, DRIVERS, driver, ADMIN).status == 201
        yield running


@pytest.fixture
def rule(hub: Edge) -> str:
    answer = post(hub, RULES, BODY, ADMIN)
    assert answer.json["params"] == {"every": 1e7, "start": 0.0, "days": 180}
    return str(answer.json["id"])


def test_it_is_noted_and_open_alerts_of_the_driver_end(hub: Edge, rule: str) -> None:
    insert = (
        "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
        "VALUES ($1, 'f', $2, $3, $4, $5, '2026-11-25T00:00Z', now(), '{}')"
    )
    for driver, episode, state in (("d", "1", "open"), ("d", "0", "resolved"), ("e", "1", "open")):
        fetch(hub, insert, str(uuid4()), rule, driver, episode, state)
    answer = post(hub, f"{RULES}/{rule}/done", {"driverId": "d", "at": AT}, DISPATCHER)
    assert (answer.status, answer.json) == (200, {"ruleId": rule, "driverId": "d", "at": AT})
    (kept,) = fetch(hub, "SELECT fleet, driver_id, done_at FROM maintenance_done WHERE rule_id = $1", rule)
    assert tuple(kept) == ("f", "d", datetime(2026, 11, 20, 9, tzinfo=UTC))
    findings = [msgspec.json.decode(row[0]) for row in fetch(hub, "SELECT payload FROM findings")]
    assert [(one["ruleId"], one["episode"], one["endedAt"]) for one in findings] == [
        (rule, "1", "2026-11-25T00:00:00Z")
    ]
    (entry,) = fetch(hub, "SELECT subject_id, details FROM audit WHERE action = 'rule.maintenance_done'")
    assert (entry[0], msgspec.json.decode(entry[1])) == (rule, {"driverId": "d", "at": AT})
    # The last request counts.
    assert post(hub, f"{RULES}/{rule}/done", {"driverId": "d"}, ADMIN).status == 200
    assert fetch(hub, "SELECT FROM maintenance_done WHERE done_at > now() - interval '1 min'")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "driverId"),
        ({"driverId": "a b"}, "driverId"),
        ({"driverId": "unknown"}, "driverId"),
        ({"driverId": "d", "at": "2999-01-01T00:00:00Z"}, "at"),
        ({"driverId": "d", "at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"driverId": "d", "at": "2026-11-20T09:00:00"}, "at"),
    ],
)
def test_wrong_values_are_named(hub: Edge, rule: str, body: dict[str, Any], field: str) -> None:
    answer = post(hub, f"{RULES}/{rule}/done", body, ADMIN)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, field)


def test_only_of_rules_of_the_kind_in_the_own_fleet(hub: Edge, rule: str) -> None:
    other = post(hub, RULES, {"name": "x", "kind": "offline"}, ADMIN).json["id"]
    body = {"driverId": "d"}
    assert post(hub, f"{RULES}/{other}/done", body, ADMIN).status == 409
    assert post(hub, f"{RULES}/{rule}/done", body, STRANGER).status == 404
    assert post(hub, f"{RULES}/{rule}/done", body, DRIVER).status == 403


@pytest.mark.parametrize("watch", [{"drivers": ["e"]}, {"groups": ["north"]}])
def test_only_of_drivers_that_the_rule_watches(hub: Edge, watch: dict[str, Any]) -> None:
    rule = post(hub, RULES, BODY | {"watch": watch}, ADMIN).json["id"]
    assert post(hub, f"{RULES}/{rule}/done", {"driverId": "e"}, ADMIN).status == 200
    answer = post(hub, f"{RULES}/{rule}/done", {"driverId": "d"}, ADMIN)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "driverId")
    assert fetch(hub, "SELECT driver_id FROM maintenance_done WHERE rule_id = $1", rule) == [("e",)]


def test_a_rule_needs_a_distance_or_days(hub: Edge) -> None:
    answer = post(hub, RULES, BODY | {"params": {"start": 5}}, ADMIN)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "params.every")
