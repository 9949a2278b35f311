from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.core.messages import (
    Ack,
    Authenticated,
    Bye,
    Error,
    FencesMessage,
    Heartbeat,
    Left,
    Message,
    Pong,
    StateMessage,
    Status,
    Subscribed,
    Synced,
    Unsubscribed,
)

WIRE: list[tuple[Message, str]] = [
    (
        Subscribed("map", "e1", 7, 2, True),
        '{"type":"subscribed","id":"map","epoch":"e1","seq":7,"count":2,"reset":true}',
    ),
    (
        # Zero and false are said: a client must not have to guess them.
        Subscribed("map", "e1", 0, 0, False),
        '{"type":"subscribed","id":"map","epoch":"e1","seq":0,"count":0,"reset":false}',
    ),
    (Synced("map", 7), '{"type":"synced","id":"map","seq":7}'),
    (Unsubscribed("map"), '{"type":"unsubscribed","id":"map"}'),
    (Left("map", "d1"), '{"type":"left","id":"map","driverId":"d1"}'),
    (Status("d1", "stale"), '{"type":"status","driverId":"d1","status":"stale"}'),
    (Ack(41), '{"type":"ack","msgNo":41}'),
    (Ack(0), '{"type":"ack","msgNo":0}'),
    (Error("malformed", "not JSON"), '{"type":"error","code":"malformed","detail":"not JSON"}'),
    (
        Error("invalid", "before 1970", "recordedAt", 3),
        '{"type":"error","code":"invalid","detail":"before 1970","field":"recordedAt","msgNo":3}',
    ),
    (
        Error("unavailable", "send it again", None, 0, 2000),
        '{"type":"error","code":"unavailable","detail":"send it again","msgNo":0,"retryMs":2000}',
    ),
    (
        Heartbeat(9, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        '{"type":"heartbeat","seq":9,"time":"2026-01-02T03:04:05Z"}',
    ),
    (
        Authenticated(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        '{"type":"authenticated","expiresAt":"2026-01-02T03:04:05Z"}',
    ),
    (StateMessage("d", "off_duty"), '{"type":"state","driverId":"d","state":"off_duty"}'),
    (StateMessage("d"), '{"type":"state","driverId":"d"}'),
    (
        FencesMessage("d", [("a", datetime(2026, 1, 1, tzinfo=UTC))]),
        '{"type":"fences","driverId":"d","inside":[["a","2026-01-01T00:00:00Z"]]}',
    ),
    (Authenticated(), '{"type":"authenticated"}'),
    (Pong(), '{"type":"pong"}'),
    (Bye(500), '{"type":"bye","retryMs":500}'),
]


@pytest.mark.parametrize(("message", "text"), WIRE, ids=lambda value: value if isinstance(value, str) else "")
def test_on_the_wire(message: Message, text: str) -> None:
    assert msgspec.json.encode(message).decode() == text


def test_every_message_is_in_the_table() -> None:
    ours = {kind for kind in Message.__subclasses__() if kind.__module__ == Message.__module__}
    assert {type(message) for message, _ in WIRE} == ours
