"""The styles that the settings offer."""

from __future__ import annotations

from hub.edge.basemap.styles import archives_of, looks_of, styles_of
from hub.settings import Settings

STYLE, RASTER = "https://tiles.example/style.json", "https://tiles.example:8080/{z}/{x}/{y}.png"


def test_automatic_has_streets_for_both_themes_and_plain_ones() -> None:
    styles = styles_of(Settings())
    assert [style.name for style in styles] == ["streets", "light", "dark"]
    assert styles[0].dark is not None and styles[0].dark.url != styles[0].light.url
    assert len({look.url for look in looks_of(styles)}) == 3


def test_offline_has_none() -> None:
    assert styles_of(Settings(map="offline")) == []


def test_own_maps_have_a_dark_one_and_satellite_images_where_they_are_set() -> None:
    (only,) = styles_of(Settings(map=STYLE))
    assert (only.name, only.light.kind, only.light.url, only.dark) == ("streets", "style", STYLE, None)
    streets, satellite = styles_of(Settings(map=STYLE, map_dark=RASTER, map_satellite=f"{RASTER} © Eyes"))
    assert streets.dark is not None and streets.dark.url == RASTER
    assert (satellite.name, satellite.light.kind, satellite.light.attribution) == ("satellite", "raster", "© Eyes")


def test_an_archive_has_three_colours_and_is_served_where_it_is_a_file() -> None:
    settings = Settings(map="/srv/area.pmtiles", map_satellite="/srv/images.pmtiles")
    styles = styles_of(settings)
    assert [style.name for style in styles] == ["streets", "light", "dark", "satellite"]
    assert {(look.url, look.flavor) for look in looks_of(styles)} == {
        ("/map/base.pmtiles", "light"),
        ("/map/base.pmtiles", "white"),
        ("/map/base.pmtiles", "dark"),
        ("/map/satellite.pmtiles", "light"),
    }
    assert [name for name, _ in archives_of(settings).values()] == ["HUB_MAP", "HUB_MAP_SATELLITE"]
    remote = Settings(map="https://a.example/area.pmtiles")
    assert {look.url for look in looks_of(styles_of(remote))} == {"https://a.example/area.pmtiles"}
    assert archives_of(remote) == {}


def test_tiles_without_an_attribution_have_one() -> None:
    (host,) = styles_of(Settings(map=RASTER))
    assert host.light.attribution == "tiles.example:8080"
    (osm,) = styles_of(Settings(map="https://tile.openstreetmap.org/{z}/{x}/{y}.png"))
    assert "© OpenStreetMap contributors" in osm.light.attribution
