"""Secrets of channels, encrypted before they are stored (AES-256-GCM): a copy of the database does not contain them.

The key is derived from HUB_CHANNEL_SECRET, else from HUB_JWT_SECRET, else from a secret that is generated in the data
directory. What was sealed with HUB_JWT_SECRET_PREVIOUS can still be opened.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hub.kept_secret import kept_secret
from hub.settings import Settings

NONCE_BYTES = 12

FILE = "channel-secret"
"""In the data directory, where no setting has a secret."""


class Unreadable(Exception):
    """What is sealed was sealed with another secret."""


class Seal:
    """Seals and opens. ``context`` is what the secret belongs to; a value that is copied to another row does not
    open."""

    def __init__(self, *secrets: str) -> None:
        """``secrets``: the present one, then those before it."""
        self._keys = [AESGCM(_key(secret)) for secret in secrets]

    def close(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, plain, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises ``Unreadable``."""
        return self.opened(sealed, context)[0]

    def opened(self, sealed: bytes, context: str) -> tuple[bytes, bool]:
        """The content, and whether it is sealed with the present secret. Raises ``Unreadable``."""
        for number, key in enumerate(self._keys):
            try:
                return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode()), number == 0
            except (InvalidTag, ValueError):  # the latter for fewer bytes than a nonce has
                continue
        raise Unreadable("the secrets of the channel were stored with another HUB_CHANNEL_SECRET: enter them again")


def seal_of(settings: Settings) -> Seal:
    """The seal of a hub. Raises ``OSError`` and ``hub.permissions.Exposed`` for a secret in the data directory that
    cannot be kept."""
    secrets = [settings.channel_secret, settings.jwt_secret, settings.jwt_secret_previous]
    present = [secret for secret in secrets if secret]
    return Seal(*(present or [kept_secret(settings.data_dir, FILE)]))


def _key(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"hub channel secrets 1").derive(secret.encode())
