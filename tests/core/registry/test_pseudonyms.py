"""Ids that lead back to no driver."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.core.registry.pseudonyms import Pseudonyms

KEY, OTHER = b"k" * 32, b"o" * 32
NOW = datetime(2026, 3, 1, 12, 1, tzinfo=UTC)


def test_an_id_is_an_hmac_of_period_and_driver() -> None:
    period = int(NOW.timestamp()) // 300
    expected = hmac.new(KEY, f"{period} d".encode(), hashlib.sha256).digest()
    assert urlsafe_b64decode(Pseudonyms(KEY, 300, NOW).of("d")) == expected[:9]


def test_ids_are_the_same_until_they_change() -> None:
    ids = Pseudonyms(KEY, 300, NOW)
    assert ids.valid_until == datetime(2026, 3, 1, 12, 5, tzinfo=UTC)
    last = Pseudonyms(KEY, 300, ids.valid_until - timedelta(microseconds=1))
    following = Pseudonyms(KEY, 300, ids.valid_until)
    assert last.of("d") == ids.of("d") != following.of("d")
    assert following.valid_until - ids.valid_until == timedelta(seconds=300)


@given(st.sets(st.text("abc1._:-", min_size=1, max_size=5), max_size=50))
def test_no_two_drivers_and_no_two_links_share_an_id(drivers: set[str]) -> None:
    made = [Pseudonyms(key, 300, NOW).of(driver) for key in (KEY, OTHER) for driver in drivers]
    assert len(set(made)) == len(made)
