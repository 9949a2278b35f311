"""Codes of a second factor."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.identity.totp import (
    RECOVERY_CODES,
    STEP,
    cleaned,
    is_code,
    new_secret,
    recovery_codes,
    recovery_hash,
    step_of,
    uri,
    written,
)
from tests.support.laws import CHARACTERS

RFC_6238 = b"12345678901234567890"
"""The secret of appendix B; its codes have eight digits, of which ours are the last six."""


@pytest.mark.parametrize(
    ("now", "code"),
    [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (2_000_000_000, "279037")],
)
def test_the_codes_are_those_of_the_standard(now: int, code: str) -> None:
    assert step_of(RFC_6238, code, now, 0) == now // STEP


def test_a_code_holds_one_step_around_and_once() -> None:
    now = 1_111_111_111
    step = now // STEP
    for shift, expected in ((-2, None), (-1, step), (0, step), (1, step), (2, None)):
        assert step_of(RFC_6238, "050471", now + shift * STEP, 0) == expected
    # Neither the same code nor an earlier one after it.
    assert step_of(RFC_6238, "050471", now, step) is None
    assert step_of(RFC_6238, "050471", now, step + 1) is None


@given(st.text(CHARACTERS, max_size=12))
def test_only_six_digits_are_a_code(text: str) -> None:
    assert is_code(text) == (len(text) == 6 and text.isascii() and text.isdecimal())


def test_people_add_spaces_and_signs() -> None:
    assert cleaned(" 123 456 ") == cleaned("123-456") == "123456"
    codes, hashes = recovery_codes()
    assert len(set(codes)) == len(codes) == RECOVERY_CODES
    assert [recovery_hash(cleaned(f" {code.upper()} ")) for code in codes] == hashes
    assert not any(is_code(cleaned(code)) for code in codes)


def test_apps_read_the_uri() -> None:
    secret = new_secret()
    parts = urlsplit(uri(secret, "desk@example.com"))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert query["secret"] == written(secret)
    assert (query["digits"], query["algorithm"], query["period"]) == ("6", "SHA1", "30")
