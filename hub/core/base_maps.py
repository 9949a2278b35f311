"""The settings of the base map: ``HUB_MAP``, ``HUB_MAP_DARK`` and ``HUB_MAP_SATELLITE``."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct


class Kind(StrEnum):
    """Forms of a base map."""

    AUTO = "auto"
    OFFLINE = "offline"
    STYLE = "style"
    RASTER = "raster"
    ARCHIVE = "archive"


class MapSource(Struct, frozen=True):
    """A base map of the settings. ``url``: that of an archive may be the path of a file on the hub's machine.
    ``attribution``: the text after a raster template, or empty."""

    kind: Kind
    url: str = ""
    attribution: str = ""


TILES = "the URL of a MapLibre style, the URL of raster tiles with {z}, {x} and {y}"
FORMS = f"{TILES}, or the URL or absolute path of a file .pmtiles"

ARCHIVE = ".pmtiles"

_HOST = re.compile(r"([a-z0-9_-]+\.)*[a-z0-9_-]+\.?(:[0-9]{1,5})?\Z", re.IGNORECASE)
"""A host name or IPv4 address, and a port: what a ``Content-Security-Policy`` can name."""

_VECTOR = re.compile(r"\.(pbf|mvt|mlt)\Z", re.IGNORECASE)


def map_source(text: str) -> MapSource:
    """The base map that a setting names. Raises ``ValueError``."""
    if text in (Kind.AUTO, Kind.OFFLINE):
        return MapSource(Kind(text))
    return tiles_source(text, f"`auto`, `offline`, {FORMS}")


def tiles_source(text: str, allowed: str = FORMS) -> MapSource:
    """The style, tiles or archive that a setting names. Raises ``ValueError``."""
    if text.startswith("/") and text.endswith(ARCHIVE):
        return MapSource(Kind.ARCHIVE, text)
    url, _, attribution = text.strip().partition(" ")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ValueError(f"is not a URL: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError(f"must be {allowed}")
    if "{s}" in url:
        raise ValueError("must have one of the names of the tile server in place of {s}")
    if not _HOST.match(parts.netloc):
        raise ValueError("must be a URL with a host name or an IPv4 address, without user and password")
    if "{" not in url:
        if attribution:
            raise ValueError("must have no text after the URL: a style and an archive contain their attribution")
        return MapSource(Kind.ARCHIVE if parts.path.endswith(ARCHIVE) else Kind.STYLE, url)
    missing = [name for name in ("{z}", "{x}", "{y}") if name not in url]
    if missing:
        raise ValueError(f"must have {' and '.join(missing)} in a URL of raster tiles")
    if _VECTOR.search(parts.path):
        raise ValueError("is a URL of vector tiles, which need a style: must be the URL of a MapLibre style")
    return MapSource(Kind.RASTER, url, attribution.strip())


def check_maps(base: str, dark: str, satellite: str) -> None:
    """Raises ``ValueError`` for a setting that is not valid; its text begins with the variable."""
    try:
        kind = map_source(base).kind
    except ValueError as error:
        raise ValueError(f"HUB_MAP: {error}") from error
    try:
        if dark and tiles_source(dark, TILES).kind is Kind.ARCHIVE:
            raise ValueError(f"must be {TILES}")
    except ValueError as error:
        raise ValueError(f"HUB_MAP_DARK: {error}") from error
    try:
        if satellite:
            tiles_source(satellite)
    except ValueError as error:
        raise ValueError(f"HUB_MAP_SATELLITE: {error}") from error
    if dark and kind not in (Kind.STYLE, Kind.RASTER):
        raise ValueError(f"HUB_MAP_DARK: must be empty with HUB_MAP={base}, which has dark colours of its own")
    if satellite and kind is Kind.OFFLINE:
        raise ValueError("HUB_MAP_SATELLITE: must be empty with HUB_MAP=offline, which has only the built-in map")
