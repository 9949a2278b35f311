"""What the API is asked and must not do: each with its status and the field that is named, and nothing changed by it.

Messages of sockets are in test_inputs.py, forged tokens in test_auth.py and test_tokens.py.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import call
from tests.support.api.fleets import fetch, fields, hub_with
from tests.support.api.populated import populate
from tests.support.peers import Raw, handshake
from tests.support.running import Edge, until

TABLES = ["drivers", "vehicles", "shares", "phone_tokens", "users", "sessions", "positions", "trips", "daily"]
TABLES += ["channels", "rules", "alerts", "deliveries", "push_subscriptions"]

LOCATION, DRIVERS, VEHICLES = "/api/v1/location", "/api/v1/fleet/drivers", "/api/v1/fleet/vehicles"
SHARES, USERS, AUTH = "/api/v1/shares", "/api/v1/users", "/api/v1/auth"
FIX = {"latitude": 1, "longitude": 2, "driverId": "d"}
NOWHERE = "00000000-0000-4000-8000-000000000000"
JSON = {"content-type": "application/json"}
ANY = {"if-match": "*"}


EVERYTHING = " UNION ALL ".join(f"SELECT '{name}', line::text FROM {name} AS line" for name in TABLES)


class Hub:
    """``before``: its state after it was populated, which is its state after everything here."""

    def __init__(self, edge: Edge) -> None:
        populate(edge, "f")
        self.edge, self.before = edge, state(edge)


@pytest.fixture(scope="module")
def there(services: Services, template: str) -> Iterator[Hub]:
    with hub_with(services, template, "bad_inputs", max_batch=10, max_body_bytes=20_000) as edge:
        yield Hub(edge)


def state(hub: Edge) -> Any:
    """Everything that a request could change."""
    until(lambda: hub.node.unlogged.size == 0)
    rows = sorted(fetch(hub, EVERYTHING))
    live = hub.call(
        lambda: (
            hub.node.hub.seq,
            {fleet.id: (list(fleet.latest), dict(fleet.heard)) for fleet in hub.node.hub.fleets.values()},
        )
    )
    return rows, live, hub.appender.positions


class Row(NamedTuple):
    method: str
    path: str
    body: Any
    status: int
    field: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    role: str = "admin"


def reading(path: str, field: str, status: int = 422) -> Row:
    return Row("GET", path, None, status, field)


def posting(body: Any, status: int, field: str | None = None) -> Row:
    return Row("POST", LOCATION, body, status, field, role="gateway")


ROWS = [
    # Parameters: unknown, twice, missing, of another type, out of range.
    reading("/api/v1/drivers?limits=5", "limits"),
    reading("/api/v1/drivers?limit=5&limit=6", "limit"),
    reading("/api/v1/drivers?limit=0", "limit"),
    reading("/api/v1/drivers?limit=1001", "limit"),
    reading("/api/v1/drivers?limit=-1", "limit"),
    reading("/api/v1/drivers?limit=1.5", "limit"),
    reading("/api/v1/drivers?limit=null", "limit"),
    reading("/api/v1/drivers?limit=", "limit"),
    reading("/api/v1/drivers?limit=" + "9" * 5_000, "limit"),
    reading("/api/v1/drivers?cursor=", "cursor"),
    reading("/api/v1/drivers?cursor=%00", "cursor"),
    reading("/api/v1/drivers?cursor=kqNhYmMB", "cursor"),
    reading("/api/v1/nearby?latitude=1", "longitude"),
    reading("/api/v1/nearby?longitude=1", "latitude"),
    reading("/api/v1/nearby?latitude=90.1&longitude=1", "latitude"),
    reading("/api/v1/nearby?latitude=nan&longitude=1", "latitude"),
    reading("/api/v1/nearby?latitude=inf&longitude=1", "latitude"),
    reading("/api/v1/nearby?latitude=1&longitude=1&radius=0", "radius"),
    reading("/api/v1/nearby?latitude=1&longitude=1&radius=20037509", "radius"),
    reading("/api/v1/nearby?latitude=1&longitude=1&limit=101", "limit"),
    reading("/api/v1/drivers/d/track?from=yesterday", "from"),
    reading("/api/v1/drivers/d/track?from=2026-01-01T00:00:00", "from"),
    reading("/api/v1/drivers/d/track?to=0.5", "to"),
    reading("/api/v1/drivers/d/track?to=1767225600", "to"),
    reading("/api/v1/drivers/d/track?to=null", "to"),
    reading("/api/v1/drivers/d/track?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
    reading("/api/v1/drivers/d/track?from=2000-01-01T00:00:00Z", "from"),
    reading("/api/v1/drivers/d/track?from=0001-01-01T00:00:00%2B23:59", "from"),
    *(
        reading(f"{path}?{name}={instant}", name)
        for path in (f"/api/v1/{name}" for name in ("drivers/d/track", "alerts", "visits", "crossings", "audit"))
        for name, instant in (
            ("from", "0001-01-01T00:00:00Z"),
            ("from", "0001-01-01T00:00:00%2B23:59"),
            ("to", "9999-12-31T23:59:59.999999Z"),
            ("to", "9999-12-31T23:59:59-23:59"),
        )
    ),
    reading("/api/v1/drivers/d/track?format=kml", "format"),
    reading("/api/v1/drivers/d/track?format=gpx&limit=5", "format"),
    reading("/api/v1/drivers/d/track?simplify=0", "simplify"),
    reading("/api/v1/drivers/d/track?maxPoints=1", "maxPoints"),
    reading("/api/v1/drivers/d/trips?limit=501", "limit"),
    reading("/api/v1/positions", "bbox"),
    reading("/api/v1/positions?bbox=1,2,3", "bbox"),
    reading("/api/v1/positions?bbox=1,2,3,91", "bbox"),
    reading("/api/v1/positions?bbox=1,4,3,2", "bbox"),
    reading("/api/v1/positions?bbox=-180,-90,180,90", "bbox"),
    reading("/api/v1/positions?bbox=nan,1,2,3", "bbox"),
    reading("/api/v1/analytics/daily?from=2026-02-30", "from"),
    reading("/api/v1/analytics/daily?from=2026-01-02&to=2026-01-01", "from"),
    reading("/api/v1/analytics/daily?from=2024-01-01&to=2026-01-01", "from"),
    reading("/api/v1/analytics/daily?to=9999-12-31", "to"),
    reading("/api/v1/analytics/daily?by=vehicle", "by"),
    reading("/api/v1/analytics/daily?by=fleet&driverId=d", "by"),
    reading("/api/v1/analytics/daily?driverId=a%20b", "driverId"),
    reading(f"{DRIVERS}?q=" + "x" * 101, "q"),
    reading(f"{DRIVERS}?q=%00", "q"),
    reading(f"{VEHICLES}?cursor=kaMnOyA", "cursor"),
    reading(f"{SHARES}?cursor=x", "cursor"),
    reading(f"{USERS}?limit=1001", "limit"),
    # Paths of things that cannot be, or are not.
    Row("GET", "/api/v1/drivers/a%20b", None, 404),
    Row("GET", "/api/v1/drivers/d%00", None, 404),
    Row("GET", "/api/v1/drivers/" + "x" * 65, None, 404),
    Row("GET", "/api/v1/drivers/..%2f..%2fetc", None, 404),
    Row("GET", "/api/v1/trips/1", None, 404),
    Row("GET", f"/api/v1/trips/{NOWHERE}", None, 404),
    Row("GET", "/api/v1/share/" + "x" * 24, None, 404),
    Row("GET", "/api/v1/share/%00", None, 404),
    Row("DELETE", f"{SHARES}/1", None, 404),
    Row("DELETE", f"{DRIVERS}/d/tokens/{NOWHERE}", None, 404),
    Row("GET", "/api/v2/drivers", None, 404),
    Row("PUT", f"{DRIVERS}/d", {}, 405),
    Row("POST", "/api/v1/drivers", {}, 405),
    # Bodies that are none.
    posting(b"", 400),
    posting(b"\xff\xfe", 400),
    posting(b"latitude=1&longitude=2", 400),
    posting(b'{"latitude":1', 400),
    posting(b'{"latitude":NaN,"longitude":2,"driverId":"d"}', 400),
    posting(b"[" * 10_000, 400),
    posting(b"7", 400),
    posting(b" " * 20_001, 413),
    posting([FIX] * 11, 413),
    Row("POST", DRIVERS, b"", 400),
    Row("POST", DRIVERS, b"driverId=x", 400),
    Row("POST", DRIVERS, b"[]", 422, "body"),
    Row("POST", DRIVERS, b'{"driverId":"' + b"x" * 20_000 + b'"}', 413),
    # Fields of a fix.
    posting({"longitude": 2, "driverId": "d"}, 422, "latitude"),
    posting(FIX | {"latitude": "1"}, 422, "latitude"),
    posting(FIX | {"latitude": 90.5}, 422, "latitude"),
    posting(FIX | {"driverId": "a b"}, 422, "driverId"),
    posting(FIX | {"driverId": None}, 422, "driverId"),
    posting(FIX | {"speed": -1}, 422, "speed"),
    posting(FIX | {"recordedAt": "1969-12-31T23:59:59Z"}, 422, "recordedAt"),
    posting(FIX | {"attributes": "x" * 2_000}, 422, "attributes"),
    posting({"type": "subscribe", "id": "s", "all": True}, 422, "type"),
    posting({"type": "ping"}, 422, "type"),
    posting([FIX | {"speed": -1}, FIX | {"heading": 361}], 422, "speed"),
    # Fields of what is entered.
    Row("POST", DRIVERS, {}, 422, "driverId"),
    Row("POST", DRIVERS, {"driverId": "a b"}, 422, "driverId"),
    Row("POST", DRIVERS, {"driverId": "new\n"}, 422, "driverId"),
    Row("POST", DRIVERS, {"driverId": "new", "admin": True}, 422, "admin"),
    Row("POST", DRIVERS, {"driverId": "new", "name": "x" * 101}, 422, "name"),
    Row("POST", DRIVERS, {"driverId": "new", "name": "a\x00b"}, 422, "name"),
    Row("POST", DRIVERS, {"driverId": "new", "phone": 7}, 422, "phone"),
    Row("POST", DRIVERS, {"driverId": "d"}, 409, "driverId"),
    Row("PATCH", f"{DRIVERS}/d", {"name": "x"}, 428),
    Row("PATCH", f"{DRIVERS}/d", {"name": "x"}, 412, headers={"if-match": '"999"'}),
    Row("PATCH", f"{DRIVERS}/d", {"name": "x"}, 422, "If-Match", {"if-match": "1"}),
    Row("PATCH", f"{DRIVERS}/d", {"name": "x"}, 422, "If-Match", {"if-match": 'W/"1"'}),
    Row("PATCH", f"{DRIVERS}/d", {"driverId": "e"}, 422, "driverId", ANY),
    Row("PATCH", f"{DRIVERS}/d", {"disabled": "yes"}, 422, "disabled", ANY),
    Row("PATCH", f"{DRIVERS}/none", {}, 404, headers=ANY),
    Row("DELETE", f"{DRIVERS}/d", None, 428),
    Row("DELETE", f"{DRIVERS}/d", None, 409, "driverId", ANY),
    Row("POST", VEHICLES, {"vehicleId": "new", "driverId": "nobody"}, 422, "driverId"),
    Row("POST", VEHICLES, {"vehicleId": "new", "driverId": "d"}, 409, "driverId"),
    Row("POST", VEHICLES, {"vehicleId": "new", "plate": "x" * 41}, 422, "plate"),
    Row("POST", f"{DRIVERS}/none/tokens", {}, 404),
    Row("POST", f"{DRIVERS}/d/tokens", {"label": "x" * 101}, 422, "label"),
    Row("POST", SHARES, {"driverId": "d"}, 422, "expiresAt"),
    Row("POST", SHARES, {"driverId": "d", "hours": 169}, 422, "hours"),
    Row("POST", SHARES, {"driverId": "d", "hours": 0}, 422, "hours"),
    Row("POST", SHARES, {"driverId": "d", "expiresAt": "2020-01-01T00:00:00Z"}, 422, "expiresAt"),
    Row("POST", SHARES, {"driverId": "nobody", "hours": 1}, 422, "driverId"),
    Row("POST", USERS, {"username": "a b", "role": "admin"}, 422, "username"),
    Row("POST", USERS, {"username": "new", "role": "root"}, 422, "role"),
    Row("POST", USERS, {"username": "new"}, 422, "role"),
    Row("POST", USERS, {"username": "secret-f-0", "role": "admin"}, 409, "username"),
    Row("POST", f"{AUTH}/token", {"username": "nobody", "password": "x" * 12}, 401, headers=JSON),
    Row("POST", f"{AUTH}/token", {"username": "nobody"}, 422, "password", JSON),
    Row("POST", f"{AUTH}/token", b"username=nobody&password=x", 415),
    Row("POST", f"{AUTH}/refresh", {"refreshToken": "x" * 43}, 401, headers=JSON),
    # What a role may not do.
    Row("GET", "/api/v1/drivers", None, 403, role="driver"),
    Row("GET", "/api/v1/drivers/only-f", None, 403, role="driver"),
    Row("GET", "/api/v1/drivers", None, 403, role="gateway"),
    Row("POST", LOCATION, FIX, 403, role="dispatcher"),
    Row("POST", LOCATION, FIX, 403, role="admin"),
    Row("POST", LOCATION, FIX | {"driverId": "only-f"}, 403, "driverId", role="driver"),
    Row("POST", DRIVERS, {"driverId": "new"}, 403, role="dispatcher"),
    Row("DELETE", f"{VEHICLES}/d", None, 403, headers=ANY, role="dispatcher"),
    Row("GET", USERS, None, 403, role="dispatcher"),
    Row("GET", "/osmand?id=d&lat=1&lon=2", None, 403, role="dispatcher"),
]


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.method} {row.path[:60]} {str(row.body)[:40]}" for row in ROWS])
def test_refused(there: Hub, row: Row) -> None:
    hub = there.edge
    who = token(role=row.role, fleet="f", driver="d" if row.role == "driver" else None)
    answer = call(hub, row.method, row.path, row.body, row.headers, who)
    assert answer.status == row.status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == row.status and answer.json["detail"]
    if row.field is not None:
        assert fields(answer)[0] == row.field
    # Nothing that was sent is a secret of ours, but what others wrote is none of theirs.
    assert "Traceback" not in answer.body.decode() and "asyncpg" not in answer.body.decode()
    assert state(hub) == there.before


WHO: dict[str, Any] = {
    "nothing": None,
    "not a token": "rubbish",
    "empty": "",
    "expired": token(role="admin", exp=time.time() - 60, iat=time.time() - 120),
    "of no role": token(role="root"),
    "of no fleet": token(role="admin", fleet=None),
    "of a fleet that is no id": token(role="admin", fleet="a b"),
    "of a driver without a name": token(role="driver"),
    "for ever": token(role="admin", exp=time.time() + 1e9),
    "a link's": "x" * 24,
    "twice as long as any": "a" * 5_000 + ".b.c",
}
"""Why a token is not taken."""


@pytest.mark.parametrize("who", WHO.values(), ids=WHO.keys())
@pytest.mark.parametrize("path", ["/api/v1/drivers", LOCATION, DRIVERS, "/osmand?id=d&lat=1&lon=2"])
def test_tokens_that_are_not_taken(there: Hub, path: str, who: str | None) -> None:
    hub = there.edge
    headers = {} if who is None else {"authorization": f"Bearer {who}"}
    method, body = (
        ("POST", FIX) if path == LOCATION else ("POST", {"driverId": "new"}) if path == DRIVERS else ("GET", None)
    )
    answer = call(hub, method, path, body, headers)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert not who or who not in answer.body.decode()
    assert state(hub) == there.before


HANDSHAKES: list[tuple[str, list[str], int]] = [
    ("/ws", [], 401),
    ("/ws?ticket=none", [], 401),
    ("/ws?ticket=" + "x" * 43, [], 401),
    ("/ws?ticket=" + "x" * 5_000, [], 401),
    ("/ws", ["Authorization: Basic eDp5"], 401),
    ("/ws", ["Sec-WebSocket-Protocol: hub.v1, bearer."], 401),
    ("/ws", ["Sec-WebSocket-Protocol: hub.v1, bearer.rubbish"], 401),
    ("/ws/", [f"Authorization: Bearer {token()}"], 404),
    ("/api/v1/drivers", [f"Authorization: Bearer {token()}"], 404),
    ("/wss", [f"Authorization: Bearer {token()}"], 404),
]


@pytest.mark.parametrize(
    ("path", "headers", "status"), HANDSHAKES, ids=[f"{row[0][:40]} {row[1]}"[:80] for row in HANDSHAKES]
)
def test_handshakes_that_are_refused(there: Hub, path: str, headers: list[str], status: int) -> None:
    hub = there.edge
    with Raw(hub.address) as raw:
        raw.send(handshake(path, headers))
        answer = raw.response()
    assert answer.status == status
    assert json.loads(answer.body)["status"] == status
    assert state(hub) == there.before
    assert hub.node.sockets.count == 0


def test_there_are_enough() -> None:
    assert len(ROWS) + len(WHO) + len(HANDSHAKES) > 140
