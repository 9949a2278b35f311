"""Links to several drivers and to a group: which drivers they show at each moment, and to whom they may be given."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from hub.edge.api.registry import shared_drivers
from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, call, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVERS,
    GATEWAY,
    SHARES,
    change,
    fields,
    hub_with,
)
from tests.support.running import Edge, until

VANS = token(role="dispatcher", fleet="f", subject="vans only", groups=["vans"])
"""Sees the group ``vans`` only."""


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "shared_drivers") as running:
        for driver_id, groups in {"v-1": ["vans"], "v-2": ["vans"], "t-1": ["trucks"], "silent": ["vans"]}.items():
            body = {"driverId": driver_id, "name": f"Name of {driver_id}", "groups": groups}
            assert post(running, DRIVERS, body, ADMIN).status == 201
        report(running, "v-1", "v-2", "t-1")
        until(lambda: len(get(running, "/api/v1/drivers?group=vans", ADMIN).json["drivers"]) == 2)
        yield running


def report(hub: Edge, *drivers: str) -> None:
    fixes = [{"driverId": each, "latitude": 25.2, "longitude": 55.3, "battery": 0.5} for each in drivers]
    assert post(hub, "/api/v1/location", fixes, GATEWAY).status == 200


def ask_for(hub: Edge, who: str = DISPATCHER, **body: Any) -> Answer:
    return post(hub, SHARES, {"hours": 1, **body}, who)


def link(hub: Edge, who: str = DISPATCHER, **body: Any) -> dict[str, Any]:
    answer = ask_for(hub, who, **body)
    assert answer.status == 201, answer
    return dict(answer.json)


def look(hub: Edge, made: dict[str, Any]) -> Answer:
    return get(hub, f"/api/v1/share/{made['token']}/drivers")


def names(hub: Edge, made: dict[str, Any]) -> list[str]:
    answer = look(hub, made)
    return [each.get("name", "") for each in answer.json["drivers"]] if answer.status == 200 else [str(answer.status)]


def test_a_link_to_a_group_shows_places_under_ids_of_its_own(hub: Edge) -> None:
    made, named = link(hub, kind="group", group="vans", label="Vans"), link(hub, kind="group", group="vans", names=True)
    assert (made["kind"], made["group"], made["url"].endswith(f"/share/{made['token']}/drivers")) == (
        "group",
        "vans",
        True,
    )
    seen = look(hub, made)
    assert (seen.status, seen.headers["cache-control"], seen.headers["referrer-policy"]) == (
        200,
        "no-store",
        "no-referrer",
    )
    assert (seen.json["label"], seen.json["total"]) == ("Vans", 2)  # the silent one has no position
    assert [set(each) for each in seen.json["drivers"]] == [{"id", "status", "position"}] * 2
    assert set(seen.json["drivers"][0]["position"]) == {"latitude", "longitude", "recordedAt"}
    assert not any(secret in seen.body.decode() for secret in ("v-1", "Name of", "vans"))
    assert names(hub, named) == ["Name of v-1", "Name of v-2"]
    ids, others = ({each["id"] for each in look(hub, each_link).json["drivers"]} for each_link in (made, named))
    assert len(ids) == 2 and ids.isdisjoint(others)
    # Each kind has its own address.
    assert get(hub, f"/api/v1/share/{made['token']}").status == 404
    assert look(hub, link(hub, driverId="v-1")).status == 404


def test_members_join_leave_are_disabled_and_deleted(hub: Edge) -> None:
    report(hub, "m-1", "m-2", "m-3")
    for driver_id in ("m-1", "m-2"):
        assert post(hub, DRIVERS, {"driverId": driver_id, "groups": ["moving"]}, ADMIN).status == 201
    assert post(hub, DRIVERS, {"driverId": "m-3", "name": "m-3"}, ADMIN).status == 201
    group, several = link(hub, kind="group", group="moving"), link(hub, kind="drivers", driverIds=["m-1", "m-2", "m-1"])
    assert several["driverIds"] == ["m-1", "m-2"]
    count = lambda made: look(hub, made).json["total"]  # noqa: E731
    until(lambda: (count(group), count(several)) == (2, 2))
    # A driver that leaves is gone with the next answer that is made, without a further look-up in PostgreSQL.
    assert change(hub, "PATCH", f"{DRIVERS}/m-3", {"groups": ["moving"]}, etag="*").status == 200
    until(lambda: count(group) == 3)
    assert change(hub, "PATCH", f"{DRIVERS}/m-2", {"groups": []}, etag="*").status == 200
    until(lambda: count(group) == 2)
    assert count(several) == 2
    assert change(hub, "PATCH", f"{DRIVERS}/m-1", {"disabled": True}, etag="*").status == 200
    until(lambda: (count(group), count(several)) == (1, 1))
    # A driver that is deleted leaves the link to several; the last one ends it.
    assert change(hub, "DELETE", f"{DRIVERS}/m-1", etag="*").status == 204
    (left,) = (each for each in get(hub, SHARES, ADMIN).json["shares"] if each["id"] == several["id"])
    assert left["driverIds"] == ["m-2"]
    assert change(hub, "DELETE", f"{DRIVERS}/m-2", etag="*").status == 204
    until(lambda: look(hub, several).status == 404)
    assert call(hub, "DELETE", f"{SHARES}/{group['id']}", token=DISPATCHER).status == 204
    until(lambda: look(hub, group).status == 404)


def test_viewers_share_an_answer_for_a_second(hub: Edge) -> None:
    made = link(hub, kind="drivers", driverIds=["t-1"], names=True)
    first = look(hub, made).json["drivers"][0]["position"]["recordedAt"]
    began = time.monotonic()
    report(hub, "t-1")
    again = look(hub, made).json["drivers"][0]["position"]["recordedAt"]
    assert again == first or time.monotonic() - began > 1
    until(lambda: look(hub, made).json["drivers"][0]["position"]["recordedAt"] > first)


def test_links_to_a_group_share_a_look_at_its_drivers(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[list[str]] = []
    real = shared_drivers.present

    def counted(*given: Any) -> shared_drivers.Present:
        looks.append(list(given[-1]))
        return real(*given)

    links = [link(hub, kind="group", group="vans") for _ in range(5)]
    monkeypatch.setattr(shared_drivers, "present", counted)
    began = time.monotonic()
    assert [look(hub, each).json["total"] for each in links] == [2] * 5
    assert len(looks) <= 1 + int(time.monotonic() - began)
    # Drivers of other groups are not looked at.
    assert all(sorted(each) == ["silent", "v-1", "v-2"] for each in looks)


def test_only_the_names_of_the_drivers_that_are_shown_are_read(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[list[tuple[str, str]]] = []
    real = shared_drivers.driver_names

    async def noted(connection: asyncpg.Connection, drivers: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
        read.append(drivers)
        return await real(connection, drivers)

    monkeypatch.setattr(shared_drivers, "driver_names", noted)
    monkeypatch.setattr(shared_drivers, "MOST_DRIVERS", 1)
    both = ["v-1", "v-2"]
    answer = look(hub, link(hub, kind="drivers", driverIds=both, names=True)).json
    assert (answer["total"], [each["name"] for each in answer["drivers"]]) == (2, ["Name of v-1"])
    assert look(hub, link(hub, kind="drivers", driverIds=both)).status == 200
    assert read == [[("f", "v-1")]]


def test_a_hub_that_does_not_know_who_is_disabled_shows_nothing(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    made = link(hub, kind="group", group="vans")
    monkeypatch.setattr(hub.node.identity.directory, "current", False)
    assert look(hub, made).status == 503


def test_a_user_of_some_groups_shares_only_these(hub: Edge) -> None:
    own, pair = link(hub, VANS, kind="group", group="vans"), link(hub, VANS, kind="drivers", driverIds=["v-1", "v-2"])
    for body, field in (
        ({"kind": "group", "group": "trucks"}, "group"),
        ({"kind": "drivers", "driverIds": ["v-1", "t-1"]}, "driverIds"),
    ):
        refused = ask_for(hub, VANS, **body)
        assert (refused.status, fields(refused)) == (422, [field])
    others = link(hub, kind="group", group="trucks"), link(hub, kind="drivers", driverIds=["v-1", "t-1"])
    seen = {each["id"] for each in get(hub, SHARES, VANS).json["shares"]}
    assert {own["id"], pair["id"]} <= seen
    assert seen.isdisjoint(each["id"] for each in others)
    for other in others:
        assert call(hub, "DELETE", f"{SHARES}/{other['id']}", token=VANS).status == 404
    assert call(hub, "DELETE", f"{SHARES}/{pair['id']}", token=VANS).status == 204


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "group"}, "group"),
        ({"kind": "group", "group": "none"}, "group"),
        ({"kind": "group", "group": "vans", "driverId": "v-1"}, "driverId"),
        ({"kind": "drivers"}, "driverIds"),
        ({"kind": "drivers", "driverIds": []}, "driverIds"),
        ({"kind": "drivers", "driverIds": ["v-1", "nobody"]}, "driverIds"),
        ({"kind": "drivers", "driverIds": ["v-1"], "radius": 500}, "radius"),
        ({"driverId": "v-1", "names": True}, "names"),
        ({"kind": "nearby", "group": "vans"}, "group"),
    ],
)
def test_fields_belong_to_a_kind(hub: Edge, body: dict[str, Any], field: str) -> None:
    refused = ask_for(hub, **body)
    assert (refused.status, fields(refused)) == (422, [field])
