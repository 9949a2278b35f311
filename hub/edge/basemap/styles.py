"""The styles of the base map that a user can choose."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from hub.core.base_maps import ARCHIVE, Kind, MapSource, map_source, tiles_source
from hub.settings import Settings

OPENFREEMAP = "https://tiles.openfreemap.org/styles/"
"""Styles, tiles, glyphs and sprites are on this host. No key and no limit; `bright` draws buildings as areas, which
takes less of the graphics card than the solid ones of `liberty`."""

Name = Literal["streets", "light", "dark", "satellite"]


class Look(Struct, rename="camel", omit_defaults=True):
    """A base map in the colours of a theme. ``kind``: ``style`` is a MapLibre style, ``raster`` a template of tiles,
    ``archive`` a PMTiles file. ``attribution``: the HTML that raster tiles are shown with. ``flavor``: the colours of
    an archive, by the name that Protomaps gives them."""

    kind: Literal["style", "raster", "archive"]
    url: str
    attribution: str = ""
    flavor: str = ""


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
    elif base.kind is Kind.ARCHIVE:
        url = address_of("base", base.url)
        day, white, dark = (Look("archive", url, flavor=flavor) for flavor in ("light", "white", "dark"))
        found = [MapStyle("streets", day, dark), MapStyle("light", white), MapStyle("dark", dark)]
    elif base.kind is not Kind.OFFLINE:
        night = _look(tiles_source(settings.map_dark)) if settings.map_dark else None
        found = [MapStyle("streets", _look(base), night)]
    if settings.map_satellite:
        found.append(MapStyle("satellite", _look(tiles_source(settings.map_satellite), "satellite")))
    return found


def archives_of(settings: Settings) -> dict[str, tuple[str, Path]]:
    """Archives on this machine: name in their address -> setting and path."""
    sources = {"base": ("HUB_MAP", map_source(settings.map))}
    if settings.map_satellite:
        sources["satellite"] = ("HUB_MAP_SATELLITE", tiles_source(settings.map_satellite))
    return {
        name: (variable, Path(source.url))
        for name, (variable, source) in sources.items()
        if source.kind is Kind.ARCHIVE and source.url.startswith("/")
    }


def address_of(name: str, archive: str) -> str:
    """Where browsers find an archive: one on this machine at the hub."""
    return f"/map/{name}{ARCHIVE}" if archive.startswith("/") else archive


def looks_of(styles: list[MapStyle]) -> list[Look]:
    """Every look of the styles."""
    return [look for style in styles for look in (style.light, style.dark) if look is not None]


def _look(source: MapSource, name: str = "base") -> Look:
    if source.kind is Kind.STYLE:
        return Look("style", source.url)
    if source.kind is Kind.ARCHIVE:
        return Look("archive", address_of(name, source.url), flavor="light")
    return Look("raster", source.url, source.attribution or _credit(source.url))


def _credit(template: str) -> str:
    """What raster tiles without an attribution are shown with."""
    host = template.split("/")[2].lower()
    if host == "openstreetmap.org" or host.endswith(".openstreetmap.org"):
        return '<a href="https://www.openstreetmap.org/copyright">© OpenStreetMap contributors</a>'
    return host
