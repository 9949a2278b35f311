"""Decoding of the text messages of ``/ws``.

A message that cannot be decoded raises ``BadMessage``, with the field's name on the wire.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from hub.core.geo.areas import BBox, Circle
from hub.core.live.facts.states import DriverState
from hub.core.live.resumption import Resumption
from hub.core.live.subscriptions import Subscription
from hub.core.nouns import ID_PATTERN, MAX_MSG_NO, Fix, Latitude, Longitude
from hub.wire.errors import ErrorCode
from hub.wire.readings import before_leap_second
from hub.wire.validation import NOT_DECODED, fault_of


class BadMessage(ValueError):
    """A message, or one fix of a batch, that is refused. ``points``: how many points the refused part seems to hold."""

    def __init__(
        self, code: ErrorCode, detail: str, field: str | None = None, msg_no: int | None = None, points: int = 1
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.field, self.msg_no, self.points = code, detail, field, msg_no, points


class Near(Struct, rename="camel", forbid_unknown_fields=True):
    latitude: Latitude
    longitude: Longitude
    # Half the Earth's circumference: more means everywhere, for which there is `all`.
    radius: Annotated[float, Meta(gt=0, le=20_037_508)]


class Since(Struct, rename="camel", forbid_unknown_fields=True):
    """``since``: ``epoch`` and ``seq``, or ``resume``, or all three."""

    epoch: str | None = None
    seq: Annotated[int, Meta(ge=0)] | None = None
    resume: Annotated[str, Meta(min_length=1, max_length=4_096)] | None = None


class Subscribe(Struct, rename="camel", tag_field="type", tag="subscribe", forbid_unknown_fields=True):
    """A subscription: exactly one of ``all``, ``drivers``, ``bbox`` and ``near``, or ``groups`` alone. ``state``: only
    drivers of that state; ``groups``: only drivers in one of them. ``fences``: events of all fences (true), or of those
    with the given ids. ``alerts``: with the alerts about its drivers. ``positions``: with their positions, presence and
    trips; false for fences and alerts alone. Unknown fields are refused: without a misspelt filter the client would get
    more than it asked for."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    all: bool = False
    drivers: list[str] | None = None
    bbox: tuple[Longitude, Latitude, Longitude, Latitude] | None = None
    near: Near | None = None
    state: DriverState | None = None
    max_hz: Annotated[float, Meta(ge=0.01, le=20)] | None = None
    since: Since | None = None
    groups: Annotated[list[str], Meta(min_length=1, max_length=100)] | None = None
    fences: bool | Annotated[list[str], Meta(max_length=1_000)] | None = None
    alerts: bool = False
    positions: bool = True


class Unsubscribe(Struct, rename="camel"):
    id: str


class Ping(Struct):
    pass


class Authenticate(Struct):
    """A new token for the connection, in place of the present one."""

    token: str


class SetState(Struct, rename="camel"):
    """A new state of the driver; ``driver_id`` where the token names none."""

    state: DriverState
    driver_id: str | None = None


class _Kind(Struct):
    type: str | None = None


class _Numbered(Struct, rename="camel"):
    msg_no: Raw = Raw()


Request = Subscribe | Unsubscribe | Ping | Authenticate | SetState

REQUESTS: dict[str, type[Request]] = {
    "subscribe": Subscribe,
    "unsubscribe": Unsubscribe,
    "ping": Ping,
    "auth": Authenticate,
    "state": SetState,
}
"""``type`` of a request -> its struct."""

_fix = msgspec.json.Decoder(Fix)
_fixes = msgspec.json.Decoder(list[Fix])
_members = msgspec.json.Decoder(dict[str, Raw])
_text = msgspec.json.Decoder(str)
_raw_list = msgspec.json.Decoder(list[Raw])
_kind = msgspec.json.Decoder(_Kind)
_numbered = msgspec.json.Decoder(_Numbered)
_requests: dict[str, msgspec.json.Decoder[Request]] = {
    kind: msgspec.json.Decoder(struct) for kind, struct in REQUESTS.items()
}


def decode(payload: bytes, max_batch: int) -> Fix | list[Fix | BadMessage] | Request:
    """Decode a text message. In an array, a bad fix is replaced by its ``BadMessage``.

    Raises ``BadMessage`` when the message as a whole cannot be used, also when an array has more than ``max_batch``
    elements. ``payload`` is valid UTF-8.
    """
    first = payload[:1]
    if first != b"{" and first != b"[":
        payload = payload.lstrip(b" \t\r\n")
        first = payload[:1]
    if first == b"[":
        return _decode_fixes(payload, max_batch)
    if b'"type"' in payload:
        request = _decode_request(payload)
        if request is not None:
            return request
    try:
        return _decode_fix(payload)
    except NOT_DECODED as error:
        raise _refusal(error, payload) from error


def _decode_fix(payload: bytes | Raw) -> Fix:
    """Raises one of ``NOT_DECODED``."""
    try:
        return _fix.decode(payload)
    except NOT_DECODED:
        again = _after_leap_second(payload)
        if again is None:
            raise
        return _fix.decode(again)


def _after_leap_second(payload: bytes | Raw) -> bytes | None:
    """The JSON of a fix with a ``recordedAt`` of the second 60, with the next second instead; None for any other."""
    if b":60" not in bytes(payload):
        return None
    try:
        fields = _members.decode(payload)
        before = before_leap_second(_text.decode(fields["recordedAt"]))
        if before is None:
            return None
        instant = msgspec.convert(before, datetime) + timedelta(seconds=1)
    except (*NOT_DECODED, KeyError, OverflowError):
        return None
    return msgspec.json.encode(fields | {"recordedAt": instant})


def _decode_fixes(payload: bytes, max_batch: int) -> list[Fix | BadMessage]:
    try:
        fixes: list[Fix | BadMessage] = list(_fixes.decode(payload))
    except NOT_DECODED:
        pass  # one of them is bad: find out which
    else:
        _check_count(len(fixes), max_batch)
        return fixes
    try:
        items = _raw_list.decode(payload)
    except NOT_DECODED as error:
        raise _refusal(error, payload) from error
    # Before each is decoded: refusing 32,000 elements one by one would block the loop for 0.2 s.
    _check_count(len(items), max_batch)
    fixes = []
    for item in items:
        try:
            fixes.append(_decode_fix(item))
        except NOT_DECODED as error:
            fixes.append(_refusal(error, bytes(item)))
    return fixes


def _check_count(count: int, max_batch: int) -> None:
    if count > max_batch:
        raise BadMessage(ErrorCode.TOO_MANY, f"a message may have at most {max_batch} fixes")


def _decode_request(payload: bytes) -> Request | None:
    """The request of a message with a ``type``; None when the word is only inside a fix."""
    try:
        kind = _kind.decode(payload).type
    except NOT_DECODED as error:
        raise _refusal(error, payload) from error
    if kind is None or kind == "location":
        return None
    decoder = _requests.get(kind)
    if decoder is None:
        raise BadMessage(
            ErrorCode.UNKNOWN_TYPE, f"unknown type {kind[:40]!r}; known types: location, {', '.join(REQUESTS)}", "type"
        )
    try:
        return decoder.decode(payload)
    except NOT_DECODED as error:
        raise _refusal(error, payload, REQUESTS[kind]) from error


def _refusal(error: Exception, payload: bytes, kind: Any = None) -> BadMessage:
    """The answer to a message that a decoder refuses: field and words, and the message's ``msgNo`` if it is legible."""
    fault = fault_of(error, kind)
    if not fault.field:
        return BadMessage(ErrorCode.MALFORMED, fault.detail)
    try:
        msg_no = msgspec.json.decode(_numbered.decode(payload).msg_no or b"null")
    except NOT_DECODED:
        msg_no = None
    # A number beyond the range is not repeated: it may have thousands of digits.
    legible = type(msg_no) is int and 0 <= msg_no <= MAX_MSG_NO
    return BadMessage(ErrorCode.INVALID, fault.detail, fault.field, msg_no if legible else None)


def subscription(request: Subscribe, max_drivers: int) -> Subscription:
    """The subscription of a request. Raises ``BadMessage`` where it names no area or several, or too many drivers."""
    asked = [
        name
        for name, given in (
            ("all", request.all),
            ("drivers", request.drivers is not None),
            ("bbox", request.bbox is not None),
            ("near", request.near is not None),
        )
        if given
    ]
    if len(asked) != 1 and (asked or request.groups is None):
        raise BadMessage(ErrorCode.INVALID, "exactly one of all, drivers, bbox, near is required", "all")
    fences = _fences(request)
    if not request.positions and not request.alerts and fences is None:
        raise BadMessage(ErrorCode.INVALID, "a subscription without positions requires fences or alerts", "positions")
    more: dict[str, Any] = {
        "max_hz": request.max_hz,
        "state": request.state,
        "groups": _ids(request.groups, "groups", "a group"),
        "fences": fences,
        "alerts": request.alerts,
        "positions": request.positions,
    }
    if request.drivers is not None:
        if len(request.drivers) > max_drivers:
            raise BadMessage(ErrorCode.TOO_MANY, f"a subscription may name at most {max_drivers} drivers", "drivers")
        return Subscription(request.id, drivers=_ids(request.drivers, "drivers", "a driver id"), **more)
    if request.bbox is not None:
        west, south, east, north = request.bbox
        if south > north:
            raise BadMessage(ErrorCode.INVALID, "south must be at most north", "bbox")
        return Subscription(request.id, area=BBox(west, south, east, north), **more)
    if request.near is not None:
        near = request.near
        return Subscription(request.id, area=Circle(near.latitude, near.longitude, near.radius), **more)
    return Subscription(request.id, **more)


def since_of(request: Subscribe) -> Resumption | None:
    """Where a request resumes. Raises ``BadMessage`` where half of a place is given."""
    asked = request.since
    if asked is None:
        return None
    if (asked.epoch is None) != (asked.seq is None) or (asked.epoch is None and asked.resume is None):
        raise BadMessage(ErrorCode.INVALID, "epoch and seq, or resume, or all three are required", "since")
    if asked.epoch is None or asked.seq is None:
        return Resumption(resume=asked.resume)
    return Resumption(asked.epoch, asked.seq, asked.resume)


def _ids(names: list[str] | None, field: str, what: str) -> frozenset[str] | None:
    """The ids of a list. Raises ``BadMessage``."""
    if names is None:
        return None
    if not all(map(ID_PATTERN.match, names)):
        raise BadMessage(ErrorCode.INVALID, f"every item must be {what}: 1 to 64 letters, digits and . _ : -", field)
    return frozenset(names)


def _fences(request: Subscribe) -> frozenset[str] | None:
    """The fences of a request: empty for all, None for none."""
    if isinstance(request.fences, list):
        return _ids(request.fences, "fences", "a fence id") or None
    return frozenset() if request.fences else None
