"""When maintenance is due: by distance, by days, and by the first of both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from hub.core.alerts.maintenance import Counted, due
from hub.core.alerts.rules import Maintenance
from tests.core.alerts.test_changes import rule

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
KM = 1_000


def found(
    after: float, driven: float, params: dict[str, Any], *, done: bool = False
) -> tuple[int, str, dict[str, Any]] | None:
    """Number, instant (days after ``SINCE``) and the other details."""
    maintenance = rule("maintenance", params=msgspec.convert(params, Maintenance))
    opened = due(maintenance, Counted("d", SINCE, done, driven), SINCE + timedelta(days=after))
    if opened is None:
        return None
    details = opened.details
    assert opened.episode == f"{SINCE.isoformat()} {details['number']}" and details.pop("since") == SINCE.isoformat()
    return details.pop("number"), (opened.at - SINCE) / timedelta(days=1), details


@pytest.mark.parametrize(
    ("after", "driven", "params", "expected"),
    [
        (5, 9_999 * KM, {"every": 10_000 * KM}, None),
        (5, 10_000 * KM, {"every": 10_000 * KM}, (1, 5, {"due": 10_000 * KM, "odometer": 10_000 * KM})),
        # The odometer was at 15,000 km when the rule was made.
        (
            5,
            5_000 * KM,
            {"every": 10_000 * KM, "start": 15_000 * KM},
            (1, 5, {"due": 20_000 * KM, "odometer": 20_000 * KM}),
        ),
        (89.9, 0, {"days": 90}, None),
        (90, 0, {"days": 90}, (1, 90, {"days": 90})),
        (200, 0, {"days": 90}, (2, 180, {"days": 180})),
        # Whichever comes first.
        (50, 11_000 * KM, {"every": 10_000 * KM, "days": 90}, (1, 50, {"due": 10_000 * KM, "odometer": 11_000 * KM})),
        (95, 9_000 * KM, {"every": 10_000 * KM, "days": 90}, (1, 90, {"days": 90})),
        (
            95,
            12_000 * KM,
            {"every": 10_000 * KM, "days": 90},
            (1, 90, {"due": 10_000 * KM, "odometer": 12_000 * KM, "days": 90}),
        ),
    ],
)
def test_what_is_due(after: float, driven: float, params: dict[str, Any], expected: Any) -> None:
    assert found(after, driven, params) == expected


def test_after_a_maintenance_the_odometer_begins_at_nothing() -> None:
    every = {"every": 10_000 * KM, "start": 15_000 * KM}
    assert found(5, 9_999 * KM, every, done=True) is None
    assert found(5, 10_000 * KM, every, done=True) == (
        1, 5, {"due": 10_000 * KM, "odometer": 10_000 * KM, "done": True}
    )  # fmt: skip
