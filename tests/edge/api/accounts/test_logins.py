"""Logging in, staying logged in, logging out."""

from __future__ import annotations

import http.cookies
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
from argon2 import PasswordHasher

from hub.embedded.services import Services
from hub.identity.passwords import hash_of
from hub.settings import Settings
from hub.stores.postgres.accounts.sessions import GRACE
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer, call, get
from tests.support.api.fleets import ADMIN, DRIVER, STRANGER, fetch, fields, hub_with
from tests.support.api.logins import AUTH, PASSWORD, USERS, invite, join, log_in, post, renew
from tests.support.quick_passwords import HASHER
from tests.support.running import Edge, edge


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(
        services, template, "test_logins", access_lifetime=600.0, login_attempts_per_address=100_000
    ) as running:
        yield running


@pytest.fixture(scope="module")
def open_hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_open_logins", jwt_secret="") as running:
        yield running


def cookie_of(answer: Answer) -> http.cookies.Morsel[str]:
    (morsel,) = http.cookies.SimpleCookie(answer.headers["set-cookie"]).values()
    return morsel


def sessions_of(hub: Edge, username: str) -> list[str | None]:
    """Why each of a user's sessions ended, oldest first; None for one that goes on."""
    rows = fetch(
        hub,
        "SELECT ended_for FROM sessions JOIN users ON users.id = user_id WHERE username = $1"
        " ORDER BY sessions.created_at",
        username,
    )
    return [reason for (reason,) in rows]


# The first login ----------------------------------------------------------------------------------------------------


def test_a_one_time_password_is_replaced_in_the_first_login_or_nothing_happens(hub: Edge) -> None:
    user_id, once = invite(hub, "desk", "admin")
    refused = log_in(hub, "desk", once)
    assert (refused.status, fields(refused)) == (403, ["newPassword"])
    assert sessions_of(hub, "desk") == []
    first = log_in(hub, "Desk ", once, newPassword=PASSWORD)
    assert (first.status, first.headers["cache-control"]) == (200, "no-store")
    user = {"userId": user_id, "username": "desk", "role": "admin", "fleet": "f", "timeZone": "UTC", "provider": False}
    assert first.json["user"] == user
    assert (first.json["tokenType"], first.json["expiresIn"]) == ("Bearer", 600)
    claims = jwt.decode(first.json["accessToken"], SECRET, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 600
    assert {name: claims[name] for name in ("sub", "fleet", "role")} == {"sub": user_id, "fleet": "f", "role": "admin"}
    assert fetch(hub, "SELECT user_id::text FROM sessions WHERE id = $1::text::uuid", claims["sid"]) == [(user_id,)]
    assert log_in(hub, "desk", once).status == 401
    assert log_in(hub, "desk").status == 200


@pytest.mark.parametrize("new", ["short", "x" * 201, "  BORIS.LONGNAME ", "the one-time one"])
def test_a_new_password_that_will_not_do_leaves_the_old_one(hub: Edge, new: str) -> None:
    name = "boris.longname"
    if not fetch(hub, "SELECT FROM users WHERE username = $1", name):
        invite(hub, name)
    (user_id,) = fetch(hub, "SELECT id FROM users WHERE username = $1", name)[0]
    once = post(hub, f"{USERS}/{user_id}/password", token=ADMIN).json["password"]
    answer = log_in(hub, name, once, newPassword=once if new == "the one-time one" else new)
    assert (answer.status, fields(answer)) == (422, ["newPassword"])
    assert log_in(hub, name, once, newPassword=PASSWORD).status == 200


def test_of_two_first_logins_at_once_one_wins(hub: Edge) -> None:
    _, once = invite(hub, "ops")
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda new: log_in(hub, "ops", once, newPassword=new), (PASSWORD, PASSWORD + "!")))
    assert sorted(answer.status for answer in answers) == [200, 401]
    assert sessions_of(hub, "ops") == [None]


def test_unknown_wrong_and_disabled_get_the_same_answer(hub: Edge) -> None:
    join(hub, "early")
    gone = join(hub, "dirk")["user"]["userId"]
    assert call(hub, "PATCH", f"{USERS}/{gone}", {"disabled": True}, {"if-match": "*"}, ADMIN).status == 200
    answers = [
        log_in(hub, "early", PASSWORD + "?"),
        log_in(hub, "nobody"),
        log_in(hub, "no\0body"),
        log_in(hub, ""),
        log_in(hub, "dirk"),
    ]
    assert {answer.status for answer in answers} == {401}
    assert len({answer.body for answer in answers}) == 1
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


def test_an_accent_may_come_as_one_character_or_two(hub: Edge) -> None:
    _, once = invite(hub, "andre")
    assert log_in(hub, "andre", once, newPassword="caf\u00e9 caf\u00e9 caf\u00e9").status == 200
    assert log_in(hub, "andre", "cafe\u0301 cafe\u0301 cafe\u0301").status == 200


def test_a_login_renews_a_hash_of_older_parameters(hub: Edge) -> None:
    tokens = join(hub, "alma")
    older = hash_of(PASSWORD, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    fetch(hub, "UPDATE users SET password_hash = $1 WHERE username = 'alma'", older)
    row = "SELECT password_hash, version FROM users WHERE username = 'alma'"
    assert log_in(hub, "alma", "a wrong one").status == 401
    assert fetch(hub, row) == [(older, 2)]
    assert log_in(hub, "alma").status == 200
    ((renewed, version),) = fetch(hub, row)
    assert not HASHER.check_needs_rehash(renewed) and version == 2
    assert log_in(hub, "alma").status == 200
    assert renew(hub, tokens).status == 200


def test_without_postgresql_a_login_is_503_not_a_wrong_password(services: Services) -> None:
    away = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://127.0.0.1:1/none",
        jwt_secret=SECRET,
    )
    with edge(away) as hub:
        answers = [
            log_in(hub, "desk"),
            renew(hub, {"refreshToken": "x"}),
            post(hub, f"{AUTH}/logout", {"refreshToken": "x"}),
            get(hub, USERS, ADMIN),
        ]
        assert [answer.status for answer in answers] == [503] * 4
        assert all("retry-after" in answer.headers for answer in answers)
        assert get(hub, f"{AUTH}/me", ADMIN).status == 200


# Refreshing ---------------------------------------------------------------------------------------------------------


def test_each_refresh_token_is_good_once(hub: Edge) -> None:
    tokens = join(hub, "intruder")
    for _ in range(3):
        answer = renew(hub, tokens)
        assert answer.status == 200
        assert answer.json["refreshToken"] != tokens["refreshToken"]
        assert answer.json["user"] == tokens["user"]
        assert get(hub, f"{AUTH}/me", answer.json["accessToken"]).status == 200
        tokens = answer.json
    assert sessions_of(hub, "intruder") == [None]
    hashes = [bytes(row[0]) for row in fetch(hub, "SELECT hash FROM refresh_tokens")]
    assert tokens["refreshToken"].encode() not in b"".join(hashes)
    assert {len(hashed) for hashed in hashes} == {32}


def test_a_token_that_comes_again_ends_its_session_and_no_other(hub: Edge) -> None:
    stolen, other = join(hub, "frank"), log_in(hub, "frank").json
    bystander = join(hub, "fritz")
    thief = renew(hub, stolen).json
    wait_out_the_grace(hub, "frank")
    for tokens in (stolen, thief, stolen):
        assert renew(hub, tokens).status == 401
    assert sessions_of(hub, "frank") == ["reuse", None]
    assert renew(hub, other).status == 200
    assert renew(hub, bystander).status == 200


def test_logging_out_ends_the_session(hub: Edge) -> None:
    tokens = join(hub, "gina")
    assert post(hub, f"{AUTH}/logout", {"refreshToken": tokens["refreshToken"]}).status == 204
    assert sessions_of(hub, "gina") == ["logout"]
    assert renew(hub, tokens).status == 401


def test_two_tabs_that_refresh_at_once_both_go_on(hub: Edge) -> None:
    tokens = join(hub, "hans")
    barrier = threading.Barrier(6)

    def tab(_: int) -> Answer:
        barrier.wait()
        return renew(hub, tokens)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(tab, range(6)))
    assert [answer.status for answer in answers] == [200] * 6
    following = [answer.json["refreshToken"] for answer in answers if "refreshToken" in answer.json]
    assert len(following) == 1
    assert renew(hub, {"refreshToken": following[0]}).status == 200
    assert sessions_of(hub, "hans") == [None]


def test_the_role_is_the_one_of_now(hub: Edge) -> None:
    tokens = join(hub, "ida")
    path = f"{USERS}/{tokens['user']['userId']}"
    assert call(hub, "PATCH", path, {"role": "admin"}, {"if-match": "*"}, ADMIN).status == 200
    renewed = renew(hub, tokens)
    assert renewed.json["user"]["role"] == "admin"
    assert get(hub, USERS, renewed.json["accessToken"]).status == 200
    assert get(hub, USERS, tokens["accessToken"]).status == 403


def test_what_is_no_refresh_token_is_401(hub: Edge) -> None:
    for body in ({"refreshToken": "no such token"}, {"refreshToken": ""}, {}, None):
        assert post(hub, f"{AUTH}/refresh", body).status == 401
    assert post(hub, f"{AUTH}/refresh", b"").status == 401


def test_a_session_ends_with_its_time(hub: Edge) -> None:
    tokens = join(hub, "jana")
    ends = (
        "UPDATE sessions SET expires_at = now() + $2 * interval '1 second' FROM users"
        " WHERE user_id = users.id AND username = $1"
    )
    fetch(hub, ends, "jana", 30)
    renewed = renew(hub, tokens).json
    assert renewed["expiresIn"] <= 31
    fetch(hub, ends, "jana", -1)
    assert renew(hub, renewed).status == 401


def test_a_login_removes_what_is_over(hub: Edge) -> None:
    kept, expired, ended = join(hub, "karl"), log_in(hub, "karl").json, log_in(hub, "karl").json
    for tokens, change in (
        (expired, "expires_at = now() - interval '1 s'"),
        (ended, "ended_at = now() - interval '2 d'"),
    ):
        sid = jwt.decode(tokens["accessToken"], SECRET, algorithms=["HS256"])["sid"]
        fetch(hub, f"UPDATE sessions SET {change} WHERE id = $1::text::uuid", sid)
    # Others of this file's tests may be over, too, and a login removes ten at most.
    for _ in range(3):
        log_in(hub, "karl")
    assert len(sessions_of(hub, "karl")) == 4
    assert fetch(hub, "SELECT count(*) FROM refresh_tokens WHERE session_id NOT IN (SELECT id FROM sessions)") == [(0,)]
    assert renew(hub, kept).status == 200


# The cookie ---------------------------------------------------------------------------------------------------------


def test_a_page_gets_its_refresh_token_as_a_cookie_that_only_it_can_use(hub: Edge) -> None:
    join(hub, "evening")
    answer = log_in(hub, "evening", cookie=True)
    morsel = cookie_of(answer)
    assert "refreshToken" not in answer.json
    assert (morsel["path"], morsel["samesite"], bool(morsel["httponly"])) == ("/api/v1/auth", "Strict", True)
    assert not morsel["secure"]  # asked by http
    assert abs(int(morsel["max-age"]) - 30 * 86_400) < 600
    held = f"{morsel.key}={morsel.value}"
    for site in ("cross-site", "same-site", "nonsense"):
        assert post(hub, f"{AUTH}/refresh", cookie=held, sec_fetch_site=site).status == 403
    for origin in ("https://elsewhere.example", "null", f"http://localhost:{hub.address[1]}1", "http://[::1"):
        assert post(hub, f"{AUTH}/refresh", cookie=held, origin=origin).status == 403
        assert post(hub, f"{AUTH}/logout", cookie=held, origin=origin).status == 403
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        assert post(hub, f"{AUTH}/refresh", cookie=held, content_type=kind).status == 415
        assert post(hub, f"{AUTH}/logout", cookie=held, content_type=kind).status == 415
    assert call(hub, "POST", f"{AUTH}/refresh", None, {"cookie": held}).status == 415
    own = f"http://{hub.address[0]}:{hub.address[1]}"
    renewed = post(hub, f"{AUTH}/refresh", cookie=held, origin=own, content_type="application/json; charset=utf-8")
    assert renewed.status == 200 and "refreshToken" not in renewed.json
    assert cookie_of(renewed).value != morsel.value
    # Another tab, which had sent the old one: the cookie that there is by now stays.
    late = post(hub, f"{AUTH}/refresh", cookie=held, sec_fetch_site="same-origin")
    assert late.status == 200 and "set-cookie" not in late.headers
    held = f"{morsel.key}={cookie_of(renewed).value}"
    out = post(hub, f"{AUTH}/logout", b"", cookie=held, sec_fetch_site="same-origin")
    assert (out.status, cookie_of(out).value, cookie_of(out)["max-age"]) == (204, "", "0")
    assert cookie_of(out)["path"] == morsel["path"]
    assert sessions_of(hub, "evening") == [None, "logout"]
    again = post(hub, f"{AUTH}/logout", cookie=held)
    assert again.status == 204
    refused = post(hub, f"{AUTH}/refresh", cookie=held)
    assert (refused.status, cookie_of(refused)["max-age"]) == (401, "0")


def test_a_page_of_another_site_cannot_log_its_visitor_in(hub: Edge) -> None:
    join(hub, "mara")
    body = {"username": "mara", "password": PASSWORD, "cookie": True}
    assert post(hub, f"{AUTH}/token", body, origin="https://elsewhere.example").status == 403
    assert post(hub, f"{AUTH}/token", body, content_type="text/plain").status == 415
    # A program elsewhere that keeps the token itself is not what the cookie is about.
    del body["cookie"]
    assert post(hub, f"{AUTH}/token", body, origin="https://elsewhere.example").status == 200


def test_behind_a_proxy_the_cookie_is_of_the_path_that_the_browser_sees_and_secure(
    services: Services, template: str
) -> None:
    there = {"public_url": "https://screen.example/hub/", "trusted_proxies": "127.0.0.1"}
    with hub_with(services, template, "test_login_proxy", **there) as hub:
        join(hub, "mona")
        body = {"username": "mona", "password": PASSWORD, "cookie": True}
        answer = post(hub, f"{AUTH}/token", body, x_forwarded_proto="https", origin="https://screen.example")
        morsel = cookie_of(answer)
        assert (morsel["path"], bool(morsel["secure"])) == ("/hub/api/v1/auth", True)


# One's own password ---------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions(hub: Edge) -> None:
    here, elsewhere = join(hub, "night"), log_in(hub, "night").json
    change = {"password": PASSWORD, "newPassword": "another good one"}
    wrong = post(hub, f"{AUTH}/password", change | {"password": "guessed it"}, token=here["accessToken"])
    assert (wrong.status, fields(wrong)) == (403, ["password"])
    assert post(hub, f"{AUTH}/password", change, token=here["accessToken"]).status == 204
    assert sessions_of(hub, "night") == [None, "password"]
    assert (renew(hub, here).status, renew(hub, elsewhere).status) == (200, 401)
    assert (log_in(hub, "night").status, log_in(hub, "night", "another good one").status) == (401, 200)


def test_a_login_may_replace_the_password_too(hub: Edge) -> None:
    before = join(hub, "nora")
    assert log_in(hub, "nora", newPassword="another good one").status == 200
    assert renew(hub, before).status == 401
    assert log_in(hub, "nora").status == 401


def test_only_users_have_a_password_to_replace(hub: Edge) -> None:
    change = {"password": PASSWORD, "newPassword": "another good one"}
    for asker in (ADMIN, DRIVER, token(sub="00000000-0000-0000-0000-000000000000", sid="x"), token(sub="x", sid="x")):
        assert post(hub, f"{AUTH}/password", change, token=asker).status == 403
    assert post(hub, f"{AUTH}/password", change).status == 401
    # Who signs tokens beside us may say whose they are, but not which login of ours they come from.
    user = join(hub, "signer")["user"]
    signed = token(role=user["role"], fleet=user["fleet"], sub=user["userId"], sid="theirs")
    assert post(hub, f"{AUTH}/password", change, token=signed).status == 403
    assert log_in(hub, "signer").status == 200


# Who one is ----------------------------------------------------------------------------------------------------------


def test_me_says_whose_token_it_is(hub: Edge) -> None:
    tokens = join(hub, "onduty", token=STRANGER)
    mine = get(hub, f"{AUTH}/me", tokens["accessToken"])
    assert mine.headers["cache-control"] == "no-store"
    assert mine.json.pop("expiresAt").endswith("Z")
    assert {**mine.json, "expiresAt": ...} == {
        "open": False,
        "role": "dispatcher",
        "fleet": "g",
        "username": "onduty",
        "expiresAt": ...,
    }
    assert get(hub, f"{AUTH}/me", DRIVER).json["role"] == "driver"
    assert get(hub, f"{AUTH}/me", DRIVER).json["username"] is None
    assert get(hub, f"{AUTH}/me").status == 401


def test_an_open_hub_says_so_and_has_no_logins(open_hub: Edge) -> None:
    assert get(open_hub, f"{AUTH}/me").json == {
        "open": True,
        "role": "open",
        "fleet": "default",
        "username": None,
        "expiresAt": None,
    }
    for path in ("token", "refresh", "logout", "password"):
        answer = post(open_hub, f"{AUTH}/{path}")
        assert answer.status == 409 and "an open hub has no logins" in answer.json["detail"]
    assert post(open_hub, USERS, {"username": "a", "role": "admin"}).status == 409
    assert get(open_hub, USERS).status == 409


def test_a_hub_that_has_nothing_to_sign_with_has_no_logins(services: Services, template: str) -> None:
    """Else the password would be good, and the session begun, before it is seen that there can be no token."""
    provider = {
        "jwks_url": "http://127.0.0.1:1/keys",
        "jwt_issuer": "https://provider.example",
        "jwt_audience": "hub",
    }
    with hub_with(services, template, "test_no_secret", jwt_secret="", **provider) as hub:
        answer = log_in(hub, "admin")
        assert answer.status == 409 and "identity provider has no logins" in answer.json["detail"]


# Limits and nonsense -------------------------------------------------------------------------------------------------


def test_wrong_passwords_are_limited_and_right_ones_are_not(services: Services, template: str) -> None:
    with hub_with(services, template, "test_login_limits", login_attempts=3) as hub:
        join(hub, "paul")
        for _ in range(5):
            assert log_in(hub, "paul").status == 200
        assert [log_in(hub, "paul", "a wrong one").status for _ in range(2)] == [401, 401]
        assert log_in(hub, "paul").status == 200
        assert log_in(hub, "PAUL", "a wrong one").status == 401
        refused = log_in(hub, "paul")
        assert refused.status == 429 and 0 < int(refused.headers["retry-after"]) <= 200
        unknown = [log_in(hub, "nobody").status for _ in range(4)]
        assert unknown == [401, 401, 401, 429]
        # The door to a password is not the login alone.
        once = invite(hub, "rita")[1]
        access = log_in(hub, "rita", once, newPassword=PASSWORD).json["accessToken"]
        guess = {"password": "a wrong one", "newPassword": "another good one"}
        assert [post(hub, f"{AUTH}/password", guess, token=access).status for _ in range(4)] == [403, 403, 403, 429]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        (b'{"username": "\\ud800", "password": "x"}', 400, None),
        ({"username": "a"}, 422, "password"),
        ({"username": "a", "password": 7}, 422, "password"),
        ({"username": "a", "password": "x" * 201}, 422, "password"),
        ({"username": "a", "password": "x", "role": "admin"}, 422, "role"),
        ({"username": "a" * 201, "password": "x"}, 422, "username"),
        (b"[" * 300_000, 413, None),
    ],
)
def test_a_body_that_is_no_login_is_refused(hub: Edge, body: object, status: int, field: str | None) -> None:
    answer = post(hub, f"{AUTH}/token", body)
    assert answer.status == status
    assert fields(answer) == ([] if field is None else [field])
    assert PASSWORD not in answer.body.decode()


def wait_out_the_grace(hub: Edge, username: str) -> None:
    """As if the used tokens of a user had been used long enough ago to be no sign of two tabs."""
    fetch(
        hub,
        "UPDATE refresh_tokens SET used_at = used_at - $2 * interval '1 s'"
        " FROM sessions JOIN users ON users.id = user_id WHERE session_id = sessions.id AND username = $1",
        username,
        GRACE + 1,
    )
