"""The dispatcher screen: its files, and what its page has to know before anybody has logged in.

GET /                    the page
GET /share/{token}       the page for whom one driver was shared with
GET /web/…               scripts, styles, map; below /web/v-<version>/ they never change, and browsers keep them
GET /api/v1/screen       how this hub is to be talked to
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import hub
from hub.edge.api.operations import Operation
from hub.edge.node import Node
from hub.edge.problems import Problem
from hub.edge.requests import check_host
from hub.settings import Settings

FOLDER = Path(hub.__file__).parent.parent / "clients" / "web"
"""Beside this package, both in a clone and where it is installed."""

KINDS = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt"}
"""What is served; the folder also has the code that fills it."""

VERSION = "v-"
"""Begins the part of an address that changes whenever a file does."""

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


class Files(StaticFiles):
    """The folder, at addresses with and without a version."""

    def get_path(self, scope: Scope) -> str:
        path = super().get_path(scope)
        first, _, rest = path.partition("/")
        scope["hub.version"] = first.removeprefix(VERSION) if first.startswith(VERSION) else ""
        return rest if scope["hub.version"] else path

    async def get_response(self, path: str, scope: Scope) -> Response:
        if Path(path).suffix not in KINDS or path.endswith(".html"):
            raise Problem(404, "there is no such file")
        response = await super().get_response(path, scope)
        # Without a version, or with an older one: ask again each time, which an ETag answers without the file.
        current = scope["hub.version"] == version()
        response.headers["cache-control"] = FOR_EVER if current else "no-cache"
        return response


def routes(node: Node) -> list[BaseRoute]:
    settings = node.settings
    policy = content_policy(settings)

    def page(name: str, request: Request) -> Response:
        check_host(settings, request)
        text = (FOLDER / name).read_text().replace("/web/", f"/web/{VERSION}{version()}/")
        headers = {"cache-control": "no-cache", "content-security-policy": policy}
        return Response(text, media_type="text/html", headers=headers)

    async def index(request: Request) -> Response:
        return page("index.html", request)

    async def share(request: Request) -> Response:
        return page("share.html", request)

    async def screen(request: Request) -> Response:
        check_host(settings, request)
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
        Mount("/web", Files(directory=FOLDER)),
        Operation(
            "GET",
            "/api/v1/screen",
            screen,
            summary="How the dispatcher screen is to talk to this hub",
            answer=Screen,
            public=True,
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
    for file in sorted([*FOLDER.glob("js/**/*.js"), *FOLDER.glob("css/*.css"), FOLDER / "vendor" / "stamp"]):
        if file.is_file():
            status = file.stat()
            digest.update(f"{file.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:12]
