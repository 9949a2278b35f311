"""Reading HTTP requests: Host, the bounded body, JSON and query as structs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
import msgspec.inspect
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from hub.edge.http.codings import unpacked
from hub.edge.http.origins import host_allowed
from hub.edge.http.problems import Problem, faulty, invalid
from hub.settings import Settings
from hub.wire.validation import LONGEST_NAME, NOT_DECODED, TYPES, Code, Fault, fault_of

Parameters = TypeVar("Parameters", bound=msgspec.Struct)
Document = TypeVar("Document", bound=msgspec.Struct)

HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\Z")
"""A name or address, and a port."""

YEAR = re.compile(r"[0-9]{4}-")
"""The beginning of an RFC 3339 date and time."""

EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""What instants may be. Those at the ends of Python's range have no form in UTC or in other zones, and asyncpg stores
the first and the last one as the infinite ones of PostgreSQL."""

CHALLENGE = {"www-authenticate": "Bearer"}


class DirectRequest(Request):
    """A request of the direct path, with its whole body, and with its headers as ``fields_of`` has them."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, fields: Mapping[str, str], whole: bytes) -> None:
        super().__init__(scope, receive, send)
        self.fields, self.whole = fields, whole

    @property
    def headers(self) -> Mapping[str, str]:  # type: ignore[override]
        return self.fields


def fields_of(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by their names, which are in lower case. Of several lines the first counts, as in Starlette. They are
    decoded once, because the checks read them a dozen times."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(headers)}


def check_host(settings: Settings, request: Request) -> None:
    """Raises ``Problem`` 403 for a request to an open hub whose ``Host`` is not a loopback name."""
    if not host_allowed(settings, request.headers):
        raise Problem(403, "an open hub answers to localhost only; a proxy before it must send that as Host")


async def body_of(request: Request, limit: int) -> bytes:
    """The body, without its ``Content-Encoding``. Raises ``Problem``: 413 for more than ``limit`` bytes, also unpacked,
    415 for an unknown coding, and 400 for a body that ends early or does not unpack."""
    return _unpacked(request, await raw_body_of(request, limit), limit)


def whole_body_of(request: DirectRequest, limit: int) -> bytes:
    """The same of a request that is there as a whole."""
    return _unpacked(request, raw_whole_body_of(request, limit), limit)


def _unpacked(request: Request, body: bytes, limit: int) -> bytes:
    coding = request.headers.get("content-encoding")
    return unpacked(body, coding, limit) if coding else body


async def raw_body_of(request: Request, limit: int) -> bytes:
    """The body as it is sent, read as it arrives. Raises ``Problem`` 413 for more than ``limit`` bytes before they are
    read, and 400 when the client disconnects.
    """
    if isinstance(request, DirectRequest):
        return raw_whole_body_of(request, limit)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise _too_large(limit)
    parts: list[bytes] = []  # joined once: a client may send a byte at a time
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "the body ended early")
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        more = message.get("more_body", False)
        if size > limit:
            raise _too_large(limit)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def raw_whole_body_of(request: DirectRequest, limit: int) -> bytes:
    """The same of a request that is there as a whole."""
    if len(request.whole) > limit:
        raise _too_large(limit)
    return request.whole


def _too_large(limit: int) -> Problem:
    return Problem(413, f"the body must have at most {limit} bytes")


def document_of(body: bytes, kind: type[Document]) -> Document:
    """A JSON body as a struct, whatever its content type. Raises ``Problem``: 400 for a body that is not JSON, 422 for
    a field that is missing, unknown or wrong."""
    try:
        found = msgspec.json.decode(body, type=kind)
    except NOT_DECODED as error:
        fault = fault_of(error, kind)
        if fault.code is Code.MALFORMED:
            raise Problem(400, f"the body is {fault.detail}") from error
        raise faulty(fault) from error
    for name, attribute in _instants(kind):
        check_instant(name, getattr(found, attribute))
    return found


def in_range(value: object) -> bool:
    """False for an instant that cannot be stored."""
    return not isinstance(value, datetime) or EARLIEST <= value <= LATEST


def check_instant(name: str, value: object) -> None:
    """Raises ``Problem`` 422 for an instant that cannot be stored."""
    if not in_range(value):
        raise invalid(name, f"is out of range: from {EARLIEST.isoformat()} to {LATEST.isoformat()}")


def public_url(settings: Settings, request: Request) -> str:
    """The beginning of links to this hub, without a slash at its end. Raises ``Problem`` 400 for a request without a
    usable ``Host``."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not HOST.match(host):
        raise Problem(400, "Host: must be a name or address, with or without a port; or set HUB_PUBLIC_URL")
    return f"{request.scope['scheme']}://{host}"


def parameters_of(request: Request, kind: type[Parameters]) -> Parameters:
    """The query as a struct. Raises ``Problem`` 422 for a parameter that is unknown, repeated, missing or wrong: a
    misspelt filter must not look like an empty answer. Only a parameter whose type is a list may be repeated."""
    given = request.query_params.multi_items()
    names, lists = _names(kind), _lists(kind)
    values: dict[str, Any] = {}
    for name, value in given:
        if name not in names:
            detail = f"unknown parameter; known parameters: {', '.join(sorted(names))}"
            raise faulty(Fault(name[:LONGEST_NAME], Code.UNKNOWN, detail, None, sorted(names)))
        if name in lists:
            values.setdefault(name, []).append(value)
            continue
        if name in values:
            raise invalid(name, "must stand once", Code.REPEATED)
        values[name] = value
    try:
        found = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise faulty(fault_of(error, kind, text=True)) from error
    for name, attribute in names.items():
        text, value = values.get(name), getattr(found, attribute)
        # From a text msgspec also takes `null` for None, and a number for an instant.
        if text is not None and value is None:
            raise invalid(name, "null is not allowed; leave the parameter out", Code.WRONG_TYPE)
        if text is not None and isinstance(value, datetime) and not YEAR.match(text):
            raise invalid(name, f"must be {TYPES['datetime']}", Code.WRONG_TYPE)
        check_instant(name, value)
    return found


@lru_cache
def _names(kind: type[msgspec.Struct]) -> dict[str, str]:
    """Parameter -> attribute of a struct. To look them up takes msgspec a quarter of a millisecond."""
    return {field.encode_name: field.name for field in msgspec.structs.fields(kind)}


@lru_cache
def _instants(kind: type[msgspec.Struct]) -> list[tuple[str, str]]:
    """Field and attribute of the instants of a struct."""
    if not isinstance(kind, type):
        return []
    return [(one.encode_name, one.name) for one in msgspec.structs.fields(kind) if "datetime" in str(one.type)]


@lru_cache
def _lists(kind: type[msgspec.Struct]) -> frozenset[str]:
    """Parameters whose type is a list."""
    found = msgspec.inspect.type_info(kind)
    assert isinstance(found, msgspec.inspect.StructType)
    return frozenset(field.encode_name for field in found.fields if isinstance(field.type, msgspec.inspect.ListType))
