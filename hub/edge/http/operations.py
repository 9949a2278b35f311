"""An operation of the API: one declaration that checks the requests and makes the documents.

``Operation`` checks in this order: Host and Origin, token, rate, role, content type, ids of the path, query, If-Match,
body. A handler gets a ``Call``, which holds only what passed. An operation without ``access`` cannot be constructed.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.core.nouns import ID_PATTERN
from hub.core.principal import Principal
from hub.edge.http.access import Access, authorize
from hub.edge.http.door import Door
from hub.edge.http.origins import require_json
from hub.edge.http.problems import Problem
from hub.edge.http.requests import body_of, check_host, document_of, parameters_of
from hub.edge.http.versions import expected_version
from hub.settings import Settings

Query = TypeVar("Query")
Body = TypeVar("Body")

NAMED = {"driver_id": "driver", "vehicle_id": "vehicle"}
"""Path parameters that are ids chosen by users -> what they name."""

GENERATED = {"trip_id": "trip", "token_id": "token", "share_id": "share", "user_id": "user"}
"""Path parameters that are UUIDs which the hub generated -> what they name."""

SECRET = {"token"}
"""Path parameters that the handler itself checks."""


@dataclass(slots=True, frozen=True)
class Call(Generic[Query, Body]):
    """A request that passed the checks of its operation. ``query`` and ``body`` are None where the operation declares
    none; ``version`` is the one of ``If-Match``, None for ``*``; ``ids`` are the parameters of the path."""

    request: Request
    ids: Mapping[str, Any]
    query: Query
    body: Body
    version: int | None
    _principal: Principal | None

    @property
    def principal(self) -> Principal:
        if self._principal is None:
            raise LookupError("a public operation has no principal")
        return self._principal

    @property
    def fleet(self) -> str:
        """Id of the principal's fleet."""
        return self.principal.fleet


Plain = Call[None, None]
"""A call with neither query nor body."""


class Operation(Route):
    """One method of one path. ``query`` and ``body`` are the structs that a request is decoded into, ``answer`` the
    type of the JSON of a successful answer (None: no content), ``status`` its status. ``media`` are content types of a
    successful answer beside or instead of JSON. ``problems`` are the statuses of problem documents beyond those that
    follow from the rest (``openapi.problems``)."""

    def __init__(
        self,
        door: Door,
        method: str,
        path: str,
        handler: Callable[[Any], Awaitable[Response]],
        *,
        access: Access,
        summary: str,
        query: type[Struct] | None = None,
        body: Any = None,
        decode: Callable[[bytes], Any] | None = None,
        answer: Any = None,
        status: int = 200,
        media: tuple[str, ...] = (),
        problems: tuple[int, ...] = (),
        versioned: bool = False,
        json_only: bool = False,
        requires: Callable[[Settings], None] | None = None,
        deprecated: bool = False,
    ) -> None:
        """``decode``: decodes the body in place of the JSON decoder of ``body``. ``versioned``: the answer has an
        ``ETag``, and a change needs ``If-Match``. ``json_only``: the content type must be JSON, so that a form of
        another site is refused. ``requires``: raises ``Problem`` 409 where the settings do not have what the operation
        needs. ``deprecated``: an older name of another path."""
        if not isinstance(access, Access):
            raise TypeError(f"{method} {path}: access must be an Access, not {access!r}")
        unknown = set(re.findall(r"\{(\w+)\}", path)) - NAMED.keys() - GENERATED.keys() - SECRET
        if unknown:
            raise TypeError(f"{method} {path}: the path parameters {sorted(unknown)} are declared in no table")
        super().__init__(path, self._respond, methods=[method])
        self.door, self.handler, self.access = door, handler, access
        self.method, self.summary, self.query, self.body, self.answer = method, summary, query, body, answer
        self.decode, self.status, self.media, self.problems = decode, status, media, problems
        self.versioned, self.json_only, self.requires = versioned, json_only, requires
        self.deprecated = deprecated

    @property
    def public(self) -> bool:
        return self.access is Access.PUBLIC

    @property
    def changes_version(self) -> bool:
        """Whether the request needs ``If-Match``."""
        return self.versioned and self.method != "GET"

    def renamed(self, path: str) -> Operation:
        """The same operation at an older path, which stays."""
        return Operation(
            self.door,
            self.method,
            path,
            self.handler,
            access=self.access,
            summary=f"An older name of {self.method} {self.path}",
            query=self.query,
            body=self.body,
            decode=self.decode,
            answer=self.answer,
            status=self.status,
            media=self.media,
            problems=self.problems,
            versioned=self.versioned,
            json_only=self.json_only,
            requires=self.requires,
            deprecated=True,
        )

    async def _respond(self, request: Request) -> Response:
        return await self.handler(await self._checked(request))

    async def _checked(self, request: Request) -> Call[Any, Any]:
        """The call of a request. Raises ``Problem``."""
        settings = self.door.settings
        principal = None
        if self.access is Access.PUBLIC:
            check_host(settings, request)
        else:
            principal = await self.door.principal(request)
            driver_id = request.path_params.get("driver_id", request.query_params.get("driverId"))
            authorize(self.access, principal, driver_id)
        if self.requires is not None:
            self.requires(settings)
        if self.json_only:
            require_json(request)
        ids = {name: _id(name, text) for name, text in request.path_params.items()}
        query = None if self.query is None else parameters_of(request, self.query)
        version = expected_version(request) if self.changes_version else None
        body = None if self.body is None else await self._body(request, settings.max_body_bytes)
        return Call(request, ids, query, body, version, principal)

    async def _body(self, request: Request, limit: int) -> Any:
        data = await body_of(request, limit)
        return document_of(data, self.body) if self.decode is None else self.decode(data)


def _id(name: str, text: str) -> Any:
    """A parameter of a path. Raises ``Problem`` 404 for a text that is not an id."""
    if name in NAMED and not ID_PATTERN.match(text):
        raise Problem(404, f"there is no such {NAMED[name]}")
    if name in GENERATED:
        try:
            return UUID(text)
        except ValueError as error:
            raise Problem(404, f"there is no such {GENERATED[name]}") from error
    return text
