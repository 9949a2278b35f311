"""Detection of the dialect of a phone's request: one URL takes every dialect, so it suits every app.

A request is understood, or is a known message without a place, or is a ``BadMessage`` that counts the points it seems
to hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

import msgspec

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.background import NONE, decode_location
from hub.wire.phones.broken.bodies import read
from hub.wire.phones.broken.estimate import points_in
from hub.wire.phones.elements import decode_each
from hub.wire.phones.fields import empty, has_place, plain, sort
from hub.wire.phones.geojson import decode_feature
from hub.wire.phones.ids import driver_id_of
from hub.wire.phones.osmand import decode_fields, fields_of
from hub.wire.phones.owntracks import decode_message
from hub.wire.phones.traccar import decode_forwarded
from hub.wire.validation import NOT_DECODED

OSMAND, BACKGROUND, OWNTRACKS, TRACCAR, UNKNOWN = "osmand", "background", "owntracks", "traccar", "unknown"
GEOJSON = "geojson"

ENVELOPES = (
    "location",
    "position",
    "locations",
    "data",
    "features",
    "points",
    "positions",
    "records",
    "items",
    "fixes",
    "batch",
)
"""Fields that hold a location or an array of them."""

MAX_DEPTH = 4
"""Envelopes inside each other: ``{"data": {"locations": [{"location": {…}}]}}`` are three."""

_FORM = re.compile(r"[\w.\-%\[\]\ufeff]{1,64}=")


class Report(NamedTuple):
    """The fixes of a request. Their ``driver_id`` is the name in the payload, if there is one; a bad fix is replaced by
    its ``BadMessage``."""

    dialect: str
    fixes: list[Fix | BadMessage]


def decode_report(query: str, body: bytes) -> Report:
    """The report of a request with this query (without ``?``) and body. Never raises: what cannot be read is a bad fix,
    because a phone would repeat it without end."""
    body = body.strip()
    if not body:
        # OwnTracks posts an empty body to remove a friend.
        return _decode_form(query) if query else Report(OWNTRACKS, [])
    if body[:1] in (b"{", b"[") and body[1:2] != b"\x00":
        return _with_query(query, _decode_json(body))
    text = body.decode(json.detect_encoding(body), "replace").strip("\ufeff\x00\x1e \t\r\n")
    if text[:1] in ("{", "["):
        return _with_query(query, _decode_json(text.encode("utf-8", "surrogatepass")))
    if text in ("null", '""'):
        return _decode_form(query)
    if _FORM.match(text):
        return _decode_form(f"{query}&{text}" if query else text)
    if not text:
        return _decode_form(query)
    bad = BadMessage(ErrorCode.MALFORMED, "neither JSON nor a form", points=points_in(text))
    return _with_query(query, Report(UNKNOWN, [bad]))


def _decode_form(text: str) -> Report:
    try:
        return Report(OSMAND, list(decode_fields(text)))
    except BadMessage as bad:
        if bad.field is None:  # no place: a field may hold a document with many
            bad.points = max(bad.points, points_in(unquote_plus(text)))
        return Report(OSMAND, [bad])


def _with_query(query: str, report: Report) -> Report:
    """The report of a body with what the query adds: a point of its own, or the name of the driver."""
    if not query:
        return report
    try:
        fields = fields_of(query)
    except BadMessage:
        return report
    if has_place(fields) or any(plain(name) == "location" for name in fields):
        own = _decode_form(query)
        return own if report.fixes in ([], [_EMPTY]) else Report(report.dialect, [*own.fixes, *report.fixes])
    name = driver_id_of(sort(fields.items()).values.get("driver_id"))
    for fix in report.fixes if name else ():
        if isinstance(fix, Fix) and fix.driver_id is None:
            fix.driver_id = name
    return report


_EMPTY = BadMessage(ErrorCode.MALFORMED, "an empty object")


def _decode_json(body: bytes) -> Report:
    lost = 0
    try:
        message = msgspec.json.decode(body)
        items: list[Any] = message if isinstance(message, list) else [message]
    except NOT_DECODED:
        values, lost = read(body.decode("utf-8", "replace"))
        items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    if items == [{}]:
        return Report(UNKNOWN, [_EMPTY])
    dialects: list[str] = []
    fixes = decode_each(items, lambda item: _decode_item(item, NONE, dialects, MAX_DEPTH))
    if lost:
        detail = "not valid JSON; what can be read of it is kept"
        fixes.append(BadMessage(ErrorCode.MALFORMED, detail, points=lost))
    return Report(dialects[-1] if dialects else UNKNOWN, fixes)


def _decode_item(
    item: Any, context: Mapping[str, object], dialects: list[str], depth: int
) -> Sequence[Fix | BadMessage]:
    """The fixes of an element or an envelope. Its dialect is put into ``dialects``. Raises ``BadMessage``."""
    if not isinstance(item, dict):
        raise BadMessage(ErrorCode.MALFORMED, "a location must be an object")
    if "_type" in item:
        dialects[:] = [OWNTRACKS]
        return decode_message(item)
    if "position" in item and "device" in item and not has_place(item):
        dialects[:] = [TRACCAR]
        return decode_forwarded(item)
    if item.get("type") == "Feature" or "geometry" in item:
        dialects[:] = [GEOJSON]
        return decode_feature(item, context)
    if item.get("coords") is not None or "gps" in item or has_place(item):
        dialects[:] = [BACKGROUND]
        return decode_location(item, context)
    for name in ENVELOPES:
        if isinstance(inner := item.get(name), list | dict):
            return _decode_envelope(item, name, inner, context, dialects, depth)
    for name, inner in item.items():
        if isinstance(inner, list | dict) and _holds_fixes(inner, depth - 1):
            return _decode_envelope(item, name, inner, context, dialects, depth)
    try:
        message = decode_location(item, context)
    except BadMessage as bad:
        bad.points = max(bad.points, points_in(msgspec.json.encode(item).decode()))
        raise
    dialects[:] = [BACKGROUND]
    return message


def _holds_fixes(inner: list[Any] | dict[str, Any], depth: int) -> bool:
    """Whether a field of another name than ``ENVELOPES`` holds locations, up to so many envelopes deeper. They must
    have times: places without are those of geofences and destinations."""
    first = inner[0] if isinstance(inner, list) and inner else inner
    if not isinstance(first, dict):
        return False
    parts = [first, *(first[name] for name in ("location", "properties") if isinstance(first.get(name), dict))]
    placed = any(has_place(part) or isinstance(part.get("coords") or part.get("geometry"), dict) for part in parts)
    if placed and any("recorded_at" in sort(part.items()).values for part in parts):
        return True
    return depth > 0 and any(
        _holds_fixes(value, depth - 1) for value in first.values() if isinstance(value, list | dict)
    )


def _decode_envelope(
    item: dict[str, Any],
    name: str,
    inner: list[Any] | dict[str, Any],
    context: Mapping[str, object],
    dialects: list[str],
    depth: int,
) -> Sequence[Fix | BadMessage]:
    if not depth:
        raise BadMessage(ErrorCode.MALFORMED, f"more than {MAX_DEPTH} envelopes inside each other", name)
    outer = sort((field, value) for field, value in item.items() if field != name).values
    if isinstance(inner, list):
        # Of the envelope of an array, only the driver applies to each element.
        outer = {noun: value for noun, value in outer.items() if noun == "driver_id"}
        dialects[:] = [GEOJSON if item.get("type") == "FeatureCollection" or _is_overland(item) else BACKGROUND]
    context = {**context, **{noun: value for noun, value in outer.items() if not empty(value)}}
    if isinstance(inner, dict):
        return _decode_item(inner, context, dialects, depth - 1)
    return decode_each(inner, lambda one: _decode_item(one, context, dialects, depth - 1))


def _is_overland(item: dict[str, Any]) -> bool:
    """Whether an envelope without locations is one of Overland, which waits for its answer also then."""
    return item.get("locations") == [] and ("current" in item or "trip" in item)
