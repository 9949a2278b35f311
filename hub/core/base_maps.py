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


class MapSource(Struct, frozen=True):
    """A base map of the settings. ``attribution``: the text after a raster template, or empty."""

    kind: Kind
    url: str = ""
    attribution: str = ""


FORMS = "a URL of a MapLibre style, or a URL of raster tiles with {z}, {x} and {y}"

_HOST = re.compile(r"([a-z0-9_-]+\.)*[a-z0-9_-]+\.?(:[0-9]{1,5})?\Z", re.IGNORECASE)
"""A host name or IPv4 address, and a port: what a ``Content-Security-Policy`` can name."""

_VECTOR = re.compile(r"\.(pbf|mvt|mlt)\Z", re.IGNORECASE)


def map_source(text: str) -> MapSource:
    """The base map that a setting names. Raises ``ValueError``."""
    if text in (Kind.AUTO, Kind.OFFLINE):
        return MapSource(Kind(text))
    return tiles_source(text, f"`auto`, `offline`, {FORMS}")


def tiles_source(text: str, allowed: str = FORMS) -> MapSource:
    """The style or tiles that a setting names. Raises ``ValueError``."""
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
            raise ValueError("must have no text after the URL of a style: a style contains its attribution")
        return MapSource(Kind.STYLE, url)
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
    for variable, text in (("HUB_MAP_DARK", dark), ("HUB_MAP_SATELLITE", satellite)):
        try:
            if text:
                tiles_source(text)
        except ValueError as error:
            raise ValueError(f"{variable}: {error}") from error
    if dark and kind not in (Kind.STYLE, Kind.RASTER):
        raise ValueError(f"HUB_MAP_DARK: must be empty with HUB_MAP={base}, which has dark colours of its own")
    if satellite and kind is Kind.OFFLINE:
        raise ValueError("HUB_MAP_SATELLITE: must be empty with HUB_MAP=offline: no other host is used")
