"""What the order of a route has to keep: the place of jobs that are begun or fixed, and pickups before deliveries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from hub.core.jobs.fields import JobKind
from hub.core.jobs.status import Status

BEGUN = frozenset({Status.EN_ROUTE, Status.ARRIVED, Status.DONE})


class Ordered(Protocol):
    """A job, as far as the order depends on it."""

    @property
    def job_id(self) -> UUID: ...
    @property
    def kind(self) -> JobKind: ...
    @property
    def status(self) -> Status: ...
    @property
    def shipment_id(self) -> str | None: ...
    @property
    def locked(self) -> bool: ...


def moved(before: Sequence[Ordered], after: Sequence[UUID]) -> list[UUID]:
    """The jobs that are begun or fixed and have another number after a change; those that are gone do not count."""
    numbers = {id: number for number, id in enumerate(after)}
    return [
        job.job_id
        for number, job in enumerate(before)
        if (job.locked or job.status in BEGUN) and numbers.get(job.job_id, number) != number
    ]


def split(jobs: Iterable[Ordered], shipments: Mapping[str, Sequence[UUID]], there: Iterable[UUID]) -> list[UUID]:
    """The jobs that are missing ``there``: of the shipments of ``jobs``, whose jobs are ``shipments``."""
    held = set(there)
    names = sorted({job.shipment_id for job in jobs if job.shipment_id is not None})
    return [id for name in names for id in shipments.get(name, ()) if id not in held]


def late_pickups(jobs: Sequence[Ordered]) -> list[UUID]:
    """The pickups that come after the delivery of their shipment."""
    delivered: set[str] = set()
    found = []
    for job in jobs:
        if job.shipment_id is None:
            continue
        if job.kind is JobKind.DELIVERY:
            delivered.add(job.shipment_id)
        elif job.kind is JobKind.PICKUP and job.shipment_id in delivered:
            found.append(job.job_id)
    return found
