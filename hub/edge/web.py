"""The dispatcher screen: its files, and what its page has to know before anybody has logged in.

GET /                    the page
GET /share/{token}       the page for whom one driver was shared with
GET /web/…               scripts, styles, map; below /web/v-<version>/ they never change, and browsers keep them
GET /api/v1/screen       how this hub is to be talked to
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import hub
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.http.problems import Problem
from hub.edge.http.requests import check_host
from hub.edge.node import Node
from hub.settings import Settings

FOLDER = Path(hub.__file__).parent.parent / "clients" / "web"
"""Beside this package, both in a clone and where it is installed."""

SERVED = ("js", "css", "vendor")
"""The parts of it whose files are served; beside them is the code that fills it."""

VERSION = "v-"
"""Begins the part of an address that changes whenever a file does."""

FRESH = 1.0
"""Seconds for which the version of the files holds: a look-up takes milliseconds of the loop, a page asks 60 times."""

FOR_EVER = "public, max-age=31536000, immutable"


class Screen(Struct, rename="camel"):
    """``open``: nobody has to log in. ``map_style_url``: a MapLibre style in place of the offline map, or empty.
    ``stale_after``, ``offline_after``, ``heartbeat_interval`` in seconds, as the settings of these names.
    ``map_available``: whether the packages of the map were installed."""

    open: bool
    version: str
    map_style_url: str
    map_available: bool
    stale_after: float
    offline_after: float
    heartbeat_interval: float


class Version:
    """The version of the files, looked up again after ``FRESH`` seconds: a look-up reads the state of every file."""

    def __init__(self) -> None:
        self._text, self._until = "", 0.0

    def now(self) -> str:
        if time.monotonic() >= self._until:
            self._text, self._until = version(), time.monotonic() + FRESH
        return self._text


class Files(StaticFiles):
    """The folder, at addresses with and without a version."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)
        # Of the version that was asked for last; 5 MB with all the cells of the map.
        self._bodies: dict[Path, bytes] = {}
        self._version = ""
        self.version = Version()
        # Name of a page -> the version of the files that it names, and its text.
        self._pages: dict[str, tuple[str, str]] = {}

    def page(self, name: str) -> str:
        """The text of a page, which names its files at the addresses of the version."""
        now = self.version.now()
        version_then, text = self._pages.get(name, ("", ""))
        if version_then != now:
            text = (FOLDER / name).read_text().replace("/web/", f"/web/{VERSION}{now}/")
            self._pages[name] = (now, text)
        return text

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        first, _, rest = path.partition("/")
        scope["hub.version"] = first.removeprefix(VERSION) if first.startswith(VERSION) else ""
        return rest if scope["hub.version"] else path

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.startswith(tuple(f"{part}/" for part in SERVED)):
            raise Problem(404, "there is no such file")
        response = await super().get_response(path, scope)
        # Without a version, or with an older one: ask again each time, which an ETag answers without the file.
        now = self.version.now()
        current = scope["hub.version"] == now
        if now != self._version:
            self._bodies.clear()
            self._version = now
        response.headers["cache-control"] = FOR_EVER if current else "no-cache"
        request = Headers(scope=scope)
        if current and isinstance(response, FileResponse) and response.status_code == 200:
            response.headers["vary"] = "accept-encoding"
            if scope["method"] == "GET" and "gzip" in request.get("accept-encoding", "") and "range" not in request:
                return await self._compressed(response)
        return response

    async def _compressed(self, response: FileResponse) -> Response:
        """The same a third as long. Compressed once, on a thread: the map's script would keep the loop for 50 ms."""
        path = Path(response.path)
        body = self._bodies.get(path)
        if body is None:
            body = self._bodies[path] = await asyncio.to_thread(lambda: gzip.compress(path.read_bytes(), mtime=0))
        headers = {name: response.headers[name] for name in ("cache-control", "content-type", "vary")}
        return Response(body, headers={**headers, "content-encoding": "gzip"})


def routes(node: Node) -> list[BaseRoute]:
    settings = node.settings
    policy, files = content_policy(settings), Files()

    def page(name: str, request: Request) -> Response:
        check_host(settings, request)
        text = files.page(name)
        headers = {"cache-control": "no-cache", "content-security-policy": policy}
        return Response(text, media_type="text/html", headers=headers)

    async def index(request: Request) -> Response:
        return page("index.html", request)

    async def share(request: Request) -> Response:
        return page("share.html", request)

    async def screen(call: Plain) -> Response:
        answer = Screen(
            settings.open,
            hub.__version__,
            settings.map_style_url,
            (FOLDER / "vendor" / "stamp").is_file(),
            settings.stale_after,
            settings.offline_after,
            settings.heartbeat_interval,
        )
        headers = {"cache-control": "no-store"}
        return Response(msgspec.json.encode(answer), media_type="application/json", headers=headers)

    return [
        Route("/", index),
        Route("/share/{token}", share),
        Mount("/web", files),
        Operation(
            node.door,
            "GET",
            "/api/v1/screen",
            screen,
            access=Access.PUBLIC,
            summary="How the dispatcher screen is to talk to this hub",
            answer=Screen,
        ),
    ]


def content_policy(settings: Settings) -> str:
    """The ``Content-Security-Policy`` of the pages: only ours, and the map's host where the setting names one."""
    hosts = ["'self'"]
    if settings.map_style_url:
        style = urlsplit(settings.map_style_url)
        if style.netloc:
            hosts.append(f"{style.scheme}://{style.netloc}")
    others = " ".join(hosts)
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; worker-src 'self'; "
        f"img-src {others} data: blob:; connect-src {others}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def version() -> str:
    """Of what the pages load: the packages' stamp, and the size and time of each file of ours."""
    digest = hashlib.sha256()
    for file in sorted(
        [*FOLDER.glob("js/**/*.js"), *FOLDER.glob("css/*.css"), *FOLDER.glob("*.html"), FOLDER / "vendor" / "stamp"]
    ):
        if file.is_file():
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]
