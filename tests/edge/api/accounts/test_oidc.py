"""Logins with an OpenID Connect provider: persons and users, and what an attacker may try with the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from hub.edge.api.accounts import oidc
from hub.edge.api.accounts.persons import Outcome
from hub.embedded.services import Services
from hub.identity.oidc import client
from hub.logs import Action
from tests.edge.api.accounts.test_second_factor import enrol
from tests.identity.test_tokens import SECRET
from tests.support.api.calls import Answer, call, get
from tests.support.api.fleets import ADMIN, fetch, hub_with
from tests.support.api.logins import AUTH, PASSWORD, USERS, invite, join, log_in, post
from tests.support.api.oidc import CLIENT, OIDC, Idp, Visitor, idp
from tests.support.api.provider import Key
from tests.support.repository import ROOT
from tests.support.running import Edge

ROLES = {"oidc_role_claim": "roles", "oidc_roles": "boss=admin,desk=dispatcher", "oidc_groups_claim": "groups"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Idp]:
    with idp() as running:
        yield running


@pytest.fixture(scope="module")
def hub(services: Services, template: str, provider: Idp) -> Iterator[Edge]:
    """Persons are connected by their users."""
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "s e&cret"}
    with hub_with(
        services, template, "test_oidc", **given, default_fleet="f", login_attempts_per_address=100_000
    ) as running:
        yield running


@pytest.fixture(scope="module")
def creating(services: Services, template: str, provider: Idp) -> Iterator[Edge]:
    """Persons with a role become users; passwords are off."""
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_unknown_users": "create", **ROLES}
    with hub_with(
        services,
        template,
        "test_oidc_creating",
        **given,
        default_fleet="f",
        password_login="off",
        login_attempts_per_address=100_000,
        jwks_refresh=3_600.0,
    ) as running:
        yield running


@pytest.fixture(autouse=True)
def honest(provider: Idp) -> Iterator[None]:
    sign, respond, keys = provider.sign, provider.respond, list(provider.keys)
    yield
    provider.sign, provider.respond, provider.keys = sign, respond, keys


def access(visitor: Visitor) -> dict[str, Any]:
    """The tokens that the page of a browser gets after a login."""
    answer = visitor.ask("POST", f"{AUTH}/refresh", {}, sec_fetch_site="same-origin")
    assert answer.status == 200, answer
    tokens: dict[str, Any] = answer.json
    return tokens


def connect(hub: Edge, provider: Idp, tokens: dict[str, Any], subject: str) -> str:
    visitor = Visitor(hub)
    answer = visitor.ask("POST", f"{OIDC}/connect", {"password": PASSWORD}, tokens["accessToken"])
    assert answer.status == 200, answer
    return visitor.come_back(provider.approve(answer.json["url"], subject))


# Persons and users --------------------------------------------------------------------------------------------------


def test_a_user_connects_the_account_and_logs_in_until_disabled(hub: Edge, provider: Idp) -> None:
    tokens = join(hub, "ann")
    user_id = tokens["user"]["userId"]
    # A name alone connects nobody.
    assert Visitor(hub).log_in(provider, "ann") == Outcome.UNKNOWN
    wrong = post(hub, f"{OIDC}/connect", {"password": "not the password"}, token=tokens["accessToken"])
    assert wrong.status == 403
    assert connect(hub, provider, tokens, "ann") == Outcome.CONNECTED
    assert get(hub, f"{AUTH}/account", tokens["accessToken"]).json["connected"] is True
    visitor = Visitor(hub)
    assert visitor.log_in(provider, "ann") == Outcome.LOGGED_IN
    again = access(visitor)
    assert again["user"] == tokens["user"] | {"provider": True}
    assert get(hub, f"{AUTH}/me", again["accessToken"]).json["username"] == "ann"
    # The client's secret is sent as RFC 6749 says, the verifier of PKCE with it, and nothing of both is in the URL.
    assert provider.authorizations[-1] == "Basic aHViLWNsaWVudDpzK2UlMjZjcmV0"
    assert set(provider.forms[-1]) == {"grant_type", "code", "redirect_uri", "code_verifier"}
    cookies = {name: (kept["path"], kept["samesite"], kept["httponly"]) for name, kept in visitor.cookies.items()}
    assert cookies == {"hub_refresh": (AUTH, "Strict", True), "hub_oidc_hint": (OIDC, "Strict", True)}

    out = visitor.ask("GET", f"{OIDC}/logout", sec_fetch_site="same-origin")
    there = urlsplit(out.headers["location"])
    query = {name: value for name, (value,) in parse_qs(there.query).items()}
    assert out.headers["location"].startswith(f"{provider.issuer}/end?")
    host, port = hub.address
    assert query.keys() == {"client_id", "post_logout_redirect_uri", "id_token_hint"}
    assert query["post_logout_redirect_uri"] == f"http://{host}:{port}/"
    assert "hub_oidc_hint" not in visitor.cookies

    assert call(hub, "PATCH", f"{USERS}/{user_id}", {"disabled": True}, {"if-match": "*"}, ADMIN).status == 200
    assert visitor.log_in(provider, "ann") == Outcome.DISABLED
    assert call(hub, "PATCH", f"{USERS}/{user_id}", {"disabled": False}, {"if-match": "*"}, ADMIN).status == 200
    assert visitor.log_in(provider, "ann") == Outcome.LOGGED_IN
    assert call(hub, "DELETE", f"{USERS}/{user_id}/provider", token=ADMIN).status == 204
    assert call(hub, "DELETE", f"{USERS}/{user_id}/provider", token=ADMIN).status == 404
    assert visitor.log_in(provider, "ann") == Outcome.UNKNOWN
    assert visitor.ask("POST", f"{AUTH}/refresh", {}, sec_fetch_site="same-origin").status == 401
    actions = fetch(hub, "SELECT action FROM audit WHERE subject_id = $1 ORDER BY id", user_id)
    assert ("user.connected",) in actions and ("user.disconnected",) in actions


def test_a_person_belongs_to_one_user_and_a_user_to_one_person(hub: Edge, provider: Idp) -> None:
    first, second = join(hub, "bea"), join(hub, "cleo")
    assert connect(hub, provider, first, "person-1") == Outcome.CONNECTED
    assert connect(hub, provider, second, "person-1") == Outcome.BELONGS_TO_OTHER
    assert connect(hub, provider, first, "person-2") == Outcome.CONNECTED
    assert Visitor(hub).log_in(provider, "person-1") == Outcome.UNKNOWN
    visitor = Visitor(hub)
    assert visitor.log_in(provider, "person-2") == Outcome.LOGGED_IN
    assert access(visitor)["user"]["username"] == "bea"


def test_a_second_factor_is_needed_to_connect(hub: Edge, provider: Idp) -> None:
    tokens, app, recovery = enrol(hub, "zoe")

    def ask(**given: str) -> Answer:
        return post(hub, f"{OIDC}/connect", {"password": PASSWORD, **given}, token=tokens["accessToken"])

    missing = ask()
    assert (missing.status, missing.json["errors"][0]["field"]) == (403, "code")
    assert ask(code=app.wrong()).status == 401
    assert ask(password="not the password", code=recovery[0]).status == 403
    assert ask(code=recovery[0]).json["url"].startswith(provider.issuer)
    assert ask(code=recovery[0]).status == 401  # used


def test_a_session_that_ended_connects_nothing(hub: Edge, provider: Idp) -> None:
    tokens = join(hub, "dora")
    visitor = Visitor(hub)
    url = visitor.ask("POST", f"{OIDC}/connect", {"password": PASSWORD}, tokens["accessToken"]).json["url"]
    post(hub, f"{AUTH}/logout", {"refreshToken": tokens["refreshToken"]})
    assert visitor.come_back(provider.approve(url, "dora")) == Outcome.SESSION_ENDED


def test_the_provider_decides_about_roles_and_groups(creating: Edge, provider: Idp) -> None:
    visitor = Visitor(creating)
    assert visitor.log_in(provider, "eve") == Outcome.NOT_ADMITTED
    assert visitor.log_in(provider, "eve", roles=["other"]) == Outcome.NOT_ADMITTED
    assert visitor.log_in(provider, "eve", roles="desk", groups=["east", "not a group", 7]) == Outcome.LOGGED_IN
    user = access(visitor)["user"]
    assert (user["username"], user["role"], user["fleet"]) == ("eve", "dispatcher", "f")
    change = {"password": "!", "newPassword": "a long walk by the sea"}
    refused = post(creating, f"{AUTH}/password", change, token=access(visitor)["accessToken"])
    assert (refused.status, refused.json["detail"]) == (403, "the token belongs to no user with a password")
    stored = fetch(creating, "SELECT role, groups, password_hash FROM users WHERE username = 'eve'")
    assert stored == [("dispatcher", ["east"], "!")]
    # A new name at the provider is the same person, a new person with the old name is another one.
    assert visitor.log_in(provider, "eve", roles=["desk", "boss"], preferred_username="eva") == Outcome.LOGGED_IN
    assert access(visitor)["user"]["role"] == "admin"
    assert visitor.log_in(provider, "mallory", roles=["desk"], preferred_username="eve") == Outcome.NAME_TAKEN
    assert visitor.log_in(provider, "mallory", roles=["desk"], preferred_username="", email="eve") == Outcome.LOGGED_IN
    assert access(visitor)["user"]["username"] == "mallory"
    # Without another admin the fleet keeps this one.
    assert visitor.log_in(provider, "eve", roles=["desk"]) == Outcome.LAST_ADMIN
    invite(creating, "root", "admin")
    assert visitor.log_in(provider, "eve", roles=["desk"]) == Outcome.LOGGED_IN
    stored = fetch(creating, "SELECT role, groups FROM users WHERE username = 'eve'")
    # A dispatcher whose token names no group sees nothing.
    assert stored == [("dispatcher", [])]


def test_without_passwords_only_one_time_passwords_log_in(creating: Edge, provider: Idp) -> None:
    user_id, once = invite(creating, "fay", "admin")
    assert log_in(creating, "fay", once, newPassword=PASSWORD).status == 200
    refused = log_in(creating, "fay")
    assert refused.status == 401
    assert refused.body == log_in(creating, "unknown").body == log_in(creating, "fay", "a wrong password").body
    assert post(creating, f"{AUTH}/totp", {"username": "fay", "password": PASSWORD}).status == 401
    again = post(creating, f"{USERS}/{user_id}/password", token=ADMIN).json["password"]
    assert log_in(creating, "fay", again, newPassword=PASSWORD + "!").status == 200
    login = get(creating, "/api/v1/screen").json["login"]
    assert login == {"passwords": False, "provider": "127.0.0.1"}


# Answers that must not log in ---------------------------------------------------------------------------------------


def hs256_with_the_public_key(provider: Idp, claims: dict[str, Any]) -> str:
    """PyJWT refuses to make it, so the signature is made by hand."""
    import base64
    import hashlib
    import hmac
    import json

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    signed = f"{part(json.dumps({'alg': 'HS256', 'kid': 'one'}).encode())}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.digest(provider.keys[0].pem, signed.encode(), hashlib.sha256))}"


Forgery = Callable[[Idp, dict[str, Any]], str]

FORGERIES: dict[str, Forgery] = {
    "another audience": lambda provider, claims: provider.keys[0].token(**claims | {"aud": "other-client"}),
    "among other audiences": lambda provider, claims: provider.keys[0].token(**claims | {"aud": [CLIENT, "other"]}),
    "issued to another client": lambda provider, claims: provider.keys[0].token(**claims | {"azp": "other"}),
    "another issuer": lambda provider, claims: provider.keys[0].token(**claims | {"iss": "https://evil.example"}),
    "the issuer with a slash": lambda provider, claims: provider.keys[0].token(**claims | {"iss": claims["iss"] + "/"}),
    "another nonce": lambda provider, claims: provider.keys[0].token(**claims | {"nonce": "n" * 43}),
    "no nonce": lambda provider, claims: provider.keys[0].token(**claims | {"nonce": None}),
    "a nonce of another type": lambda provider, claims: provider.keys[0].token(**claims | {"nonce": [claims["nonce"]]}),
    "expired": lambda provider, claims: provider.keys[0].token(**claims | {"exp": int(time.time()) - 31}),
    "from the future": lambda provider, claims: provider.keys[0].token(**claims | {"iat": int(time.time()) + 300}),
    "no expiry": lambda provider, claims: provider.keys[0].token(**claims | {"exp": None}),
    "no subject": lambda provider, claims: provider.keys[0].token(**claims | {"sub": None}),
    "an empty subject": lambda provider, claims: provider.keys[0].token(**claims | {"sub": ""}),
    "a subject with NUL": lambda provider, claims: provider.keys[0].token(**claims | {"sub": "a\0b"}),
    "alg none": lambda provider, claims: jwt.encode(claims, None, "none", {"kid": "one"}),
    "HS256 with the public key": hs256_with_the_public_key,
    "HS256 with the secret of the hub": lambda provider, claims: jwt.encode(claims, SECRET, "HS256", {"kid": "one"}),
    "another key with the same id": lambda provider, claims: Key("one").token(**claims),
    "an unknown key": lambda provider, claims: Key("two").token(**claims),
    "no key id": lambda provider, claims: jwt.encode(claims, provider.keys[0].private, "RS256"),
    "another algorithm of the key": lambda provider, claims: provider.keys[0].token(None, "RS512", **claims),
    "its key in the header": lambda provider, claims: Key("x").token({"jwk": Key("x").jwk(), "kid": "x"}, **claims),
    "nothing": lambda provider, claims: "",
    "not a token": lambda provider, claims: "a.b.c",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_id_token_logs_nobody_in(creating: Edge, provider: Idp, forgery: Forgery) -> None:
    visitor = Visitor(creating)
    parameters = provider.approve(visitor.begin(), "gil", roles=["boss"])
    provider.sign = lambda claims: forgery(provider, {"fleet": None, "role": None, **claims})
    assert visitor.come_back(parameters) == Outcome.INVALID
    assert "hub_refresh" not in visitor.cookies and "hub_oidc" not in visitor.cookies
    assert fetch(creating, "SELECT FROM users WHERE username = 'gil'") == []


def test_an_answer_is_for_the_browser_that_began_and_once(creating: Edge, provider: Idp) -> None:
    victim, attacker = Visitor(creating), Visitor(creating)
    roles = {"roles": ["desk"]}
    theirs = provider.approve(attacker.begin(), "mallet", **roles)
    # Login CSRF: the answer of the attacker's login in the browser of the victim.
    assert victim.come_back(theirs) == Outcome.EXPIRED
    ours = provider.approve(victim.begin(), "victor", **roles)
    assert victim.come_back({**ours, "state": theirs["state"]}) == Outcome.EXPIRED
    # Injection: a code of another login, with the right state. PKCE is what refuses it.
    ours = provider.approve(victim.begin(), "victor", **roles)
    assert victim.come_back({**ours, "code": theirs["code"]}) == Outcome.INVALID
    for parameters in (
        {},
        {"code": "x"},
        {"state": ""},
        {"code": "x", "state": "\udcff".encode("utf-8", "replace").decode()},
    ):
        assert victim.come_back(parameters) == Outcome.EXPIRED
    # Replay: with the cookie of before, too, the provider refuses the code.
    url = victim.begin()
    kept = victim.cookies["hub_oidc"]
    ours = provider.approve(url, "victor", **roles)
    assert victim.come_back(ours) == Outcome.LOGGED_IN
    assert victim.come_back(ours) == Outcome.EXPIRED
    victim.cookies["hub_oidc"] = kept
    assert victim.come_back(ours) == Outcome.INVALID
    # A cookie that was changed, and one of another kind.
    ours = provider.approve(victim.begin(), "victor", **roles)
    victim.cookies["hub_oidc"].set("hub_oidc", victim.cookies["hub_oidc_hint"].value, "")
    assert victim.come_back(ours) == Outcome.EXPIRED


def test_answers_of_other_providers_and_errors(creating: Edge, provider: Idp) -> None:
    visitor = Visitor(creating)
    ours = provider.approve(visitor.begin(), "hal", roles=["desk"])
    assert visitor.come_back({**ours, "iss": "https://other.example"}) == Outcome.INVALID
    ours = provider.approve(visitor.begin(), "hal", roles=["desk"])
    asked = len(provider.forms)
    assert visitor.come_back([*ours.items(), ("code", "y")]) == Outcome.INVALID
    assert len(provider.forms) == asked
    state = provider.approve(visitor.begin())["state"]
    assert visitor.come_back({"error": "access_denied", "state": state}) == Outcome.CANCELLED
    state = provider.approve(visitor.begin())["state"]
    assert visitor.come_back({"error": "<script>", "state": state}) == Outcome.INVALID
    state = provider.approve(visitor.begin())["state"]
    assert visitor.come_back({"state": state}) == Outcome.INVALID
    ours = provider.approve(visitor.begin(), "hal", roles=["desk"])
    assert visitor.come_back({**ours, "iss": provider.issuer, "session_state": "1"}) == Outcome.LOGGED_IN
    assert visitor.log_in(provider, "hal", roles=["desk"], aud=[CLIENT, "other"], azp=CLIENT) == Outcome.LOGGED_IN


def test_no_parameter_leads_elsewhere_and_no_other_site_begins(creating: Edge) -> None:
    for query in ("next=//evil.example", "redirect_uri=https://evil.example", "return=https://evil.example"):
        answer = get(creating, f"{OIDC}/login?{query}")
        host, port = creating.address
        location = answer.headers["location"]
        assert "evil" not in location
        assert parse_qs(urlsplit(location).query)["redirect_uri"] == [f"http://{host}:{port}{OIDC}/callback"]
    for path in ("login", "logout"):
        answer = get(creating, f"{OIDC}/{path}", **{"sec-fetch-site": "cross-site"})
        assert (answer.status, answer.headers["location"], "set-cookie" in answer.headers) == (303, "/", False)


def test_a_new_key_is_accepted_and_a_failing_provider_is_said(creating: Edge, provider: Idp) -> None:
    visitor = Visitor(creating)
    ours = provider.approve(visitor.begin(), "ivy", roles=["desk"])
    provider.keys = [Key("next", "ES256")]
    assert visitor.come_back(ours) == Outcome.LOGGED_IN
    for answer in ((500, {}), (503, {"error": "temporarily_unavailable"})):
        provider.respond = lambda token, answer=answer: answer
        assert visitor.log_in(provider, "ivy", roles=["desk"]) == Outcome.UNAVAILABLE
    provider.respond = lambda token: (200, {"access_token": token})
    assert visitor.log_in(provider, "ivy", roles=["desk"]) == Outcome.INVALID


@pytest.fixture
def unavailable(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The problems that are logged as a provider that is unavailable."""
    found: list[str] = []

    def noted(action: str, **more: str) -> None:
        if action == Action.OIDC_UNAVAILABLE:
            found.append(more["problem"])

    for module in (oidc, client):
        monkeypatch.setattr(module, "log", SimpleNamespace(warning=noted, info=noted))
    return found


def test_a_provider_that_is_down_uses_up_no_attempts(
    services: Services, template: str, provider: Idp, unavailable: list[str]
) -> None:
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "login_attempts_per_address": 2}
    with hub_with(services, template, "test_oidc_down", **given, default_fleet="f") as hub:
        visitor = Visitor(hub)
        provider.respond = lambda token: (503, {})
        for _ in range(4):
            assert visitor.log_in(provider, "ivy") == Outcome.UNAVAILABLE
        assert len(unavailable) == 4


def test_a_provider_that_cannot_be_read_is_logged_once(
    services: Services, template: str, provider: Idp, monkeypatch: pytest.MonkeyPatch, unavailable: list[str]
) -> None:
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "jwks_refresh": 0.001}
    with hub_with(services, template, "test_oidc_unread", **given, default_fleet="f") as hub:
        visitor = Visitor(hub)
        ours = provider.approve(visitor.begin(), "ivy")
        monkeypatch.setitem(provider.metadata, "token_endpoint", None)
        assert visitor.come_back(ours) == Outcome.UNAVAILABLE
        assert len(unavailable) == 1


def test_failed_answers_count_for_the_address(services: Services, template: str, provider: Idp) -> None:
    given = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "login_attempts_per_address": 3}
    with hub_with(services, template, "test_oidc_limit", **given, default_fleet="f") as hub:
        visitor = Visitor(hub)
        outcomes = []
        for _ in range(4):
            state = provider.approve(visitor.begin())["state"]
            outcomes.append(visitor.come_back({"state": state, "code": "guessed"}))
        assert outcomes == [Outcome.INVALID] * 3 + [Outcome.LIMIT]
        # The bucket is that of passwords.
        assert log_in(hub, "any").status == 429
        figures = get(hub, "/metrics").body.decode()
        for method, outcome, count in (
            ("provider", "invalid", 3),
            ("provider", "limit", 1),
            ("password", "refused", 1),
        ):
            assert f'hub_logins_total{{method="{method}",outcome="{outcome}"}} {count}.0' in figures


def test_a_hub_without_a_provider_says_so(services: Services, template: str) -> None:
    with hub_with(services, template, "test_oidc_none") as hub:
        assert get(hub, f"{OIDC}/login").status == 409
        assert get(hub, "/api/v1/screen").json["login"] == {"passwords": True, "provider": None}


def test_every_outcome_is_explained_and_has_words() -> None:
    document = (ROOT / "docs/oidc.md").read_text()
    words = (ROOT / "clients/web/js/views/outcomes.js").read_text()
    for outcome in Outcome:
        assert f"| `{outcome}` |" in document
        assert outcome in (Outcome.LOGGED_IN, Outcome.CONNECTED) or f'case "{outcome}":' in words
