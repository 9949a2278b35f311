"""Times as loggers write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clients.replay.times import instant

NOON = datetime(2025, 6, 7, 12, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "zoned"),
    [
        ("2025-06-07T12:00:05Z", True),
        ("2025-06-07t12:00:05z", True),
        ("\n 2025-06-07T14:00:05+02:00 ", True),
        ("2025-06-07T14:00:05+0200", True),
        ("2025-06-07T05:00:05-07", True),
        ("2025-06-07 12:00:05 UTC", True),
        ("2025-6-7T12:0:5Z", True),
        ("2025-06-07T12:00:05", False),
        ("2025/06/07 12:00:05", False),
        ("07.06.2025 12:00:05", False),
        ("7.6.2025, 12:00:05", False),
        ("20250607T120005Z", True),
        ("20250607120005", False),
        ("1749297605", True),
        (1749297605, True),
        (1749297605.0, True),
        ("1749297605000", True),
        ("1749297605,000", True),
        (1749297605000000, True),
        ("1749297605000000", True),
    ],
)
def test_notations(value: object, zoned: bool) -> None:
    assert instant(value) == (NOON, zoned)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2025-06-07T12:00:05.5Z", 0.5),
        ("2025-06-07T12:00:05,123456789Z", 0.123457),
        ("2025-06-07T12:00:05.9999999Z", 1.0),
        ("2025-06-07T12:00:60Z", 55),
        ("2025-06-07T12:00Z", -5),
        ("1749297605123", 0.123),
    ],
)
def test_seconds_and_their_parts(value: object, seconds: float) -> None:
    assert instant(value).at - NOON == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        *("", None, True, [], "yesterday", "12:00:05", "2025-06-07", "nan", "-1", 10**30),
        *("0", 0, "1970-01-01T00:00:00Z", "1979-12-31T23:59:59Z", "9999-12-31T23:59:60-23:00"),
        *("06/07/2025 12:00:05", "2025-02-30T12:00:05Z", "2025-06-07T12:00:61Z", "2025-06-07T11:60:05Z"),
        *("2025-06-07T12:00:05+99:00", "2025-06-07T12:00:05x"),
    ],
)
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        instant(value)
