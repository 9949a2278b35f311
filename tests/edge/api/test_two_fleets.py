"""Two fleets with the same driver ids on one hub: whatever the document has, neither sees anything of the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import call, get
from tests.support.api.document import operations
from tests.support.api.fleets import fetch, hub_with
from tests.support.api.populated import BROWSER_KEYS, Fleet, address, populate, takes
from tests.support.jpeg import jpeg
from tests.support.peers import Peer
from tests.support.running import Edge, until

READ = [(path, operation) for method, path, operation in operations() if method == "GET"]
CHANGED = [
    (method, path, operation) for method, path, operation in operations() if method in ("PATCH", "DELETE", "PUT")
]
POSTED = [
    (path, operation)
    for method, path, operation in operations()
    # The link of an e-mail needs no fleet.
    if method == "POST" and path.startswith("/api/") and "{" in path and "{mailboxToken}" not in path
]
PAGED = [(path, operation) for path, operation in READ if takes(operation, "cursor")]

REFUSED = {"/api/v1/auth/account": 403, "/api/v1/me/route": 422}
REFUSED |= {f"/api/v1/auth/oidc/{name}": 409 for name in ("login", "callback", "logout")}
"""Path -> status of its answer here: the tokens are those of no user and no driver, and the hub has no provider."""

UNMARKED = {
    "/api/v1/auth/account",
    "/api/v1/auth/me",
    "/api/v1/me/route",
    "/api/v1/reports",
    "/api/v1/geocode/reverse",
    "/osmand",
    "/owntracks",
    "/traccar",
}
"""What a token or a phone is answered has nothing of the fleet but its name; an account is a user's own; every fleet
has the same reports and the same places."""

TABLES = ["drivers", "driver_profiles", "vehicles", "vehicle_assignments", "driver_states", "shares", "phone_tokens"]
TABLES += ["users", "positions", "trips", "daily", "fences", "visits", "channels", "rules", "alerts"]
TABLES += ["report_schedules", "places", "jobs", "routes", "plans"]

NOTHING = "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"

ROWS = " UNION ALL ".join(f"SELECT '{name}', kept::text FROM {name} kept WHERE fleet = 'g'" for name in TABLES)

BODIES = {
    "/api/v1/channels/{channelId}/subscriptions": {"endpoint": "https://push.example/", "keys": BROWSER_KEYS},
    "/api/v1/fences/{fenceId}/backfill": {"from": "2026-10-02T00:00:00Z"},
    "/api/v1/rules/{ruleId}/done": {"driverId": "d"},
    "/api/v1/jobs/{jobId}/commands": {"command": "cancel", "commandId": "2"},
    "/api/v1/routes/{routeId}/assign": {"jobs": [{"jobId": NOTHING, "version": 1}]},
    **{f"/api/v1/routes/{{routeId}}/{name}": {"jobs": [NOTHING]} for name in ("unassign", "order", "lock")},
}
"""Path -> a body that is valid, where an empty one is not."""


class Both:
    def __init__(self, hub: Edge) -> None:
        self.hub, self.ours, self.theirs = hub, populate(hub, "f"), populate(hub, "g")

    def rows(self) -> Any:
        """Everything that the other fleet has."""
        return sorted(fetch(self.hub, ROWS))


@pytest.fixture(scope="module")
def both(services: Services, template: str) -> Iterator[Both]:
    with hub_with(services, template, "two_fleets") as hub:
        yield Both(hub)


def ids(rows: list[Any]) -> list[str]:
    return [" ".join(part for part in row if isinstance(part, str)) for row in rows]


def assert_nothing_of(fleet: Fleet, body: bytes) -> None:
    text = body.decode("latin-1")
    assert [mark for mark in fleet.marks if mark in text] == []


@pytest.mark.parametrize(("path", "operation"), READ, ids=ids(READ))
def test_reading_shows_ones_own(both: Both, path: str, operation: Any) -> None:
    ours = both.ours
    answer = get(both.hub, address(path, operation, ours.ids), ours.admin)
    if "phones" in operation["tags"]:  # they report
        assert answer.status in (401, 403)
    else:
        assert answer.status == REFUSED.get(path, 200), answer.body
    assert_nothing_of(both.theirs, answer.body)


def test_what_is_ones_own_is_marked(both: Both) -> None:
    """Else the other tests would see no leak."""
    unmarked = set()
    for path, operation in READ:
        bodies = [
            get(both.hub, address(path, operation, ids), both.ours.admin).body
            for ids in (both.ours.ids, both.ours.others)
        ]
        text = b" ".join(bodies).decode("latin-1")
        if "security" in operation and not any(mark in text for mark in both.ours.marks):
            unmarked.add(path)
    assert unmarked == UNMARKED


@pytest.mark.parametrize(("path", "operation"), READ, ids=ids(READ))
def test_what_is_theirs_is_not_there(both: Both, path: str, operation: Any) -> None:
    answer = get(both.hub, address(path, operation, both.theirs.others), both.ours.admin)
    if "security" in operation and "{" in path:
        assert answer.status == 404, answer.body
    if "security" in operation:
        assert_nothing_of(both.theirs, answer.body)


@pytest.mark.parametrize(("path", "operation"), READ, ids=ids(READ))
def test_nothing_is_read_without_a_token(both: Both, path: str, operation: Any) -> None:
    answer = get(both.hub, address(path, operation, both.ours.ids))
    if "security" in operation:
        assert answer.status == 401
    if "oken}" not in path:
        assert_nothing_of(both.ours, answer.body)
        assert_nothing_of(both.theirs, answer.body)


@pytest.mark.parametrize(("path", "operation"), PAGED, ids=ids(PAGED))
def test_their_cursors_lead_to_our_own(both: Both, path: str, operation: Any) -> None:
    theirs = get(both.hub, address(path, operation, both.theirs.ids, limit="1"), both.theirs.admin)
    assert theirs.status == 200, theirs.body
    following = address(path, operation, both.ours.ids, limit="500", cursor=theirs.json["next"])
    answer = get(both.hub, following, both.ours.admin)
    assert answer.status in (200, 422), answer.body
    assert_nothing_of(both.theirs, answer.body)


def test_there_are_cursors_to_try() -> None:
    assert len(PAGED) >= 9


@pytest.mark.parametrize(("method", "path", "operation"), CHANGED, ids=ids(CHANGED))
def test_what_is_theirs_cannot_be_changed(both: Both, method: str, path: str, operation: Any) -> None:
    before = both.rows()
    ends = {"retention": {"months": 1}, "{group}": {"retentionMonths": 1}}
    replaced = ends.get(path.rpartition("/")[2], {"state": "free"})
    body = {"PATCH": {}, "PUT": replaced}.get(method)
    headers = {"if-match": "*"}
    if "image/jpeg" in operation.get("requestBody", {}).get("content", {}):
        body, headers["content-type"] = jpeg(), "image/jpeg"
    answer = call(both.hub, method, address(path, operation, both.theirs.others), body, headers, both.ours.admin)
    assert answer.status == 404, answer.body
    assert_nothing_of(both.theirs, answer.body)
    assert both.rows() == before


@pytest.mark.parametrize(("path", "operation"), POSTED, ids=ids(POSTED))
def test_nothing_can_be_added_to_what_is_theirs(both: Both, path: str, operation: Any) -> None:
    before = both.rows()
    body = BODIES.get(path, {}) if "requestBody" in operation else None
    headers = {"if-match": "*"} if takes(operation, "If-Match") else {}
    answer = call(both.hub, "POST", address(path, operation, both.theirs.others), body, headers, both.ours.admin)
    assert answer.status == 404, answer.body
    assert both.rows() == before


def test_their_drivers_get_no_vehicles_or_links_of_ours(both: Both) -> None:
    before = both.rows()
    only = both.theirs.others["driverId"]
    for path, body in (
        ("/api/v1/fleet/vehicles", {"vehicleId": "new", "driverId": only}),
        ("/api/v1/shares", {"driverId": only, "hours": 1}),
    ):
        answer = call(both.hub, "POST", path, body, token=both.ours.admin)
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "driverId")
    assert both.rows() == before


def test_a_driver_of_ours_is_another_than_theirs_of_the_same_name(both: Both) -> None:
    """Reported once for each, at two places: each place is where its own fleet sees it."""
    for fleet, latitude in ((both.ours, 25.001), (both.theirs, 25.002)):
        fix = {"latitude": latitude, "longitude": 55, "driverId": "same", "attributes": {"mark": fleet.marks[0]}}
        assert call(both.hub, "POST", "/api/v1/location", fix, token=fleet.gateway).status == 200
    for fleet, latitude in ((both.ours, 25.001), (both.theirs, 25.002)):
        assert get(both.hub, "/api/v1/drivers/same", fleet.admin).json["position"]["latitude"] == latitude


@pytest.mark.parametrize(
    "what",
    [
        {"all": True},
        {"drivers": ["d", "only-g"]},
        {"bbox": [54, 24, 56, 26]},
        {"near": {"latitude": 25, "longitude": 55, "radius": 9_000}},
        {"all": True, "maxHz": 20},
    ],
    ids=str,
)
def test_a_subscription_is_of_ones_own_fleet(both: Both, what: Any) -> None:
    hub, ours, theirs = both.hub, both.ours, both.theirs
    with (
        Peer(hub.address, headers=[f"Authorization: Bearer {ours.admin}"]) as screen,
        Peer(hub.address, headers=[f"Authorization: Bearer {theirs.admin}"]) as their_screen,
        Peer(hub.address, headers=[f"Authorization: Bearer {theirs.gateway}"]) as gateway,
    ):
        screen.say({"type": "subscribe", "id": "s", **what})
        their_screen.say({"type": "subscribe", "id": "t", "drivers": ["d"]})
        heard = [screen.hear()]
        while heard[-1]["type"] != "synced":
            heard.append(screen.hear())
        while their_screen.hear()["type"] != "synced":
            pass
        gateway.say({"latitude": 25, "longitude": 55, "driverId": "d", "attributes": {"mark": theirs.marks[0]}})
        while (sent := their_screen.hear())["type"] == "status":  # it was silent
            pass
        assert sent["attributes"] == {"mark": theirs.marks[0]}
        heard += screen.hear_all()
    assert any(message["type"] == "location" for message in heard)
    assert_nothing_of(theirs, str(heard).encode())
    until(lambda: hub.node.sockets.count == 0)


def test_since_in_their_numbers_brings_our_own(both: Both) -> None:
    """Positions of all fleets are numbered together."""
    with Peer(both.hub.address, headers=[f"Authorization: Bearer {both.ours.admin}"]) as screen:
        since = {"epoch": both.hub.node.hub.epoch, "seq": 0}
        screen.say({"type": "subscribe", "id": "s", "all": True, "since": since})
        heard = [screen.hear()]
        while heard[-1]["type"] != "synced":
            heard.append(screen.hear())
    assert any(message["type"] == "location" for message in heard)
    assert_nothing_of(both.theirs, str(heard).encode())


def test_metrics_hold_no_ids(both: Both) -> None:
    answer = get(both.hub, "/metrics")
    assert answer.status == 200
    assert_nothing_of(both.ours, answer.body)
    assert_nothing_of(both.theirs, answer.body)
    for fleet in (both.ours, both.theirs):
        assert f'"{fleet.id}"' not in answer.body.decode()
