"""Driver ids from the names of files and of devices."""

from __future__ import annotations

import re
from hashlib import sha256
from unicodedata import normalize

DRIVER_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._:-]{1,64}\Z")
LONGEST = 64

_LETTERS = str.maketrans({"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
                          "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "Þ": "Th"})  # fmt: skip
"""Latin letters that Unicode does not decompose."""


def driver_id(name: str) -> str:
    """The name itself if it is a driver id, else one made from it, as ``track-1`` from ``track (1)``.

    Where letters are lost or the name is too long, a hash of the name is added, so that two names do not become one
    driver. The same name always makes the same id.
    """
    if DRIVER_ID.match(name):
        return name
    # File systems of macOS write "ö" as two characters.
    name = normalize("NFC", name)
    plain = re.sub(r"[\u0300-\u036f]", "", normalize("NFKD", name.translate(_LETTERS)))
    lost = any(letter.isalnum() and not letter.isascii() for letter in plain)
    made = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9._:-]+", "-", plain)).strip("-")
    if lost or len(made) > LONGEST or not DRIVER_ID.match(made):
        digest = sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
        made = f"{made[: LONGEST - 9].strip('-.') or 'track'}-{digest}"
    return made
