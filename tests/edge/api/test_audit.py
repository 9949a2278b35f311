"""The audit log by the API: what is recorded, by which actor, and what admins read of it."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.applications import Starlette

from hub.core.audit import ActorKind, Audited
from hub.edge.api.accounts import logins
from hub.edge.api.audit import csv_row
from hub.edge.api.jobs import files as job_files
from hub.edge.api.jobs import waypoints
from hub.edge.api.plans import apply as plan_apply
from hub.edge.api.registry import imports
from hub.edge.http.operations import Operation
from hub.embedded.services import Services
from hub.stores import dead_letters
from hub.stores.postgres.audit import AuditEntry
from tests.identity.test_tokens import token
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import (
    ADMIN,
    DISPATCHER,
    DRIVER,
    DRIVERS,
    GATEWAY,
    SHARES,
    STRANGER,
    VEHICLES,
    change,
    fetch,
    fields,
    hub_with,
)
from tests.support.api.populated import BROWSER_KEYS
from tests.support.repository import ROOT
from tests.support.running import Edge, until

PATH = "/api/v1/audit"
USERS = "/api/v1/users"
KEYS = "/api/v1/keys"
RULES = "/api/v1/rules"
CHANNELS = "/api/v1/channels"
BROWSER = {"endpoint": "https://push.example/send/1", "keys": BROWSER_KEYS, "expirationTime": None}

ALERT = "00000000-0000-0000-0000-00000000000a"
TOLD = '{"kind": "overspeed", "title": "Fast", "text": "", "severity": "warning", "details": {}}'

RECORDS_FOR: dict[str, Callable[..., Any]] = {
    "/api/v1/auth/token": logins.routes,  # a new password, in a function that the handler calls
    "/api/v1/dead-letters/{letter_id}/send": dead_letters.send_again,
    "/api/v1/fleet/drivers.csv": imports.record,
    "/api/v1/fleet/vehicles.csv": imports.record,
    "/api/v1/places.csv": job_files.enter_places,
    "/api/v1/jobs.csv": job_files.enter_jobs,
    **{
        f"/api/v1/routes/{{route_id}}/{name}": waypoints.routes
        for name in ("assign", "unassign", "order", "lock", "publish", "cancel")
    },
    "/api/v1/plans/{plan_id}/apply": plan_apply.apply,
}
"""Path -> the function that records what its handler does."""

NOTHING_TO_RECORD = {
    "/api/v1/auth/refresh": "continues a session",
    "/api/v1/auth/logout": "ends a session",
    "/api/v1/auth/totp": "nothing is switched on before the confirmation",
    "/api/v1/auth/oidc/connect": "the account is connected when the user comes back from the provider",
    "/api/v1/auth/ticket": "opens a socket with the rights of the token",
    "/api/v1/location": "positions, which have a table",
    "/api/location": "positions",
    "/api/vehicle/ingest": "positions",
    "/api/v1/fence-preview": "reads the history",
    "/api/v1/plans": "a plan changes nothing until it is applied",
    "/api/v1/channels/{channel_id}/test": "changes nothing; the test is in the log of the channel",
}
"""Operations that change something without an entry -> why."""


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "audited") as running:
        yield running


@pytest.fixture(autouse=True)
def empty(hub: Edge) -> None:
    fetch(hub, "DELETE FROM audit")


def entries(hub: Edge, query: str = "") -> list[dict[str, Any]]:
    answer = get(hub, f"{PATH}{query}", ADMIN)
    assert answer.status == 200, answer.body
    found: list[dict[str, Any]] = answer.json["entries"]
    return found


def recorded(hub: Edge) -> list[tuple[str, str, dict[str, Any]]]:
    """(action, subject, details), oldest first."""
    return [(one["action"], one["subjectId"], one["details"]) for one in reversed(entries(hub))]


def test_the_registry_is_recorded(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "d-1", "name": "Olga Orlova", "phone": "+7 000 001"}, ADMIN)
    change(hub, "PATCH", f"{DRIVERS}/d-1", {"name": "Olga O.", "disabled": True}, etag="*")
    van = post(hub, VEHICLES, {"vehicleId": "v-1", "plate": "A 1", "driverId": "d-1"}, ADMIN).json
    change(hub, "PATCH", f"{VEHICLES}/v-1", {"name": "Van"}, etag="*")
    left = change(hub, "PATCH", f"{VEHICLES}/v-1", {"driverId": None}, etag="*").json
    change(hub, "DELETE", f"{VEHICLES}/v-1", etag="*")
    phone = post(hub, f"{DRIVERS}/d-1/tokens", {"label": "Olga's phone"}, ADMIN).json
    change(hub, "DELETE", f"{DRIVERS}/d-1/tokens/{phone['id']}")
    share = post(hub, SHARES, {"driverId": "d-1", "label": "for Ivan", "hours": 1}, DISPATCHER).json
    call(hub, "DELETE", f"{SHARES}/{share['id']}", token=DISPATCHER)
    change(hub, "DELETE", f"{DRIVERS}/d-1", etag="*")
    assert recorded(hub) == [
        ("driver.created", "d-1", {}),
        ("driver.changed", "d-1", {"fields": ["name", "disabled"], "disabled": True}),
        ("vehicle.created", "v-1", {"driverId": "d-1", "assignedAt": van["assignedAt"]}),
        ("vehicle.changed", "v-1", {"fields": ["name"]}),
        ("vehicle.changed", "v-1", {"fields": ["driverId"], "driverId": None, "assignedAt": left["assignedAt"]}),
        ("vehicle.deleted", "v-1", {}),
        ("phone_token.created", phone["id"], {"driverId": "d-1"}),
        ("phone_token.revoked", phone["id"], {"driverId": "d-1"}),
        ("share_link.created", share["id"], {"kind": "driver", "driverId": "d-1", "expiresAt": share["expiresAt"]}),
        ("share_link.ended", share["id"], {}),
        ("driver.deleted", "d-1", {}),
    ]
    text = json.dumps(fetch(hub, "SELECT audit::text FROM audit"))
    assert not any(secret in text for secret in ("Olga", "+7 000", "Ivan", phone["token"], share["token"]))


def test_keys_and_what_is_done_with_them_are_recorded(hub: Edge) -> None:
    made = post(hub, KEYS, {"name": "ERP", "role": "admin", "expiresAt": "2100-01-01T00:00:00+00:00"}, ADMIN).json
    until(lambda: post(hub, DRIVERS, {"driverId": "by-key"}, made["key"]).status == 201)
    change(hub, "DELETE", f"{KEYS}/{made['id']}")
    found = list(reversed(entries(hub)))
    assert [(one["action"], one["subjectId"], one["details"]) for one in found] == [
        ("api_key.created", made["id"], {"name": "ERP", "role": "admin", "expiresAt": "2100-01-01T00:00:00Z"}),
        ("driver.created", "by-key", {}),
        ("api_key.revoked", made["id"], {}),
    ]
    assert (found[1]["actorKind"], found[1]["actorId"]) == ("api_key", made["id"])
    assert made["key"] not in json.dumps(found)


def test_a_state_is_recorded_if_another_than_the_driver_changed_it(hub: Edge) -> None:
    post(hub, "/api/v1/location", {"latitude": 25.2, "longitude": 55.3, "driverId": "d"}, GATEWAY)
    for state, by in [
        ("free", DRIVER), ("busy", DISPATCHER), ("busy", DISPATCHER), ("free", DRIVER), ("off_duty", ADMIN)
    ]:  # fmt: skip
        assert change(hub, "PUT", "/api/v1/drivers/d/state", {"state": state}, etag="*", token=by).status == 200
    assert recorded(hub) == [
        ("driver.state_changed", "d", {"state": "busy"}),
        ("driver.state_changed", "d", {"state": "off_duty"}),
    ]


def test_fences_are_recorded_without_places(hub: Edge) -> None:
    body = {"name": "Depot", "shape": {"type": "Point", "coordinates": [55.27, 25.2]}, "radius": 100}
    fence = post(hub, "/api/v1/fences", body, ADMIN).json["fenceId"]
    change(hub, "PATCH", f"/api/v1/fences/{fence}", {"radius": 200}, etag="*")
    back = {"from": "2026-01-01T00:00:00Z"}
    assert post(hub, f"/api/v1/fences/{fence}/backfill", back, ADMIN).status == 202
    change(hub, "DELETE", f"/api/v1/fences/{fence}", etag="*")
    feature = {"type": "Feature", "geometry": body["shape"], "properties": {"name": "Depot", "radius": 100}}
    imported = post(
        hub, "/api/v1/fences.geojson", {"type": "FeatureCollection", "features": [feature, feature]}, ADMIN
    ).json["fences"]
    assert recorded(hub) == [
        ("fence.created", fence, {}),
        ("fence.changed", fence, {"fields": ["radius"]}),
        ("fence.backfilled", fence, back),
        ("fence.deleted", fence, {}),
        *(("fence.created", one["fenceId"], {}) for one in imported),
    ]


def test_rules_and_channels_are_recorded_without_secrets(hub: Edge) -> None:
    rule = post(hub, RULES, {"name": "Fast", "kind": "overspeed", "params": {"limit": 30}}, ADMIN).json["id"]
    change(hub, "PATCH", f"{RULES}/{rule}", {"name": "Faster", "enabled": False}, etag="*")
    change(hub, "DELETE", f"{RULES}/{rule}", etag="*")
    hook = {"name": "ERP", "kind": "webhook", "config": {"url": "https://erp.example/hidden-path"}}
    made = post(hub, CHANNELS, hook, ADMIN).json
    channel = made["channel"]["id"]
    moved = {"config": {"url": "https://erp.example/hidden-too"}, "state": "paused"}
    change(hub, "PATCH", f"{CHANNELS}/{channel}", moved, etag="*")
    secret = post(hub, f"{CHANNELS}/{channel}/secret", None, ADMIN).json["secret"]
    span = {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}
    post(hub, f"{CHANNELS}/{channel}/replay", span, ADMIN)
    change(hub, "DELETE", f"{CHANNELS}/{channel}", etag="*")
    assert recorded(hub) == [
        ("rule.created", rule, {"kind": "overspeed"}),
        ("rule.changed", rule, {"fields": ["name", "enabled"], "enabled": False}),
        ("rule.deleted", rule, {}),
        ("channel.created", channel, {"kind": "webhook"}),
        ("channel.changed", channel, {"fields": ["config", "state"], "state": "paused"}),
        ("channel.secret_replaced", channel, {}),
        ("channel.replayed", channel, {"queued": 0, "sent": False, **span}),
        ("channel.deleted", channel, {}),
    ]
    text = json.dumps(fetch(hub, "SELECT audit::text FROM audit"))
    assert not any(hidden in text for hidden in ("hidden", made["secret"], secret))


def test_an_alert_is_acknowledged_and_recorded_once(hub: Edge) -> None:
    rule = post(hub, RULES, {"name": "Fast", "kind": "overspeed", "params": {"limit": 30}}, ADMIN).json["id"]
    fetch(hub, "DELETE FROM audit")
    fetch(
        hub,
        "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
        f"VALUES ('{ALERT}', 'f', '{rule}', 'd', 'one', 'open', now(), now(), '{TOLD}')",
    )
    for _ in range(2):
        assert post(hub, f"/api/v1/alerts/{ALERT}/acknowledge", None, DISPATCHER).status == 200
    assert recorded(hub) == [("alert.acknowledged", ALERT, {"driverId": "d"})]


def test_browsers_are_recorded_once(hub: Edge) -> None:
    channel = post(hub, CHANNELS, {"name": "Screens", "kind": "webpush"}, ADMIN).json["channel"]["id"]
    fetch(hub, "DELETE FROM audit")
    path = f"{CHANNELS}/{channel}/subscriptions"
    made = [post(hub, path, BROWSER, DISPATCHER).json["subscriptionId"] for _ in range(2)]
    assert change(hub, "DELETE", f"{path}/{made[0]}", token=DISPATCHER).status == 204
    assert made[0] == made[1]
    assert recorded(hub) == [
        ("browser.subscribed", made[0], {"channelId": channel}),
        ("browser.unsubscribed", made[0], {"channelId": channel}),
    ]
    assert "push.example" not in json.dumps(fetch(hub, "SELECT audit::text FROM audit"))


def test_a_refused_change_is_not_recorded(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "twice"}, ADMIN)
    assert post(hub, DRIVERS, {"driverId": "twice"}, ADMIN).status == 409
    assert change(hub, "PATCH", f"{DRIVERS}/twice", {"name": "x"}, etag='"9"').status == 412
    assert change(hub, "DELETE", f"{DRIVERS}/never", etag="*").status == 404
    assert post(hub, DRIVERS, {"driverId": "x"}, DISPATCHER).status == 403
    assert [one[0] for one in recorded(hub)] == ["driver.created"]


def test_users_and_passwords_are_recorded_with_the_name_of_the_user(hub: Edge) -> None:
    post(hub, USERS, {"username": "boss", "role": "admin"}, ADMIN)  # or petra would be the last admin
    fetch(hub, "DELETE FROM audit")
    made = post(hub, USERS, {"username": "petra", "role": "admin"}, ADMIN).json
    user_id, once = made["user"]["userId"], made["password"]
    login = {"username": "petra", "password": once, "newPassword": "a long enough one"}
    tokens = post(hub, "/api/v1/auth/token", login, **{"content-type": "application/json"}).json
    access = tokens["accessToken"]
    again = {"password": "a long enough one", "newPassword": "another one of those"}
    post(hub, "/api/v1/auth/password", again, access, **{"content-type": "application/json"})
    post(hub, DRIVERS, {"driverId": "by-petra"}, access)
    change(hub, "PATCH", f"{USERS}/{user_id}", {"role": "dispatcher"}, etag="*")
    post(hub, f"{USERS}/{user_id}/password", None, ADMIN)
    change(hub, "DELETE", f"{USERS}/{user_id}", etag="*")
    found = list(reversed(entries(hub)))
    assert [(one["action"], one["actorKind"], one["actorName"]) for one in found] == [
        ("user.created", "token", None),
        ("user.password_changed", "user", "petra"),
        ("user.password_changed", "user", "petra"),
        ("driver.created", "user", "petra"),
        ("user.changed", "token", None),
        ("user.password_reset", "token", None),
        ("user.deleted", "token", None),
    ]
    assert found[4]["details"] == {"fields": ["role"], "role": "dispatcher"}
    assert {one["actorId"] for one in found if one["actorKind"] == "user"} == {user_id}
    assert once not in json.dumps(found) and "long enough" not in json.dumps(found)
    assert [one["action"] for one in entries(hub, "?actor=petra&kind=driver")] == ["driver.created"]


def test_an_export_is_recorded_and_a_page_is_not(hub: Edge) -> None:
    fix = {"latitude": 25.2, "longitude": 55.3, "driverId": "d"}
    assert post(hub, "/api/v1/location", fix, GATEWAY).status == 200
    track = "/api/v1/drivers/d/track?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z"
    assert get(hub, track, DISPATCHER).status == 200
    assert recorded(hub) == []
    assert get(hub, f"{track}&format=gpx", DISPATCHER, **{"x-request-id": "export-7"}).status == 200
    assert get(hub, track, DRIVER, accept="text/csv").status == 200
    span = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    assert recorded(hub) == [
        ("track.exported", "d", {"format": "gpx", **span}),
        ("track.exported", "d", {"format": "csv", **span}),
    ]
    assert entries(hub)[1]["requestId"] == "export-7"


def test_exports_of_lines_vehicles_trips_and_stops_are_recorded(hub: Edge) -> None:
    post(hub, "/api/v1/location", {"latitude": 25.2, "longitude": 55.3, "driverId": "d"}, GATEWAY)
    post(hub, VEHICLES, {"vehicleId": "van"}, ADMIN)
    fetch(hub, "DELETE FROM audit")
    times = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z"
    for path in (
        f"drivers/d/track?{times}&format=linestring",
        f"vehicles/van/track?{times}&format=gpx",
        f"vehicles/van/track?{times}",
        f"trips?{times}&format=csv",
        f"stops?{times}&format=csv&driverId=d",
        f"trips?{times}",
    ):
        assert get(hub, f"/api/v1/{path}", DISPATCHER).status == 200, path
    span = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    assert recorded(hub) == [
        ("track.exported", "d", {"format": "linestring", **span}),
        ("vehicle_track.exported", "van", {"format": "gpx", **span}),
        ("trips.exported", "f", {"format": "csv", **span}),
        ("stops.exported", "f", {"format": "csv", "driverId": "d", **span}),
    ]


def test_exports_of_visits_and_the_registry_are_recorded(hub: Edge) -> None:
    fetch(hub, "DELETE FROM audit")
    times = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z"
    for path in (f"visits?{times}&format=csv&driverId=d", f"visits?{times}", "fleet/drivers.csv", "fleet/vehicles.csv"):
        assert get(hub, f"/api/v1/{path}", ADMIN).status == 200, path
    span = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
    assert recorded(hub) == [
        ("visits.exported", "f", {"format": "csv", "driverId": "d", **span}),
        ("drivers.exported", "f", {"format": "csv"}),
        ("vehicles.exported", "f", {"format": "csv"}),
    ]


def test_admins_read_their_fleets_entries(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "ours"}, ADMIN)
    post(hub, DRIVERS, {"driverId": "theirs"}, STRANGER)
    assert [get(hub, PATH, one).status for one in (DISPATCHER, GATEWAY, DRIVER, "")] == [403, 403, 403, 401]
    assert [one["subjectId"] for one in entries(hub)] == ["ours"]
    assert [one["subjectId"] for one in get(hub, PATH, STRANGER).json["entries"]] == ["theirs"]
    assert get(hub, PATH, ADMIN).headers["cache-control"] == "no-store"


def test_filters_and_pages(hub: Edge) -> None:
    for number in range(5):
        post(hub, DRIVERS, {"driverId": f"page-{number}"}, ADMIN)
    first = get(hub, f"{PATH}?limit=3&kind=driver", ADMIN)
    following = first.headers["link"].split(">")[0].removeprefix("<")
    second = get(hub, following, ADMIN)
    ids = [one["subjectId"] for one in first.json["entries"] + second.json["entries"]]
    assert ids == [f"page-{number}" for number in (4, 3, 2, 1, 0)] and "next" not in second.json
    assert [one["subjectId"] for one in entries(hub, "?id=page-2&action=driver.created")] == ["page-2"]
    assert entries(hub, "?to=2020-01-01T00:00:00Z") == entries(hub, "?from=2100-01-01T00:00:00Z") == []
    assert len(entries(hub, "?from=2020-01-01T00:00:00%2B01:00")) == 5
    for wrong, field in [
        ("action=x", "action"),
        ("kind=x", "kind"),
        ("format=xml", "format"),
        ("cursor=x", "cursor"),
        ("actor=%00", "actor"),
        ("limit=0", "limit"),
        ("from=0001-01-01T00:00:00%2B10:00", "from"),
        ("format=csv&limit=3", "format"),
    ]:
        refused = get(hub, f"{PATH}?{wrong}", ADMIN)
        assert (refused.status, fields(refused)) == (422, [field]), wrong
    assert "driver.created" in get(hub, f"{PATH}?action=x", ADMIN).json["errors"][0]["allowed"]


def test_csv_has_all_entries_and_is_recorded(hub: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.edge.api.audit.PIECE", 2)
    for number in range(5):
        post(hub, DRIVERS, {"driverId": f"csv-{number}"}, ADMIN)
    answer = get(hub, f"{PATH}?format=csv&kind=driver", ADMIN)
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    listed = entries(hub, "?kind=driver")
    assert [row["subjectId"] for row in rows] == [one["subjectId"] for one in listed]
    assert [row["happenedAt"] for row in rows] == [one["happenedAt"] for one in listed]
    assert json.loads(rows[0]["details"]) == {}
    assert recorded(hub)[-1] == ("audit.exported", "f", {"kind": "driver"})


def test_csv_has_no_formulas() -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    entry = AuditEntry(1, at, "user", "u", "=1+1", "driver.created", "driver", "-d", None, {"group": "=1"})
    row = [1, "2026-11-01T00:00:00Z", "user", "u", "'=1+1", "driver.created", "driver", "'-d", None, '{"group":"=1"}']
    assert csv_row(entry) == row


def test_on_an_open_hub_the_actor_is_open(services: Services, template: str) -> None:
    with hub_with(services, template, "audited_open", jwt_secret="") as hub:
        assert post(hub, DRIVERS, {"driverId": "d"}).status == 201
        (one,) = get(hub, PATH).json["entries"]
        assert (one["actorKind"], one["actorId"]) == ("open", "")


def operations(hub: Edge) -> list[Operation]:
    app: Any = hub.server.config.app
    while not isinstance(app, Starlette):
        app = app.app
    return [route for route in app.routes if isinstance(route, Operation)]


def test_every_operation_that_changes_something_records_it(hub: Edge) -> None:
    silent = {
        route.path
        for route in operations(hub)
        if route.method != "GET"
        and not re.search(r" audit(_each)?\(", inspect.getsource(RECORDS_FOR.get(route.path, route.handler)))
    }
    assert silent == NOTHING_TO_RECORD.keys()


def test_every_operation_that_answers_csv_records_it(hub: Edge) -> None:
    silent = {
        route.path
        for route in operations(hub)
        if route.method == "GET"
        and "text/csv" in route.media
        and not re.search("_EXPORTED|exported", inspect.getsource(route.handler))
    }
    assert silent == {"/api/v1/audit"}  # by a function of its own; above


def test_every_action_and_actor_is_explained() -> None:
    text = (ROOT / "docs/identity.md").read_text().split("## Audit log")[1].split("\n## ")[0]
    explained = set(re.findall(r"^\| `([a-z_.]+)` \|", text, re.MULTILINE))
    assert explained == {*Audited, *ActorKind}


def test_every_action_is_recorded_somewhere() -> None:
    code = "".join(file.read_text() for file in (ROOT / "hub").rglob("*.py") if file.name != "audit.py")
    code += (ROOT / "hub/edge/api/audit.py").read_text()
    assert [action for action in Audited if f"Audited.{action.name}" not in code] == []


def test_the_subject_of_a_token_is_the_actor(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "sub"}, token(role="admin", fleet="f", sub="auth0|5f7c8ec7c33c6c004bbafe82"))
    assert entries(hub)[0]["actorId"] == "auth0|5f7c8ec7c33c6c004bbafe82"


def test_the_id_of_a_token_is_the_actor_if_it_has_one(hub: Edge) -> None:
    post(hub, DRIVERS, {"driverId": "jti"}, token(role="admin", fleet="f", jti="0b8f"))
    assert (entries(hub)[0]["actorKind"], entries(hub)[0]["actorId"]) == ("token", "0b8f")
