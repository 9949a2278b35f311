"""Tokens of the hub and of a provider: an invalid one is answered 401 and has no effect."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest

from hub.embedded.services import Services
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, base64url, signed
from tests.identity.test_tokens import token as own
from tests.support.api.calls import call, get, post
from tests.support.api.provider import AUDIENCE, ISSUER, Key, Provider, claims, provider
from tests.support.peers import Peer, Raw, handshake
from tests.support.running import Edge, edge

RSA, ED, EC, TWIN = Key("rsa"), Key("ed", "EdDSA"), Key("ec", "ES256"), Key("ed", "EdDSA")
STRANGER = Key("rsa")


@pytest.fixture(scope="module")
def idp() -> Iterator[Provider]:
    with provider() as running:
        running.serve(RSA, ED, EC)
        yield running


@pytest.fixture(scope="module")
def hub(services: Services, idp: Provider) -> Iterator[Edge]:
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://127.0.0.1:1/none",
        jwt_secret=SECRET,
        jwks_url=idp.url,
        jwt_issuer=ISSUER,
        jwt_audience=AUDIENCE,
    )
    with edge(settings) as running:
        yield running


def status_of_handshake(hub: Edge, credential: str) -> int:
    with Raw(hub.address) as raw:
        raw.send(handshake(headers=[f"Authorization: Bearer {credential}"]))
        return raw.response().status


@pytest.mark.parametrize("key", [RSA, ED, EC], ids=lambda key: key.algorithm)
def test_good_tokens_of_the_provider(hub: Edge, key: Key) -> None:
    driver = f"d-{key.kid}"
    credential = key.token(role="driver", driver=driver, sid="a session | of theirs")
    assert post(hub, "/api/v1/location", {"latitude": 1, "longitude": 2}, credential).status == 200
    assert driver in hub.node.hub.fleet("f").latest
    assert get(hub, f"/t/{credential}?lat=1&lon=2").status == 200
    with Peer(hub.address, headers=[f"Sec-WebSocket-Protocol: hub.v1, bearer.{key.token()}"]) as screen:
        screen.say({"type": "subscribe", "id": "x", "drivers": [driver]})
        assert screen.hear()["count"] == 1


def test_the_hubs_own_tokens_remain_valid(hub: Edge) -> None:
    assert get(hub, "/api/v1/drivers", own()).status == 200
    assert get(hub, "/api/v1/drivers", RSA.token(aud=["another", AUDIENCE])).status == 200
    # What the header says of where keys are is not looked at.
    assert (
        get(hub, "/api/v1/drivers", RSA.token({"jku": "http://127.0.0.1:1/", "x5u": "http://127.0.0.1:1/"})).status
        == 200
    )


def by_hand(header: dict[str, Any] | bytes, payload: dict[str, Any], sign: Callable[[bytes], bytes]) -> str:
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    content = f"{base64url(head)}.{base64url(json.dumps(payload).encode())}"
    return f"{content}.{base64url(sign(content.encode()))}"


def hs256(key: bytes) -> Callable[[bytes], bytes]:
    return lambda content: hmac.digest(key, content, "sha256")


def eddsa(key: Key) -> Callable[[bytes], bytes]:
    return lambda content: bytes(key.private.sign(content))


def doubled(good: str, where: int) -> str:
    """The same token with a character that lenient base64 ignores."""
    parts = good.split(".")
    parts[where] = parts[where][:-4] + "!" + parts[where][-4:]
    return ".".join(parts)


ATTACKS: dict[str, Callable[[], str]] = {
    "alg none": lambda: by_hand({"alg": "none", "kid": "rsa"}, claims(), lambda _: b""),
    "alg None": lambda: by_hand({"alg": "None", "kid": "rsa"}, claims(), lambda _: b""),
    "alg missing": lambda: by_hand({"kid": "ed"}, claims(), eddsa(ED)),
    "alg a list": lambda: by_hand({"alg": ["EdDSA"], "kid": "ed"}, claims(), eddsa(ED)),
    "HS256 with the public key as PEM": lambda: by_hand({"alg": "HS256", "kid": "rsa"}, claims(), hs256(RSA.pem)),
    "HS256 with the public key as PEM, no kid": lambda: by_hand({"alg": "HS256"}, claims(aud=None), hs256(RSA.pem)),
    "HS256 with the public key as JWK": lambda: by_hand(
        {"alg": "HS256", "kid": "rsa"}, claims(), hs256(json.dumps(RSA.jwk()).encode())
    ),
    "HS256 with the modulus": lambda: by_hand({"alg": "HS256", "kid": "rsa"}, claims(), hs256(RSA.jwk()["n"].encode())),
    "HS256 with nothing": lambda: by_hand({"alg": "HS256", "kid": "rsa"}, claims(aud=None), hs256(b"")),
    "RS256 of our secret": lambda: by_hand({"alg": "RS256", "kid": "rsa"}, claims(), hs256(SECRET.encode())),
    "another's key of the same name": lambda: STRANGER.token(),
    "another key's name": lambda: ED.token({"kid": "rsa"}),
    "the name of another type": lambda: RSA.token({"kid": "ec"}),
    "an algorithm that the key is not for": lambda: RSA.token(algorithm="RS512"),
    "PSS with the same key": lambda: RSA.token(algorithm="PS256"),
    "an algorithm that is only said": lambda: by_hand({"alg": "RS256", "kid": "ed"}, claims(), eddsa(ED)),
    "no kid": lambda: jwt.encode(claims(), RSA.private, "RS256"),
    "kid of a number": lambda: by_hand({"alg": "EdDSA", "kid": 1}, claims(), eddsa(ED)),
    "kid of null": lambda: by_hand({"alg": "EdDSA", "kid": None}, claims(), eddsa(ED)),
    "kid that is a path": lambda: ED.token({"kid": "../../../../dev/null"}),
    "kid that is an address": lambda: ED.token({"kid": "http://127.0.0.1:1/key"}),
    "kid with SQL": lambda: ED.token({"kid": "x' UNION SELECT 'key'; --"}),
    "kid with a line's end": lambda: ED.token({"kid": "ed\n"}),
    "kid of 3 kB": lambda: ED.token({"kid": "x" * 2_000}),
    "kid twice, the good one first": lambda: by_hand(b'{"alg":"EdDSA","kid":"ed","kid":"rsa"}', claims(), eddsa(ED)),
    "a stranger's key under jwk": lambda: STRANGER.token({"jwk": STRANGER.jwk()}),
    "a stranger's key under jku": lambda: STRANGER.token({"jku": "http://127.0.0.1:1/keys"}),
    "a stranger's certificate under x5u": lambda: STRANGER.token({"x5u": "http://127.0.0.1:1/", "x5c": ["AAAA"]}),
    "a critical header that nobody knows": lambda: by_hand(
        {"alg": "EdDSA", "kid": "ed", "crit": ["exp"], "exp": 1}, claims(), eddsa(ED)
    ),
    "b64 false": lambda: by_hand({"alg": "EdDSA", "kid": "ed", "b64": False, "crit": ["b64"]}, claims(), eddsa(ED)),
    "wrong issuer": lambda: ED.token(iss="https://login.example"),
    "no issuer": lambda: ED.token(iss=None),
    "a list of issuers": lambda: by_hand({"alg": "EdDSA", "kid": "ed"}, claims(iss=[ISSUER]), eddsa(ED)),
    "wrong audience": lambda: ED.token(aud="hub2"),
    "no audience": lambda: ED.token(aud=None),
    "an empty audience": lambda: ED.token(aud=[]),
    "no exp": lambda: ED.token(exp=None),
    "no iat": lambda: ED.token(iat=None),
    "no sub": lambda: ED.token(sub=None),
    "sub of a number": lambda: by_hand({"alg": "EdDSA", "kid": "ed"}, {**claims(), "sub": 7}, eddsa(ED)),
    "expired": lambda: ED.token(exp=int(time.time()) - 31),
    "huge exp": lambda: ED.token(exp=10**300),
    "exp beyond a double": lambda: ED.token(exp=10**400),
    "a year": lambda: ED.token(exp=int(time.time()) + 366 * 86_400),
    "not yet": lambda: ED.token(nbf=int(time.time()) + 600),
    "no fleet": lambda: ED.token(fleet=None),
    "no role": lambda: ED.token(role=None),
    "the role of an open hub": lambda: ED.token(role="open"),
    "a driver without a name": lambda: ED.token(role="driver"),
    "changed claims": lambda: _with_payload(ED.token(), claims(role="admin")),
    "no signature": lambda: ED.token().rpartition(".")[0] + ".",
    "two parts": lambda: ED.token().rpartition(".")[0],
    "four parts": lambda: ED.token() + ".AAAA",
    "padding": lambda: ED.token() + "==",
    "another character in the header": lambda: doubled(ED.token(), 0),
    "another character in the claims": lambda: doubled(ED.token(), 1),
    "another character in the signature": lambda: doubled(ED.token(), 2),
    "standard base64": lambda: _standard_base64(ED),
    "an ECDSA signature of zeros": lambda: by_hand({"alg": "ES256", "kid": "ec"}, claims(), lambda _: bytes(64)),
    "the hub's own with an audience": lambda: own(aud=AUDIENCE),
    "the hub's own with a strange session": lambda: own(sid="a b"),
    "the hub's own signed with HS384": lambda: signed(
        json.dumps(claims(aud=None)).encode(), algorithm="HS384", digest="sha384"
    ),
    "encrypted": lambda: ED.token() + "." + ED.token().split(".")[0] + ".AAAA",
    "6 kB": lambda: ED.token(x="x" * 4_500),
}


def _with_payload(good: str, payload: dict[str, Any]) -> str:
    header, _, signature = good.split(".")
    return f"{header}.{base64url(json.dumps(payload).encode())}.{signature}"


def _standard_base64(key: Key) -> str:
    """A valid signature over text that is not base64url."""
    while True:
        payload = base64.b64encode(
            json.dumps(
                claims(x=base64url(hmac.digest(b"k", str(time.time_ns()).encode(), "md5")), y="~~~???>>>")
            ).encode()
        ).decode()
        if "/" in payload or "+" in payload:
            content = f"{base64url(json.dumps({'alg': 'EdDSA', 'kid': 'ed'}).encode())}.{payload.rstrip('=')}"
            return f"{content}.{base64url(key.private.sign(content.encode()))}"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_attacks_are_answered_401(hub: Edge, attack: Callable[[], str], capfd: pytest.CaptureFixture[str]) -> None:
    forged = attack()
    before = hub.node.hub.seq, hub.node.sockets.count
    asked = post(hub, "/api/v1/location", {"latitude": 1, "longitude": 2, "driverId": "x"}, forged)
    assert (asked.status, asked.headers["www-authenticate"]) == (401, "Bearer")
    assert forged not in asked.body.decode()
    assert (hub.node.hub.seq, hub.node.sockets.count) == before
    logged = "".join(capfd.readouterr())
    assert forged not in logged and forged.rpartition(".")[2][:40] not in logged.split() and "Traceback" not in logged


@pytest.mark.parametrize("attack", ["alg none", "HS256 with the public key as PEM", "wrong audience", "huge exp"])
def test_attacks_on_other_paths(hub: Edge, attack: str) -> None:
    forged = ATTACKS[attack]()
    assert status_of_handshake(hub, forged) == 401
    assert get(hub, f"/t/{forged}?lat=1&lon=2").status == 401
    credential = base64.b64encode(f"user:{forged}".encode()).decode()
    assert call(hub, "POST", "/owntracks", b"{}", {"authorization": f"Basic {credential}"}).status == 401
    assert post(hub, "/api/v1/auth/ticket", b"", forged).status == 401


def test_a_token_in_the_url_is_ignored(hub: Edge) -> None:
    for name in ("token", "access_token", "jwt", "authorization"):
        assert get(hub, f"/api/v1/drivers?{name}={ED.token()}").status == 401
        with Raw(hub.address) as raw:
            raw.send(handshake(f"/ws?{name}={ED.token()}"))
            assert raw.response().status == 401


def test_200_kilobytes_are_refused_before_verification(hub: Edge) -> None:
    assert get(hub, "/api/v1/drivers", "x" * 200_000).status in (400, 431)


def test_a_key_id_used_twice_is_refused(services: Services) -> None:
    with provider() as idp:
        idp.serve(RSA, ED, TWIN)
        settings = Settings(
            port=0,
            redis_url=services.settings.redis_url,
            database_url="postgresql://127.0.0.1:1/none",
            jwks_url=idp.url,
            jwt_issuer=ISSUER,
            jwt_audience=AUDIENCE,
        )
        with edge(settings) as hub:
            assert get(hub, "/api/v1/drivers", RSA.token()).status == 200
            for twin in (ED, TWIN):
                assert get(hub, "/api/v1/drivers", twin.token()).status == 401
            # Without a secret of our own nobody can know it, not even as the empty text.
            for secret in ("", SECRET):
                forged = by_hand({"alg": "HS256"}, claims(aud=None), hs256(secret.encode()))
                assert get(hub, "/api/v1/drivers", forged).status == 401


def test_a_provider_that_has_never_answered(services: Services) -> None:
    """Its tokens cannot be verified: 503, so that clients keep them. The hub's own are accepted."""
    settings = Settings(
        port=0,
        redis_url=services.settings.redis_url,
        database_url="postgresql://127.0.0.1:1/none",
        jwt_secret=SECRET,
        jwks_url="http://127.0.0.1:1/keys",
        jwt_issuer=ISSUER,
        jwt_audience=AUDIENCE,
    )
    with edge(settings) as hub:
        answer = get(hub, "/api/v1/drivers", RSA.token())
        assert (answer.status, answer.headers["retry-after"]) == (503, "2")
        assert status_of_handshake(hub, RSA.token()) == 503
        assert get(hub, "/api/v1/drivers", own()).status == 200
