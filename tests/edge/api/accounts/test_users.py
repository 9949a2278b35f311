"""Users, as the admins of a fleet manage them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.identity.test_tokens import token
from tests.support.api.calls import call, get
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, change, fetch, fields, hub_with
from tests.support.api.logins import AUTH, PASSWORD, USERS, invite, join, log_in, post, renew
from tests.support.running import Edge, until


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_users", login_attempts_per_address=100_000) as running:
        yield running


def path_of(tokens: dict[str, Any]) -> str:
    return f"{USERS}/{tokens['user']['userId']}"


def test_a_user_is_made_read_changed_and_deleted(hub: Edge) -> None:
    made = post(hub, USERS, {"username": "Desk.Example@hub.example", "role": "dispatcher"}, token=ADMIN)
    assert (made.status, made.headers["etag"], made.headers["cache-control"]) == (201, '"1"', "no-store")
    path = made.headers["location"]
    user = made.json["user"]
    assert (user["username"], user["role"], user["disabled"], user["passwordOnce"], user["version"]) == (
        "desk.example@hub.example",
        "dispatcher",
        False,
        True,
        1,
    )
    assert set(user) == {
        "userId", "username", "role", "groups", "disabled", "passwordOnce", "totp", "connected",
        "version", "createdAt", "updatedAt",
    }  # fmt: skip
    assert len(made.json["password"]) == 19
    read = get(hub, path, ADMIN)
    assert (read.json, read.headers["etag"]) == (user, '"1"')
    changed = change(hub, "PATCH", path, {"username": "Desk", "role": "admin"}, etag='"1"')
    assert (changed.status, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json["username"], changed.json["role"]) == ("desk", "admin")
    assert changed.json["updatedAt"] > changed.json["createdAt"] == user["createdAt"]
    invite(hub, "another-admin", "admin")
    assert change(hub, "DELETE", path, etag='"2"').status == 204
    assert get(hub, path, ADMIN).status == 404
    assert log_in(hub, "desk", made.json["password"], newPassword=PASSWORD).status == 401


def test_a_change_is_meant_for_a_version(hub: Edge) -> None:
    path = f"{USERS}/{invite(hub, 'boris')[0]}"
    for method, body in (("PATCH", {"disabled": False}), ("DELETE", None)):
        assert change(hub, method, path, body).status == 428
        stale = change(hub, method, path, body, etag='"7"')
        assert (stale.status, stale.headers["etag"]) == (412, '"1"')
        assert change(hub, method, path, body, etag="1").status == 422
        # A number that no version can have is another version too.
        assert change(hub, method, path, body, etag='"9999999999"').status == 412
    assert get(hub, path, ADMIN).json["version"] == 1
    assert change(hub, "PATCH", path, {"disabled": False}, etag="*").json["version"] == 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: change(hub, "PATCH", path, {"role": "dispatcher"}, etag='"2"'), range(4)))
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]


def test_a_name_is_taken_in_all_fleets(hub: Edge) -> None:
    invite(hub, "ops", token=token(role="admin", fleet="elsewhere"))
    taken = post(hub, USERS, {"username": "OPS", "role": "admin"}, token=ADMIN)
    assert (taken.status, fields(taken)) == (409, ["username"])
    path = f"{USERS}/{invite(hub, 'carola')[0]}"
    taken = change(hub, "PATCH", path, {"username": "ops", "disabled": True}, etag="*")
    assert (taken.status, fields(taken)) == (409, ["username"])
    assert get(hub, path, ADMIN).json["disabled"] is False


def test_another_fleets_users_are_not_there(hub: Edge) -> None:
    stranger = token(role="admin", fleet="g")
    mine, once = invite(hub, "early")
    theirs, _ = invite(hub, "dirk", token=stranger)
    for user_id in (theirs, "00000000-0000-0000-0000-000000000000", "dirk", "%00"):
        path = f"{USERS}/{user_id}"
        assert get(hub, path, ADMIN).status == 404
        assert change(hub, "PATCH", path, {"disabled": True}, etag="*").status == 404
        assert change(hub, "DELETE", path, etag="*").status == 404
        assert post(hub, f"{path}/password", token=ADMIN).status == 404
    assert "dirk" not in {user["username"] for user in get(hub, USERS, ADMIN).json["users"]}
    assert [user["username"] for user in get(hub, USERS, stranger).json["users"]] == ["dirk"]
    assert get(hub, f"{USERS}/{mine}", stranger).status == 404
    assert log_in(hub, "early", once, newPassword=PASSWORD).json["user"]["fleet"] == "f"


def test_users_come_in_pages_by_name(hub: Edge) -> None:
    admin = token(role="admin", fleet="pages")
    names = sorted(f"page{number}" for number in range(5))
    for name in names:
        invite(hub, name, token=admin)
    found: list[str] = []
    query = "?limit=2"
    while query:
        page = get(hub, USERS + query, admin)
        assert page.headers["cache-control"] == "no-store"
        found += [user["username"] for user in page.json["users"]]
        query = f"?limit=2&cursor={page.json['next']}" if "next" in page.json else ""
    assert found == names
    for wrong in ("?cursor=x", "?cursor=kQA", "?limit=0", "?role=admin"):
        assert get(hub, USERS + wrong, admin).status == 422


def test_only_admins_manage_users(hub: Edge) -> None:
    path = f"{USERS}/{invite(hub, 'emil')[0]}"
    for asker, status in ((DISPATCHER, 403), (DRIVER, 403), (GATEWAY, 403), ("", 401)):
        assert get(hub, USERS, asker).status == status
        assert get(hub, path, asker).status == status
        assert post(hub, USERS, {"username": "x", "role": "admin"}, token=asker).status == status
        assert change(hub, "PATCH", path, {"disabled": True}, etag="*", token=asker).status == status
        assert change(hub, "DELETE", path, etag="*", token=asker).status == status
        assert post(hub, f"{path}/password", token=asker).status == status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"username": "a b", "role": "admin"}, "username"),
        ({"username": "", "role": "admin"}, "username"),
        ({"username": "a\n", "role": "admin"}, "username"),
        ({"username": "x" * 65, "role": "admin"}, "username"),
        ({"username": "a", "role": "driver"}, "role"),
        ({"username": "a"}, "role"),
        ({"username": "a", "role": "admin", "fleet": "g"}, "fleet"),
        ({"username": "a", "role": "admin", "password": "mine"}, "password"),
    ],
)
def test_what_is_no_user_is_named(hub: Edge, body: dict[str, str], field: str) -> None:
    before = fetch(hub, "SELECT count(*) FROM users")
    answer = post(hub, USERS, body, token=ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert fetch(hub, "SELECT count(*) FROM users") == before


# Sessions -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "reason"), [({"disabled": True}, "disabled"), ({"role": "dispatcher"}, "role"), ("reset", "password")]
)
def test_a_user_with_fewer_rights_loses_the_sessions(hub: Edge, what: Any, reason: str) -> None:
    name = f"session-{reason}"
    join(hub, "another-admin-" + reason, "admin")
    tokens = join(hub, name, "admin")
    if what == "reset":
        again = post(hub, f"{path_of(tokens)}/password", token=ADMIN)
        assert (again.status, again.headers["etag"], again.json["user"]["passwordOnce"]) == (200, '"3"', True)
        assert log_in(hub, name).status == 401
        assert log_in(hub, name, again.json["password"], newPassword="yet another one").status == 200
    else:
        assert change(hub, "PATCH", path_of(tokens), what, etag="*").status == 200
    assert renew(hub, tokens).status == 401
    statement = (
        "SELECT ended_for FROM sessions JOIN users ON users.id = user_id WHERE username = $1 AND ended_at IS NOT NULL"
    )
    assert fetch(hub, statement, name) == [(reason,)]
    # Its access token would live on for a quarter of an hour.
    until(lambda: get(hub, f"{AUTH}/me", tokens["accessToken"]).status == 401)


def test_a_change_that_takes_nothing_away_leaves_the_sessions(hub: Edge) -> None:
    tokens = join(hub, "felix")
    for what in ({"role": "admin"}, {"username": "felix-two"}, {"disabled": False}):
        assert change(hub, "PATCH", path_of(tokens), what, etag="*").status == 200
    assert renew(hub, tokens).json["user"]["username"] == "felix-two"


def test_a_deleted_user_has_nothing_left(hub: Edge) -> None:
    tokens = join(hub, "gone")
    assert change(hub, "DELETE", path_of(tokens), etag="*").status == 204
    assert renew(hub, tokens).status == 401
    until(lambda: get(hub, f"{AUTH}/me", tokens["accessToken"]).status == 401)
    assert fetch(hub, "SELECT FROM sessions WHERE user_id = $1::text::uuid", tokens["user"]["userId"]) == []


# The last admin -----------------------------------------------------------------------------------------------------


def test_a_fleet_keeps_an_enabled_admin(hub: Edge) -> None:
    root = token(role="admin", fleet="last")
    first, second = invite(hub, "last-one", "admin", root)[0], invite(hub, "last-two", "admin", root)[0]
    invite(hub, "last-dispatcher", "dispatcher", root)
    disabled = change(hub, "PATCH", f"{USERS}/{second}", {"disabled": True}, etag="*", token=root)
    assert disabled.status == 200
    path = f"{USERS}/{first}"
    for method, body in (
        ("PATCH", {"disabled": True}),
        ("PATCH", {"role": "dispatcher"}),
        ("PATCH", {"role": "dispatcher", "username": "else"}),
        ("DELETE", None),
    ):
        refused = change(hub, method, path, body, etag="*", token=root)
        assert refused.status == 409 and "last enabled admin" in refused.json["detail"]
        # Who has read another version is told that first.
        assert change(hub, method, path, body, etag='"9"', token=root).status == 412
    assert get(hub, path, root).json["version"] == 1
    assert change(hub, "DELETE", f"{USERS}/{second}", etag="*", token=root).status == 204
    assert change(hub, "PATCH", path, {"username": "last-renamed"}, etag="*", token=root).status == 200


def test_two_admins_cannot_take_each_other_away_at_once(hub: Edge) -> None:
    for turn in range(3):
        root = token(role="admin", fleet=f"duel{turn}")
        paths = [f"{USERS}/{invite(hub, f'duel{turn}-{name}', 'admin', root)[0]}" for name in "ab"]
        bodies: list[Any] = [{"disabled": True}, {"role": "dispatcher"}]
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda path, body, root=root: call(hub, "PATCH", path, body, {"if-match": "*"}, root),
                    paths,
                    bodies,
                )
            )
        assert sorted(answer.status for answer in answers) == [200, 409]
