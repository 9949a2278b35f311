"""Keys of an identity provider: fetched in the background, kept while it is unavailable, found by a token's ``kid``.

The type of the key determines the algorithm. Keys come only from the URL in the settings: ``jku``, ``x5u`` and ``jwk``
in a token's header are ignored.
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
"""Type and curve of a key -> algorithm of its signatures. Shared secrets (``oct``) are refused, because a key set is
public."""

SMALLEST_RSA = 2_048
"""Bits (RFC 7518, section 3.3)."""

MOST_BYTES = 262_144
"""Size of a key set: a hundred keys with certificates fit."""

TIMEOUT = 5.0

COOLDOWN = 2.0
"""Seconds between two fetches, however many tokens name unknown keys. Bounds the requests to the provider that
a stranger can cause."""

PATIENCE = 6.0
"""Seconds that a token with an unknown key waits for the key set: a cooldown, and a fetch."""

RETRY = 10.0
"""Seconds between two background fetches while the provider is unavailable."""

FAILED = (OSError, http.client.HTTPException, ValueError, RecursionError)


class Keys:
    """The provider's keys. ``run`` keeps them current: a withdrawn key stays valid for at most ``refresh`` seconds."""

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
        """The key with this id. An unknown one causes a fetch: it may be new.

        Raises ``Unauthenticated`` when the provider does not have the key, ``Undecided`` when it is unavailable.
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
        raise Unauthenticated("the token is refused: its key is not in the identity provider's key set")

    async def run(self) -> None:
        """Fetch the keys regularly until cancelled."""
        while True:
            await self._fetch()
            await asyncio.sleep(self._refresh if self.reachable else min(RETRY, self._refresh))

    async def _fetch_again(self) -> None:
        await asyncio.sleep(self._ended + COOLDOWN - asyncio.get_running_loop().time())
        # Later callers may need a key that this fetch is too early for.
        self._next = None
        await self._fetch()

    async def _fetch(self) -> None:
        """Fetch the key set, or wait for a fetch that is running."""
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
    """Parameters of a key (RFC 7517, section 4)."""

    kid: str
    kty: str
    crv: str | None = None
    alg: str | None = None
    use: str = "sig"
    key_ops: tuple[str, ...] = ("verify",)
    d: str | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: their target could supply forged keys."""

    def redirect_request(self, *_: Any) -> None:
        return None


def download(url: str) -> bytes:
    """The body at a URL. Raises one of ``FAILED``, also for a large or slow answer and a redirect."""
    headers = {"accept": "application/jwk-set+json, application/json", "user-agent": f"location-hub/{__version__}"}
    opener = urllib.request.build_opener(_NoRedirect)
    deadline = time.monotonic() + TIMEOUT
    body = b""
    with opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT) as response:
        while part := response.read1(65_536):
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError(f"the key set is longer than {MOST_BYTES} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"the key set takes longer than {TIMEOUT} s")
    return body


def parse(body: bytes) -> tuple[dict[str, jwt.PyJWK], int]:
    """``kid`` -> key of a JSON Web Key Set, and the number of its unusable keys.

    Raises ``ValueError`` for an invalid set, and for one without a usable key: that must be a mistake of the provider,
    and the previous keys stay.
    """
    document = json.loads(body)
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("not a JSON Web Key Set")
    keys: dict[str, jwt.PyJWK] = {}
    twice: set[str] = set()
    for data in listed:
        key = _usable(data)
        if key is None or key.key_id is None:
            continue
        if key.key_id in keys:
            twice.add(key.key_id)
        keys[key.key_id] = key
    # Two keys with one id are ambiguous.
    for kid in twice:
        del keys[kid]
    if not keys:
        raise ValueError("the key set has no usable key")
    return keys, len(listed) - len(keys)


def _usable(data: Any) -> jwt.PyJWK | None:
    """A public signature key of a supported type; None for anything else."""
    try:
        parameters = msgspec.convert(data, _Jwk)
    except msgspec.ValidationError:
        return None
    algorithm = ALGORITHMS.get((parameters.kty, None if parameters.kty == "RSA" else parameters.crv))
    verifies = parameters.use == "sig" and "verify" in parameters.key_ops
    # A published private key is compromised.
    if algorithm is None or (parameters.alg or algorithm) != algorithm or not verifies or parameters.d is not None:
        return None
    try:
        key = jwt.PyJWK(data, algorithm)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if algorithm == "RS256" and key.key.key_size < SMALLEST_RSA else key
