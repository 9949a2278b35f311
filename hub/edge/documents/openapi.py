"""The OpenAPI 3.1 document of an application, from its routes: a path outside it does not exist.

Everything under ``/api`` is an ``Operation``, which knows its types. The other paths of programs are in ``OTHERS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, NamedTuple

from starlette.routing import BaseRoute, Route

from hub import __version__
from hub.core.nouns import Position
from hub.edge.documents.schemas import components, description, parameters, reference
from hub.edge.http.operations import GENERATED, NAMED, NUMBERED, SECRET, Operation
from hub.edge.http.problems import ProblemDocument
from hub.edge.ops.health import Report

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"

ID = {"type": "string", "pattern": r"^(?!\.{1,2}$)[A-Za-z0-9._:-]{1,64}$"}
UUID = {"type": "string", "format": "uuid"}
NUMBER = {"type": "string", "pattern": "^[0-9]{1,18}$"}
TEXT = {"type": "string"}

PLACES = {
    **dict.fromkeys(NAMED, ID),
    **dict.fromkeys(GENERATED, UUID),
    **dict.fromkeys(NUMBERED, NUMBER),
    **dict.fromkeys(SECRET, TEXT),
}
"""Schema of each path parameter."""

MEDIA = {
    "application/geo+json": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array"}},
    },
    "application/x-protobuf": {},
    "image/jpeg": {},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {},
    JSON: {"type": "object"},
}
"""Schema of the answers that are not made from a struct; text by default."""

MEANINGS = {
    400: "The body is not JSON, or not UTF-8.",
    401: "The token is missing or refused.",
    403: "The token's role may not do this, or a page of another site uses an open hub.",
    404: "The token's fleet does not have it.",
    409: "The request conflicts with what exists.",
    412: "The version in `If-Match` is not current; `ETag` is the current version.",
    413: "The body is too large.",
    415: "The content type is not `application/json`, or the `Content-Encoding` is not gzip or deflate.",
    422: "A parameter or field is missing, unknown or out of range; `errors` says which.",
    428: "`If-Match` is missing.",
    429: "Too many requests: repeat after `Retry-After` seconds.",
    501: "The hub was installed without the extra that this needs.",
    503: "A service behind the hub does not answer, or the hub shuts down.",
}

RETRY_AFTER = {"description": "Seconds.", "schema": {"type": "integer"}}

HEADERS = {
    401: {"WWW-Authenticate": {"schema": TEXT}},
    412: {"ETag": {"schema": TEXT}},
    429: {"Retry-After": RETRY_AFTER},
    503: {"Retry-After": RETRY_AFTER},
}
"""Headers of problems."""

ETAG = {"ETag": {"description": "The version, for `If-Match`.", "schema": TEXT}}
LINK = {"Link": {"description": 'The path of the next page, `rel="next"`, where there is one.', "schema": TEXT}}

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` of what was read, or `*` to change whatever is there.",
    "schema": {"type": "string", "pattern": r'^(\*|"(0|[1-9][0-9]{0,9})")$'},
}


class Other(NamedTuple):
    """A path outside the API: what it is for, the content type of its answer (empty: no content) and its schema, the
    statuses of problems, whether 503 has an answer like 200, and whether phones use it."""

    summary: str
    media: str
    schema: dict[str, Any] = TEXT
    problems: tuple[int, ...] = ()
    speaks_503: bool = False
    phones: bool = False


_PHONE = Other(
    "Positions of a phone's app, in its dialect", "", problems=(400, 401, 403, 404, 413, 429, 503), phones=True
)

OTHERS = {
    "/livez": Other("Whether the process runs", "text/plain"),
    "/readyz": Other("Whether positions are acknowledged; what is wrong, a line each", "text/plain", speaks_503=True),
    "/health": Other("The state of the hub, part by part", JSON, reference(Report), speaks_503=True),
    "/metrics": Other("Figures for Prometheus", "text/plain", problems=(401, 403, 404, 429)),
    "/t/{token}": _PHONE,
    "/osmand": _PHONE,
    "/owntracks": _PHONE._replace(media=JSON, schema={"type": "array"}),
    "/traccar": _PHONE,
}
"""Paths of machines."""


def document(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """The document of an application's routes, a JSON object."""
    routes = list(routes)
    operations = [route for route in routes if isinstance(route, Operation)]
    kinds = [kind for operation in operations for kind in (operation.body, operation.answer) if kind is not None]
    schemas, named = components([*kinds, ProblemDocument, Position, Report])
    made = iter(schemas)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        body = next(made) if operation.body is not None else None
        answer = next(made) if operation.answer is not None else None
        paths.setdefault(written(operation.path), {})[operation.method.lower()] = _operation(operation, body, answer)
    for route in routes:
        if isinstance(route, Route) and route.path in OTHERS:
            paths[written(route.path)] = {method: _other(method, route.path) for method in methods(route)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Location hub",
            "version": __version__,
            "description": "Degrees WGS 84, metres, metres per second, seconds, RFC 3339 in UTC. Unknown is absent.",
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(named.items())),
            "responses": {_response_name(status): _problem(status) for status in MEANINGS},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An open hub, which has no secret, needs no token.",
                }
            },
        },
    }


def methods(route: Route) -> list[str]:
    """Methods of a route that are documented, in small letters: HEAD goes with every GET."""
    return sorted(method.lower() for method in route.methods or () if method != "HEAD")


def written(path: str) -> str:
    """A path with its parameters in camelCase."""
    return re.sub(r"\{(\w+)\}", lambda match: f"{{{_camel(match[1])}}}", path)


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _places(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", path):
        yield {"name": _camel(name), "in": "path", "required": True, "schema": PLACES[name]}


def _operation(operation: Operation, body: Any, answer: Any) -> dict[str, Any]:
    asked = list(_places(operation.path))
    if operation.changes_version:
        asked.append(IF_MATCH)
    if operation.query is not None:
        asked += parameters(operation.query)
    found: dict[str, Any] = {
        "operationId": _identifier(operation.method, operation.path),
        "summary": operation.summary,
        "tags": ["older names" if operation.deprecated else _tag(operation.path)],
        "responses": {str(operation.status): _good(operation, answer)} | _problems(problems(operation)),
    }
    if operation.query is not None and (described := description(operation.query)):
        found["description"] = described
    if asked:
        found["parameters"] = asked
    if body is not None:
        found["requestBody"] = {"required": True, "content": {operation.body_media: {"schema": body}}}
    if not operation.public:
        found["security"] = [{"bearer": []}]
    if operation.deprecated:
        found["deprecated"] = True
    return found


def problems(operation: Operation) -> list[int]:
    """The statuses of an operation's problem documents."""
    statuses = {403, 422, 429, 503, *operation.problems}
    if not operation.public:
        statuses.add(401)
    if "{" in operation.path:
        statuses.add(404)
    if operation.body is not None:
        statuses |= {400, 413, 415}
    if operation.changes_version:
        statuses |= {412, 428}
    if operation.requires is not None:
        statuses.add(409)
    if operation.json_only:
        statuses.add(415)
    return sorted(statuses)


def _good(operation: Operation, answer: Any) -> dict[str, Any]:
    response: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    content = {media: {"schema": MEDIA.get(media, TEXT)} for media in operation.media}
    if answer is not None:
        content = {JSON: {"schema": answer}, **content}
    if content:
        response["content"] = content
    fields = getattr(operation.answer, "__struct_fields__", ())
    headers = (ETAG if "version" in fields else {}) | (LINK if "next" in fields else {})
    if headers:
        response["headers"] = headers
    return response


def _problem(status: int) -> dict[str, Any]:
    content = {PROBLEM_JSON: {"schema": reference(ProblemDocument)}}
    response: dict[str, Any] = {"description": MEANINGS[status], "content": content}
    if status in HEADERS:
        response["headers"] = HEADERS[status]
    return response


def _other(method: str, path: str) -> dict[str, Any]:
    other = OTHERS[path]
    content = {"content": {other.media: {"schema": other.schema}}} if other.media else {}
    responses = {
        str(status): {"description": HTTPStatus(status).phrase, **content}
        for status in ([200, 503] if other.speaks_503 else [200])
    }
    found: dict[str, Any] = {
        "operationId": _identifier(method, path),
        "summary": other.summary,
        "tags": ["phones" if other.phones else "machines"],
        "responses": responses | _problems(other.problems),
    }
    if asked := list(_places(path)):
        found["parameters"] = asked
    elif other.phones:
        found["security"] = [{"bearer": []}]
    return found


def _problems(statuses: Iterable[int]) -> dict[str, Any]:
    return {str(status): {"$ref": f"#/components/responses/{_response_name(status)}"} for status in statuses}


def _identifier(method: str, path: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", written(path).removeprefix("/api/v1"))
    return "-".join([method.lower(), *words])


def _tag(path: str) -> str:
    """The part of the API: the first word of a path after its version."""
    _, versioned, rest = path.partition("/api/v1/")
    return rest.partition("/")[0] if versioned else "documents"


def _response_name(status: int) -> str:
    return re.sub(r"[^A-Za-z]", "", HTTPStatus(status).phrase.title())
