"""Ids of drivers in public answers: others in every link and every few minutes, so that they lead back to no driver."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

LENGTH = 12
"""Characters of an id, 72 bits: among a hundred thousand drivers two share one with a chance of 1 in 10**12."""


class Pseudonyms:
    """The ids of one link. ``secret`` is its key, ``lifetime`` the seconds after which all ids change.

    An id is an HMAC-SHA-256 of the period and the driver. Without the key neither the driver nor the id of the next
    period can be computed from it, also not by trying all driver ids.
    """

    def __init__(self, secret: bytes, lifetime: float, now: datetime) -> None:
        self._secret = secret
        self._period = int(now.timestamp() // lifetime)
        self.valid_until = datetime.fromtimestamp((self._period + 1) * lifetime, UTC)

    def of(self, driver_id: str) -> str:
        """The id of a driver in this period."""
        return pseudonym(self._secret, f"{self._period} {driver_id}")


def pseudonym(secret: bytes, text: str) -> str:
    """The id of a text under a key. As the id of a driver it is the same as long as the link lasts."""
    return urlsafe_b64encode(hmac.digest(secret, text.encode(), hashlib.sha256)).decode()[:LENGTH]
