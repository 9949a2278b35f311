"""Tokens: accepted and forged ones."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from hub.core.principal import Principal, Role
from hub.identity.identity import Identity
from hub.identity.tokens import Unauthenticated, authenticate
from hub.settings import Settings, SettingsError
from tests.support.peers import Peer, Raw, Response, handshake
from tests.support.running import Edge, edge, until

SECRET = "a secret of at least thirty-two bytes"
SETTINGS = {"jwt_secret": SECRET}
GUARDED = Settings(jwt_secret=SECRET)

HOUR = 3_600


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload: bytes, *, algorithm: str = "HS256", digest: str = "sha256", secret: str = SECRET) -> str:
    """A token built by hand, because libraries do not create invalid ones."""
    header = json.dumps({"alg": algorithm, "typ": "JWT"}).encode()
    content = f"{base64url(header)}.{base64url(payload)}"
    signature = hmac.digest(secret.encode(), content.encode(), digest) if secret else b""
    return f"{content}.{base64url(signature)}"


def claims(**changes: Any) -> dict[str, Any]:
    """Valid claims of a dispatcher, with ``changes``; None removes a claim."""
    now = int(time.time())
    good = {"sub": "somebody", "fleet": "f", "role": "dispatcher", "iat": now, "exp": now + HOUR}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token(**changes: Any) -> str:
    return signed(json.dumps(claims(**changes)).encode())


def test_the_principal_of_a_valid_token() -> None:
    now = int(time.time())
    assert authenticate(GUARDED, token(iat=now, exp=now + HOUR, role="driver", driver="d")) == Principal(
        "f", Role.DRIVER, "somebody", "d", now + HOUR + 30
    )
    for role in (Role.GATEWAY, Role.DISPATCHER, Role.ADMIN):
        # A driver's name is for drivers.
        principal = authenticate(GUARDED, token(role=role, driver="d"))
        assert (principal.role, principal.driver) == (role, None)


def test_an_open_hub_needs_no_token() -> None:
    assert authenticate(Settings(), None) == Principal("default", Role.OPEN)
    assert authenticate(Settings(), "rubbish") == Principal("default", Role.OPEN)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"iat": None}, id="issued never"),
        pytest.param({"sub": None}, id="of nobody"),
        pytest.param({"sub": 7}, id="of a number"),
        pytest.param({"exp": lambda now: now - 31}, id="expired"),
        pytest.param({"exp": 1e300}, id="expires at the end of time"),
        pytest.param({"exp": 10**400}, id="expires beyond any number"),
        pytest.param({"iat": -(10**400)}, id="issued before any number"),
        pytest.param({"sid": 7}, id="a session that is a number"),
        pytest.param({"sid": "a b"}, id="a session that is no id"),
        pytest.param({"exp": True}, id="expires truly"),
        pytest.param({"exp": "4102444800"}, id="expires in words"),
        pytest.param({"exp": float("nan")}, id="expires at no number"),
        pytest.param({"exp": float("inf")}, id="expires at infinity"),
        pytest.param({"iat": float("-inf")}, id="issued at minus infinity"),
        pytest.param({"iat": False}, id="issued falsely"),
        pytest.param({"iat": lambda now: now + 600}, id="issued in the future"),
        pytest.param({"nbf": lambda now: now + 600}, id="not yet valid"),
        pytest.param({"exp": lambda now: now + 32 * 86_400}, id="lives too long"),
        pytest.param({"iat": 0}, id="has lived too long"),
        pytest.param({"exp": [1]}, id="expires in a list"),
        pytest.param({"fleet": None}, id="no fleet"),
        pytest.param({"fleet": ""}, id="an empty fleet"),
        pytest.param({"fleet": "@node"}, id="a fleet with the log's own name"),
        pytest.param({"fleet": "a b"}, id="a fleet that is no id"),
        pytest.param({"fleet": "f\n"}, id="a fleet with a line's end"),
        pytest.param({"fleet": 7}, id="a fleet that is a number"),
        pytest.param({"role": None}, id="no role"),
        pytest.param({"role": "open"}, id="the role of an open hub"),
        pytest.param({"role": "root"}, id="an unknown role"),
        pytest.param({"role": ["admin"]}, id="a list of roles"),
        pytest.param({"role": {"admin": 1}}, id="an object for a role"),
        pytest.param({"role": "driver"}, id="a driver without a name"),
        pytest.param({"role": "driver", "driver": "a b"}, id="a driver that is no id"),
        pytest.param({"role": "driver", "driver": 7}, id="a driver that is a number"),
        pytest.param({"role": "driver", "driver": ".."}, id="a driver that no address can name"),
        pytest.param({"sub": "\ud800"}, id="a subject that is half a character"),
        pytest.param({"aud": "another service"}, id="for another service"),
    ],
)
def test_claims_that_are_refused(changes: dict[str, Any]) -> None:
    # Times are made here: the parameters may be minutes old.
    changes = {name: claim(time.time()) if callable(claim) else claim for name, claim in changes.items()}
    with pytest.raises(Unauthenticated):
        authenticate(GUARDED, token(**changes))


FORGED = {
    "no algorithm": lambda payload: signed(payload, algorithm="none", secret=""),
    "no algorithm, in capitals": lambda payload: signed(payload, algorithm="NONE", secret=""),
    "no signature": lambda payload: signed(payload, secret=""),
    "another secret": lambda payload: signed(payload, secret="x" * 32),
    "another algorithm of the same secret": lambda payload: signed(payload, algorithm="HS512", digest="sha512"),
    "an asymmetric algorithm": lambda payload: signed(payload, algorithm="RS256"),
    "claims that were changed": lambda payload: _changed(signed(payload)),
    "no JSON": lambda payload: signed(payload[:-1]),
    "no object": lambda payload: signed(b"[1]"),
    "no UTF-8": lambda payload: signed(b"\xff\xfe"),
    "200 kB": lambda payload: signed(payload[:-1] + b',"x":"' + b"x" * 150_000 + b'"}'),
    "nothing": lambda payload: "",
    "two dots": lambda payload: "..",
    "beyond ASCII": lambda payload: signed(payload) + "é",
}


def _changed(good: str) -> str:
    header, _, signature = good.split(".")
    return f"{header}.{base64url(json.dumps(claims(role='admin')).encode())}.{signature}"


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_forged_tokens(forge: Callable[[bytes], str]) -> None:
    with pytest.raises(Unauthenticated):
        authenticate(GUARDED, forge(json.dumps(claims()).encode()))


def test_a_deeply_nested_claim_of_a_signed_token_does_no_harm() -> None:
    """Python before 3.14 counts levels and refuses it; later versions measure the stack, which has room for it."""
    with suppress(Unauthenticated):
        authenticate(
            GUARDED, signed(json.dumps(claims())[:-1].encode() + b',"x":' + b"[" * 1_400 + b"]" * 1_400 + b"}")
        )


def test_a_refusal_never_repeats_the_token() -> None:
    for forge in FORGED.values():
        forged = forge(json.dumps(claims(sub="a-telling-name")).encode())
        with pytest.raises(Unauthenticated) as error:
            authenticate(GUARDED, forged)
        assert not forged.strip(".") or forged not in str(error.value)
        assert "a-telling-name" not in str(error.value)


@pytest.mark.parametrize("secret", ["s", "s" * 31])
def test_a_short_secret_is_refused_at_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="at least 32 bytes"):
        Settings(jwt_secret=secret).check()


# At the socket -------------------------------------------------------------------------------------------------


def refused(hub: Edge, path: str = "/ws", headers: list[str] | None = None) -> Response:
    with Raw(hub.address) as raw:
        raw.send(handshake(path, headers or []))
        answer = raw.response()
        assert raw.ended() == b""
        assert answer.status >= 400
        return answer


def test_without_a_good_token_the_handshake_is_answered_401(hub: Edge) -> None:
    for headers in (
        [],
        [f"Authorization: Bearer {token(role='root')}"],
        ["Sec-WebSocket-Protocol: hub.v1, bearer.____"],
    ):
        answer = refused(hub, headers=headers)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert json.loads(answer.body)["title"] == "Unauthorized"


def test_an_open_hub_refuses_another_host_name(hub: Edge) -> None:
    opening = handshake().replace(b"Host: localhost", b"Host: hub.example:8080")
    with edge(msgspec.structs.replace(hub.settings, jwt_secret="")) as running, Raw(running.address) as raw:
        raw.send(opening)
        answer = raw.response()
    assert (answer.status, json.loads(answer.body)["title"]) == (403, "Forbidden")
    with Raw(hub.address) as raw:  # there a page has to know a token
        raw.send(opening)
        assert raw.response().status == 401


def test_a_token_in_the_url_is_ignored(hub: Edge) -> None:
    """URLs are logged everywhere."""
    for name in ("token", "access_token", "bearer"):
        assert refused(hub, f"/ws?{name}={token()}").status == 401


def test_a_huge_token_is_refused_before_verification(hub: Edge) -> None:
    assert refused(hub, headers=[f"Authorization: Bearer {'x' * 7_000}"]).status == 401
    assert refused(hub, headers=[f"Authorization: Bearer {'x' * 10_000}"]).status == 400
    assert refused(hub, headers=[f"Authorization: Bearer {'x' * 200_000}"]).status == 431


def test_a_browser_sends_its_token_as_a_subprotocol(hub: Edge) -> None:
    for offered in (token(), base64url(token().encode())):
        with Peer(hub.address, headers=[f"Sec-WebSocket-Protocol: hub.v1, bearer.{offered}"]) as page:
            # The token is not repeated in the answer.
            assert page.opened.headers["sec-websocket-protocol"] == "hub.v1"
            page.say({"type": "ping"})
            assert page.hear() == {"type": "pong"}


def test_a_page_of_another_site_may_use_its_token(hub: Edge) -> None:
    with Peer(hub.address, headers=["Origin: https://hub.example", f"Authorization: Bearer {token()}"]):
        pass


def test_a_guarded_hub_has_no_plain_connections(hub: Edge) -> None:
    with (
        Peer(hub.address, headers=[f"Authorization: Bearer {token()}"]) as silent,
        Peer(hub.address, headers=[f"Authorization: Bearer {token(role='driver', driver='d')}"]) as driver,
    ):
        driver.say({"latitude": 1, "longitude": 2, "msgNo": 1})
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        assert silent.hear_all() == []


def test_a_connection_ends_with_its_token(hub: Edge) -> None:
    """30 s after its expiry, the allowed clock difference: as long as it opens new connections."""
    expired = token(exp=time.time() - 29, iat=time.time() - 60)
    with (
        Peer(hub.address, headers=[f"Authorization: Bearer {token()}"]) as lasting,
        Peer(hub.address, headers=[f"Authorization: Bearer {expired}"]) as peer,
    ):
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
        assert peer.closed() == (4001, "token_expired")
        assert refused(hub, headers=[f"Authorization: Bearer {expired}"]).status == 401
        assert lasting.hear_all() == []
    until(lambda: hub.node.sockets.count == 0)


async def test_a_token_that_was_verified_before_is_checked_at_each_use(monkeypatch: pytest.MonkeyPatch) -> None:
    identity = Identity(GUARDED)
    known, driver = token(role="driver", driver="d"), ("f", "d")
    principal = await identity.principal(known)
    verified = list[str]()
    monkeypatch.setattr("hub.identity.identity.authenticate", lambda settings, token: verified.append(token))
    assert await identity.principal(known) == principal
    assert verified == []
    identity.directory.drivers.add(driver)
    with pytest.raises(Unauthenticated, match="disabled"):
        await identity.principal(known)
    identity.directory.drivers.discard(driver)
    assert await identity.principal(known) == principal


async def test_a_token_that_was_verified_before_expires() -> None:
    identity = Identity(GUARDED)
    now = time.time()
    short = token(iat=now - 60, exp=now - 28.5)
    assert (await identity.principal(short)).role is Role.DISPATCHER
    await asyncio.sleep(2)
    with pytest.raises(Unauthenticated, match="Expired"):
        await identity.principal(short)


async def test_the_verified_tokens_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.identity.identity.VERIFIED", 3)
    identity = Identity(GUARDED)
    tokens = [token(sub=f"user-{number}") for number in range(5)]
    for each in (*tokens[:3], tokens[0], *tokens[3:]):
        await identity.principal(each)
    assert list(identity._verified) == [tokens[0], *tokens[3:]]
