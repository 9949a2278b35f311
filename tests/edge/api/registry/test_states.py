"""States of drivers: set by dispatchers and by drivers, over REST and sockets; filters."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import websockets.sync.client
from websockets.sync.client import ClientConnection

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import Answer, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    STRANGER,
    change,
    execute,
    fields,
    hub_with,
)
from tests.support.running import PATIENCE, Edge, edge, until

OTHER = token(role="driver", driver="e", fleet="f")


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "states", registry_connections=2) as running:
        yield running


@pytest.fixture(autouse=True)
def no_states(hub: Edge) -> None:
    fixes = [{"driverId": driver_id, "latitude": 25.0, "longitude": 55.0} for driver_id in "de"]
    assert post(hub, "/api/v1/location", fixes, GATEWAY).status == 200
    asyncio.run(execute(hub.settings.database_url, "DELETE FROM driver_states"))
    until(lambda: not any(shown(hub, driver_id) for driver_id in "de"))


def path(driver_id: str) -> str:
    return f"/api/v1/drivers/{driver_id}/state"


def put(hub: Edge, driver_id: str, state: str, etag: str = "*", token: str = DISPATCHER) -> Answer:
    return change(hub, "PUT", path(driver_id), {"state": state}, etag=etag, token=token)


def shown(hub: Edge, driver_id: str) -> str | None:
    state: str | None = get(hub, f"/api/v1/drivers/{driver_id}", DISPATCHER).json.get("state")
    return state


@contextmanager
def socket(hub: Edge, token: str) -> Iterator[ClientConnection]:
    headers = {"authorization": f"Bearer {token}"}
    with websockets.sync.client.connect(f"{hub.url}?subscribe=none", additional_headers=headers) as opened:
        yield opened


def ask(opened: ClientConnection, request: object) -> dict[str, Any]:
    opened.send(json.dumps(request))
    return dict(json.loads(opened.recv(PATIENCE)))


def until_synced(screen: ClientConnection) -> list[dict[str, Any]]:
    said = []
    while True:
        said.append(json.loads(screen.recv(PATIENCE)))
        if said[-1]["type"] == "synced":
            return said


# Over REST -----------------------------------------------------------------------------------------------------------


def test_a_state_is_set_with_the_version_that_was_read(hub: Edge) -> None:
    first = get(hub, path("d"), DISPATCHER)
    assert first.json == {"driverId": "d", "state": None, "version": 0, "changedAt": None}
    made = put(hub, "d", "busy", first.headers["etag"])
    assert (made.status, made.headers["etag"], made.json["state"], made.json["version"]) == (200, '"1"', "busy", 1)
    assert shown(hub, "d") == "busy"  # at once, on the node that was asked
    for etag in ('"0"', '"2"'):
        stale = put(hub, "d", "free", etag)
        assert (stale.status, stale.headers["etag"]) == (412, '"1"')
    missing = change(hub, "PUT", path("d"), {"state": "free"}, token=DISPATCHER)
    assert missing.status == 428
    assert get(hub, path("d"), DISPATCHER).json == made.json
    assert put(hub, "d", "free", '"1"').json["version"] == 2
    assert put(hub, "e", "free", '"7"').status == 412  # it never had one


def test_the_same_state_again_is_no_change(hub: Edge) -> None:
    first = put(hub, "d", "free").json
    assert put(hub, "d", "free").json == first
    assert put(hub, "d", "free", '"1"').json == first


def test_of_concurrent_changes_of_one_version_one_wins(hub: Edge) -> None:
    for _ in range(5):
        etag = get(hub, path("d"), DISPATCHER).headers["etag"]
        current = get(hub, path("d"), DISPATCHER).json["state"]
        others = [state for state in ("free", "busy", "off_duty") if state != current][:2]
        with ThreadPoolExecutor(2) as at_once:
            answers = list(at_once.map(lambda state: put(hub, "d", state, etag), others))  # noqa: B023
        assert sorted(answer.status for answer in answers) == [200, 412]
        (won,) = [answer.json["state"] for answer in answers if answer.status == 200]
        assert shown(hub, "d") == get(hub, path("d"), DISPATCHER).json["state"] == won


def test_a_driver_sets_its_own_state_only(hub: Edge) -> None:
    assert put(hub, "d", "off_duty", token=DRIVER).status == 200
    assert get(hub, path("d"), DRIVER).json["state"] == "off_duty"
    for asked in (put(hub, "d", "free", token=OTHER), get(hub, path("d"), OTHER), put(hub, "d", "free", token=GATEWAY)):
        assert asked.status == 403
    assert put(hub, "d", "free", token=STRANGER).status == 404
    assert put(hub, "d", "free", token="").status == 401
    assert shown(hub, "d") == "off_duty"


def test_a_driver_need_not_be_live_but_known(hub: Edge) -> None:
    assert put(hub, "unknown", "free").status == get(hub, path("unknown"), DISPATCHER).status == 404
    assert post(hub, DRIVERS, {"driverId": "registered"}, ADMIN).status == 201
    assert put(hub, "registered", "free").status == 200
    fix = {"driverId": "registered", "latitude": 1, "longitude": 2}
    assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200
    answer = get(hub, "/api/v1/drivers/registered", DISPATCHER).json
    assert answer["state"] == answer["position"]["state"] == "free"
    assert change(hub, "DELETE", f"{DRIVERS}/registered", etag="*").status == 204
    until(lambda: shown(hub, "registered") is None)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "state"), ({"state": "lunch"}, "state"), ({"state": None}, "state"), ({"state": "free", "x": 1}, "x")],
)
def test_a_wrong_body_changes_nothing(hub: Edge, body: object, field: str) -> None:
    answer = change(hub, "PUT", path("d"), body, etag="*", token=DISPATCHER)
    assert (answer.status, fields(answer)) == (422, [field])
    if body == {"state": "lunch"}:
        assert answer.json["errors"][0]["allowed"] == ["free", "busy", "off_duty"]
    assert shown(hub, "d") is None


def test_a_change_in_the_database_is_noticed(hub: Edge) -> None:
    url = hub.settings.database_url
    asyncio.run(execute(url, "INSERT INTO driver_states (fleet, driver_id, state) VALUES ('f', 'd', 'free')"))
    until(lambda: shown(hub, "d") == "free")
    asyncio.run(execute(url, "DELETE FROM driver_states WHERE driver_id = 'd'"))
    until(lambda: shown(hub, "d") is None)


def test_states_are_read_again_after_a_lost_connection(hub: Edge) -> None:
    put(hub, "e", "busy")
    url = hub.settings.database_url
    # In one transaction with the end of the session that would hear of it.
    asyncio.run(
        execute(
            url,
            """DO $$ BEGIN
            PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE application_name = 'hub access' AND datname = current_database();
            PERFORM pg_sleep(0.2);
            INSERT INTO driver_states (fleet, driver_id, state) VALUES ('f', 'd', 'off_duty');
            DELETE FROM driver_states WHERE driver_id = 'e'; END $$""",
        )
    )
    until(lambda: (shown(hub, "d"), shown(hub, "e")) == ("off_duty", None))


# Over sockets --------------------------------------------------------------------------------------------------------


def test_a_driver_sets_its_state_by_a_message(hub: Edge) -> None:
    with socket(hub, DRIVER) as driver, socket(hub, DISPATCHER) as screen:
        screen.send('{"type":"subscribe","id":"all","all":true}')
        until_synced(screen)
        answer = ask(driver, {"type": "state", "state": "busy"})
        assert answer == json.loads(screen.recv(PATIENCE))
        stored = get(hub, path("d"), DISPATCHER).json
        assert answer == {"type": "state", "driverId": "d", "state": "busy", "changedAt": stored["changedAt"]}
        assert (stored["state"], stored["version"]) == ("busy", 1)
        assert ask(driver, {"type": "state", "state": "busy"}) == answer  # again
        assert ask(driver, {"type": "ping"}) == {"type": "pong"}
        driver.send('{"latitude":25,"longitude":55}')
        assert json.loads(screen.recv(PATIENCE))["state"] == "busy"


def test_a_driver_that_has_no_position_yet(hub: Edge) -> None:
    with socket(hub, token(role="driver", driver="early", fleet="f")) as driver:
        assert ask(driver, {"type": "state", "state": "free"})["state"] == "free"
        driver.send('{"latitude":25,"longitude":55,"msgNo":1}')
        assert json.loads(driver.recv(PATIENCE)) == {"type": "ack", "msgNo": 1}
        assert shown(hub, "early") == "free"


@pytest.mark.parametrize(
    ("who", "request_", "code", "field"),
    [
        (DRIVER, {"state": "lunch"}, "invalid", "state"),
        (DRIVER, {}, "invalid", "state"),
        (DRIVER, {"state": "free", "driverId": "e"}, "forbidden", "driverId"),
        (GATEWAY, {"state": "free"}, "invalid", "driverId"),
        (GATEWAY, {"state": "free", "driverId": "invented"}, "invalid", "driverId"),
        (DISPATCHER, {"state": "free", "driverId": "d"}, "forbidden", "type"),
    ],
)
def test_requests_that_are_refused(hub: Edge, who: str, request_: dict[str, str], code: str, field: str) -> None:
    with socket(hub, who) as client:
        error = ask(client, {"type": "state", **request_})
    assert (error["type"], error["code"], error["field"]) == ("error", code, field)
    assert (shown(hub, "d"), shown(hub, "e")) == (None, None)


def test_a_gateway_names_the_driver(hub: Edge) -> None:
    with socket(hub, GATEWAY) as client:
        assert ask(client, {"type": "state", "state": "free", "driverId": "e"})["driverId"] == "e"
    assert shown(hub, "e") == "free"


# Filters -------------------------------------------------------------------------------------------------------------


def test_lists_by_state_and_status(hub: Edge) -> None:
    fixes = [{"driverId": f"x{n:04}", "latitude": 10 + n / 10_000, "longitude": 20.0} for n in range(1_200)]
    for start in range(0, len(fixes), 400):
        assert post(hub, "/api/v1/location", fixes[start : start + 400], GATEWAY).status == 200
    free = [f"x{n:04}" for n in (3, 400, 401, 700, 1_199)]
    rows = ", ".join(f"('f', '{driver_id}', 'free')" for driver_id in free)
    url = hub.settings.database_url
    asyncio.run(execute(url, f"INSERT INTO driver_states (fleet, driver_id, state) VALUES {rows}"))
    until(lambda: all(shown(hub, driver_id) == "free" for driver_id in free))
    put(hub, "d", "busy")

    def listed(query: str) -> list[str]:
        page, seen = f"/api/v1/drivers?{query}", []
        while page:
            answer = get(hub, page, DISPATCHER)
            assert answer.status == 200, answer
            seen += [driver["driverId"] for driver in answer.json["drivers"]]
            link = answer.headers.get("link", "")
            page = link[1 : link.index(">")] if link else ""
        return seen

    assert listed("state=free") == listed("state=free&limit=2") == listed("state=free&status=online") == free
    assert listed("state=busy") == ["d"]
    assert listed("state=off_duty") == listed("state=free&status=offline") == []
    assert len(listed("status=online")) >= 1_200
    near = get(hub, "/api/v1/nearby?latitude=10&longitude=20&radius=100000&state=free&limit=3", DISPATCHER).json
    assert [driver["driverId"] for driver in near["drivers"]] == free[:3]
    near = get(hub, "/api/v1/nearby?latitude=10&longitude=20&radius=100000&status=stale", DISPATCHER).json
    assert near == {"drivers": []}
    for query in ("state=lunch", "status=away"):
        answer = get(hub, f"/api/v1/drivers?{query}", DISPATCHER)
        assert (answer.status, answer.json["errors"][0]["code"]) == (422, "not_allowed")


def test_a_subscription_to_a_state(hub: Edge) -> None:
    put(hub, "d", "free")
    with socket(hub, DISPATCHER) as screen:
        screen.send('{"type":"subscribe","id":"s","all":true,"state":"free"}')
        said = until_synced(screen)
        assert "d" in {message.get("driverId") for message in said} and "e" not in {m.get("driverId") for m in said}
        put(hub, "e", "free")
        assert (message := json.loads(screen.recv(PATIENCE)))["type"] == "location" and message["driverId"] == "e"
        put(hub, "d", "busy")
        assert json.loads(screen.recv(PATIENCE)) == {"type": "left", "id": "s", "driverId": "d"}
        error = ask(screen, {"type": "subscribe", "id": "s", "all": True, "state": "lunch"})
        assert (error["code"], error["field"]) == ("invalid", "state")


def test_a_state_in_the_feed_and_at_another_node(hub: Edge) -> None:
    put(hub, "d", "busy")
    features = get(hub, "/api/v1/feeds/drivers.geojson", DISPATCHER).json["features"]
    states = {feature["id"]: feature["properties"].get("state") for feature in features}
    assert (states["d"], states["e"]) == ("busy", None)
    # Its own memory, the same PostgreSQL.
    with edge(hub.settings) as other:
        fixes = [{"driverId": driver_id, "latitude": 25.0, "longitude": 55.0} for driver_id in "de"]
        assert post(other, "/api/v1/location", fixes, GATEWAY).status == 200
        until(lambda: shown(other, "d") == "busy")
        put(hub, "d", "free")
        put(other, "e", "off_duty")
        until(lambda: shown(other, "d") == "free" and shown(hub, "e") == "off_duty")
