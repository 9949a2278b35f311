"""Decoding of the hub's messages, and agreement of both sides on their fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from clients.messages import (
    Ack,
    AlertMessage,
    Bye,
    Circle,
    Error,
    Fix,
    Heartbeat,
    Known,
    Left,
    Location,
    Since,
    Status,
    Subscribe,
    Subscribed,
    decode,
    encode,
)
from hub.core.messages import Message
from hub.core.nouns import Position
from hub.wire.events import TripMessage

TIME = datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            b'{"type":"location","driverId":"d1","latitude":25.2,"longitude":55.3,"recordedAt":"2026-03-01T10:00:00Z",'
            b'"receivedAt":"2026-03-01T10:00:00Z","seq":7,"speed":13.9,"attributes":{"hdop":1}}',
            Location("d1", 25.2, 55.3, TIME, TIME, 7, speed=13.9, attributes={"hdop": 1}),
        ),
        (
            b'{"type":"subscribed","id":"watch","epoch":"e","seq":7,"count":1,"reset":true}',
            Subscribed("watch", "e", 7, 1, True),
        ),
        (b'{"type":"left","id":"watch","driverId":"d1"}', Left("watch", "d1")),
        (b'{"type":"status","driverId":"d1","status":"stale"}', Status("d1", "stale")),
        (b'{"type":"heartbeat","seq":9,"time":"2026-03-01T10:00:00Z"}', Heartbeat(9, TIME)),
        (b'{"type":"ack","msgNo":12}', Ack(12)),
        (
            b'{"type":"error","code":"invalid","detail":"too far north","field":"latitude","msgNo":3}',
            Error("invalid", "too far north", "latitude", 3),
        ),
        (
            b'{"type":"error","code":"unavailable","detail":"","msgNo":3,"retryMs":2000}',
            Error("unavailable", "", msg_no=3, retry_ms=2000),
        ),
        (
            b'{"type":"trip","event":"started","tripId":"t","driverId":"d1","startedAt":"2026-03-01T10:00:00Z"}',
            TripMessage(event="started", trip_id="t", driver_id="d1", started_at=TIME),
        ),
        (
            b'{"type":"alert","event":"opened","alertId":"a","ruleId":"r","kind":"alarm","title":"SOS","text":"x",'
            b'"severity":"critical","driverId":"d1","state":"open","at":"2026-03-01T10:00:00Z",'
            b'"noticedAt":"2026-03-01T10:00:00Z","details":{"alarm":"sos"},"version":1}',
            AlertMessage(
                event="opened",
                alert_id="a",
                rule_id="r",
                kind="alarm",
                title="SOS",
                text="x",
                severity="critical",
                driver_id="d1",
                state="open",
                at=TIME,
                noticed_at=TIME,
                details={"alarm": "sos"},
                version=1,
            ),
        ),
        (b'{"type":"bye","retryMs":700}', Bye(700)),
        (b'{"type":"of-a-newer-hub","anything":[1,2]}', None),
    ],
)
def test_decode(line: bytes, message: object) -> None:
    assert decode(line) == message


@pytest.mark.parametrize("line", [b"", b"[]", b'{"msgNo":1}', b'{"type":"ack"}', b'{"type":"ack","msgNo":"one"}'])
def test_an_invalid_message_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(line)


def test_encode() -> None:
    assert encode(Fix(25.2, 55.3, recorded_at=TIME)) == (
        b'{"latitude":25.2,"longitude":55.3,"recordedAt":"2026-03-01T10:00:00Z"}'
    )
    assert encode(Subscribe("watch", near=Circle(25.2, 55.3, 500), since=Since("e", 4))) == (
        b'{"type":"subscribe","id":"watch","near":{"latitude":25.2,"longitude":55.3,"radius":500},'
        b'"since":{"epoch":"e","seq":4}}'
    )
    assert encode(Subscribe("watch", all=True)) == b'{"type":"subscribe","id":"watch","all":true}'


def fields(kind: type[msgspec.Struct]) -> dict[str, bool]:
    """Wire name -> whether it must be there."""
    return {field.encode_name: field.required for field in msgspec.structs.fields(kind)}


def test_clients_know_every_message_of_the_hub_and_all_fields() -> None:
    known = {kind.__struct_config__.tag: kind for kind in get_args(Known)}
    assert set(Message.__subclasses__()) <= set(known.values())
    location = fields(known["location"])
    assert set(location) == set(fields(Position))
    # The hub always sends the fields that a client requires.
    assert all(fields(Position)[name] for name, required in location.items() if required)
