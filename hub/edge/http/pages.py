"""Answers in pages: an opaque cursor says where the next one begins, also in a ``Link`` header (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response

from hub.edge.http.problems import invalid
from hub.settings import Settings

Kind = TypeVar("Kind")

Instant = Annotated[datetime, Meta(tz=True)]

DAY = timedelta(days=1)


class Span(Struct, rename={"since": "from", "until": "to"}, kw_only=True):
    """``from`` (included) and ``to`` (not included); by default the last 24 hours."""

    since: Instant | None = None
    until: Instant | None = None

    def resolve(self, settings: Settings) -> tuple[datetime, datetime]:
        """Both instants in UTC. Raises ``Problem`` 422 for a span that is empty or longer than ``max_range``."""
        try:
            until = (self.until or datetime.now(UTC)).astimezone(UTC)
            since = (self.since or until - DAY).astimezone(UTC)
        except OverflowError as error:
            raise invalid("from", "is out of range") from error
        if since >= until:
            raise invalid("from", "must be before to")
        if until - since > timedelta(seconds=settings.max_range):
            raise invalid("from", f"at most {settings.max_range:.0f} seconds before to")
        return since, until


def encode_cursor(*values: Any) -> str:
    """The cursor that ``decode_cursor`` makes these values of again, as text for a URL."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).rstrip(b"=").decode()


def decode_cursor(text: str, kind: type[Kind]) -> Kind:
    """The values of a cursor, a tuple type. Raises ``Problem`` 422 for one that we have not made."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        return msgspec.msgpack.decode(data, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise invalid("cursor", "is none of this hub's") from error


def page(
    request: Request, name: str, items: list[Any], following: str | None, parameters: dict[str, object] | None = None
) -> Response:
    """``{<name>: […], "next": <cursor>}``. ``parameters`` take the place of the request's in the link to what follows,
    where they depend on the time of asking."""
    body: dict[str, Any] = {name: items}
    headers = {}
    if following is not None:
        body["next"] = following
        given = dict(request.query_params) | (parameters or {}) | {"cursor": following}
        headers["link"] = f'<{request.scope["path"]}?{urlencode(given)}>; rel="next"'
    return Response(msgspec.json.encode(body), 200, headers, "application/json")


def written(instant: datetime) -> str:
    """An instant as a parameter."""
    return instant.isoformat().replace("+00:00", "Z")
