"""A login that is under way at the provider: kept, encrypted, in a cookie of the browser that began it.

The hub itself keeps nothing of it: any client can begin logins, and a table of them could be filled. A provider accepts
each code once, and PKCE ties it to the attempt, so the hub need not remember which attempts have ended.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

import msgspec
from msgspec import Struct

from hub.settings import Settings
from hub.stores.seal import Seal, Unreadable

LIFETIME = 600
"""Seconds for a login at the provider: a password, a second factor, a look at the phone."""

_ATTEMPT, _HINT = "oidc attempt", "oidc hint"
"""Contexts of the seal: one cookie does not open as another."""


class Attempt(Struct, frozen=True):
    """``state`` ties the answer to the browser, ``nonce`` the ID token and ``verifier`` (PKCE) the code to the attempt.
    ``began`` in epoch seconds. ``user_id`` and ``session``: the user that the person is to be connected to, and its
    session; None for a login."""

    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    began: float
    user_id: UUID | None = None
    session: UUID | None = None

    @property
    def challenge(self) -> str:
        """The verifier as the provider gets it first (RFC 7636, S256)."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()

    def answered(self, state: str | None, now: float) -> bool:
        """Whether an answer with this state, at ``now``, is one to this attempt."""
        right = hmac.compare_digest((state or "").encode("utf-8", "replace"), self.state.encode())
        return right and 0 <= now - self.began <= LIFETIME


def new_attempt(
    redirect_uri: str, began: float, *, user_id: UUID | None = None, session: UUID | None = None
) -> Attempt:
    return Attempt(
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(48),
        redirect_uri,
        began,
        user_id,
        session,
    )


class Cookies:
    """Values of cookies, which only hubs with the same secret can make and read."""

    def __init__(self, settings: Settings) -> None:
        self._seal = Seal(*filter(None, (settings.jwt_secret, settings.jwt_secret_previous)))

    def of_attempt(self, attempt: Attempt) -> str:
        return self._close(msgspec.msgpack.encode(attempt), _ATTEMPT)

    def attempt(self, value: str | None) -> Attempt | None:
        """None for a value that no hub with this secret has made."""
        content = self._open(value, _ATTEMPT)
        return None if content is None else msgspec.msgpack.decode(content, type=Attempt)

    def of_hint(self, id_token: str) -> str:
        return self._close(id_token.encode(), _HINT)

    def hint(self, value: str | None) -> str | None:
        """The ID token of the session; None as above."""
        content = self._open(value, _HINT)
        return None if content is None else content.decode()

    def _close(self, content: bytes, context: str) -> str:
        return base64.urlsafe_b64encode(self._seal.close(content, context)).rstrip(b"=").decode()

    def _open(self, value: str | None, context: str) -> bytes | None:
        try:
            text = (value or "").encode()
            return self._seal.open(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)), context)
        except (Unreadable, ValueError):
            return None
