"""ID tokens and their claims. What a whole login makes of forged ones: tests/edge/api/accounts/test_oidc.py."""

from __future__ import annotations

import time
from typing import Any

import jwt
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.names import Username
from hub.identity.oidc.id_token import MOST_GROUPS, Person, Refused, claims_of, kid_of, person_of
from hub.settings import Settings
from tests.support.api.provider import Key
from tests.support.laws import CHARACTERS

ISSUER, CLIENT, NONCE = "https://login.example", "hub", "n-0S6_WzA2Mj"
KEY = Key("ed", "EdDSA")
PUBLIC = jwt.PyJWK(KEY.jwk(), "EdDSA")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(CHARACTERS, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=8), inner, max_size=3),
    max_leaves=6,
)


def good(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "ann", "iat": now, "exp": now + 300, "nonce": NONCE}
    return {**claims, **changes}


def verified(claims: dict[str, Any]) -> dict[str, Any]:
    token = jwt.encode(claims, KEY.private, "EdDSA", {"kid": "ed"})
    assert kid_of(token) == "ed"
    return claims_of(token, PUBLIC, issuer=ISSUER, client_id=CLIENT, nonce=NONCE)


def test_a_good_token() -> None:
    assert verified(good())["sub"] == "ann"
    assert verified(good(aud=[CLIENT]))["sub"] == "ann"
    assert verified(good(aud=[CLIENT, "other"], azp=CLIENT))["sub"] == "ann"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["iss", "aud", "nonce", "exp", "azp", "sub"]), JSON)
def test_no_other_value_of_a_checked_claim_is_accepted(name: str, value: Any) -> None:
    accepted = {
        "iss": value == ISSUER,
        "aud": value in (CLIENT, [CLIENT]),
        "nonce": value == NONCE,
        "azp": value is None or value == CLIENT,
        "sub": isinstance(value, str) and 0 < len(value) <= 255 and "\0" not in value,
        # Any later instant, and texts that Python reads as one.
        "exp": None,
    }[name]
    try:
        claims = verified(good(**{name: value}))
    except (Refused, TypeError):  # the latter from PyJWT, which does not sign every claim
        assert accepted is not True
    else:
        assert accepted is not False
        if name == "exp":
            assert int(claims["exp"]) > time.time() - 31


@settings(max_examples=300, deadline=None)
@given(st.text(CHARACTERS, max_size=60) | st.text(alphabet="eyJhbGciOiJub25lIn0._-=", max_size=80))
def test_no_text_is_taken_for_a_token(text: str) -> None:
    with pytest.raises(Refused):
        kid_of(text)


MAPPED = Settings(
    oidc_role_claim="realm_access.roles",
    oidc_roles="fleet=bosses=admin,desk=dispatcher",
    oidc_groups_claim="groups",
)


@given(JSON, JSON, JSON, JSON)
def test_any_claims_make_a_person(roles: Any, groups: Any, name: Any, mail: Any) -> None:
    claims = good(
        realm_access={"roles": roles}, groups=groups, preferred_username=name, email=mail, email_verified=True
    )
    person = person_of(MAPPED, claims)
    assert person.role in ("admin", "dispatcher")
    assert person.admitted == (
        any(role in ("fleet=bosses", "desk") for role in roles if isinstance(role, str))
        if isinstance(roles, list)
        else roles in ("fleet=bosses", "desk")
    )
    assert msgspec.convert(person.name, Username) == person.name.lower()


def test_names_roles_and_groups() -> None:
    def person(**claims: Any) -> Person:
        return person_of(MAPPED, good(**claims))

    assert person(preferred_username="Ann.B", email="x@y.z", email_verified=True).name == "ann.b"
    assert person(email="Ann@Example.com", email_verified=True).name == "ann@example.com"
    # An address that was not verified may belong to another person.
    for verified in (False, None, "true", 1):
        assert person(email="boss@example.com", email_verified=verified).name == "ann"
    assert person(sub="auth0|123 456").name.startswith("user-")
    assert person(realm_access={"roles": ["desk", "fleet=bosses"]}).role == "admin"
    assert person(**{"realm_access.roles": "desk"}).admitted
    assert not person(realm_access=["desk"]).admitted and not person(desk="desk").admitted
    assert person(groups=["b", "a", "a", "not a group", 7]).groups == ("a", "b")
    assert len(person(groups=[f"g{n}" for n in range(99)]).groups or ()) == MOST_GROUPS
    assert person().groups == ()
    plain = person_of(Settings(), good(roles=["admin"], groups=["a"]))
    assert (plain.role, plain.groups, plain.admitted) == (None, None, True)
