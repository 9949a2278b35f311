"""Problem documents (RFC 9457): the answers to requests that are refused or fail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from hub.identity.attempts import TooManyAttempts
from hub.identity.passwords import Busy
from hub.wire.validation import Code, Fault


class ProblemError(Struct, rename="camel", omit_defaults=True):
    """One thing that is wrong: ``field`` is a parameter, header or field; ``code`` is one of docs/api.md. ``limit`` is
    the number that was exceeded, ``allowed`` the values or names that exist. Of a fix, ``index`` is its place in the
    array, and ``code`` that of an ``error`` message of ``/ws``."""

    field: str | None = None
    detail: str | None = None
    index: int | None = None
    code: str | None = None
    limit: float | None = None
    allowed: list[str] | None = None


class ProblemDocument(Struct, rename="camel", omit_defaults=True):
    """RFC 9457: ``title`` is the phrase of the ``status``, ``detail`` says what is wrong, and ``errors`` where."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError] = []


class Problem(Exception):
    """Ends a request with a problem document. ``errors`` are objects with the fields of ``ProblemError``."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.headers = status, detail, errors, headers


MOST_FAULTS = 20
"""Faults that an answer names: enough to see what is wrong with a file."""


def unavailable(detail: str, retry_after: float) -> Problem:
    """503; the client should repeat the request after ``retry_after`` seconds."""
    return Problem(503, detail, headers={"retry-after": str(max(1, round(retry_after)))})


def invalid(field: str, detail: str, code: Code = Code.INVALID) -> Problem:
    """422: a parameter or field has a value that is not allowed."""
    return Problem(422, f"{field}: {detail}", errors=[{"field": field, "detail": detail, "code": code}])


def not_allowed(field: str, allowed: Iterable[str], more: str = "") -> Problem:
    """422: a parameter or field has none of the ``allowed`` values. ``more`` ends the sentence."""
    values = list(allowed)
    return faulty(Fault(field, Code.NOT_ALLOWED, f"must be one of: {', '.join(values)}{more}", None, values))


def faulty(*faults: Fault) -> Problem:
    """422 for faults of a body or query; the field is ``body`` where a fault is the whole body's. The first is in
    the detail, the first ``MOST_FAULTS`` in the errors."""
    errors = []
    for fault in faults[:MOST_FAULTS]:
        error: dict[str, Any] = {"field": fault.field or "body", "detail": fault.detail, "code": fault.code}
        more = (("limit", fault.limit), ("allowed", fault.allowed))
        errors.append(error | {name: value for name, value in more if value is not None})
    others = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
    return Problem(422, f"{errors[0]['field']}: {errors[0]['detail']}{others}", errors=errors)


def answer_of(error: Problem) -> Response:
    """The response that a ``Problem`` is. No cache may keep it: it depends on the time and the client."""
    title = HTTPStatus(error.status).phrase
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": error.status, "detail": error.detail}
    if error.errors:
        body["errors"] = error.errors
    headers = {"cache-control": "no-store", **(error.headers or {})}
    return Response(msgspec.json.encode(body), error.status, headers, "application/problem+json")


async def on_problem(request: Request, error: Exception) -> Response:
    """Starlette's handler of ``Problem``."""
    assert isinstance(error, Problem)
    return answer_of(error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such path, not this method."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = ", ".join(_methods(request))
    return answer_of(Problem(error.status_code, error.detail, headers=headers))


BUG = Problem(500, "the hub failed at this request; its log has the cause, under the id in X-Request-ID")


async def on_error(request: Request, error: Exception) -> Response:
    """Starlette's handler of every other exception, which Starlette raises again after the answer: uvicorn logs it."""
    return answer_of(BUG)


def _methods(request: Request) -> list[str]:
    """The methods of a path: each is a route of its own, and Starlette names the methods of one route only."""
    found: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)


async def on_too_many_attempts(request: Request, error: Exception) -> Response:
    """429 after too many wrong logins."""
    assert isinstance(error, TooManyAttempts)
    return answer_of(Problem(429, str(error), headers={"retry-after": str(error.seconds)}))


async def on_busy(request: Request, error: Exception) -> Response:
    """503 while too many passwords are being checked."""
    assert isinstance(error, Busy)
    return answer_of(unavailable(str(error), error.retry_after))


HANDLERS: dict[Any, Any] = {
    Problem: on_problem,
    HTTPException: on_http_exception,
    TooManyAttempts: on_too_many_attempts,
    Busy: on_busy,
    Exception: on_error,
}
"""For ``Starlette(exception_handlers=…)``."""


def handler_of(error: Exception) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The one of ``HANDLERS`` that Starlette would take."""
    handler: Callable[[Request, Exception], Awaitable[Response]]
    handler = next(HANDLERS[kind] for kind in type(error).__mro__ if kind in HANDLERS)
    return handler
