"""The styles of the base map that a user can choose."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from hub.core.base_maps import Kind, MapSource, map_source, tiles_source
from hub.settings import Settings

OPENFREEMAP = "https://tiles.openfreemap.org/styles/"
"""Styles, tiles, glyphs and sprites are on this host. No key and no limit; `bright` draws buildings as areas, which
takes less of the graphics card than the solid ones of `liberty`."""

Name = Literal["streets", "light", "dark", "satellite"]


class Look(Struct, rename="camel", omit_defaults=True):
    """A base map in the colours of a theme. ``kind``: ``style`` is a MapLibre style, ``raster`` a template of tiles.
    ``attribution``: the HTML that raster tiles are shown with."""

    kind: Literal["style", "raster"]
    url: str
    attribution: str = ""


class MapStyle(Struct, rename="camel", omit_defaults=True):
    """``dark``: in place of ``light`` with dark colours, if there is one."""

    name: Name
    light: Look
    dark: Look | None = None


def styles_of(settings: Settings) -> list[MapStyle]:
    """The styles besides the built-in map, the default first."""
    base = map_source(settings.map)
    found: list[MapStyle] = []
    if base.kind is Kind.AUTO:
        bright, positron, dark = (Look("style", OPENFREEMAP + name) for name in ("bright", "positron", "dark"))
        found = [MapStyle("streets", bright, dark), MapStyle("light", positron), MapStyle("dark", dark)]
    elif base.kind is not Kind.OFFLINE:
        night = _look(tiles_source(settings.map_dark)) if settings.map_dark else None
        found = [MapStyle("streets", _look(base), night)]
    if settings.map_satellite:
        found.append(MapStyle("satellite", _look(tiles_source(settings.map_satellite))))
    return found


def looks_of(styles: list[MapStyle]) -> list[Look]:
    """Every look of the styles."""
    return [look for style in styles for look in (style.light, style.dark) if look is not None]


def _look(source: MapSource) -> Look:
    if source.kind is Kind.STYLE:
        return Look("style", source.url)
    return Look("raster", source.url, source.attribution or _credit(source.url))


def _credit(template: str) -> str:
    """What raster tiles without an attribution are shown with."""
    host = template.split("/")[2].lower()
    if host == "openstreetmap.org" or host.endswith(".openstreetmap.org"):
        return '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap contributors</a>'
    return host
