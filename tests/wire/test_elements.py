"""Arrays of phones: what is good is kept, and what is bad costs little."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hub.core.nouns import Fix
from hub.wire.elements import MAX_BAD, decode_each
from hub.wire.errors import ErrorCode
from hub.wire.messages import BadMessage

GOOD = Fix(1.0, 2.0)


class Decoder:
    """Takes 1, refuses 0, makes two bad ones of 2; counts its work."""

    calls = 0

    def __call__(self, item: int) -> Iterable[Fix | BadMessage]:
        self.calls += 1
        if item == 0:
            raise BadMessage(ErrorCode.MALFORMED, "zero")
        return [GOOD] if item == 1 else [BadMessage(ErrorCode.MALFORMED, "two")] * 2


def codes(fixes: list[Fix | BadMessage]) -> list[str]:
    return ["good" if isinstance(fix, Fix) else fix.code for fix in fixes]


@pytest.mark.parametrize("item", [0, 2])
def test_after_many_bad_ones_the_rest_is_one(item: int) -> None:
    decode = Decoder()
    fixes = decode_each([item] * 100_000, decode)
    assert decode.calls <= MAX_BAD
    assert codes(fixes) == ["malformed"] * MAX_BAD + ["too_many"]
    assert str(100_000 - decode.calls) in str(fixes[-1])


def test_good_ones_are_not_limited() -> None:
    assert codes(decode_each([1] * 3 * MAX_BAD + [0, 1], Decoder())) == ["good"] * 3 * MAX_BAD + ["malformed", "good"]


def test_when_nothing_is_left_there_is_no_rest() -> None:
    assert codes(decode_each([0] * MAX_BAD, Decoder())) == ["malformed"] * MAX_BAD
    assert codes(decode_each([0] * MAX_BAD + [1], Decoder())) == ["malformed"] * MAX_BAD + ["too_many"]
