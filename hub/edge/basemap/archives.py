"""GET /map/{name}.pmtiles: a PMTiles archive of this machine, of which browsers request the parts that they need."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from hub.edge.basemap.styles import archives_of
from hub.edge.http.problems import Problem
from hub.settings import Settings
from hub.startup import StartupError

PATH = "/map/{name}.pmtiles"

MAGIC = b"PMTiles\x03"
"""Beginning of an archive: its name, and the version of the format."""

CACHED = {"cache-control": "public, max-age=3600"}
"""A browser that gets parts of two versions sees it by their ETags, and starts again."""


def archives(settings: Settings) -> dict[str, Path]:
    """Name in the address -> path, of the archives in the settings. Raises ``StartupError``."""
    found = {}
    for name, (variable, path) in archives_of(settings).items():
        try:
            with path.open("rb") as file:
                beginning = file.read(len(MAGIC))
        except OSError as error:
            raise StartupError(f"{variable}: {path} cannot be read: {error.strerror}") from error
        if beginning != MAGIC:
            raise StartupError(f"{variable}: {path} is not a PMTiles archive of version 3")
        found[name] = path
    return found


def archive_route(paths: Mapping[str, Path]) -> Route:
    """The archives at ``PATH``."""

    async def archive(request: Request) -> Response:
        path = paths.get(request.path_params["name"])
        if path is None:
            raise Problem(404, "there is no such archive")
        try:
            status = await asyncio.to_thread(path.stat)
        except OSError as error:
            raise Problem(404, "the archive was removed") from error
        # Answers Range and If-Range, with an ETag of time and size.
        return FileResponse(path, stat_result=status, media_type="application/vnd.pmtiles", headers=CACHED)

    return Route(PATH, archive)
