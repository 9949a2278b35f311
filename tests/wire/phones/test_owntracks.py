"""Messages of OwnTracks, and whom they are from."""

from __future__ import annotations

from typing import Any

import pytest

from hub.wire.codec import BadMessage
from hub.wire.phones.owntracks import decode_message, sender
from tests.wire.payloads import said

PAYLOADS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    # iOS, driving.
    (
        {"_type": "location", "cog": 271, "lon": 2.29513, "acc": 5, "vel": 61, "vac": 21, "lat": 48.85833,
         "tst": 1497349316, "alt": 167, "tid": "V7", "t": "u", "batt": 67},
        {"latitude": 48.85833, "longitude": 2.29513, "driver_id": "V7", "recorded_at": 1497349316.0,
         "heading": 271.0, "accuracy": 5.0, "speed": 16.944444444, "altitude": 167.0, "battery": 0.67,
         "attributes": {"vac": 21, "tid": "V7", "t": "u"}},
    ),
    # Android, sent later than recorded, with a topic.
    (
        {"_type": "location", "_id": "ab12", "lon": -122, "lat": 37, "acc": 5, "tst": 1736161169,
         "created_at": 1736161415, "topic": "owntracks/van7/phone", "conn": "w", "tid": "AC", "batt": None},
        {"latitude": 37.0, "longitude": -122.0, "driver_id": "van7:phone", "recorded_at": 1736161169.0, "accuracy": 5.0,
         "attributes": {"created_at": 1736161415, "conn": "w", "tid": "AC"}},
    ),
    # A tracker of Queclink by way of qtripp: what its vehicle says are attributes.
    (
        {"topic": "owntracks/depot/867000000000003", "lat": 25.2, "lon": 55.3, "vel": 0, "cog": 113, "tst": 1764000000,
         "mcc": 424, "mnc": 2, "lac": "4F4D", "cid": "673A", "_type": "location", "acc": 10, "alt": 1113, "t": "I",
         "don": 105, "tid": "T3"},
        {"latitude": 25.2, "longitude": 55.3, "driver_id": "depot:867000000000003", "recorded_at": 1764000000.0,
         "speed": 0.0, "heading": 113.0, "accuracy": 10.0, "altitude": 1113.0,
         "attributes": {"mcc": 424, "mnc": 2, "lac": "4F4D", "cid": "673A", "t": "I", "don": 105, "tid": "T3"}},
    ),
    (
        {"_type": "location", "lat": 1, "lon": 2, "tst": 1764000000},
        {"latitude": 1.0, "longitude": 2.0, "recorded_at": 1764000000.0},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), PAYLOADS)
def test_payloads(message: dict[str, Any], expected: dict[str, Any]) -> None:
    assert [said(fix) for fix in decode_message(message)] == [expected]


@pytest.mark.parametrize(
    "kind",
    [
        "transition",
        "waypoint",
        "waypoints",
        "lwt",
        "status",
        "steps",
        "card",
        "cmd",
        "beacon",
        "configuration",
        "request",
    ],
)
def test_what_is_about_something_else_is_no_point(kind: object) -> None:
    assert decode_message({"_type": kind, "lat": 1, "lon": 2}) == []


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"_type": "encrypted", "data": "x"}, "_type"),
        ({"_type": "location", "lon": 2, "tst": 1764000000}, "lat"),
        ({"_type": "location", "lat": 1, "lon": 2, "tst": 3}, "tst"),
        ({"_type": "parking", "lat": 1, "lon": 2}, "_type"),
        ({"_type": None}, "_type"),
        ({"_type": "location", "lat": 1, "lon": 2, "tst": "x"}, "tst"),
    ],
)
def test_what_cannot_be_read_names_its_field(message: dict[str, Any], field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        decode_message(message)
    assert caught.value.field == field


def test_the_sender_is_the_credential_then_the_headers_then_the_query() -> None:
    headers, query = {"x-limit-u": "hu", "x-limit-d": "hd"}, {"u": "qu", "d": "qd"}
    assert sender("basic", headers, query) == "basic"
    assert sender(None, headers, query) == "hu:hd"
    assert sender(None, {}, query) == "qu:qd"
    assert sender(None, {"x-limit-u": "hu"}, query) == "hu"
    assert sender(None, {}, {"d": "qd"}) is None
