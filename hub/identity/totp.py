"""Codes of a second factor: TOTP (RFC 6238) as authenticator apps compute it, and recovery codes."""

from __future__ import annotations

import base64
import hmac
import re
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from hub.identity.passwords import one_time_password
from hub.stores.tokens import token_hash

ISSUER = "Location hub"
"""The name that an app shows above the user's."""

DIGITS, STEP = 6, 30
"""Length of a code, and its seconds. With SHA-1 they are the only values that all apps support; HMAC does not suffer
from collisions of SHA-1."""

SECRET_BYTES = 20
"""160 bits (RFC 4226, section 4)."""

TOLERANCE = 1
"""Steps before and after the present one whose codes are accepted: clocks of phones differ, and typing takes time."""

RECOVERY_CODES = 10

CODE = re.compile(rf"[0-9]{{{DIGITS}}}\Z")


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """The secret as a user types it into an app: base32."""
    return base64.b32encode(secret).decode()


def uri(secret: bytes, username: str) -> str:
    """The secret as the ``otpauth`` URI of a QR code."""
    return _codes(secret).get_provisioning_uri(username, ISSUER)


def cleaned(code: str) -> str:
    """A code without the spaces, signs and case that people add."""
    return re.sub(r"[\s-]+", "", code).lower()


def is_code(code: str) -> bool:
    """Whether a cleaned code is one of an app; others are recovery codes."""
    return CODE.match(code) is not None


def step_of(secret: bytes, code: str, now: float, last: int) -> int | None:
    """The time step after ``last`` that a cleaned code belongs to; None if it is wrong or was used. ``now`` is in epoch
    seconds."""
    codes, present, found = _codes(secret), int(now) // STEP, None
    # All of them, so that the time says nothing.
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if hmac.compare_digest(codes.generate(step * STEP), code.encode()) and step > last:
            found = step
    return found


def recovery_codes() -> tuple[list[str], list[bytes]]:
    """New recovery codes, and their hashes. A fast hash suffices: each has 79 random bits."""
    codes = [one_time_password() for _ in range(RECOVERY_CODES)]
    return codes, [recovery_hash(cleaned(code)) for code in codes]


def recovery_hash(code: str) -> bytes:
    """The stored form of a cleaned recovery code."""
    return token_hash(code)


def _codes(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)
