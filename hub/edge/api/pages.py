"""Answers in pages: an opaque cursor says where the next one begins, also in a ``Link`` header (RFC 8288)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request

from hub.core.time_zones import TimeZones, zone
from hub.edge.http.pieces import Pieces, Slices
from hub.edge.http.problems import faulty, invalid
from hub.edge.http.requests import check_instant, in_range
from hub.settings import Settings
from hub.wire.validation import TYPES, Code, fault_of

Kind = TypeVar("Kind")

Instant = Annotated[datetime, Meta(tz=True)]

DAY = timedelta(days=1)


Moment = Annotated[
    str,
    Meta(
        description="an RFC 3339 date and time, or a day as YYYY-MM-DD",
        examples=["2026-07-14T09:30:00Z", "2026-07-14"],
        extra_json_schema={"anyOf": [{"format": "date-time"}, {"format": "date"}]},
    ),
]
"""An instant, or the day that it begins or ends with."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_YEAR = re.compile(r"[0-9]{4}-")


class Span(Struct, rename={"since": "from", "until": "to"}, kw_only=True):
    """``from`` (included) and ``to`` (not included); by default the last 24 hours. Each is an instant, or a day, which
    is included in both. ``tz``: the time zone of the days, an IANA name; by default that of the fleet."""

    since: Moment | None = None
    until: Moment | None = None
    tz: str | None = None

    def resolve(self, settings: Settings, fleet: str) -> tuple[datetime, datetime]:
        """Both instants in UTC. Raises ``Problem`` 422 for a span that is empty or longer than ``max_range``."""
        try:
            time_zone = zone(self.tz or _zones(settings.time_zone).of(fleet))
        except ValueError as error:
            raise invalid("tz", str(error)) from error
        until = datetime.now(UTC) if self.until is None else _moment("to", self.until, time_zone, days=1)
        since = until - DAY if self.since is None else _moment("from", self.since, time_zone)
        if since >= until:
            raise invalid("from", "must be before to")
        if until - since > timedelta(seconds=settings.max_range):
            raise invalid("from", f"at most {settings.max_range:.0f} seconds before to")
        return since, until


def _moment(name: str, text: str, time_zone: tzinfo, days: int = 0) -> datetime:
    """The instant of a parameter in UTC: of a day, its beginning in a time zone, ``days`` later. Raises ``Problem``
    422."""
    try:
        if _DATE.match(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            instant = datetime.combine(day, time.min, time_zone)
            check_instant(name, instant)
            return instant.astimezone(UTC)
        # From a text msgspec also takes a number for an instant.
        if _YEAR.match(text):
            instant = msgspec.convert(text, Instant)
            check_instant(name, instant)
            return instant.astimezone(UTC)
    except msgspec.ValidationError as error:
        raise faulty(fault_of(error, text=True)._replace(field=name)) from error
    except OverflowError as error:
        raise invalid(name, "is out of range") from error
    except ValueError:
        pass
    raise invalid(name, f"must be {TYPES['datetime']}, as 2026-07-14T09:30:00Z, or {TYPES['date']}", Code.WRONG_TYPE)


def today(settings: Settings, fleet: str) -> date:
    """The day that it is in the time zone of a fleet."""
    return datetime.now(zone(_zones(settings.time_zone).of(fleet))).date()


@lru_cache(16)
def _zones(setting: str) -> TimeZones:
    return TimeZones(setting)


def encode_cursor(*values: Any) -> str:
    """Values as a cursor: text for a URL, which ``decode_cursor`` decodes."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(values)).rstrip(b"=").decode()


def decode_cursor(text: str, kind: type[Kind]) -> Kind:
    """The values of a cursor, a tuple type. Raises ``Problem`` 422 for a text that this hub did not encode."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        found = msgspec.msgpack.decode(data, type=kind)
        if all(map(in_range, found)):  # type: ignore[call-overload]
            return found
        raise ValueError("an instant is out of range")
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise invalid("cursor", "is not a cursor of this hub") from error


async def page(
    slices: Slices,
    request: Request,
    name: str,
    items: list[Kind],
    following: str | None,
    parameters: dict[str, object] | None = None,
    make: Callable[[Kind], Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Pieces:
    """``{<name>: […], <more>, "next": <cursor>}``, encoded piece by piece. ``parameters`` replace those of the request
    in the link to the next page, where they depend on the time of the request. ``make`` turns an item into what is
    encoded. ``items`` are empty afterwards."""

    def encode(piece: Sequence[Kind]) -> bytes:
        return msgspec.json.encode(piece if make is None else [make(item) for item in piece])[1:-1]

    headers = {}
    rest = dict(more or {})
    if following is not None:
        rest["next"] = following
        replaced = {**(parameters or {}), "cursor": following}
        given = [pair for pair in request.query_params.multi_items() if pair[0] not in replaced]
        headers["link"] = f'<{request.scope["path"]}?{urlencode([*given, *replaced.items()])}>; rel="next"'
    tail = b"]," + msgspec.json.encode(rest)[1:] if rest else b"]}"
    return listed(name, await slices.encode(items, encode), tail, headers)


def accepted(request: Request, offered: Container[str]) -> str | None:
    """The first media type of ``Accept`` that is offered; None without one."""
    for part in request.headers.get("accept", "").split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in offered:
            return media_type
    return None


def listed(name: str, pieces: list[bytes], tail: bytes = b"]}", headers: Mapping[str, str] | None = None) -> Pieces:
    """``{<name>: [<pieces>]}``. Each piece is JSON of one or more items, separated by commas."""
    separated = [b"," + piece if number else piece for number, piece in enumerate(pieces)]
    return Pieces([b'{"%b":[' % name.encode(), *separated, tail], headers, "application/json")


def written(instant: datetime) -> str:
    """An instant as a parameter."""
    return instant.isoformat().replace("+00:00", "Z")
