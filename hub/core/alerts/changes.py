"""What rules decide: an alert begins, ends, or turns out not to have happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from hub.core.alerts.conditions import Finding
from hub.core.alerts.rules import Rule
from hub.core.alerts.words import text_of

AT_ENTRY = ("crossed", "")
"""``cause`` of a visit that is an entry; others are visits that a new fence or a first position made."""


class Fact(Struct, rename="camel", omit_defaults=True):
    """An event of the recorder: of a trip (``trip_id``) or a fence (``visit_id``)."""

    type: str
    event: str
    driver_id: str
    trip_id: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    distance: float | None = None
    duration: float | None = None
    id: str = ""
    visit_id: str = ""
    fence_id: str = ""
    fence_name: str = ""
    at: datetime | None = None
    entered_at: datetime | None = None
    exited_at: datetime | None = None
    cause: str = ""
    removed: bool = False


class Open(Struct):
    """An alert: ``episode`` makes it one."""

    rule: Rule
    driver_id: str
    episode: str
    at: datetime
    details: dict[str, Any]

    def text(self, name: str) -> str:
        """The sentence for people, with the name of the driver."""
        return text_of(self.rule.kind, name, self.rule.params, self.details)


class Resolve(Struct):
    """The alert of an episode is over since ``at``."""

    rule: Rule
    driver_id: str
    episode: str
    at: datetime


class Correct(Struct):
    """The alert of an episode did not happen."""

    rule: Rule
    driver_id: str
    episode: str


class ResolveAll(Struct):
    """Every open alert of a rule about a driver, and a fence, is over since ``at``."""

    rule: Rule
    driver_id: str
    fence_id: str
    at: datetime


Change = Open | Resolve | ResolveAll | Correct


def of_fact(rules: Iterable[Rule], fact: Fact) -> Iterator[Change]:
    """What the rules of the fleet decide on an event."""
    for rule in rules:
        if not rule.kind.startswith(f"{fact.type}.") or not rule.concerns(fact.driver_id, fact.fence_id or None):
            continue
        yield from (_of_trip if fact.type == "trip" else _of_fence)(rule, fact)


def _of_trip(rule: Rule, fact: Fact) -> Iterator[Change]:
    if fact.event == "revised":
        if fact.removed:
            yield Correct(rule, fact.driver_id, fact.trip_id)
        return
    at = fact.started_at if fact.event == "started" else fact.ended_at
    if rule.kind == f"trip.{fact.event}" and at is not None and rule.applies(at):
        details: dict[str, Any] = {"tripId": fact.trip_id}
        if fact.event == "ended":
            details |= {"distance": fact.distance, "duration": fact.duration}
        yield Open(rule, fact.driver_id, fact.trip_id, at, details)


def _of_fence(rule: Rule, fact: Fact) -> Iterator[Change]:
    at = fact.at or fact.exited_at or fact.entered_at
    if at is None:
        return
    # A driver that passes through has no visit.
    episode = fact.visit_id or fact.id
    if fact.event == "revised":
        if fact.removed:
            yield Correct(rule, fact.driver_id, episode)
        elif fact.exited_at is not None and rule.kind != "fence.exited":
            yield Resolve(rule, fact.driver_id, episode, fact.exited_at)
        return
    if fact.event == "exited" and rule.kind in ("fence.entered", "fence.dwelled"):
        yield Resolve(rule, fact.driver_id, episode, at)
    if (fact.event, rule.kind) in (("exited", "fence.inside"), ("entered", "fence.outside")):
        yield ResolveAll(rule, fact.driver_id, fact.fence_id, at)
    own_clock = rule.kind == "fence.dwelled" and rule.params.after is not None
    told = fact.cause in AT_ENTRY or fact.event not in ("entered", "exited")
    if rule.kind == f"fence.{fact.event}" and told and not own_clock and rule.applies(at):
        yield Open(rule, fact.driver_id, episode, at, fence_details(fact.fence_id, fact.fence_name))


def fence_details(fence_id: str, name: str) -> dict[str, Any]:
    return {"fenceId": fence_id, "fenceName": name}


def of_finding(rule: Rule, driver_id: str, finding: Finding) -> Iterator[Change]:
    """What a rule decides on a finding of the recorder."""
    if finding.ended_at is not None:
        yield Resolve(rule, driver_id, finding.episode, finding.ended_at)
    elif rule.applies(finding.at):
        names = {"value": finding.value, "alarm": finding.alarm}
        details = {name: value for name, value in names.items() if value is not None}
        yield Open(
            rule,
            driver_id,
            finding.episode,
            finding.at,
            details | {"latitude": finding.latitude, "longitude": finding.longitude},
        )
