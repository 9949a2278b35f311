"""Keys of an identity provider: fetched in the background, kept while it is away, found by the ``kid`` of a token.

What decides is the key, never the token: its type says which algorithm is verified, and it comes from the one address
in the settings, whatever ``jku``, ``x5u`` or ``jwk`` a token's header names.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import time
import urllib.request
from typing import Any

import jwt
import msgspec
from msgspec import Struct

from hub import __version__
from hub.identity.tokens import Unauthenticated, Undecided
from hub.logs import Action, get_logger

log = get_logger()

ALGORITHMS = {("RSA", None): "RS256", ("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256"}
"""Type and curve of a key -> what its signatures are verified with. A shared secret (``oct``) has no place in a set
that everybody can read."""

SMALLEST_RSA = 2_048
"""Bits (RFC 7518, section 3.3)."""

MOST_BYTES = 262_144
"""Of a set: a hundred keys with their certificates."""

TIMEOUT = 5.0

COOLDOWN = 2.0
"""Seconds between two fetches, however many tokens name keys that nobody has: what a stranger can make us ask of the
provider."""

PATIENCE = 6.0
"""Seconds that a token with an unknown key waits for the set: a cooldown, and a fetch."""

RETRY = 10.0
"""Seconds between two fetches in the background while the provider is away."""

FAILED = (OSError, http.client.HTTPException, ValueError, RecursionError)


class Keys:
    """The provider's keys. ``run`` keeps them fresh: what it no longer has is good for ``refresh`` seconds more."""

    def __init__(self, url: str, refresh: float) -> None:
        self._url, self._refresh = url, refresh
        self.keys: dict[str, jwt.PyJWK] = {}
        self.fetches = 0
        # None before the first fetch has ended.
        self.reachable: bool | None = None
        self._ended = float("-inf")
        self._flight: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> jwt.PyJWK:
        """The key of that name. One that is unknown is looked for at the provider first: it may be new.

        Raises ``Unauthenticated`` when the provider has no such key, ``Undecided`` when it cannot be asked.
        """
        key = self.keys.get(kid)
        try:
            async with asyncio.timeout(PATIENCE):
                if key is None and self._flight is not None:
                    await asyncio.shield(self._flight)
                    key = self.keys.get(kid)
                if key is None:
                    self._next = self._next or asyncio.create_task(self._fetch_again())
                    await asyncio.shield(self._next)
                    key = self.keys.get(kid)
        except TimeoutError:
            pass
        if key is not None:
            return key
        if not self.reachable:
            raise Undecided("the identity provider does not answer")
        raise Unauthenticated("the token is refused: the identity provider has no such key")

    async def run(self) -> None:
        """Fetch the keys now and then until cancelled."""
        while True:
            await self._fetch()
            await asyncio.sleep(self._refresh if self.reachable else min(RETRY, self._refresh))

    async def _fetch_again(self) -> None:
        await asyncio.sleep(self._ended + COOLDOWN - asyncio.get_running_loop().time())
        # Who comes from here on may know of a key that this fetch is too early for.
        self._next = None
        await self._fetch()

    async def _fetch(self) -> None:
        """Fetch the set, or wait for who does."""
        if self._flight is None:
            self._flight = asyncio.create_task(self._fly())
        await asyncio.shield(self._flight)

    async def _fly(self) -> None:
        try:
            self.fetches += 1
            keys, unusable = parse(await asyncio.to_thread(download, self._url))
        except FAILED as error:
            if self.reachable is not False:
                log.warning(Action.KEYS_UNAVAILABLE, error=type(error).__name__)
            self.reachable = False
        else:
            if keys.keys() != self.keys.keys() or not self.reachable:
                log.info(Action.KEYS_CHANGED, count=len(keys), unusable=unusable)
            self.keys, self.reachable = keys, True
        finally:
            self._ended = asyncio.get_running_loop().time()
            self._flight = None


class _Jwk(Struct):
    """What a key says of itself (RFC 7517, section 4)."""

    kid: str
    kty: str
    crv: str | None = None
    alg: str | None = None
    use: str = "sig"
    key_ops: tuple[str, ...] = ("verify",)
    d: str | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Whoever can redirect us could name the keys."""

    def redirect_request(self, *_: Any) -> None:
        return None


def download(url: str) -> bytes:
    """What is at an address. Raises one of ``FAILED``, also for what is large, slow or somewhere else."""
    headers = {"accept": "application/jwk-set+json, application/json", "user-agent": f"location-hub/{__version__}"}
    opener = urllib.request.build_opener(_NoRedirect)
    deadline = time.monotonic() + TIMEOUT
    body = b""
    with opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT) as response:
        while part := response.read1(65_536):
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("the key set is too large")
            if time.monotonic() > deadline:
                raise TimeoutError("the key set is too slow")
    return body


def parse(body: bytes) -> tuple[dict[str, jwt.PyJWK], int]:
    """``kid`` -> key of a JSON Web Key Set, and how many of its keys we cannot use. Raises ``ValueError`` for what is
    no set, or has none that we can: a provider that signs has a key, so that is a mistake, and the old ones stay."""
    document = json.loads(body)
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("no key set")
    keys: dict[str, jwt.PyJWK] = {}
    twice: set[str] = set()
    for data in listed:
        key = _usable(data)
        if key is None or key.key_id is None:
            continue
        if key.key_id in keys:
            twice.add(key.key_id)
        keys[key.key_id] = key
    # Which of two keys of one name is meant is anybody's guess.
    for kid in twice:
        del keys[kid]
    if not keys:
        raise ValueError("no key of the set can be used")
    return keys, len(listed) - len(keys)


def _usable(data: Any) -> jwt.PyJWK | None:
    """A public key for signatures of a type that we verify, with a name; None for anything else."""
    try:
        said = msgspec.convert(data, _Jwk)
    except msgspec.ValidationError:
        return None
    algorithm = ALGORITHMS.get((said.kty, None if said.kty == "RSA" else said.crv))
    meant = said.use == "sig" and "verify" in said.key_ops
    # A private key that is published is everybody's.
    if algorithm is None or (said.alg or algorithm) != algorithm or not meant or said.d is not None:
        return None
    try:
        key = jwt.PyJWK(data, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if algorithm == "RS256" and key.key.key_size < SMALLEST_RSA else key
