"""Who is calling: the token of a handshake or request, checked beyond what PyJWT checks by itself."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

from hub.core.nouns import ID_PATTERN
from hub.core.principal import Principal, Role
from hub.settings import Settings, is_loopback

MAX_TOKEN_BYTES = 4096
"""Ours have 250 bytes, an identity provider's two thousand."""

SUBPROTOCOL = "hub.v1"
TOKEN_SUBPROTOCOL = "bearer."
_LEEWAY = 30
"""Seconds that the issuer's clock may be off."""


class Unauthenticated(ValueError):
    """No token, or one that we do not take; the message is safe to show."""


def bearer(headers: Mapping[str, str], subprotocols: Iterable[str] = ()) -> str | None:
    """The token of ``Authorization: Bearer``, or of a browser's ``bearer.<token>`` subprotocol (the token itself or its
    unpadded base64url)."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    for offered in subprotocols:
        if offered.startswith(TOKEN_SUBPROTOCOL):
            token = offered.removeprefix(TOKEN_SUBPROTOCOL)
            return token if token.count(".") == 2 else _from_base64url(token)
    return None


def _from_base64url(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise Unauthenticated("the token is not base64url") from error


def authenticate(settings: Settings, token: str | None) -> Principal:
    """The principal of a token, or everybody on an open hub. Raises ``Unauthenticated``."""
    if settings.open:
        return Principal(settings.default_fleet, Role.OPEN)
    if token is None:
        raise Unauthenticated("a token is needed")
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated("the token is too long")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.jwt_secret,
            algorithms=["HS256"],
            leeway=_LEEWAY,
            options={"require": ["exp", "iat", "sub"]},
        )
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Unauthenticated(f"the token is refused: {type(error).__name__}") from error
    return _principal(settings, claims)


def _principal(settings: Settings, claims: dict[str, Any]) -> Principal:
    expires, issued = claims["exp"], claims["iat"]
    for value in (expires, issued):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Unauthenticated("exp and iat must be numbers")
    if not 0 < expires - issued <= settings.jwt_max_lifetime:
        raise Unauthenticated("the token's lifetime is out of bounds")
    if expires <= datetime.now(UTC).timestamp() - _LEEWAY:
        raise Unauthenticated("the token is refused: ExpiredSignatureError")
    fleet, role, driver = claims.get("fleet"), claims.get("role"), claims.get("driver")
    if not isinstance(fleet, str) or not ID_PATTERN.match(fleet):
        raise Unauthenticated("the claim fleet is missing or no id")
    if role not in (Role.DRIVER, Role.GATEWAY, Role.DISPATCHER, Role.ADMIN):  # a tuple: the claim may be anything
        raise Unauthenticated("the claim role is missing or unknown")
    if role == Role.DRIVER and (not isinstance(driver, str) or not ID_PATTERN.match(driver)):
        raise Unauthenticated("the claim driver is missing or no id")
    session = claims.get("sid")
    if session is not None and (not isinstance(session, str) or not ID_PATTERN.match(session)):
        raise Unauthenticated("the claim sid is no id")
    # A connection ends when a new one would be refused, not before: else clients would come back at once, in vain.
    ends = float(expires) + _LEEWAY
    return Principal(fleet, Role(role), str(claims["sub"]), driver if role == Role.DRIVER else None, ends, session)


def origin_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a browser's page may open a socket. Tokens are never ambient, so only an open hub has to ask: there a
    page of another site must not reach into a developer's machine."""
    origin = headers.get("origin")
    if origin is None or not settings.open:
        return True
    try:
        return is_loopback(urlsplit(origin).hostname or "")
    except ValueError:
        return False


def host_allowed(settings: Settings, headers: Mapping[str, str]) -> bool:
    """Whether a request names us as this machine. On an open hub it must: a page whose name was bound anew to a
    loopback address (DNS rebinding) is of the same origin as we, and only ``Host`` still says which name that was."""
    host = headers.get("host")
    if host is None or not settings.open:
        return True
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False
