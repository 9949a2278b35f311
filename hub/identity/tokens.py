"""Tokens (JWT): issuing them, and verifying those of handshakes and requests, more strictly than PyJWT alone."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jwt

from hub.core.audit import ISSUED
from hub.core.nouns import ID_PATTERN
from hub.core.principal import Principal, Role
from hub.settings import Settings

MAX_TOKEN_BYTES = 4096
"""Tokens of the hub have 250 bytes, those of identity providers 2,000."""

SUBPROTOCOL = "hub.v1"
CLOCKS = 30
"""Seconds that the issuer's clock may differ from the hub's."""

PHONE_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}\Z")
"""Cannot be a JWT, which is longer and contains dots."""

API_KEY = re.compile(r"hub_[A-Za-z0-9_-]{37,1000}\Z")
"""Longer than a phone token, and without the dots of a JWT. A key has 43 characters after the first four; longer and
shorter texts are looked up too, so that the answer speaks of an API key."""

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
"""A signed JWT (RFC 7515, section 3.1). Python's base64 ignores other characters, so that many texts would be valid for
one token."""

_REFUSED = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)
"""Exceptions of PyJWT for malformed tokens."""


class Unauthenticated(ValueError):
    """Missing or invalid token. The message is safe to show."""


class Undecided(Exception):
    """A token cannot be verified, because a service is unavailable. The message is safe to show. The answer is 503:
    after 401 a client deletes its token."""


def issue(
    settings: Settings,
    fleet: str,
    role: str,
    subject: str,
    lifetime: int,
    *,
    driver: str | None = None,
    session: str | None = None,
    id: str | None = None,
    groups: Iterable[str] | None = None,
) -> str:
    """A token of ``lifetime`` seconds, signed with ``jwt_secret``, which must be set. ``id``: with which it can be
    revoked, once it is registered."""
    now = int(time.time())
    claims: dict[str, object | None] = {
        "sub": subject,
        "fleet": fleet,
        "role": role,
        "driver": driver,
        "sid": session,
        "jti": id,
        "groups": None if groups is None else sorted(groups),
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({**claims, "iat": now, "exp": now + lifetime}, settings.jwt_secret, algorithm="HS256")


def authenticate(settings: Settings, token: str | None) -> Principal:
    """The principal of a token signed by the hub; on an open hub that of all clients. Raises ``Unauthenticated``."""
    if settings.open:
        return Principal(settings.default_fleet, Role.OPEN)
    if token is None:
        raise Unauthenticated("a token is required")
    header_of(token)
    refused = Unauthenticated("the token is refused: this hub accepts tokens of its identity provider only")
    for secret in filter(None, (settings.jwt_secret, settings.jwt_secret_previous)):
        try:
            return _principal(settings, _claims(token, secret, "HS256"))
        except Unauthenticated as error:
            refused = error
            if not isinstance(error.__cause__, jwt.InvalidSignatureError):
                break
    raise refused


def authenticate_by_key(settings: Settings, key: jwt.PyJWK, token: str) -> Principal:
    """The principal of a token signed by an identity provider. Raises ``Unauthenticated``.

    The key determines the algorithm; the header of the token must name the same one, and has no other effect.
    """
    claims = _claims(
        token, key, key.algorithm_name, issuer=settings.jwt_issuer, audience=settings.jwt_audience, also=["iss", "aud"]
    )
    # They would name a session and a token of the provider, not of the hub.
    claims.pop("sid", None)
    claims.pop("jti", None)
    return _principal(settings, claims)


def header_of(token: str) -> dict[str, Any]:
    """The unverified header of a signed JWT. Raises ``Unauthenticated`` for any other text."""
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated(f"the token is longer than {MAX_TOKEN_BYTES} bytes")
    if not _COMPACT.match(token):
        raise Unauthenticated("the token is not a signed JWT")
    try:
        return jwt.get_unverified_header(token)
    except _REFUSED as error:
        raise Unauthenticated(f"the token is refused: {type(error).__name__}") from error


def _claims(
    token: str, key: str | jwt.PyJWK, algorithm: str, also: Iterable[str] = (), **expected: str
) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            leeway=CLOCKS,
            options={"require": ["exp", "iat", "sub", *also]},
            **expected,  # type: ignore[arg-type]
        )
    except _REFUSED as error:
        raise Unauthenticated(f"the token is refused: {type(error).__name__}") from error
    return claims


def _instant(value: object) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass  # an integer of 400 digits
    raise Unauthenticated("exp and iat must be numbers")


def _principal(settings: Settings, claims: dict[str, Any]) -> Principal:
    expires, issued = _instant(claims["exp"]), _instant(claims["iat"])
    if not 0 < expires - issued <= settings.jwt_max_lifetime:
        raise Unauthenticated(f"exp must be after iat, by at most {settings.jwt_max_lifetime:.0f} seconds")
    if expires <= datetime.now(UTC).timestamp() - CLOCKS:
        raise Unauthenticated("the token is refused: ExpiredSignatureError")
    fleet, role, driver = claims.get("fleet"), claims.get("role"), claims.get("driver")
    if not isinstance(fleet, str) or not ID_PATTERN.match(fleet):
        raise Unauthenticated("the claim fleet is missing or not a valid id")
    if role not in (Role.DRIVER, Role.GATEWAY, Role.DISPATCHER, Role.ADMIN):  # a tuple: the claim may be unhashable
        raise Unauthenticated("the claim role is missing or unknown")
    if role == Role.DRIVER and (not isinstance(driver, str) or not ID_PATTERN.match(driver)):
        raise Unauthenticated("the claim driver is missing or not a valid id")
    try:
        claims["sub"].encode()
    except UnicodeEncodeError as error:  # a lone surrogate, which cannot be stored or sent
        raise Unauthenticated("the claim sub is not valid Unicode") from error
    session = claims.get("sid")
    if session is not None and (not isinstance(session, str) or not ID_PATTERN.match(session)):
        raise Unauthenticated("the claim sid is not a valid id")
    groups = claims.get("groups")
    if groups is not None and not (
        isinstance(groups, list) and all(isinstance(name, str) and ID_PATTERN.match(name) for name in groups)
    ):
        raise Unauthenticated("the claim groups must be a list of ids")
    limited = frozenset(groups) if groups is not None and role == Role.DISPATCHER else None
    # A connection ends when a new one would be refused. If it ended earlier, clients would reconnect at once.
    ends = expires + CLOCKS
    # Other programs with the secret may use ids of another form; only those of `hub token` can be revoked.
    id = claims.get("jti")
    credential = ISSUED + id if isinstance(id, str) else None
    driver = driver if role == Role.DRIVER else None
    return Principal(fleet, Role(role), claims["sub"], driver, ends, session, credential, limited)
