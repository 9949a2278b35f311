"""The stream that brings events to the hubs."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.wire.events import Event, TripMessage, decode_event, encode_event
from hub.wire.log import BadEntry

START = datetime(2024, 5, 1, 12, tzinfo=UTC)


def test_an_event_comes_out_as_it_went_in() -> None:
    event = Event(7, "fleet", "d:1", b'{"type":"trip"}')
    fields = encode_event(event)
    assert fields == {"id": "7", "fleet": "fleet", "driver": "d:1", "payload": b'{"type":"trip"}'}
    stored = {name.encode(): value.encode() if isinstance(value, str) else value for name, value in fields.items()}
    assert decode_event(stored) == event


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"id": b"x", b"fleet": b"f", b"driver": b"d", b"payload": b"{}"},
        {b"id": b"1", b"fleet": b"\xff", b"driver": b"d", b"payload": b"{}"},
        {b"id": b"1", b"fleet": b"f", b"driver": b"d"},
    ],
)
def test_what_is_no_event_says_so(fields: dict[bytes, bytes]) -> None:
    with pytest.raises(BadEntry):
        decode_event(fields)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            TripMessage(
                event="started", trip_id="t", driver_id="d", started_at=START, distance=500.5, moving_time=60.0
            ),
            b'{"type":"trip","event":"started","tripId":"t","driverId":"d","startedAt":"2024-05-01T12:00:00Z",'
            b'"distance":500.5,"movingTime":60.0}',
        ),
        (
            TripMessage(event="revised", trip_id="t", driver_id="d", started_at=START, removed=True),
            b'{"type":"trip","event":"revised","tripId":"t","driverId":"d","startedAt":"2024-05-01T12:00:00Z",'
            b'"removed":true}',
        ),
    ],
)
def test_what_is_unknown_is_absent(message: TripMessage, expected: bytes) -> None:
    assert msgspec.json.encode(message) == expected
