"""Text messages of clients, decoded; tests/edge/ws/test_inputs.py has every refusal as a client sees it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.geo.areas import BBox, Circle
from hub.core.messages import Error
from hub.core.nouns import Fix
from hub.wire.codec import BadMessage, Near, Ping, Since, Subscribe, Unsubscribe, decode, subscription
from hub.wire.errors import ErrorCode
from tests.support.laws import CHARACTERS

INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"type":"ping"}', Ping()),
        (b' \t\r\n{"more":1,"type":"ping"} ', Ping()),
        (b'{"type":"unsubscribe","id":"a"}', Unsubscribe("a")),
        (b'{"type":"subscribe","id":"a","all":true}', Subscribe("a", all=True)),
        (b'{"type":"subscribe","id":"a","drivers":[],"maxHz":0.5}', Subscribe("a", drivers=[], max_hz=0.5)),
        (b'{"type":"subscribe","id":"a","bbox":[170,-1,-170,1]}', Subscribe("a", bbox=(170, -1, -170, 1))),
        (
            b'{"type":"subscribe","id":"a","near":{"latitude":1,"longitude":2,"radius":3},'
            b'"since":{"epoch":"e","seq":4}}',
            Subscribe("a", near=Near(1, 2, 3), since=Since("e", 4)),
        ),
        (b'{"latitude":1,"longitude":2}', Fix(1, 2)),
        (b'{"longitude":2,"driverId":"d","latitude":1,"msgNo":3}', Fix(1, 2, "d", msg_no=3)),
        (b'{"type":"location","latitude":1,"longitude":2}', Fix(1, 2)),
        (b'{"type":null,"latitude":1,"longitude":2}', Fix(1, 2)),
        (b'{"latitude":1,"longitude":2,"note":"\\"type\\""}', Fix(1, 2)),
        (b'{"latitude":1,"longitude":2,"recordedAt":"2026-01-01T00:00:00Z"}', Fix(1, 2, recorded_at=INSTANT)),
        (b'{"latitude":1,"longitude":2,"recordedAt":1767225600}', Fix(1, 2, recorded_at=1767225600.0)),
        (b"[]", []),
        (b'[{"latitude":1,"longitude":2},{"latitude":3,"longitude":4}]', [Fix(1, 2), Fix(3, 4)]),
    ],
)
def test_what_is_understood(payload: bytes, message: object) -> None:
    assert decode(payload, 500) == message


def test_a_bad_fix_stands_in_its_place_in_an_array() -> None:
    first, second, third = decode(b'[{"latitude":1,"longitude":2},{"latitude":1,"msgNo":7},5]', 3)  # type: ignore[misc]
    assert first == Fix(1, 2)
    assert (second.code, second.field, second.msg_no) == (ErrorCode.INVALID, "longitude", 7)
    assert (third.code, third.field, third.msg_no) == (ErrorCode.MALFORMED, None, None)


@pytest.mark.parametrize(
    "payload", [b"[" + b'{"latitude":1,"longitude":2},' * 3 + b"5]", b"[1,1,1,1]", b"[[],[],[],[]]"]
)
def test_an_array_that_is_too_long_is_counted_first(payload: bytes) -> None:
    with pytest.raises(BadMessage) as error:
        decode(payload, 3)
    assert error.value.code == ErrorCode.TOO_MANY


def test_a_subscription_is_of_one_kind() -> None:
    everything = subscription(Subscribe("a", all=True, max_hz=4), 10)
    assert (everything.id, everything.area, everything.drivers, everything.period) == ("a", None, None, 0.25)
    drivers = subscription(Subscribe("a", drivers=["x", "y", "x"]), 10)
    assert (drivers.drivers, drivers.period) == (frozenset("xy"), 0.0)
    assert isinstance(subscription(Subscribe("a", bbox=(1, 2, 3, 4)), 10).area, BBox)
    assert isinstance(subscription(Subscribe("a", near=Near(1, 2, 3)), 10).area, Circle)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(CHARACTERS, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(CHARACTERS, max_size=3), inner, max_size=3),
    max_leaves=5,
)
NAMES = [
    *("type", "latitude", "longitude", "driverId", "recordedAt", "speed", "heading", "accuracy", "altitude", "battery"),
    *("msgNo", "attributes", "id", "all", "drivers", "bbox", "near", "maxHz", "since"),
]
TYPES = st.sampled_from(["subscribe", "unsubscribe", "ping", "location", "nothing"])
MESSAGES = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6).flatmap(
    lambda message: TYPES.map(lambda kind: {**message, "type": kind}) | st.just(message)
)


@given(
    st.one_of(
        st.binary(max_size=50), (MESSAGES | st.lists(MESSAGES | JSON, max_size=4)).map(lambda m: json.dumps(m).encode())
    )
)
def test_whatever_comes_is_understood_or_refused_in_words_that_can_be_sent(payload: bytes) -> None:
    try:
        message = decode(payload, 3)
        bad = [item for item in message if isinstance(item, BadMessage)] if isinstance(message, list) else []
        if isinstance(message, Subscribe):
            subscription(message, 2)
    except BadMessage as error:
        bad = [error]
    for refusal in bad:
        assert refusal.detail
        msgspec.json.encode(Error(refusal.code, refusal.detail, refusal.field, refusal.msg_no))
