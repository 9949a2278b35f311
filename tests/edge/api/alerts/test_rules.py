"""Rules in the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args
from uuid import uuid4

import pytest

from hub.core.alerts.rules import KINDS
from hub.edge.api.alerts.rules import Kind
from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, STRANGER, change, fetch, fields, hub_with
from tests.support.running import Edge

RULES = "/api/v1/rules"
FAST = {"name": "Too fast", "kind": "overspeed", "params": {"limit": 25}}
WEEK = {"timeZone": "Asia/Dubai", "weekly": [["mo", "08:00", "18:00"]], "except": ["2026-12-02"]}


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "rules", max_rules=20) as running:
        yield running


@pytest.fixture(autouse=True)
def empty(hub: Edge) -> None:
    fetch(hub, "DELETE FROM rules")


def test_the_kinds_of_the_api_are_those_of_the_core() -> None:
    assert set(get_args(Kind)) == set(KINDS)


def test_a_rule_is_made_read_changed_and_deleted(hub: Edge) -> None:
    channel = str(uuid4())
    body = FAST | {"channels": [channel], "watch": {"drivers": ["d"]}, "schedule": WEEK, "severity": "critical"}
    answer = post(hub, RULES, body, ADMIN)
    rule = answer.json
    one = f"{RULES}/{rule['id']}"
    assert (answer.status, answer.headers["location"], answer.headers["etag"]) == (201, one, '"1"')
    assert rule["params"] == {"limit": 25.0, "for": 15.0}
    assert (rule["watch"], rule["schedule"], rule["channels"]) == ({"drivers": ["d"]}, WEEK, [channel])
    assert (rule["maxAge"], rule["cooldown"], rule["enabled"], rule["tellResolved"]) == (900.0, 0.0, True, True)
    assert get(hub, one, DISPATCHER).json == rule
    assert get(hub, RULES, DISPATCHER).json == {"rules": [rule]}

    changed = change(hub, "PATCH", one, {"enabled": False, "params": {"limit": 30, "for": 5}}, etag='"1"')
    assert (changed.json["enabled"], changed.json["params"]) == (False, {"limit": 30.0, "for": 5.0})
    assert (changed.json["schedule"], changed.json["severity"]) == (WEEK, "critical")
    assert change(hub, "PATCH", one, {"schedule": None}, etag='"2"').json["schedule"] is None
    assert change(hub, "PATCH", one, {"name": "x"}, etag='"2"').status == 412
    assert change(hub, "DELETE", one, etag='"3"').status == 204
    assert get(hub, one, ADMIN).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "", "kind": "offline"}, "name"),
        ({"name": "x", "kind": "weather"}, "kind"),
        ({"name": "x", "kind": "overspeed"}, "params.limit"),
        (FAST | {"params": {"limit": 500}}, "params.limit"),
        (FAST | {"params": {"limit": 25, "hold": 5}}, "params.hold"),
        (FAST | {"watch": {"drivers": ["a b"]}}, "watch.drivers[0]"),
        (FAST | {"watch": {"fences": ["f"]}}, "watch.fences"),
        (FAST | {"schedule": WEEK | {"timeZone": "Mars"}}, "schedule.timeZone"),
        (FAST | {"schedule": WEEK | {"weekly": [["mo", "8", "9"]]}}, "schedule.weekly[0][1]"),
        (FAST | {"channels": ["x"]}, "channels[0]"),
        (FAST | {"cooldown": -1}, "cooldown"),
        ({"name": "x", "kind": "battery", "params": {"below": 0.5, "above": 0.4}}, "params.above"),
        ({"name": "x", "kind": "fence.inside"}, "schedule"),
        ({"name": "x", "kind": "fence.outside", "schedule": WEEK}, "watch.drivers"),
        ({"name": "x", "kind": "alarm", "digest": 60}, "digest"),
    ],
)
def test_a_wrong_body_makes_nothing(hub: Edge, body: object, field: str) -> None:
    answer = post(hub, RULES, body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, RULES, ADMIN).json == {"rules": []}


def test_a_wrong_change_changes_nothing(hub: Edge) -> None:
    made: Any = post(hub, RULES, {"name": "x", "kind": "fence.inside", "schedule": WEEK}, ADMIN).json
    one = f"{RULES}/{made['id']}"
    for body, field in [
        ({"schedule": None}, "schedule"),
        ({"params": {"x": 1}}, "params.x"),
        ({"kind": "alarm"}, "kind"),
    ]:
        answer = change(hub, "PATCH", one, body, etag="*")
        assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, one, ADMIN).json == made


def test_every_kind_has_a_rule(hub: Edge) -> None:
    needed = {"overspeed": {"limit": 25}, "maintenance": {"every": 1e7}}
    for kind in KINDS:
        body: dict[str, Any] = {"name": kind, "kind": kind, "params": needed.get(kind, {})}
        if kind in ("fence.inside", "fence.outside"):
            body |= {"schedule": WEEK, "watch": {"drivers": ["d"]}}
        assert post(hub, RULES, body, ADMIN).status == 201, kind
    first = get(hub, f"{RULES}?limit=10", ADMIN).json
    second = get(hub, f"{RULES}?limit=10&cursor={first['next']}", ADMIN).json
    assert {rule["kind"] for rule in first["rules"] + second["rules"]} == set(KINDS)


def test_a_fleet_has_a_limit(hub: Edge) -> None:
    for _ in range(20):
        assert post(hub, RULES, FAST, ADMIN).status == 201
    assert post(hub, RULES, FAST, ADMIN).status == 409


def test_dispatchers_read_and_admins_change(hub: Edge) -> None:
    one = f"{RULES}/{post(hub, RULES, FAST, ADMIN).json['id']}"
    for method, path, body in [("POST", RULES, FAST), ("PATCH", one, {}), ("DELETE", one, None)]:
        assert change(hub, method, path, body, etag="*", token=DISPATCHER).status == 403
    assert get(hub, one, DRIVER).status == 403 and get(hub, one, STRANGER).status == 404
    assert get(hub, one, DISPATCHER).status == 200
