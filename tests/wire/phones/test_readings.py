"""Values as devices write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan
from typing import Any

import pytest

from hub.core.nouns import ATTRIBUTES_MAX_BYTES
from hub.wire.codec import BadMessage
from hub.wire.phones.readings import fix, moment


@pytest.mark.parametrize(
    ("value", "result"),
    [
        (1377177267, 1377177267.0),
        ("1442068686579", 1442068686579.0),
        ("2016-01-27T18:55:47Z", datetime(2016, 1, 27, 18, 55, 47, tzinfo=UTC)),
        ("2014-06-04 09:10:11", datetime(2014, 6, 4, 9, 10, 11, tzinfo=UTC)),
        ("2026-01-01T12:00:00.5+04:00", datetime(2026, 1, 1, 12, 0, 0, 500_000, timezone(timedelta(hours=4)))),
        ("2026-11-18t10:26:40z", datetime(2026, 11, 18, 10, 26, 40, tzinfo=UTC)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-11-18T12:26:60.250+02:00", datetime(2026, 11, 18, 10, 27, 0, 250_000, UTC)),
        ("2026-11-18T02:26:40-0800", datetime(2026, 11, 18, 10, 26, 40, tzinfo=UTC)),
        (1_794_997_600_000_000, datetime(2026, 11, 18, 10, 26, 40, tzinfo=UTC)),
        ("1794997600000000000", datetime(2026, 11, 18, 10, 26, 40, tzinfo=UTC)),
        *(
            (text, datetime(2026, 11, 18, 10, 26, 40, tzinfo=UTC))
            for text in (
                "2026-11-18 10:26:40 UTC",
                "2026-11-18T10:26:40 gmt",
                "2026-11-18 13:26:40 +0300",
                "2026-11-18T07:26:40\u221203:00",
                "2026-11-18T05:26:40-05:00[America/New_York]",
                "2026/11/18 10:26:40",
                "2026/11/18T12:26:40+02:00",
                "Wed, 18 Nov 2026 10:26:40 GMT",
                "18 Nov 2026 15:56:40 +0530",
                "Wed, 18 Nov 2026 10:26:40 -0000",
                "/Date(1794997600000)/",
                "/Date(1794997600000+0200)/",
            )
        ),
        (None, None),
        ("", None),
        (" ", None),
    ],
)
def test_an_instant_has_many_notations(value: object, result: object) -> None:
    assert moment(value, "t") == result


@pytest.mark.parametrize(
    "value",
    ["yesterday", "2026-13-01T00:00:00Z", [], {}, True, "nan", nan, inf, "2026-11-18", "20261118", "%TIME", 1e300],
)
def test_what_is_not_an_instant_names_its_field(value: object) -> None:
    with pytest.raises(BadMessage) as caught:
        moment(value, "tst")
    assert caught.value.field == "tst"


@pytest.mark.parametrize(
    "value",
    # A clock that was never set, GPS without time, seconds since 2001, a year beyond the last.
    [0, "0", "0.0", 1, -1, "1970-01-01T00:00:00Z", "1980-01-06T00:00:00Z", 816_903_678, "9999-12-31T23:59:60-01:00"],
)
def test_no_phone_has_these_times(value: object) -> None:
    with pytest.raises(BadMessage) as caught:
        moment(value, "tst")
    assert caught.value.field == "tst"


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (None, 47.25, "la"),
        (91, 47.25, "la"),
        ("x", 47.25, "la"),
        (47.25, None, "lo"),
        (47.25, 180.5, "lo"),
        (47.25, [], "lo"),
    ],
)
def test_a_place_has_to_be_one(latitude: object, longitude: object, field: str) -> None:
    with pytest.raises(BadMessage) as caught:
        fix(latitude, longitude, names=("la", "lo"))
    assert caught.value.field == field
    assert str(latitude) not in caught.value.detail


def test_a_coordinate_may_have_a_decimal_comma() -> None:
    found = fix("47,5", "-19,05", altitude="1,5")
    assert (found.latitude, found.longitude, found.altitude) == (47.5, -19.05, None)


@pytest.mark.parametrize(("accuracy", "known"), [(0, None), ("0.0", None), (-1, None), ("4.5", 4.5), (None, None)])
def test_an_accuracy_of_nothing_is_unknown(accuracy: object, known: float | None) -> None:
    assert fix(1, 2, accuracy=accuracy).accuracy == known


def test_what_has_no_room_leaves_out_itself_only() -> None:
    picture = fix(1, 2, extra={"poi": "depot", "image": "/9j/4AAQ" * 200, "imagename": "depot.jpg"})
    assert bytes(picture.attributes) == b'{"poi":"depot","imagename":"depot.jpg"}'


def test_attributes_are_kept_as_far_as_there_is_room() -> None:
    extra: dict[str, Any] = {f"key{n}": "v" * 100 for n in range(20)}
    kept = bytes(fix(1, 2, extra=extra).attributes)
    assert 900 < len(kept) <= ATTRIBUTES_MAX_BYTES
    assert kept.startswith(b'{"key0":"vvv') and kept.endswith(b'v"}')
    assert bytes(fix(1, 2).attributes) == b""
