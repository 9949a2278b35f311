"""Answers in pages: an opaque cursor says where the next one begins, also in a ``Link`` header (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request

from hub.edge.http.pieces import Pieces, Slices
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
    """Values as a cursor: text for a URL, which ``decode_cursor`` decodes."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).rstrip(b"=").decode()


def decode_cursor(text: str, kind: type[Kind]) -> Kind:
    """The values of a cursor, a tuple type. Raises ``Problem`` 422 for a text that this hub did not encode."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        return msgspec.msgpack.decode(data, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise invalid("cursor", "is not a cursor of this hub") from error


async def page(
    slices: Slices,
    request: Request,
    name: str,
    items: Sequence[Kind],
    following: str | None,
    parameters: dict[str, object] | None = None,
    make: Callable[[Kind], Any] | None = None,
    more: dict[str, str] | None = None,
) -> Pieces:
    """``{<name>: […], <more>, "next": <cursor>}``, encoded piece by piece. ``parameters`` replace those of the request
    in the link to the next page, where they depend on the time of the request. ``make`` turns an item into what is
    encoded."""

    def encode(piece: Sequence[Kind]) -> bytes:
        return msgspec.json.encode(piece if make is None else [make(item) for item in piece])[1:-1]

    headers = {}
    rest = dict(more or {})
    if following is not None:
        rest["next"] = following
        given = dict(request.query_params) | (parameters or {}) | {"cursor": following}
        headers["link"] = f'<{request.scope["path"]}?{urlencode(given)}>; rel="next"'
    tail = b"]," + msgspec.json.encode(rest)[1:] if rest else b"]}"
    return listed(name, await slices.encode(items, encode), tail, headers)


def listed(name: str, pieces: list[bytes], tail: bytes = b"]}", headers: Mapping[str, str] | None = None) -> Pieces:
    """``{<name>: [<pieces>]}``. Each piece is JSON of one or more items, separated by commas."""
    separated = [b"," + piece if number else piece for number, piece in enumerate(pieces)]
    return Pieces([b'{"%b":[' % name.encode(), *separated, tail], headers, "application/json")


def written(instant: datetime) -> str:
    """An instant as a parameter."""
    return instant.isoformat().replace("+00:00", "Z")
