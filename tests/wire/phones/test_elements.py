"""Arrays of phones: what is good is kept, and what is bad costs little."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hub.core.nouns import Fix
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.elements import MAX_BAD, decode_each

GOOD = Fix(1.0, 2.0)
ZERO, ONE, TWO = {"is": 0}, {"is": 1}, {"is": 2}


class Decoder:
    """Takes ``{"is": 1}``, refuses 0, makes two bad ones of 2; counts its work."""

    calls = 0

    def __call__(self, item: object) -> Iterable[Fix | BadMessage]:
        self.calls += 1
        if item == ONE:
            return [GOOD]
        if item == TWO:
            return [BadMessage(ErrorCode.MALFORMED, "two")] * 2
        raise BadMessage(ErrorCode.MALFORMED, "zero")


def codes(fixes: list[Fix | BadMessage]) -> list[str]:
    return ["good" if isinstance(fix, Fix) else fix.code for fix in fixes]


@pytest.mark.parametrize(("item", "of_each"), [(ZERO, 1), (TWO, 2)])
def test_many_bad_ones_are_one_more(item: object, of_each: int) -> None:
    fixes = decode_each([item] * 10_000, Decoder())
    assert codes(fixes) == ["malformed"] * MAX_BAD + ["too_many"]
    assert str(10_000 * of_each - MAX_BAD) in str(fixes[-1])


@pytest.mark.parametrize("item", [0, "x", None, {}, [ONE]])
def test_after_many_bad_elements_impossible_ones_are_not_decoded(item: object) -> None:
    decode = Decoder()
    fixes = decode_each([item] * 100_000, decode)
    assert decode.calls == MAX_BAD
    assert str(100_000 - MAX_BAD) in str(fixes[-1])


def test_good_ones_are_not_limited() -> None:
    expected = ["good"] * 3 * MAX_BAD + ["malformed", "good"]
    assert codes(decode_each([ONE] * 3 * MAX_BAD + [ZERO, ONE], Decoder())) == expected


@pytest.mark.parametrize("bad", [0, ZERO, TWO])
def test_good_ones_are_kept_behind_any_number_of_bad_ones(bad: object) -> None:
    fixes = decode_each([ONE, *[bad] * 3 * MAX_BAD, ONE, bad, ONE], Decoder())
    assert codes(fixes) == ["good"] + ["malformed"] * MAX_BAD + ["good", "good", "too_many"]


def test_when_nothing_is_left_there_is_no_rest() -> None:
    assert codes(decode_each([ZERO] * MAX_BAD, Decoder())) == ["malformed"] * MAX_BAD
    assert codes(decode_each([ZERO] * MAX_BAD + [ONE], Decoder())) == ["malformed"] * MAX_BAD + ["good"]
