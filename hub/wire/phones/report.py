"""Detection of the dialect of a phone's request: one URL takes every dialect, so it suits every app."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.background import decode_envelope, decode_location
from hub.wire.phones.elements import decode_each
from hub.wire.phones.osmand import decode_fields
from hub.wire.phones.owntracks import decode_message
from hub.wire.phones.traccar import decode_forwarded
from hub.wire.validation import NOT_DECODED, fault_of

OSMAND, BACKGROUND, OWNTRACKS, TRACCAR, UNKNOWN = "osmand", "background", "owntracks", "traccar", "unknown"


class Report(NamedTuple):
    """The fixes of a request. Their ``driver_id`` is the name in the payload, if there is one; a bad fix is replaced by
    its ``BadMessage``."""

    dialect: str
    fixes: list[Fix | BadMessage]


def decode_report(query: str, body: bytes) -> Report:
    """The report of a request with this query (without ``?``) and body. Never raises: what cannot be read is a bad fix,
    because a phone would repeat it without end."""
    body = body.strip()
    if body[:1] in (b"{", b"["):
        return _decode_json(body)
    try:
        form = body.decode()
    except UnicodeDecodeError:
        return Report(UNKNOWN, [BadMessage(ErrorCode.MALFORMED, "the body is not UTF-8")])
    text = f"{query}&{form}" if query and form else query or form
    if not text:
        return Report(OWNTRACKS, [])  # OwnTracks posts an empty body to remove a friend
    try:
        return Report(OSMAND, list(decode_fields(text)))
    except BadMessage as bad:
        return Report(OSMAND, [bad])


def _decode_json(body: bytes) -> Report:
    try:
        message = msgspec.json.decode(body)
    except NOT_DECODED as error:
        return Report(UNKNOWN, [BadMessage(ErrorCode.MALFORMED, fault_of(error).detail)])
    dialect = UNKNOWN

    def decode(item: Any) -> Sequence[Fix | BadMessage]:
        nonlocal dialect
        dialect, decode_item = _dialect_of(item)
        return decode_item(item)

    fixes = decode_each(message if isinstance(message, list) else [message], decode)
    return Report(dialect, fixes)


def _dialect_of(item: Any) -> tuple[str, Callable[[dict[str, Any]], Sequence[Fix | BadMessage]]]:
    if not isinstance(item, dict):
        raise BadMessage(ErrorCode.MALFORMED, "a location must be an object")
    if "_type" in item:
        return OWNTRACKS, decode_message
    if "position" in item:
        return TRACCAR, decode_forwarded
    if "location" in item:
        return BACKGROUND, decode_envelope
    if "coords" in item or "latitude" in item or "longitude" in item:
        return BACKGROUND, decode_location
    raise BadMessage(ErrorCode.MALFORMED, "no dialect that the hub knows")
