"""API keys, as the admins of a fleet manage them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, STRANGER, change, fetch, fields, hub_with
from tests.support.running import Edge, until

KEYS = "/api/v1/keys"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_keys", max_keys=5) as running:
        yield running


def made(hub: Edge, name: str, role: str = "dispatcher", token: str = ADMIN, **more: Any) -> Any:
    answer = post(hub, KEYS, {"name": name, "role": role, **more}, token)
    assert answer.status == 201, answer
    return answer.json


def test_a_key_is_shown_once_and_only_its_hash_is_kept(hub: Edge) -> None:
    admin = token(role="admin", fleet="once")
    answer = post(hub, KEYS, {"name": "ERP", "role": "gateway"}, admin)
    assert (answer.status, answer.headers["cache-control"]) == (201, "no-store")
    key = answer.json["key"]
    assert re.fullmatch(r"hub_[A-Za-z0-9_-]{43}", key)
    assert answer.json["prefix"] == key[:12]
    listed = get(hub, KEYS, admin)
    assert listed.headers["cache-control"] == "no-store"
    shown = {name: answer.json[name] for name in ("id", "name", "role", "prefix", "createdAt", "expiresAt")}
    assert listed.json == {"keys": [{**shown, "lastUsedAt": None}]}
    assert fetch(hub, "SELECT hash, prefix FROM api_keys WHERE fleet = 'once'") == [
        (hashlib.sha256(key.encode()).digest(), key[:12])
    ]


def test_a_key_works_at_once_until_it_is_revoked(hub: Edge) -> None:
    admin = token(role="admin", fleet="works")
    first, second = made(hub, "a", token=admin), made(hub, "b", token=admin)
    until(lambda: get(hub, "/api/v1/drivers", first["key"]).status == 200)
    assert change(hub, "DELETE", f"{KEYS}/{first['id']}", token=admin).status == 204
    until(lambda: get(hub, "/api/v1/drivers", first["key"]).status == 401)
    assert get(hub, "/api/v1/drivers", second["key"]).status == 200
    assert change(hub, "DELETE", f"{KEYS}/{first['id']}", token=admin).status == 404
    assert [key["name"] for key in get(hub, KEYS, admin).json["keys"]] == ["b"]


def test_an_admins_key_manages_its_fleet(hub: Edge) -> None:
    key = made(hub, "terraform", "admin", token=token(role="admin", fleet="managed"))["key"]
    until(lambda: get(hub, KEYS, key).status == 200)
    assert post(hub, "/api/v1/fleet/drivers", {"driverId": "by-key"}, key).status == 201
    assert fetch(hub, "SELECT fleet FROM drivers WHERE driver_id = 'by-key'") == [("managed",)]
    # It belongs to no user.
    assert post(hub, "/api/v1/auth/password", {"password": "x", "newPassword": "x" * 12}, key).status in (403, 415)


def test_keys_come_in_pages_oldest_first(hub: Edge) -> None:
    admin = token(role="admin", fleet="pages")
    names = [f"page {number}" for number in range(5)]
    for name in names:
        made(hub, name, token=admin)
    found: list[str] = []
    query = "?limit=2"
    while query:
        page = get(hub, KEYS + query, admin).json
        found += [key["name"] for key in page["keys"]]
        query = f"?limit=2&cursor={page['next']}" if "next" in page else ""
    assert found == names
    for wrong in ("?cursor=x", "?cursor=kQA", "?limit=0", "?role=admin"):
        assert get(hub, KEYS + wrong, admin).status == 422
    full = post(hub, KEYS, {"name": "one more", "role": "admin"}, admin)
    assert (full.status, fields(full)) == (409, ["name"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "role": "admin"}, "name"),
        ({"name": "a\nb", "role": "admin"}, "name"),
        ({"name": "x" * 101, "role": "admin"}, "name"),
        ({"name": "a"}, "role"),
        ({"name": "a", "role": "driver"}, "role"),
        ({"name": "a", "role": "admin", "fleet": "g"}, "fleet"),
        ({"name": "a", "role": "admin", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"name": "a", "role": "admin", "expiresAt": "9999-12-31T23:59:59-23:00"}, "expiresAt"),
        ({"name": "a", "role": "admin", "expiresAt": "tomorrow"}, "expiresAt"),
    ],
)
def test_a_wrong_body_makes_no_key(hub: Edge, body: dict[str, str], field: str) -> None:
    answer = post(hub, KEYS, body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    if body.get("role") == "driver":
        assert "admin, dispatcher, gateway" in answer.json["detail"]
    assert get(hub, KEYS, ADMIN).json == {"keys": []}


def test_a_key_may_expire(hub: Edge) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    shown = made(hub, "brief", token=token(role="admin", fleet="ends"), expiresAt=end.isoformat())
    assert shown["expiresAt"] == end.isoformat().replace("+00:00", "Z")
    until(lambda: get(hub, "/api/v1/auth/me", shown["key"]).status == 200)
    assert get(hub, "/api/v1/auth/me", shown["key"]).json["expiresAt"] == shown["expiresAt"]


def test_roles_and_fleets(hub: Edge) -> None:
    admin = token(role="admin", fleet="roles")
    path = f"{KEYS}/{made(hub, 'mine', token=admin)['id']}"
    for asker, status in ((DISPATCHER, 403), (DRIVER, 403), (GATEWAY, 403), ("", 401)):
        assert get(hub, KEYS, asker).status == status
        assert post(hub, KEYS, {"name": "x", "role": "admin"}, asker).status == status
        assert change(hub, "DELETE", path, token=asker).status == status
    assert change(hub, "DELETE", path, token=STRANGER).status == 404
    assert change(hub, "DELETE", f"{KEYS}/1", token=admin).status == 404
    assert len(get(hub, KEYS, admin).json["keys"]) == 1


def test_an_open_hub_has_no_keys(services: Services, template: str) -> None:
    with hub_with(services, template, "open_keys", jwt_secret="") as hub:
        for answer in (get(hub, KEYS), post(hub, KEYS, {"name": "x", "role": "admin"})):
            assert answer.status == 409
            assert "HUB_JWT_SECRET" in answer.json["detail"]
