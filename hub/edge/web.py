"""The dispatcher screen: its files, and the settings that its page needs before a login.

GET /                    the page
GET /share/{token}       the page of a share link to one driver; below it /drivers, that of a link to several
GET /worker.js           the service worker: the page without the hub, pushed alerts; its address decides its scope
GET /manifest.webmanifest  what a browser needs to install the page as an app
GET /map/…               the map of one file, if there is one on this machine
GET /web/…               scripts, styles, map; below /web/built/ names carry a hash, and browsers keep them
GET /js/src/…            the JavaScript client, which the sources of the page import
GET /api/v1/screen       the settings

The pages are built when the package is installed (``clients/web/bundle.py``). Where they are not built, or a source was
edited since, the pages load the sources themselves. Built pages exist in each language; the sources are English, and
translate themselves.
"""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import hub
from hub.core.languages import COOKIE, DEFAULT, language_of
from hub.core.time_zones import TimeZones
from hub.edge.basemap.archives import archive_route
from hub.edge.basemap.base_map import BaseMap, BaseMapAnswer
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.http.problems import Problem
from hub.edge.http.requests import check_host
from hub.edge.node import Node
from hub.logs import Action, get_logger

FOLDER = Path(hub.__file__).parent.parent / "clients" / "web"
"""Next to this package, both in a clone and where it is installed."""

SERVED = ("built", "js", "css", "icons", "locales", "vendor")
"""Its served folders; the others have the code that builds them."""

ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""Content-Encoding -> suffix of the compressed files; the smallest form first."""

mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("text/plain", ".ftl")

HASHED = re.compile(r"built/.+-[0-9A-Z]{8}\.\w+$")
"""Files whose name changes with their content. Others are requested with ``?v=``, which changes with the content."""

WORKER = "-worker.mjs"
"""End of the name of MapLibre's worker, which requests tiles and has a ``Content-Security-Policy`` of its own."""

NOT_BUILT = (
    "the built pages are missing or are not those of the present sources, which browsers load instead, file by file: "
    "run `python -m clients.web.bundle`"
)

log = get_logger()

FOR_EVER = "public, max-age=31536000, immutable"


class ScreenLogin(Struct, rename="camel"):
    """``passwords``: whether other passwords than one-time passwords are accepted. ``provider``: the name of the OpenID
    Connect provider, if there is one."""

    passwords: bool
    provider: str | None


class Screen(Struct, rename="camel"):
    """``open``: no login required. ``login``: how users log in. ``map``: the base maps that a user can choose besides
    the built-in one. ``stale_after``, ``offline_after``, ``heartbeat_interval`` in seconds, as the settings of these
    names. ``map_available``: whether the packages of the map were installed. ``time_zone``: that of the default fleet,
    by its IANA name; a login names that of its fleet."""

    open: bool
    login: ScreenLogin
    version: str
    map: BaseMapAnswer
    map_available: bool
    stale_after: float
    offline_after: float
    heartbeat_interval: float
    time_zone: str


class Files(StaticFiles):
    """The ``served`` folders of ``folder``. A compressed form next to a file is sent instead of it. ``policy`` is that
    of pages now."""

    def __init__(self, folder: Path, served: tuple[str, ...], policy: Callable[[], str]) -> None:
        super().__init__(directory=folder)
        self._policy = policy
        self._served = tuple(f"{part}/" for part in served)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.startswith(self._served):
            raise Problem(404, "file not found")
        response = await self._compressed(path, scope) or await super().get_response(path, scope)
        # Without a hash in the path the browser revalidates each time; an ETag saves sending the file.
        hashed = HASHED.match(path) or scope["query_string"].startswith(b"v=")
        response.headers["cache-control"] = FOR_EVER if hashed else "no-cache"
        response.headers["vary"] = "accept-encoding"
        if path.endswith(WORKER):
            # Not kept for ever: the policy follows the settings.
            response.headers["cache-control"] = "no-cache"
            response.headers["content-security-policy"] = self._policy()
        return response

    async def _compressed(self, path: str, scope: Scope) -> Response | None:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, suffix in ENCODINGS.items():
            if encoding not in accepted or scope["method"] not in ("GET", "HEAD"):
                continue
            file, status = await asyncio.to_thread(self.lookup_path, path + suffix)
            if status is not None:
                response = self.file_response(file, status, scope)
                response.headers["content-encoding"] = encoding
                response.headers["content-type"] = mimetypes.guess_type(path)[0] or "application/octet-stream"
                return response
        return None


class Build(Struct):
    """``sources``: the SHA-256 of each file that ``built`` was made of, by its path."""

    sources: dict[str, str]


def built() -> bool:
    """Whether ``built`` was made from the present sources; an edit takes effect after a reload."""
    try:
        made = msgspec.json.decode((FOLDER / "built" / "sources.json").read_bytes(), type=Build)
        stamps = []
        for name, digest in made.sources.items():
            status = os.stat(f"{FOLDER}/{name}")  # a hundred times for each page: half as long as with a Path
            stamps.append((name, status.st_mtime_ns, status.st_size, digest))
    except FileNotFoundError:
        return False
    return _agree(tuple(stamps))


def report_not_built() -> None:
    """Log that the pages are served from their sources, where they are; reads each of them."""
    if not built():
        log.warning(Action.SCREEN_NOT_BUILT, problem=NOT_BUILT)


@lru_cache(maxsize=1)
def _agree(stamps: tuple[tuple[str, int, int, str], ...]) -> bool:
    """Reads the files only when the time or the size of one has changed."""
    return all(hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest for name, *_, digest in stamps)


def routes(node: Node, base_map: BaseMap) -> list[BaseRoute]:
    settings = node.settings
    zones = TimeZones(settings.time_zone)
    languages = {each.name for each in (FOLDER / "locales").iterdir()}

    async def page(name: str, request: Request, policy: str) -> Response:
        check_host(settings, request)
        language = language_of(request.cookies.get(COOKIE, ""), request.headers.get("accept-language", ""), languages)
        async with node.slices.slice():
            # Of the sources there is one page, which translates itself.
            if built():
                file = FOLDER / "built" / (f"{name}.html" if language == DEFAULT else f"{name}.{language}.html")
            else:
                file = FOLDER / f"{name}.html"
            text = file.read_text()
        headers = {
            "cache-control": "no-cache",
            "content-security-policy": policy,
            "vary": "accept-language, cookie",
        }
        return Response(text, media_type="text/html", headers=headers)

    async def index(request: Request) -> Response:
        return await page("index", request, base_map.policy)

    async def share(request: Request) -> Response:
        return await page("share", request, base_map.share_policy)

    async def shared_drivers(request: Request) -> Response:
        return await page("shared-drivers", request, base_map.share_policy)

    async def worker(request: Request) -> Response:
        headers = {"cache-control": "no-cache", "content-security-policy": base_map.policy}
        async with node.slices.slice():
            # Of the same build as the page: it has the names of the page's files.
            folder = FOLDER / ("built" if built() else "worker")
        return FileResponse(folder / "worker.js", media_type="text/javascript", headers=headers)

    async def manifest(request: Request) -> Response:
        headers = {"cache-control": "no-cache"}
        path = FOLDER / "icons" / "manifest.webmanifest"
        return FileResponse(path, media_type="application/manifest+json", headers=headers)

    async def screen(call: Plain) -> Response:
        answer = Screen(
            settings.open,
            ScreenLogin(settings.password_login == "on", settings.provider_name or None),
            hub.__version__,
            base_map.answer(),
            (FOLDER / "vendor" / "stamp").is_file(),
            settings.stale_after,
            settings.offline_after,
            settings.heartbeat_interval,
            zones.of(settings.default_fleet),
        )
        headers = {"cache-control": "no-store"}
        return Response(msgspec.json.encode(answer), media_type="application/json", headers=headers)

    return [
        Route("/", index),
        Route("/share/{token}", share),
        Route("/share/{token}/drivers", shared_drivers),
        Route("/worker.js", worker),
        Route("/manifest.webmanifest", manifest),
        archive_route(base_map.archives),
        Mount("/web", Files(FOLDER, SERVED, lambda: base_map.policy)),
        Mount("/js", Files(FOLDER.parent / "js", ("src",), lambda: base_map.policy)),
        Operation(
            node.door,
            "GET",
            "/api/v1/screen",
            screen,
            access=Access.PUBLIC,
            summary="Settings of the dispatcher screen",
            answer=Screen,
        ),
    ]
