"""The documents of the API and of the socket, made from the code that serves them.

GET /api/openapi.json       the REST API (OpenAPI 3.1)
GET /api/asyncapi.json      the socket (AsyncAPI 3.0)
GET /api/docs               the first of them to read and to try out, in a browser, without the internet
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from hub.edge.basemap.base_map import content_policy
from hub.edge.documents import asyncapi, openapi
from hub.edge.http.access import Access
from hub.edge.http.operations import Operation, Plain
from hub.edge.node import Node
from hub.edge.web import FOLDER

ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js")
"""The used files of Swagger UI, in its folder below ``vendor``."""

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of the location hub</title>
<link rel="stylesheet" href="/web/vendor/swagger-ui/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript. The API is described in <a href="/api/openapi.json">openapi.json</a>.</noscript>
<div id="api"></div>
<script src="/web/vendor/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""

MISSING = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API of the location hub</title>
</head>
<body>
<h1>API of the location hub</h1>
<p>The viewer of this page, Swagger UI, was not installed with the hub, because there was no network: install the hub
again with one. Until then any program that reads OpenAPI can show <a href="/api/openapi.json">openapi.json</a>;
<a href="/api/asyncapi.json">asyncapi.json</a> describes the socket.</p>
</body>
</html>
"""

START = """// A file of its own, since the page allows no script in itself.
window.SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "none",
  tagsSorter: "alpha",
});
"""

NO_CACHE = {"cache-control": "no-cache"}


def routes(node: Node) -> list[Operation]:
    policy = content_policy()

    def made_once(make: Callable[[Request], Any]) -> Callable[[Plain], Awaitable[Response]]:
        """A handler that answers with a document. It is made at the first request, on a thread: it takes as long as
        some hundred positions."""
        body: asyncio.Task[bytes] | None = None

        async def answer(call: Plain) -> Response:
            nonlocal body
            if body is None:
                body = asyncio.create_task(asyncio.to_thread(lambda: msgspec.json.encode(make(call.request))))
            return Response(await asyncio.shield(body), 200, NO_CACHE, "application/json")

        return answer

    async def docs(call: Plain) -> Response:
        there = all((FOLDER / "vendor" / "swagger-ui" / name).is_file() for name in ASSETS)
        headers = {**NO_CACHE, "content-security-policy": policy}
        return Response(PAGE if there else MISSING, 200, headers, "text/html")

    async def start(call: Plain) -> Response:
        return Response(START, 200, NO_CACHE, "text/javascript")

    openapi_json = made_once(lambda request: openapi.document(request.app.routes))
    asyncapi_json = made_once(lambda request: asyncapi.document())
    return [
        Operation(
            node.door,
            "GET",
            "/api/openapi.json",
            openapi_json,
            summary="This document",
            media=("application/json",),
            access=Access.PUBLIC,
        ),
        Operation(
            node.door,
            "GET",
            "/api/asyncapi.json",
            asyncapi_json,
            summary="The messages of the socket /ws",
            media=("application/json",),
            access=Access.PUBLIC,
        ),
        Operation(
            node.door,
            "GET",
            "/api/docs",
            docs,
            summary="These documents to read",
            media=("text/html",),
            access=Access.PUBLIC,
        ),
        Operation(
            node.door,
            "GET",
            "/api/docs/start.js",
            start,
            summary="The script of /api/docs",
            media=("text/javascript",),
            access=Access.PUBLIC,
        ),
    ]
