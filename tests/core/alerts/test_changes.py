"""Decisions of rules on events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from hub.core.alerts.changes import Correct, Fact, Open, Resolve, ResolveAll, of_fact, of_finding
from hub.core.alerts.conditions import Finding
from hub.core.alerts.rules import KINDS, Rule, RuleWatch, drivers_of
from hub.core.alerts.schedules import Schedule
from tests.support.notify.events import fence, trip

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
NIGHT = Schedule("UTC", [("mo", "22:00", "06:00")])


def rule(
    kind: str,
    params: dict[str, Any] | None = None,
    watch: RuleWatch | None = None,
    groups: dict[str, frozenset[str]] | None = None,
    **more: Any,
) -> Rule:
    """``groups``: driver -> its groups."""
    watch = watch or RuleWatch()
    fields: dict[str, Any] = {
        "id": uuid4(), "fleet": "f", "name": "n", "drivers": drivers_of(watch, groups or {}),
        "fences": tuple(watch.fences), "schedule": None, "channels": (),
        "severity": "info", "cooldown": 0.0, "digest": 0.0, "max_age": 900.0, "tell_resolved": True, "since": NOW,
    }  # fmt: skip
    return Rule(kind=kind, params=msgspec.convert(params or {}, KINDS[kind]), **(fields | more))


def fact(document: dict[str, Any]) -> Fact:
    return msgspec.json.decode(msgspec.json.encode(document), type=Fact)


def decided(found: Rule, document: dict[str, Any]) -> list[tuple[str, str]]:
    """Decision and episode."""
    changes = of_fact([found], fact(document))
    return [(type(one).__name__, one.fence_id if isinstance(one, ResolveAll) else one.episode) for one in changes]


ENDED = trip("d", "ended", NOW, endedAt=NOW.isoformat(), distance=1_500.0, duration=300.0)
GONE = trip("d", "revised", NOW, removed=True)

TABLE = [
    ("trip.started", trip("d", "started", NOW), [("Open", "t1")]),
    ("trip.started", ENDED, []),
    ("trip.ended", ENDED, [("Open", "t1")]),
    ("trip.ended", trip("d", "revised", NOW, endedAt=NOW.isoformat()), []),
    ("trip.ended", GONE, [("Correct", "t1")]),
    ("trip.started", GONE, [("Correct", "t1")]),
    ("overspeed", ENDED, []),
    ("fence.entered", fence("d", "entered", NOW), [("Open", "v1")]),
    ("fence.entered", fence("d", "entered", NOW, cause="fence_changed"), []),
    ("fence.entered", fence("d", "entered", NOW, cause="first_seen"), []),
    ("fence.entered", fence("d", "exited", NOW), [("Resolve", "v1")]),
    ("fence.entered", fence("d", "revised", NOW, exitedAt=NOW.isoformat()), [("Resolve", "v1")]),
    ("fence.entered", fence("d", "revised", NOW, removed=True), [("Correct", "v1")]),
    ("fence.exited", fence("d", "exited", NOW), [("Open", "v1")]),
    ("fence.exited", fence("d", "exited", NOW, cause="fence_changed"), []),
    ("fence.crossed", fence("d", "crossed", NOW, visit=""), [("Open", "-crossed")]),
    ("fence.dwelled", fence("d", "dwelled", NOW), [("Open", "v1")]),
    ("fence.dwelled", fence("d", "exited", NOW), [("Resolve", "v1")]),
    ("fence.inside", fence("d", "exited", NOW), [("ResolveAll", "depot")]),
    ("fence.outside", fence("d", "entered", NOW), [("ResolveAll", "depot")]),
    ("fence.inside", fence("d", "entered", NOW), []),
]


@pytest.mark.parametrize(("kind", "document", "expected"), TABLE)
def test_a_fact_opens_resolves_or_corrects(kind: str, document: Any, expected: list[tuple[str, str]]) -> None:
    params = {"limit": 20} if kind == "overspeed" else {}
    assert decided(rule(kind, params), document) == expected


def test_a_dwell_time_of_the_rule_is_found_by_the_clock() -> None:
    assert decided(rule("fence.dwelled", {"after": 600}), fence("d", "dwelled", NOW)) == []


def test_other_drivers_and_fences_are_not_watched() -> None:
    assert decided(rule("trip.ended", watch=RuleWatch(drivers=["x"])), ENDED) == []
    assert decided(rule("trip.ended", watch=RuleWatch(drivers=["x", "d"])), ENDED) == [("Open", "t1")]
    assert decided(rule("fence.exited", watch=RuleWatch(fences=["x"])), fence("d", "exited", NOW)) == []
    assert decided(rule("fence.exited", watch=RuleWatch(fences=["depot"])), fence("d", "exited", NOW)) == [
        ("Open", "v1")
    ]


def test_outside_the_schedule_nothing_begins_but_what_has_begun_ends() -> None:
    late = NOW + timedelta(hours=11)
    assert decided(rule("fence.entered", schedule=NIGHT), fence("d", "entered", NOW)) == []
    assert decided(rule("fence.entered", schedule=NIGHT), fence("d", "entered", late)) == [("Open", "v1")]
    assert decided(rule("fence.entered", schedule=NIGHT), fence("d", "exited", NOW)) == [("Resolve", "v1")]


def test_findings() -> None:
    found = rule("overspeed", {"limit": 20})
    finding = Finding(str(found.id), NOW, "e", None, 33.333, None, 1.0, 2.0)
    (opened,) = of_finding(found, "d", finding)
    assert isinstance(opened, Open)
    assert opened.text("d") == "d drives 120 km/h, faster than 72 km/h"
    assert opened.details == {"value": 33.333, "latitude": 1.0, "longitude": 2.0}
    finding.ended_at = NOW
    assert list(of_finding(found, "d", finding)) == [Resolve(found, "d", "e", NOW)]
    finding.ended_at = None
    assert list(of_finding(rule("overspeed", {"limit": 20}, schedule=NIGHT), "d", finding)) == []


def test_a_correction_names_its_episode() -> None:
    found = rule("trip.ended")
    assert list(of_fact([found], fact(GONE))) == [Correct(found, "d", "t1")]
