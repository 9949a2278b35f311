"""Hashes of random tokens: phone tokens, refresh tokens, share links and tickets."""

from __future__ import annotations

import hashlib


def token_hash(token: str) -> bytes:
    """The stored form of a token. SHA-256 suffices, because a token is random; passwords need a slow hash."""
    return hashlib.sha256(token.encode()).digest()
