"""Device ids as apps have them, made into driver ids: an e-mail address, a phone number, a name with spaces."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from hub.core.nouns import ID_PATTERN

MAX_READABLE = 55
"""Characters of a mapped id before its digest: 64 in all."""

_OTHERS = re.compile(r"[^A-Za-z0-9._:-]+")


def driver_id_of(device_id: object) -> str | None:
    """The driver id for a device id; None without one.

    An id that is a driver id stays. Any other becomes its letters and digits without accents, ``-`` for the rest, and
    eight digits of its SHA-256, so that ids that look alike stay apart: ``anna@müller.example`` is
    ``anna-muller.example-`` and the digits, at every hub and every time.
    """
    if device_id is None or isinstance(device_id, bool) or not isinstance(device_id, str | int):
        return None
    text = str(device_id).strip()
    if not text or ID_PATTERN.match(text):
        return text or None
    whole = unicodedata.normalize("NFC", text)
    letters = unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()
    readable = _OTHERS.sub("-", letters).strip("-.")[:MAX_READABLE]
    digest = sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest
