"""The hub as a client of an OpenID Connect provider: discovery, keys, and the exchange of codes for ID tokens."""

from __future__ import annotations

import asyncio
import base64
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec
from msgspec import Struct

from hub import __version__
from hub.identity.oidc.attempt import Attempt
from hub.identity.oidc.id_token import Person, Refused, claims_of, kid_of, person_of
from hub.identity.provider import Keys
from hub.identity.tokens import Unauthenticated, Undecided
from hub.logs import Action, get_logger
from hub.settings import Settings, is_loopback

if TYPE_CHECKING:
    import aiohttp

log = get_logger()

DISCOVERY = "/.well-known/openid-configuration"

TIMEOUT = 5.0
"""Seconds for an answer of the provider."""

MOST_BYTES = 262_144
"""Size of an answer, as of key sets."""

RETRY = 5.0
"""Seconds after a failed discovery in which logins are refused at once: any client can begin logins."""

ERROR = re.compile(r"[a-z_]{1,40}\Z")
"""A code of an error, such as `invalid_grant`; other texts are not logged."""


class Unavailable(Exception):
    """The provider does not answer, or not as a provider does. The message says why, without a URL's query."""


class Metadata(Struct, frozen=True):
    """What discovery says (OpenID Connect Discovery 1.0, section 3, and RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Known(Struct, frozen=True):
    """The metadata with the keys that they lead to, and when they were read, in monotonic seconds."""

    metadata: Metadata
    keys: Keys
    read: float


class Client:
    """One provider. It is read when a login needs it, and again after ``jwks_refresh``: a key that it has withdrawn is
    not accepted for longer."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._known: Known | None = None
        self._failed = float("-inf")
        self._reading = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """Raises ``Unavailable``."""
        return (await self._current()).metadata

    async def authorization_url(self, attempt: Attempt) -> str:
        """Where a browser logs in. Raises ``Unavailable``."""
        endpoint = (await self.metadata()).authorization_endpoint
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": attempt.redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return _with_query(endpoint, query)

    async def logout_url(self, back: str, hint: str | None) -> str | None:
        """Where a browser logs out (RP-Initiated Logout 1.0); None if the provider has no such page. Raises
        ``Unavailable``."""
        endpoint = (await self.metadata()).end_session_endpoint
        if endpoint is None:
            return None
        query = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": back}
        return _with_query(endpoint, query | ({} if hint is None else {"id_token_hint": hint}))

    async def check_issuer(self, given: str | None) -> None:
        """Check the parameter ``iss`` of an answer (RFC 9207): an answer of another provider must not bring its code
        here. Raises ``Refused`` and ``Unavailable``."""
        metadata = await self.metadata()
        if given is None and metadata.authorization_response_iss_parameter_supported:
            raise Refused("the answer has no iss, which this provider always sends")
        if given is not None and given != metadata.issuer:
            raise Refused("the answer is of another provider: its iss differs")

    async def person(self, code: str, attempt: Attempt) -> tuple[Person, str]:
        """The person of a code, and the ID token. Raises ``Refused`` and ``Unavailable``."""
        known = await self._current()
        try:
            token = await self._exchange(known.metadata, code, attempt)
            try:
                key = await known.keys.find(kid_of(token))
            except Unauthenticated as error:
                raise Refused("the ID token is signed with a key that the provider does not publish") from error
            except Undecided as error:
                raise Unavailable("the key set cannot be read") from error
        except Unavailable as error:
            log.warning(Action.OIDC_UNAVAILABLE, problem=str(error))
            raise
        claims = claims_of(
            token,
            key,
            issuer=known.metadata.issuer,
            client_id=self._settings.oidc_client_id,
            nonce=attempt.nonce,
        )
        return person_of(self._settings, claims), token

    async def _current(self) -> Known:
        async with self._reading:
            now, known = time.monotonic(), self._known
            if known is not None and now - known.read < self._settings.jwks_refresh:
                return known
            if now - self._failed < RETRY:
                raise Unavailable("the provider did not answer a moment ago")
            try:
                metadata = await self._discover()
            except Unavailable as error:
                self._failed = time.monotonic()
                log.warning(Action.OIDC_UNAVAILABLE, problem=str(error))
                raise
            self._known = Known(metadata, Keys(metadata.jwks_uri, self._settings.jwks_refresh), time.monotonic())
            return self._known

    async def _discover(self) -> Metadata:
        issuer = self._settings.oidc_issuer
        status, body = await _request("GET", issuer.rstrip("/") + DISCOVERY)
        if status != 200:
            raise Unavailable(f"discovery answers with status {status}")
        try:
            metadata = msgspec.json.decode(body, type=Metadata)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unavailable("discovery does not answer with the metadata of a provider") from error
        if metadata.issuer != issuer:
            raise Unavailable("discovery names another issuer than HUB_OIDC_ISSUER, which must be equal to the letter")
        endpoints = {
            "authorization_endpoint": metadata.authorization_endpoint,
            "token_endpoint": metadata.token_endpoint,
            "jwks_uri": metadata.jwks_uri,
            "end_session_endpoint": metadata.end_session_endpoint or metadata.token_endpoint,
        }
        local = urlsplit(issuer).scheme == "http"
        for name, url in endpoints.items():
            if not _usable(url, local):
                raise Unavailable(f"discovery has a {name} that is not an https URL")
        return metadata

    async def _exchange(self, metadata: Metadata, code: str, attempt: Attempt) -> str:
        """The ID token for a code."""
        client_id, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": attempt.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        headers = {}
        if secret and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            # Both parts are form-encoded first (RFC 6749, section 2.3.1).
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
            headers["authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        status, body = await _request("POST", metadata.token_endpoint, form, headers)
        try:
            answer = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Unavailable(f"the token endpoint answers with status {status}, and not with JSON") from error
        answer = answer if isinstance(answer, dict) else {}
        if status >= 500:
            raise Unavailable(f"the token endpoint answers with status {status}")
        if status != 200:
            given = answer.get("error")
            reason = given if isinstance(given, str) and ERROR.match(given) else f"status {status}"
            raise Refused(f"the provider refuses the code: {reason}")
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Refused("the provider answers without an ID token: is openid among HUB_OIDC_SCOPES?")
        return token


async def _request(
    method: str, url: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body. Redirects are not followed: their target could be another provider. Raises ``Unavailable``."""
    # Most hubs have no provider: they need not load an HTTP client.
    import aiohttp

    own = {"accept": "application/json", "user-agent": f"location-hub/{__version__}"}
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            ) as session,
            session.request(method, url, data=form, headers=own | (headers or {}), allow_redirects=False) as answer,
        ):
            return answer.status, await _body(answer)
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        # The text of an error may have a URL.
        raise Unavailable(f"{urlsplit(url).netloc} cannot be reached: {type(error).__name__}") from error


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for part in answer.content.iter_chunked(65_536):
        body += part
        if len(body) > MOST_BYTES:
            raise Unavailable(f"the provider sends more than {MOST_BYTES} bytes")
    return body


def _usable(url: str, local: bool) -> bool:
    """Whether an endpoint may be used: https, and at an issuer on this machine also http on loopback."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (local and parts.scheme == "http" and is_loopback(parts.hostname or ""))
    except ValueError:
        return False
    return secure and bool(parts.hostname) and not parts.fragment and url.isprintable() and " " not in url


def _with_query(url: str, query: dict[str, Any]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"
