"""The route of a PMTiles archive on the hub's machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.edge.basemap.archives import archives
from hub.embedded.services import Services
from hub.settings import Settings
from hub.startup import StartupError
from tests.support.api.calls import call, get
from tests.support.running import Edge, edge
from tests.web.tile_server import archive, vector_tile

PATH = "/map/base.pmtiles"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    archive(tmp_path / "area.pmtiles", vector_tile())
    return tmp_path / "area.pmtiles"


@pytest.fixture
def hub(services: Services, file: Path) -> Iterator[Edge]:
    urls = {"redis_url": services.settings.redis_url, "database_url": services.settings.database_url}
    with edge(Settings(port=0, map=str(file), **urls)) as running:
        yield running


def test_a_part_is_sent_and_a_changed_file_has_another_etag(hub: Edge, file: Path) -> None:
    content = file.read_bytes()
    part = get(hub, PATH, range="bytes=7-126")
    assert (part.status, part.body) == (206, content[7:127])
    assert part.headers["content-range"] == f"bytes 7-126/{len(content)}"
    assert part.headers["content-type"] == "application/vnd.pmtiles"
    assert part.headers["cache-control"] == "public, max-age=3600"
    assert part.headers["etag"].startswith('"')  # a weak one would not be used
    again = get(hub, PATH, **{"range": "bytes=0-6", "if-range": part.headers["etag"]})
    assert (again.status, again.body) == (206, b"PMTiles")
    beyond = get(hub, PATH, range=f"bytes={len(content)}-{len(content) + 9}")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")
    assert call(hub, "HEAD", PATH).headers["content-length"] == str(len(content))
    file.write_bytes(content + b"more")
    assert get(hub, PATH, range="bytes=0-6").headers["etag"] != part.headers["etag"]


def test_other_names_and_a_removed_file_are_not_found(hub: Edge, file: Path) -> None:
    for path in ("/map/satellite.pmtiles", "/map/..%2fbase.pmtiles", "/map/base"):
        assert get(hub, path).status == 404
    file.unlink()
    answer = get(hub, PATH)
    assert (answer.status, answer.json["detail"]) == (404, "the archive was removed")


def test_a_file_that_is_no_archive_stops_the_start(tmp_path: Path) -> None:
    other = tmp_path / "other.pmtiles"
    with pytest.raises(StartupError, match=r"HUB_MAP: .*other.pmtiles cannot be read: No such file or directory"):
        archives(Settings(map=str(other)))
    other.write_bytes(b"PMTiles\x02")
    with pytest.raises(StartupError, match=r"HUB_MAP_SATELLITE: .* is not a PMTiles archive of version 3"):
        archives(Settings(map_satellite=str(other)))
