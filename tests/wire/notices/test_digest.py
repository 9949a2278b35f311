"""Digests: what they name, and that a driver can be taken out of one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hub.wire.notices.alerts import Alert
from hub.wire.notices.digest import LISTED, Digest, digest_of, without

RULE = UUID(int=7)
AT = datetime(2026, 1, 1, tzinfo=UTC)


def alerts_of(*drivers: str) -> list[Alert]:
    return [
        Alert(
            alert_id=UUID(int=n), rule_id=RULE, kind="overspeed", title="Fast", text=f"{driver} drives 117 km/h",
            severity="warning", driver_id=driver, state="open", at=AT, noticed_at=AT, details={"value": 1}, version=1,
        )
        for n, driver in enumerate(drivers)
    ]  # fmt: skip


def digest(*drivers: str, count: int | None = None) -> Digest:
    return digest_of(RULE, "Fast", "warning", alerts_of(*drivers), len(drivers) if count is None else count)


def test_it_has_a_sentence_about_each_alert() -> None:
    found = digest("a", "b")
    assert (found.title, found.text) == ("Fast: 2 alerts", "a drives 117 km/h; b drives 117 km/h")


def test_beyond_its_length_it_counts() -> None:
    found = digest(*(f"d{n}" for n in range(LISTED + 5)))
    assert len(found.alerts) == LISTED and found.count == LISTED + 5
    assert found.text.endswith(f"d{LISTED - 1} drives 117 km/h and 5 more")


def test_without_a_driver_it_is_as_if_the_driver_had_not_been() -> None:
    left = without(digest("a", "b", "a", "c"), "a")
    assert left is not None and left.alerts == alerts_of("-", "b", "-", "c")[1::2]
    assert (left.title, left.text, left.count) == ("Fast: 2 alerts", "b drives 117 km/h; c drives 117 km/h", 2)


def test_alerts_that_it_only_counted_are_still_counted() -> None:
    left = without(digest("a", "b", count=30), "a")
    assert left is not None and (left.title, left.text) == ("Fast: 29 alerts", "b drives 117 km/h and 28 more")


def test_alerts_that_it_only_counted_are_left_without_the_driver_that_it_names() -> None:
    left = without(digest("a", "a", count=30), "a")
    assert left is not None and left.alerts == []
    assert (left.title, left.text, left.count) == ("Fast: 28 alerts", "28 alerts", 28)


def test_without_the_only_driver_nothing_is_left() -> None:
    assert without(digest("a", "a"), "a") is None
