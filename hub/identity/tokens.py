"""Who is calling: the token of a handshake or request, checked beyond what PyJWT checks by itself."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import jwt

from hub.core.nouns import ID_PATTERN
from hub.core.principal import Principal, Role
from hub.settings import Settings

MAX_TOKEN_BYTES = 4096
"""Ours have 250 bytes, an identity provider's two thousand."""

SUBPROTOCOL = "hub.v1"
CLOCKS = 30
"""Seconds that the issuer's clock may be off."""

PHONE_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}\Z")
"""Shorter than any JWT, and without its dots."""

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")
"""A signed JWT (RFC 7515, section 3.1). Python's base64 would pass over other characters, and take many texts for one
token."""

_REFUSED = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)
"""What PyJWT raises for tokens that are made to be strange."""


class Unauthenticated(ValueError):
    """No token, or one that we do not take; the message is safe to show."""


class Undecided(Exception):
    """What it takes to know whether a token is good is away now; the message is safe to show. 503, never 401: who is
    told 401 throws the token away."""


def authenticate(settings: Settings, token: str | None) -> Principal:
    """The principal of a token that we signed, or everybody on an open hub. Raises ``Unauthenticated``."""
    if settings.open:
        return Principal(settings.default_fleet, Role.OPEN)
    if token is None:
        raise Unauthenticated("a token is needed")
    header_of(token)
    refused = Unauthenticated("the token is refused: there is no secret that it could be signed with")
    for secret in filter(None, (settings.jwt_secret, settings.jwt_secret_previous)):
        try:
            return _principal(settings, _claims(token, secret, "HS256"))
        except Unauthenticated as error:
            refused = error
            if not isinstance(error.__cause__, jwt.InvalidSignatureError):
                break
    raise refused


def authenticate_by_key(settings: Settings, key: jwt.PyJWK, token: str) -> Principal:
    """The principal of a token that an identity provider signed. Raises ``Unauthenticated``.

    The key says which algorithm is verified: what the token's header says must be the same, and has no other effect.
    """
    claims = _claims(
        token, key, key.algorithm_name, issuer=settings.jwt_issuer, audience=settings.jwt_audience, also=["iss", "aud"]
    )
    # A session of the provider's is none of ours.
    claims.pop("sid", None)
    return _principal(settings, claims)


def header_of(token: str) -> dict[str, Any]:
    """The header of a signed JWT, which nobody has verified. Raises ``Unauthenticated`` for what is none."""
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated("the token is too long")
    if not _COMPACT.match(token):
        raise Unauthenticated("the token is no signed JWT")
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
        raise Unauthenticated("the token's lifetime is out of bounds")
    if expires <= datetime.now(UTC).timestamp() - CLOCKS:
        raise Unauthenticated("the token is refused: ExpiredSignatureError")
    fleet, role, driver = claims.get("fleet"), claims.get("role"), claims.get("driver")
    if not isinstance(fleet, str) or not ID_PATTERN.match(fleet):
        raise Unauthenticated("the claim fleet is missing or no id")
    if role not in (Role.DRIVER, Role.GATEWAY, Role.DISPATCHER, Role.ADMIN):  # a tuple: the claim may be anything
        raise Unauthenticated("the claim role is missing or unknown")
    if role == Role.DRIVER and (not isinstance(driver, str) or not ID_PATTERN.match(driver)):
        raise Unauthenticated("the claim driver is missing or no id")
    try:
        claims["sub"].encode()
    except UnicodeEncodeError as error:  # half of a character, which nobody could store or send on
        raise Unauthenticated("the claim sub is no text") from error
    session = claims.get("sid")
    if session is not None and (not isinstance(session, str) or not ID_PATTERN.match(session)):
        raise Unauthenticated("the claim sid is no id")
    # A connection ends when a new one would be refused, not before: else clients would come back at once, in vain.
    ends = expires + CLOCKS
    return Principal(fleet, Role(role), claims["sub"], driver if role == Role.DRIVER else None, ends, session)
