"""The files of the dispatcher screen: what is served, for how long it is kept, and how long it is."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

import pytest
import structlog
from structlog.testing import LogCapture

from hub.edge import web
from tests.support.api.calls import call, get
from tests.support.running import Edge

FOR_EVER = "public, max-age=31536000, immutable"

SOURCE = "/web/js/app/main.js"


def named(hub: Edge, pattern: str = r"[^\"]+", page: str = "/") -> list[str]:
    """The addresses of files in a page as it is served now."""
    return re.findall(rf'"(/web/{pattern})"', get(hub, page).body.decode())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the pages that may be edited; the hub of a test that uses it reads its pages from there."""
    copy = tmp_path / "web"
    shutil.copytree(web.FOLDER, copy, ignore=shutil.ignore_patterns("vendor", "node_modules"))
    shutil.copytree(web.FOLDER.parent / "js" / "src", tmp_path / "js" / "src")
    monkeypatch.setattr(web, "FOLDER", copy)
    return copy


@pytest.mark.parametrize("page", ["/", "/share/nobody", "/share/nobody/drivers"])
def test_a_page_is_asked_for_again_and_the_files_that_it_names_are_kept(hub: Edge, page: str) -> None:
    answer = get(hub, page)
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    files = named(hub, page=page)
    # The icon, the styles, the theme, the map and the module.
    assert len(files) == 5
    for path in files:
        kept = get(hub, path)
        assert (kept.status, kept.headers["cache-control"]) == (200, FOR_EVER), path


def test_a_file_without_a_hash_in_its_address_is_asked_for_again(hub: Edge) -> None:
    for path in (SOURCE, "/web/vendor/world/cells/world.json"):
        answer = get(hub, path)
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
        again = get(hub, path, **{"if-none-match": answer.headers["etag"]})
        assert (again.status, again.body) == (304, b"")
        assert get(hub, f"{path}?v=1").headers["cache-control"] == FOR_EVER


def test_the_service_worker_is_at_the_address_of_its_scope(hub: Edge) -> None:
    answer = get(hub, "/worker.js")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.headers["content-type"].startswith("text/javascript")
    # Scripts of other addresses are not permitted to it either.
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    # It keeps what the page of its build names, and nothing besides that depends on a user.
    (shell,) = re.findall(r'\{version:"(\w+)",files:(\[.*?\]),fresh:(\[.*?\])\}', answer.body.decode())
    assert f'<meta name="build" content="{shell[0]}">' in get(hub, "/").body.decode()
    kept = json.loads(shell[1])
    assert set(named(hub)) <= set(kept)
    assert all(get(hub, path).headers["cache-control"] == FOR_EVER for path in kept)
    assert json.loads(shell[2]) == ["/", "/web/built/maplibre-gl-worker.mjs", "/web/vendor/world/cells/world.json"]


def test_the_manifest_names_icons_that_are_there(hub: Edge) -> None:
    answer = get(hub, "/manifest.webmanifest")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/manifest+json")
    icons = [get(hub, icon["src"]) for icon in answer.json["icons"]]
    assert [(icon.status, icon.headers["content-type"]) for icon in icons] == [
        (200, "image/svg+xml"),
        (200, "image/png"),
        (200, "image/png"),
        (200, "image/png"),
    ]


@pytest.mark.parametrize("folder", ["built", "vendor/maplibre-gl"])
def test_the_worker_of_the_map_may_connect_to_the_hosts_of_the_page_only(hub: Edge, folder: str) -> None:
    policy = get(hub, "/").headers["content-security-policy"]
    answer = get(hub, f"/web/{folder}/maplibre-gl-worker.mjs?v=6")
    assert (answer.headers["content-security-policy"], answer.headers["cache-control"]) == (policy, "no-cache")
    again = get(hub, f"/web/{folder}/maplibre-gl-worker.mjs?v=6", **{"if-none-match": answer.headers["etag"]})
    assert (again.status, again.headers["content-security-policy"]) == (304, policy)


def test_a_browser_gets_the_shortest_form_that_it_takes(hub: Edge) -> None:
    (path,) = named(hub, r"built/main-\w+\.js")
    plain, gzipped, brotli = (get(hub, path, **{"accept-encoding": each}) for each in ("identity", "gzip", "gzip, br"))
    assert "content-encoding" not in plain.headers
    assert (gzipped.headers["content-encoding"], brotli.headers["content-encoding"]) == ("gzip", "br")
    assert gzip.decompress(gzipped.body) == plain.body
    assert len(brotli.body) < len(gzipped.body) < len(plain.body) / 2
    for answer in (plain, gzipped, brotli):
        assert answer.headers["vary"] == "accept-encoding"
        assert answer.headers["content-type"].startswith("text/javascript")
        assert int(answer.headers["content-length"]) == len(answer.body)
    assert len({answer.headers["etag"] for answer in (plain, gzipped, brotli)}) == 3
    assert call(hub, "HEAD", path, None, {"accept-encoding": "br"}).body == b""
    part = get(hub, path, **{"accept-encoding": "identity", "range": "bytes=0-9"})
    assert (part.status, part.body) == (206, plain.body[:10])


def test_an_edited_source_is_seen_at_once_and_the_built_page_comes_back_with_the_source(
    hub: Edge, folder: Path
) -> None:
    assert SOURCE not in named(hub)
    source = folder / "js" / "app" / "main.js"
    before = source.read_text()
    source.write_text(before + "// edited\n")
    assert SOURCE in named(hub)
    source.write_text(before)
    assert SOURCE not in named(hub)
    client = folder.parent / "js" / "src" / "link.js"
    kept = client.read_text()
    client.write_text(kept + "// edited\n")
    assert SOURCE in named(hub)
    client.write_text(kept)
    assert SOURCE not in named(hub)
    (folder / "css" / "list.css").unlink()
    assert SOURCE in named(hub)


def test_the_log_says_that_the_pages_are_not_built_and_what_builds_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = LogCapture()
    monkeypatch.setattr(web, "log", structlog.wrap_logger(None, processors=[lines]))
    web.report_not_built()
    assert lines.entries == []
    shutil.rmtree(folder / "built")
    web.report_not_built()
    (line,) = lines.entries
    assert (line["event"], line["log_level"]) == ("screen_not_built", "warning")
    assert "`python -m clients.web.bundle`" in line["problem"]


def test_without_a_build_the_pages_load_their_sources(hub: Edge, folder: Path) -> None:
    shutil.rmtree(folder / "built")
    assert SOURCE in named(hub)
    assert "/web/js/views/share.js" in named(hub, page="/share/nobody")
    for path in named(hub) + named(hub, page="/share/nobody"):
        assert get(hub, path).status == 200, path
    # What a source imports from outside of its folder, as a browser resolves it.
    connection = "/web/js/live/connection.js"
    (client,) = re.findall(r'from "(\.\./.+)"', get(hub, connection).body.decode())
    assert get(hub, urljoin(connection, client)).headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path",
    ["vendor.py", "package.json/", "index.html", "../../pyproject.toml", "%2e%2e/messages.py", "js", "js/none.js"],
)
def test_nothing_else_is_served(hub: Edge, path: str) -> None:
    for folder in ("/web/", "/web/built/../", "/js/", "/js/src/../"):
        answer = get(hub, folder + path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json")
