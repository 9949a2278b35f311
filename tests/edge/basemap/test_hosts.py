"""The hosts that a style loads from, read from real servers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.edge.basemap import hosts
from hub.edge.basemap.hosts import Unreadable, hosts_of, origin_of
from tests.web.tile_server import GLYPH_HOST, STYLE_HOST, TILE_HOST, TileServer, tile_server


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    with tile_server() as server:
        yield server


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tiles.example/a?key=k", "https://tiles.example"),
        ("http://tiles.example:8080/{z}", "http://tiles.example:8080"),
        ("pmtiles://https://tiles.example/area.pmtiles", "https://tiles.example"),
        ("https://{s}.tiles.example/1", None),
        ("https://a;script-src/1", None),
        ("https://user@tiles.example/1", None),
        ("https://[::1]/1", None),
        ("mapbox://styles/1", None),
        ("data:image/png;base64,", None),
    ],
)
def test_an_origin_is_one_that_a_policy_can_name(url: str, origin: str | None) -> None:
    assert origin_of(url) == origin


async def test_the_hosts_of_sources_tilejson_and_glyphs_are_found(tiles: TileServer) -> None:
    found = await hosts_of(tiles.url("/style.json"))
    assert found == {f"http://{host}:{tiles.port}" for host in (STYLE_HOST, TILE_HOST, GLYPH_HOST)}


@pytest.fixture
def serving(tiles: TileServer, monkeypatch: pytest.MonkeyPatch) -> Callable[[object], str]:
    """``serving(document)``: the URL of a style with this text."""

    def serve(document: object) -> str:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer = tiles.answer
        monkeypatch.setattr(tiles, "answer", lambda path: ("", body) if path == "/own.json" else answer(path))
        return tiles.url("/own.json")

    return serve


async def test_every_part_of_a_style_is_read(serving: Callable[[object], str]) -> None:
    sources: dict[str, Any] = {
        "tiles": {"type": "raster", "tiles": ["https://a.example/{z}/{x}/{y}.png", "https://b.example/{z}/{x}/{y}"]},
        "archive": {"type": "vector", "url": "pmtiles://https://c.example/area.pmtiles"},
        "lines": {"type": "geojson", "data": "https://d.example/lines.json"},
        "inline": {"type": "geojson", "data": {"type": "FeatureCollection", "features": []}},
        "odd": 7,
    }
    sprite = [{"id": "default", "url": "https://e.example/sprite"}]
    found = await hosts_of(serving({"sources": sources, "sprite": sprite, "glyphs": "/fonts/{fontstack}/{range}.pbf"}))
    assert {origin for origin in found if "example" in origin} == {f"https://{name}.example" for name in "abcde"}
    assert len(found) == 6


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<html>", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b'{"sources": {"\xff": 1}}', "not valid JSON"),
        ({"sources": {"a": {"url": "http://[/tiles.json"}}}, "an address that is not a URL"),
        ([1], "not an object"),
        ({"version": 8}, "it has no `sources`"),
        ({"sources": {str(n): {} for n in range(33)}}, "33 sources, at most 32"),
        ({"sources": {"a": {"tiles": [f"https://{n}.example/" for n in range(40)]}}}, "41 hosts, at most 32"),
        (b" " * 9_000_000, "more than 8388608 bytes"),
    ],
)
async def test_what_is_not_a_style_is_refused(serving: Callable[[object], str], document: object, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        await hosts_of(serving(document))


async def test_a_failure_names_the_host_and_no_key(tiles: TileServer) -> None:
    tiles.status["/style.json"] = 403
    for url, reason in [
        (tiles.url("/style.json?key=secret"), "answers with status 403"),
        ("http://127.0.0.1:9/style.json?key=secret", "127.0.0.1:9 cannot be reached: .*refused|Connect call failed"),
    ]:
        with pytest.raises(Unreadable, match=reason) as error:
            await hosts_of(url)
        assert "secret" not in str(error.value)


async def test_a_public_style_reaches_no_private_host(
    serving: Callable[[object], str], tiles: TileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator chose the host of the style. The others are the choice of its author."""
    url = serving({"sources": {"a": {"url": tiles.url("/tiles.json", TILE_HOST)}}})
    assert len(await hosts_of(url)) == 2
    monkeypatch.setattr(hosts._Reader, "_notice", lambda self, address: None)
    with pytest.raises(Unreadable, match="its address is not public"):
        await hosts_of(url)
