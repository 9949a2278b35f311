"""What the pages are told of the base map, and permitted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from hub.edge.basemap import base_map
from hub.edge.basemap.base_map import UNDER_WAY, BaseMap, content_policy
from hub.settings import Settings
from tests.web.tile_server import TILE_HOST, TileServer, tile_server


@pytest.fixture
def tiles() -> Iterator[TileServer]:
    with tile_server() as server:
        yield server


def connects(policy: str) -> list[str]:
    (found,) = [part.split()[1:] for part in policy.split("; ") if part.startswith("connect-src")]
    return found


@pytest.mark.parametrize(
    ("settings", "mode", "hosts"),
    [
        (Settings(map="offline"), "offline", []),
        (Settings(), "auto", ["https://tiles.openfreemap.org"]),
        (Settings(map="http://t.example:81/{z}/{x}/{y}.png"), "chosen", ["http://t.example:81"]),
        (Settings(map="https://t.example/area.pmtiles"), "chosen", ["https://t.example"]),
        (
            Settings(map_satellite="https://s.example/{z}/{y}/{x}?key=k"),
            "auto",
            ["https://s.example", "https://tiles.openfreemap.org"],
        ),
    ],
)
async def test_hosts_that_are_known_need_no_request(settings: Settings, mode: str, hosts: list[str]) -> None:
    made = BaseMap(settings)
    assert connects(made.policy) == ["'self'", *hosts]
    answer = made.answer()
    assert (answer.mode, answer.problem) == (mode, "")
    async with asyncio.timeout(1):
        await made.run()


async def test_a_style_is_read_again_until_it_can_be_read(tiles: TileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base_map, "FIRST_PAUSE", 0.05)
    tiles.status["/style.json"] = 500
    made = BaseMap(Settings(map=tiles.url("/style.json")))
    assert made.answer().problem == UNDER_WAY
    assert connects(made.policy) == ["'self'", tiles.url("")]
    running = asyncio.create_task(made.run())
    async with asyncio.timeout(10):
        while made.answer().problem != f"127.0.0.1:{tiles.port} answers with status 500":  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        tiles.status.clear()
        await running
    assert made.answer().problem == ""
    assert tiles.url("", TILE_HOST) in connects(made.policy)


def test_scripts_and_frames_are_never_those_of_other_hosts() -> None:
    policy = content_policy(["https://tiles.example"])
    assert policy.count("https://tiles.example") == 2
    assert "script-src 'self'; style-src 'self'; worker-src 'self'; img-src 'self' https://tiles.example" in policy


def test_pages_of_share_links_may_be_in_a_frame_of_the_origins_of_the_setting() -> None:
    base_map = BaseMap(Settings(map="offline", embed_origins="https://shop.example,https://*.partner.example"))
    assert base_map.policy.endswith("; frame-ancestors 'none'")
    assert base_map.share_policy.endswith("; frame-ancestors https://*.partner.example https://shop.example")
    assert BaseMap(Settings(map="offline")).share_policy == BaseMap(Settings(map="offline")).policy
