from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.nouns import ID_PATTERN, Fix, Position, instant

NINE = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
PLACE = '"latitude": 12.345, "longitude": 67.890'


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f'{{{PLACE}, "driverId": "driver-xyz-789"}}', {"driver_id": "driver-xyz-789"}),
        (f"{{{PLACE}}}", {"driver_id": None, "recorded_at": None, "msg_no": None, "speed": None}),
        (f'{{{PLACE}, "colour": "red"}}', {"latitude": 12.345, "longitude": 67.89}),
        ('{"latitude": 90, "longitude": -180}', {"latitude": 90.0, "longitude": -180.0}),
        ('{"latitude": -90, "longitude": 180}', {"latitude": -90.0, "longitude": 180.0}),
        (f'{{{PLACE}, "recordedAt": "2026-03-04T13:00:00+04:00"}}', {"recorded_at": NINE}),
        (f'{{{PLACE}, "recordedAt": 1772614800}}', {"recorded_at": 1772614800.0}),
        (f'{{{PLACE}, "speed": 0, "heading": 360, "battery": 1}}', {"speed": 0.0, "heading": 360.0, "battery": 1.0}),
        (f'{{{PLACE}, "accuracy": 0, "altitude": -430.5}}', {"accuracy": 0.0, "altitude": -430.5}),
        (f'{{{PLACE}, "msgNo": 9007199254740992}}', {"msg_no": 2**53}),
        (f'{{{PLACE}, "attributes": {{"hdop": 0.9}}}}', {"attributes": msgspec.Raw(b'{"hdop": 0.9}')}),
    ],
)
def test_fix(text: str, known: dict[str, Any]) -> None:
    fix = msgspec.json.decode(text, type=Fix)
    assert {name: getattr(fix, name) for name in known} == known


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"longitude": 1}', "latitude"),
        ('{"latitude": 1}', "longitude"),
        ('{"latitude": 90.0001, "longitude": 1}', "latitude"),
        ('{"latitude": 1, "longitude": -180.0001}', "longitude"),
        ('{"latitude": "1", "longitude": 1}', "latitude"),
        ('{"latitude": null, "longitude": 1}', "latitude"),
        (f'{{{PLACE}, "driverId": 7}}', "driverId"),
        (f'{{{PLACE}, "recordedAt": "2026-03-04T09:00:00"}}', "recordedAt"),  # of which zone?
        (f'{{{PLACE}, "recordedAt": "yesterday"}}', "recordedAt"),
        (f'{{{PLACE}, "speed": -1}}', "speed"),
        (f'{{{PLACE}, "speed": 400.1}}', "speed"),
        (f'{{{PLACE}, "heading": 360.1}}', "heading"),
        (f'{{{PLACE}, "accuracy": -1}}', "accuracy"),
        (f'{{{PLACE}, "altitude": 100001}}', "altitude"),
        (f'{{{PLACE}, "battery": 87}}', "battery"),
        (f'{{{PLACE}, "msgNo": -1}}', "msgNo"),
        (f'{{{PLACE}, "msgNo": 9007199254740993}}', "msgNo"),
        (f'{{{PLACE}, "msgNo": 1.5}}', "msgNo"),
    ],
)
def test_what_is_no_fix_names_its_field(text: str, field: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(text, type=Fix)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_fix_has_finite_numbers(number: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(f'{{"latitude": 1, "longitude": 1, "speed": {number}}}', type=Fix)


def test_position_on_the_wire() -> None:
    position = Position("d1", 12.345, 67.89, NINE, NINE + timedelta(milliseconds=250), 7)
    text = (
        '{"type":"location","driverId":"d1","latitude":12.345,"longitude":67.89,'
        '"recordedAt":"2026-03-04T09:00:00Z","receivedAt":"2026-03-04T09:00:00.250000Z","seq":7}'
    )
    assert msgspec.json.encode(position).decode() == text  # unknown is absent
    assert msgspec.json.decode(text, type=Position) == position
    more = msgspec.structs.replace(
        position, speed=0.0, heading=0.0, accuracy=4.5, altitude=0.0, battery=0.0, attributes=msgspec.Raw(b'{"a": 1}')
    )
    known = ',"speed":0.0,"heading":0.0,"accuracy":4.5,"altitude":0.0,"battery":0.0,"attributes":{"a": 1}}'
    assert msgspec.json.encode(more).decode() == text[:-1] + known  # zero is not unknown
    assert msgspec.json.decode(msgspec.json.encode(more), type=Position) == more


@pytest.mark.parametrize("id", ["d", "driver-xyz-789", "a.b_c:d-9", "A" * 64, "...", ".a", "..:"])
def test_ids(id: str) -> None:
    assert ID_PATTERN.match(id)


@pytest.mark.parametrize("id", ["", "A" * 65, "a b", "a/b", "ä", "a\n", "@node", "{a}", "a,b", "a\x00", "٣", ".", ".."])
def test_what_is_no_id(id: str) -> None:
    assert not ID_PATTERN.match(id)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NINE, NINE),
        (datetime(2026, 3, 4, 13, 0, tzinfo=timezone(timedelta(hours=4))), NINE),
        (NINE.timestamp(), NINE),
        (NINE.timestamp() * 1000, NINE),
        (0.0, datetime(1970, 1, 1, tzinfo=UTC)),
        (1.5, datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)),
        (2.0**31 - 1, datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)),  # the last second
        (2.0**31, datetime(1970, 1, 25, 20, 31, 23, 648_000, tzinfo=UTC)),  # the first millisecond
        (-1.0, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_instant(value: datetime | float, expected: datetime) -> None:
    assert instant(value) == expected
    assert instant(value).tzinfo is UTC


EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@given(st.one_of(st.floats(), st.datetimes(timezones=st.sampled_from([UTC, EAST, WEST]))))
def test_an_instant_is_in_utc_or_a_value_error(value: datetime | float) -> None:
    try:
        assert instant(value).utcoffset() == timedelta()
    except ValueError:
        assert not isinstance(value, datetime) or value.year in (1, 9999)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 1e300, -1e15, datetime.min.replace(tzinfo=EAST), datetime.max.replace(tzinfo=WEST)],
)
def test_no_instant(value: datetime | float) -> None:
    with pytest.raises(ValueError):
        instant(value)
