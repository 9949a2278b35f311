"""Keys of an identity provider: accepted keys, fetching, and rotation."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest

from hub.embedded.services import Services
from hub.identity import provider as jwks
from hub.identity.provider import FAILED, Keys, download, parse
from hub.identity.tokens import Unauthenticated, Undecided
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, claims, token
from tests.support.api.calls import get
from tests.support.api.provider import AUDIENCE, ISSUER, Key, Provider, key_set, provider
from tests.support.running import edge, until

RSA, ED, EC = Key("rsa"), Key("ed", "EdDSA"), Key("ec", "ES256")


@pytest.fixture
def idp() -> Iterator[Provider]:
    with provider() as running:
        running.serve(RSA, ED, EC)
        yield running


def test_keys_of_three_types() -> None:
    keys, unusable = parse(key_set(RSA.jwk(), ED.jwk(), EC.jwk()))
    assert {kid: key.algorithm_name for kid, key in keys.items()} == {"rsa": "RS256", "ed": "EdDSA", "ec": "ES256"}
    assert unusable == 0


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"kty": "oct", "k": "c2VjcmV0" * 8, "kid": "x"}, id="a shared secret"),
        pytest.param(
            {"kty": "oct", "k": "c2VjcmV0" * 8, "kid": "x", "alg": "HS256"}, id="a shared secret that says so"
        ),
        pytest.param(RSA.jwk(kid="x", alg="HS256"), id="a public key for HS256"),
        pytest.param(RSA.jwk(kid="x", alg="none"), id="no algorithm"),
        pytest.param(RSA.jwk(kid="x", alg="RS512"), id="another algorithm"),
        pytest.param(RSA.jwk(kid="x", use="enc"), id="for encryption"),
        pytest.param(RSA.jwk(kid="x", key_ops=["encrypt"]), id="for encrypting"),
        pytest.param(RSA.jwk(kid="x", private=True), id="a private key"),
        pytest.param(RSA.jwk(kid=None), id="no name"),
        pytest.param(RSA.jwk(kid=7), id="a number for a name"),
        pytest.param({**RSA.jwk(), "kid": "x", "n": "AQAB"}, id="a tiny modulus"),
        pytest.param({**RSA.jwk(), "kid": "x", "n": 7}, id="a modulus that is no text"),
        pytest.param(Key("x", bits=1_024).jwk(), id="1,024 bits"),
        pytest.param(Key("x", "ES384").jwk(), id="another curve"),
        pytest.param({"kty": ["RSA"], "kid": "x"}, id="a list of types"),
        pytest.param({"kty": "RSA", "kid": "x"}, id="nothing in it"),
        pytest.param({**ED.jwk(), "kid": "x", "x": "AA"}, id="a point that is none"),
        pytest.param("rsa", id="a text"),
        pytest.param(None, id="null"),
    ],
)
def test_unusable_keys_are_left_out(bad: Any) -> None:
    keys, unusable = parse(json.dumps({"keys": [bad, ED.jwk()]}).encode())
    assert (list(keys), unusable) == (["ed"], 1)


def test_two_keys_of_one_name() -> None:
    keys, unusable = parse(key_set(RSA.jwk(), Key("ed", "EdDSA").jwk(), ED.jwk()))
    assert (list(keys), unusable) == (["rsa"], 2)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"keys": {}}', b'{"keys": []}', b"\xff", b"[" * 100_000, b'{"keys": [null]}', b"<html>"],
)
def test_an_invalid_key_set(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        parse(body)


def endless(connection: Any) -> None:
    connection.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        while True:
            connection.write(b" " * 65_536)
    except OSError:
        pass


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((404, {}, b""), id="404"),
        pytest.param((302, {"Location": "/elsewhere"}, b""), id="a redirect"),
        pytest.param((302, {"Location": "file:///etc/hostname"}, b""), id="a redirect to a file"),
        pytest.param((200, {}, b" " * 300_000), id="300 kB"),
        pytest.param(endless, id="without an end"),
        pytest.param(lambda connection: connection.write(b"rubbish\r\n\r\n"), id="no HTTP"),
    ],
)
def test_refused_answers(idp: Provider, answer: Any) -> None:
    idp.answer = answer
    with pytest.raises(FAILED):
        download(idp.url)
    assert idp.asked == 1


def test_a_slow_provider(idp: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwks, "TIMEOUT", 0.3)

    def drip(connection: Any) -> None:
        connection.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(600):
                connection.write(b" ")
                time.sleep(0.1)
        except OSError:
            pass

    idp.answer = drip
    with pytest.raises(FAILED):
        download(idp.url)


async def test_many_tokens_with_unknown_keys_cause_one_fetch(idp: Provider) -> None:
    keys = Keys(idp.url, 300)
    assert (await keys.find("rsa")).algorithm_name == "RS256"
    assert idp.asked == 1
    answers = await asyncio.gather(*(keys.find(f"unknown-{n}") for n in range(200)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unauthenticated}
    assert idp.asked == 2


async def test_an_unknown_key_does_not_delay_known_ones(idp: Provider) -> None:
    keys = Keys(idp.url, 300)
    await keys.find("rsa")
    waiting = asyncio.create_task(keys.find("unknown"))
    await asyncio.sleep(0)
    await keys.find("ed")
    assert not waiting.done() and idp.asked == 1
    waiting.cancel()


async def test_a_token_with_a_new_key_causes_a_fetch(idp: Provider) -> None:
    keys, new = Keys(idp.url, 300), Key("new", "EdDSA")
    await keys.find("rsa")
    idp.serve(RSA, new)
    # Somebody else's rubbish has just had us ask, too early: the next fetch is waited for.
    first = asyncio.create_task(keys.find("rubbish"))
    assert (await keys.find("new")).key_id == "new"
    with pytest.raises(Unauthenticated):
        await first


async def test_the_provider_becomes_unavailable(idp: Provider) -> None:
    keys = Keys(idp.url, 0.05)
    running = asyncio.create_task(keys.run())
    try:
        await keys.find("rsa")
        for broken in ((500, {}, b""), (200, {}, b'{"keys":[]}')):
            idp.answer, before = broken, keys.fetches
            while keys.fetches < before + 3:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            assert keys.reachable is False
            assert (await keys.find("rsa")).key_id == "rsa"
            # Perhaps it is new: who knows.
            with pytest.raises(Undecided):
                await keys.find("unknown")
        idp.serve(ED)
        async with asyncio.timeout(60):
            while "rsa" in keys.keys:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert list(keys.keys) == ["ed"]
    finally:
        running.cancel()


def guarded(services: Services, **settings: Any) -> Settings:
    return Settings(
        port=0, redis_url=services.settings.redis_url, database_url="postgresql://127.0.0.1:1/none", **settings
    )


class Load:
    """Requests with good tokens from several threads all the time. ``failed`` should stay empty."""

    def __init__(self, hub: Any, sign: Callable[[], str]) -> None:
        self.hub, self.sign = hub, sign
        self.done = 0
        self.failed: list[Any] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(4)]

    def _run(self) -> None:
        while not self._stop.is_set():
            answer = get(self.hub, "/api/v1/drivers", self.sign())
            if answer.status != 200:
                self.failed.append(answer)
            self.done += 1
            time.sleep(0.02)  # below what one address may ask a second

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def go_on(self, count: int = 50) -> None:
        target = self.done + count
        until(lambda: self.done >= target)


def test_keys_rotate_under_load(services: Services, idp: Provider) -> None:
    old, new = Key("old"), Key("new", "EdDSA")
    idp.serve(old)
    settings = guarded(
        services, jwks_url=idp.url, jwt_issuer=ISSUER, jwt_audience=AUDIENCE, jwt_secret=SECRET, jwks_refresh=0.2
    )
    signing = [old]
    with edge(settings) as hub, Load(hub, lambda: signing[0].token()) as load:
        keys = hub.node.identity.keys
        load.go_on()
        idp.serve(old, new)
        signing[0] = new  # at once: the hub has not seen the key
        load.go_on()
        idp.serve(new)
        until(lambda: list(keys.keys) == ["new"])
        load.go_on()
        assert load.failed == []
        assert get(hub, "/api/v1/drivers", old.token()).status == 401
        assert get(hub, "/api/v1/drivers", token()).status == 200  # the hub's own
    assert load.failed == []


def test_the_secret_changes_under_load(services: Services) -> None:
    """A second hub has the new secret while the first still runs: both accept the tokens of both."""
    next_secret = "the next secret, also of at least 32 bytes"
    before = token()
    first = guarded(services, jwt_secret=SECRET)
    second = guarded(services, jwt_secret=next_secret, jwt_secret_previous=SECRET)
    with edge(second) as hub, Load(hub, lambda: before) as load:
        with edge(first) as other:
            assert get(other, "/api/v1/drivers", before).status == 200
            load.go_on()
        load.go_on()
        load.sign = lambda: signed_by(next_secret)
        load.go_on()
    assert load.failed == []
    with edge(guarded(services, jwt_secret=next_secret)) as hub:
        assert get(hub, "/api/v1/drivers", signed_by(next_secret)).status == 200
        assert get(hub, "/api/v1/drivers", before).status == 401


def signed_by(secret: str) -> str:
    return jwt.encode(claims(), secret, "HS256")
