"""Rules: what makes an alert, with the numbers of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from hub.core.alerts.schedules import Schedule
from hub.core.names import Id

Severity = Literal["info", "warning", "critical"]
Span = Annotated[float, Meta(ge=0, le=31 * 86_400)]
Wait = Annotated[float, Meta(ge=60, le=31 * 86_400)]


class Nothing(Struct, forbid_unknown_fields=True):
    """Kinds without numbers."""


class Dwell(Struct, forbid_unknown_fields=True):
    """``after``: seconds inside; without it, the dwell time of the fence."""

    after: Wait | None = None


class Overspeed(Struct, forbid_unknown_fields=True, rename={"hold": "for"}):
    """Faster than ``limit`` (metres per second) for at least ``for`` seconds."""

    limit: Annotated[float, Meta(gt=1, le=400)]
    hold: Annotated[float, Meta(ge=0, le=3_600)] = 15.0


class Silence(Struct, forbid_unknown_fields=True):
    """No live position for ``after`` seconds."""

    after: Wait = 600.0


class Battery(Struct, forbid_unknown_fields=True):
    """At most ``below``; over when it is at least ``above``. Both from 0 to 1."""

    below: Annotated[float, Meta(gt=0, lt=1)] = 0.15
    above: Annotated[float, Meta(gt=0, le=1)] = 0.25


class Alarm(Struct, forbid_unknown_fields=True):
    """``alarms``: values of the attribute ``alarm``; empty: all."""

    alarms: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] = []


class Standing(Struct, forbid_unknown_fields=True):
    """A stop that lasts ``after`` seconds."""

    after: Annotated[float, Meta(ge=300, le=31 * 86_400)] = 1_200.0


class Maintenance(Struct, forbid_unknown_fields=True):
    """Every ``every`` metres or ``days`` days, whichever is first; ``start`` is the odometer when the rule was made."""

    every: Annotated[float, Meta(ge=10_000, le=1e9)] | None = None
    start: Annotated[float, Meta(ge=0, le=1e10)] = 0.0
    days: Annotated[int, Meta(ge=1, le=3_660)] | None = None


KINDS: dict[str, type[Struct]] = {
    "trip.started": Nothing,
    "trip.ended": Nothing,
    "stopped": Standing,
    "offline": Silence,
    "battery": Battery,
    "alarm": Alarm,
    "overspeed": Overspeed,
    "maintenance": Maintenance,
    "fence.entered": Nothing,
    "fence.exited": Nothing,
    "fence.crossed": Nothing,
    "fence.dwelled": Dwell,
    "fence.inside": Nothing,
    "fence.outside": Nothing,
}
"""Kind -> the struct of its numbers."""

CONDITIONS = frozenset({"battery", "alarm", "overspeed"})
"""Kinds that are found in positions, by the recorder."""

AT_BEGIN = frozenset({"fence.inside", "fence.outside"})
"""Kinds that ask when an interval of their schedule begins."""


class RuleWatch(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What a rule is about: the drivers named and those of the groups, all where both are empty; the fences, all where
    none is named."""

    drivers: Annotated[list[Id], Meta(max_length=1_000)] = []
    fences: Annotated[list[Id], Meta(max_length=1_000)] = []
    groups: Annotated[list[Id], Meta(max_length=100)] = []


def drivers_of(watch: RuleWatch, groups: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    """The drivers that are watched while the groups are these (driver -> its groups); None: all."""
    if not watch.drivers and not watch.groups:
        return None
    members = {driver_id for driver_id, names in groups.items() if not names.isdisjoint(watch.groups)}
    return frozenset(members.union(watch.drivers))


class Rule(Struct, frozen=True):
    """``params`` is of the struct of the kind. ``drivers``: those that it watches now; None: all.
    ``fences``: empty: all. ``max_age``: seconds beyond which an alert is only listed. ``since``: when
    the rule was made."""

    id: UUID
    fleet: str
    name: str
    kind: str
    params: Any
    drivers: frozenset[str] | None
    fences: tuple[str, ...]
    schedule: Schedule | None
    channels: tuple[UUID, ...]
    severity: Severity
    cooldown: float
    digest: float
    max_age: float
    tell_resolved: bool
    since: datetime

    def concerns(self, driver_id: str, fence_id: str | None = None) -> bool:
        """Whether it watches a driver, and a fence if there is one."""
        return (self.drivers is None or driver_id in self.drivers) and (
            fence_id is None or not self.fences or fence_id in self.fences
        )

    def applies(self, at: datetime) -> bool:
        """Whether its schedule includes an instant."""
        return self.schedule is None or self.schedule.active(at)
