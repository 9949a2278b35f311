"""ID tokens: validated as OpenID Connect Core 1.0, section 3.1.3.7 demands, and their claims as a person."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

import jwt
import msgspec
from msgspec import Struct

from hub.core.names import Username
from hub.core.nouns import ID_PATTERN
from hub.identity.provider import ALGORITHMS
from hub.identity.tokens import CLOCKS
from hub.settings import Settings

MOST_BYTES = 65_536
"""ID tokens have 1 to 4 kB; with all groups of a large directory some tens."""

LONGEST_SUBJECT = 255
"""Characters (OpenID Connect Core 1.0, section 2)."""

MOST_GROUPS = 50
"""Groups of a user, as the API has it."""

_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z")

_REFUSED = (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError)
"""Exceptions of PyJWT for malformed tokens."""


class Refused(Exception):
    """The provider's answer is not valid. The message says why, and contains nothing of the answer."""


class Person(Struct, frozen=True):
    """What an ID token says. ``subject``: the person at this provider. ``name``: that of a new user. ``role`` and
    ``groups`` are None where admins of the hub decide; ``admitted`` is False where the role claim has no value that the
    settings name."""

    subject: str
    name: str
    admitted: bool
    role: str | None
    groups: tuple[str, ...] | None


def kid_of(token: str) -> str:
    """The id of the key that a token says it is signed with. Raises ``Refused``, also for an algorithm that no key of a
    key set can have: ``none``, and HS256, whose secret would be a public key."""
    if len(token) > MOST_BYTES or not _COMPACT.match(token):
        raise Refused("the ID token is not a signed JWT")
    try:
        header = jwt.get_unverified_header(token)
    except _REFUSED as error:
        raise Refused(f"the ID token is refused: {type(error).__name__}") from error
    if header.get("alg") not in ALGORITHMS.values():
        raise Refused(f"the ID token must be signed with one of {', '.join(sorted(ALGORITHMS.values()))}")
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise Refused("the ID token's header has no key id (kid)")
    return kid


def claims_of(token: str, key: jwt.PyJWK, *, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of a valid token for this hub and this login. The key determines the algorithm. Raises ``Refused``."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=issuer,
            audience=client_id,
            leeway=CLOCKS,
            options={"require": ["exp", "iat", "sub", "iss", "aud", "nonce"]},
        )
    except _REFUSED as error:
        raise Refused(f"the ID token is refused: {type(error).__name__}") from error
    given = claims["nonce"]
    if not isinstance(given, str) or not hmac.compare_digest(given.encode("utf-8", "replace"), nonce.encode()):
        raise Refused("the ID token belongs to another login: its nonce differs")
    # Among several audiences, and wherever it is given, azp names the client that the token was issued to.
    party = claims.get("azp")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (party is not None or several) and party != client_id:
        raise Refused("the ID token was issued to another client: its azp differs")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not _storable(subject):
        raise Refused(f"the ID token's sub must be a text of 1 to {LONGEST_SUBJECT} characters")
    return claims


def person_of(settings: Settings, claims: dict[str, Any]) -> Person:
    """The person of valid claims, by the mapping of the settings."""
    role, admitted = None, True
    if settings.oidc_role_claim:
        roles = settings.role_map()
        found = {roles[value] for value in _texts(_claim(claims, settings.oidc_role_claim)) if value in roles}
        admitted = bool(found)
        role = "admin" if "admin" in found else "dispatcher"
    groups = None
    if settings.oidc_groups_claim:
        groups = _groups(_texts(_claim(claims, settings.oidc_groups_claim)))
    # An unverified address may belong to another person.
    mail = claims.get("email") if claims.get("email_verified") is True else None
    names = filter(None, map(_username, (claims.get("preferred_username"), mail, claims["sub"])))
    digest = hashlib.sha256(claims["sub"].encode()).hexdigest()
    return Person(claims["sub"], next(names, f"user-{digest[:12]}"), admitted, role, groups)


def _claim(claims: dict[str, Any], path: str) -> Any:
    """A claim by its name, else by a path through objects: names of claims may contain dots themselves."""
    if path in claims:
        return claims[path]
    value: Any = claims
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _texts(value: Any) -> list[str]:
    """A text or a list of texts as a list; anything else is empty."""
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _groups(names: list[str]) -> tuple[str, ...]:
    """The names that can be groups of the hub, in order."""
    return tuple(sorted({name for name in names if ID_PATTERN.match(name)})[:MOST_GROUPS])


def _username(value: Any) -> str | None:
    try:
        return msgspec.convert(value, Username).lower()
    except msgspec.ValidationError:
        return None


def _storable(text: str) -> bool:
    """Whether PostgreSQL can store a text: without NUL and lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
