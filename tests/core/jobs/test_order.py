"""What the order of a route has to keep."""

from __future__ import annotations

from uuid import UUID

from msgspec import Struct

from hub.core.jobs.fields import JobKind
from hub.core.jobs.order import late_pickups, moved, split
from hub.core.jobs.status import Status


class One(Struct):
    job_id: UUID
    kind: JobKind = JobKind.DELIVERY
    status: Status = Status.PLANNED
    shipment_id: str | None = None
    locked: bool = False


A, B, C = (UUID(int=n) for n in range(3))


def test_begun_and_locked_jobs_keep_their_number() -> None:
    jobs = [One(A, status=Status.DONE), One(B), One(C, locked=True)]
    assert moved(jobs, [A, B, C]) == []
    assert moved(jobs, [B, A, C]) == [A]
    assert moved(jobs, [A, C, B]) == [C]
    assert moved(jobs, [A, UUID(int=9), B, C]) == [C]
    assert moved(jobs, [B]) == []


def test_a_pickup_comes_before_its_delivery() -> None:
    pickup, delivery = One(A, JobKind.PICKUP, shipment_id="s"), One(B, shipment_id="s")
    assert late_pickups([pickup, One(C), delivery]) == []
    assert late_pickups([delivery, One(C), pickup]) == [A]
    assert late_pickups([One(B, shipment_id="t"), pickup]) == []


def test_a_shipment_stays_together() -> None:
    pickup = One(A, JobKind.PICKUP, shipment_id="s")
    assert split([pickup, One(C)], {"s": [A, B]}, [A, C]) == [B]
    assert split([pickup], {"s": [A, B]}, [A, B]) == []
