"""The settings of the base map."""

from __future__ import annotations

import pytest

from hub.core.base_maps import Kind, MapSource, check_maps, map_source
from hub.environment import load
from hub.settings import SettingsError

STYLE = "https://tiles.example/style.json?key=k"
RASTER = "http://10.0.0.5:8080/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("auto", MapSource(Kind.AUTO)),
        ("offline", MapSource(Kind.OFFLINE)),
        (STYLE, MapSource(Kind.STYLE, STYLE)),
        (RASTER, MapSource(Kind.RASTER, RASTER)),
        ("/srv/maps/area one.pmtiles", MapSource(Kind.ARCHIVE, "/srv/maps/area one.pmtiles")),
        ("https://a.example/x.pmtiles?v=1", MapSource(Kind.ARCHIVE, "https://a.example/x.pmtiles?v=1")),
        (f"{RASTER}  © A, B", MapSource(Kind.RASTER, RASTER, "© A, B")),
    ],
)
def test_the_form_tells_the_kind(text: str, source: MapSource) -> None:
    assert map_source(text) == source


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (("", "", ""), "HUB_MAP: must be `auto`, `offline`, the URL of a MapLibre style, the URL of raster"),
        (("streets", "", ""), "HUB_MAP: must be `auto`"),
        (("ftp://tiles.example/style.json", "", ""), "HUB_MAP: must be `auto`"),
        (("https://a;b/style.json", "", ""), "HUB_MAP: must be a URL with a host name"),
        (("https://user:word@tiles.example/style.json", "", ""), "HUB_MAP: must be a URL with a host name"),
        (("https://[::1/style.json", "", ""), "HUB_MAP: is not a URL"),
        ((f"{STYLE} © A", "", ""), "HUB_MAP: must have no text after the URL"),
        (("https://tiles.example/{z}/{x}.png", "", ""), "HUB_MAP: must have {y} in a URL of raster tiles"),
        (("https://tiles.example/{z}/{x}/{y}.pbf", "", ""), "HUB_MAP: is a URL of vector tiles"),
        (("https://{s}.tiles.example/{z}/{x}/{y}.png", "", ""), "HUB_MAP: must have one of the names"),
        (("auto", STYLE, ""), "HUB_MAP_DARK: must be empty with HUB_MAP=auto"),
        ((STYLE, "dark", ""), "HUB_MAP_DARK: must be the URL of a MapLibre style"),
        ((STYLE, "/srv/dark.pmtiles", ""), "HUB_MAP_DARK: must be the URL of a MapLibre style"),
        (("area.pmtiles", "", ""), "HUB_MAP: must be `auto`"),
        (("/srv/style.json", "", ""), "HUB_MAP: must be `auto`"),
        (("auto", "", "satellite"), "HUB_MAP_SATELLITE: must be the URL"),
        (("offline", "", RASTER), "HUB_MAP_SATELLITE: must be empty with HUB_MAP=offline"),
    ],
)
def test_an_invalid_map_is_named(settings: tuple[str, str, str], message: str) -> None:
    with pytest.raises(ValueError) as error:
        check_maps(*settings)
    assert str(error.value).startswith(message)


def test_the_environment_is_checked_and_the_former_name_is_told() -> None:
    assert load({"HUB_MAP": RASTER, "HUB_MAP_DARK": STYLE, "HUB_MAP_SATELLITE": STYLE}).map == RASTER
    with pytest.raises(SettingsError, match=r"^HUB_MAP: must be `auto`"):
        load({"HUB_MAP": "on"})
    with pytest.raises(SettingsError, match=r"^HUB_MAP_STYLE_URL: renamed to HUB_MAP$"):
        load({"HUB_MAP_STYLE_URL": STYLE})
