"""The rule for readings, shared by phones and files."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import msgspec
import pytest

from hub.core.nouns import ATTRIBUTES_MAX_BYTES, Fix
from hub.wire.readings import BOUNDS, attributes, known, number, reading


@pytest.mark.parametrize(
    ("value", "result"),
    [(1, 1.0), (1.5, 1.5), ("1.5", 1.5), (" -2 ", -2.0), ("1e3", 1000.0), (0, 0.0)]
    + [(bad, None) for bad in (None, "", "x", "1_0", "nan", "Infinity", nan, inf, True, [], {}, 10**400, "1,5")],
)
def test_a_number_is_finite_or_it_is_none(value: object, result: float | None) -> None:
    assert number(value) == result


def test_a_reading_that_cannot_be_is_unknown() -> None:
    assert [reading(value, 0, 1, 0.01) for value in (87, "0", 100, -1, 101, None)] == [0.87, 0.0, 1.0, None, None, None]


@pytest.mark.parametrize("name", BOUNDS)
def test_the_bounds_are_those_of_a_fix(name: str) -> None:
    low, high = BOUNDS[name]
    for value, valid in ((low, True), (high, True), (low - 0.001, False), (high + 0.01, False)):
        text = msgspec.json.encode({"latitude": 1, "longitude": 2, name: value})
        if valid:
            assert getattr(msgspec.json.decode(text, type=Fix), name) == value
        else:
            with pytest.raises(msgspec.ValidationError):
                msgspec.json.decode(text, type=Fix)
            assert known(name, value) is None


@pytest.mark.parametrize(("accuracy", "result"), [(0, None), ("0.0", None), (-1, None), ("4.5", 4.5), (None, None)])
def test_an_accuracy_of_nothing_is_unknown(accuracy: object, result: float | None) -> None:
    assert known("accuracy", accuracy) == result


def test_attributes_are_kept_as_far_as_there_is_room() -> None:
    extra: dict[str, Any] = {f"key{n}": "v" * 100 for n in range(20)}
    kept = bytes(attributes(extra))
    assert 900 < len(kept) <= ATTRIBUTES_MAX_BYTES
    assert bytes(attributes({})) == b""
