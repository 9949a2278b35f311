"""A route together with what the documents say about it, so that neither can be without the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Operation(Route):
    """One method of one path. ``query`` and ``body`` are the structs that the request is checked with, ``answer`` the
    type of the JSON of a good answer (None: no content), ``status`` its status. ``media`` are content types of a good
    answer beside or instead of JSON. ``problems`` are the statuses of problem documents beyond those that follow from
    the rest (``openapi.problems``)."""

    def __init__(
        self,
        method: str,
        path: str,
        handler: Callable[[Request], Awaitable[Response]],
        *,
        summary: str,
        query: type[Struct] | None = None,
        body: Any = None,
        answer: Any = None,
        status: int = 200,
        media: tuple[str, ...] = (),
        problems: tuple[int, ...] = (),
        public: bool = False,
        versioned: bool = False,
        deprecated: bool = False,
    ) -> None:
        """``public``: asks for no token. ``versioned``: the answer has an ``ETag``, and a change needs ``If-Match``.
        ``deprecated``: an older name of another path."""
        super().__init__(path, handler, methods=[method])
        self.method, self.summary, self.query, self.body, self.answer = method, summary, query, body, answer
        self.status, self.media, self.problems = status, media, problems
        self.public, self.versioned, self.deprecated = public, versioned, deprecated
