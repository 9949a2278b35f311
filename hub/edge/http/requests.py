"""What every HTTP request goes through: who asks, how much it may send, what its parameters say."""

from __future__ import annotations

import re
import time
from datetime import datetime
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from hub.core.principal import Principal
from hub.edge.http.bearer import bearer
from hub.edge.http.limits import spend_for_user
from hub.edge.http.origins import host_allowed, origin_allowed
from hub.edge.http.problems import Problem, invalid, unavailable
from hub.identity.identity import Identity
from hub.identity.tokens import Unauthenticated, Undecided
from hub.settings import Settings

Parameters = TypeVar("Parameters", bound=msgspec.Struct)
Document = TypeVar("Document", bound=msgspec.Struct)

HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?\Z")
"""A name or address, and a port."""

YEAR = re.compile(r"[0-9]{4}-")
"""What an instant of RFC 3339 begins with."""

CHALLENGE = {"www-authenticate": "Bearer"}


async def principal_of(identity: Identity, request: Request) -> Principal:
    """Who asks, by ``Authorization: Bearer``; everybody on an open hub. Raises ``Problem`` 401, 403, 429 or
    503."""
    return await principal_with(identity, request, bearer(request.headers))


async def principal_with(identity: Identity, request: Request, token: str | None) -> Principal:
    """The same with a token that stands elsewhere in the request."""
    settings = identity.settings
    check_host(settings, request)
    # Browsers say where a request comes from also where they send no Origin, as for the source of an image.
    cross_site = request.headers.get("sec-fetch-site") == "cross-site" and "origin" not in request.headers
    if (settings.open and cross_site) or not origin_allowed(settings, request.headers):
        raise Problem(403, "an open hub answers no pages of other sites")
    try:
        principal = await identity.principal(token)
    except Unauthenticated as error:
        raise Problem(401, str(error), headers=CHALLENGE) from error
    except Undecided as error:
        raise unavailable(str(error), settings.retry_after) from error
    spend_for_user(request.scope, principal, time.monotonic())
    return principal


def check_host(settings: Settings, request: Request) -> None:
    """Raises ``Problem`` 403 where an open hub is asked by a name that is not this machine's own."""
    if not host_allowed(settings, request.headers):
        raise Problem(403, "an open hub answers to localhost only; a proxy before it must send that as Host")


async def body_of(request: Request, limit: int) -> bytes:
    """The body, read while it comes: one of more than ``limit`` bytes is refused before it is here (``Problem`` 413).

    Raises ``Problem`` 400 for a client that goes away, whom nobody answers any more.
    """
    too_large = Problem(413, f"a body has at most {limit} bytes")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise too_large
    size, parts = 0, []
    try:
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise too_large
            parts.append(part)
    except ClientDisconnect as error:
        raise Problem(400, "the body ended early") from error
    return b"".join(parts)


async def document_of(request: Request, kind: type[Document], limit: int) -> Document:
    """The body of a request, JSON whatever its content type says, as a struct. Raises ``Problem``: 400 for what is no
    JSON, 413, and 422 that names the field that is missing, unknown or wrong."""
    body = await body_of(request, limit)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        if path:
            raise invalid(path.rstrip("`"), detail) from error
        if " field `" in detail:  # "Object missing required field `x`", "Object contains unknown field `x`"
            missing = detail.startswith("Object missing")
            raise invalid(detail.split("`")[1][:40], "is needed" if missing else "there is no such field") from error
        raise invalid("body", detail) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, "the body is no JSON") from error


def public_url(settings: Settings, request: Request) -> str:
    """What a link to this hub begins with, without a slash at its end. Raises ``Problem`` 400 for a request that does
    not say where it went."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = request.headers.get("host", "")
    if not HOST.match(host):
        raise Problem(400, "Host is missing, or no address")
    return f"{request.scope['scheme']}://{host}"


def parameters_of(request: Request, kind: type[Parameters]) -> Parameters:
    """The query as a struct. Raises ``Problem`` 422 for a parameter that is unknown, stands twice, is missing or wrong:
    a misspelt filter must not look like an empty answer."""
    given = request.query_params.multi_items()
    names = {field.encode_name for field in msgspec.structs.fields(kind)}
    values: dict[str, str] = {}
    for name, value in given:
        if name not in names:
            raise invalid(name[:40], "there is no such parameter")
        if name in values:
            raise invalid(name, "stands twice")
        values[name] = value
    try:
        found = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        detail, _, path = str(error).partition(" - at `$.")
        if not path:  # "Object missing required field `x`"
            raise invalid(detail.split("`")[1], "is needed") from error
        raise invalid(path.rstrip("`"), detail) from error
    for field in msgspec.structs.fields(kind):
        text, value = values.get(field.encode_name), getattr(found, field.name)
        # From a text msgspec also takes `null` for None, and a number for an instant.
        if text is not None and value is None:
            raise invalid(field.encode_name, "null is no value: leave it out")
        if text is not None and isinstance(value, datetime) and not YEAR.match(text):
            raise invalid(field.encode_name, "Invalid RFC3339 encoded datetime")
    return found
