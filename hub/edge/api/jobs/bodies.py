"""What a job may be in a request, and its checks beyond the types."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from hub.core.jobs.fields import (
    Address,
    Contact,
    JobKind,
    Load,
    Priority,
    Proofs,
    Reference,
    ServiceTime,
    Skills,
    Windows,
    in_order,
)
from hub.core.names import Id, Notes
from hub.core.nouns import Latitude, Longitude
from hub.edge.api.jobs.changes import merged, with_attributes
from hub.edge.http.problems import faulty, invalid
from hub.stores.postgres.connection import Connection
from hub.stores.postgres.jobs.jobs import JobFields
from hub.stores.postgres.jobs.places import FleetPlace, place
from hub.wire.validation import Code, Fault

Kind = Annotated[JobKind, Meta(examples=["delivery"])]

LOCATION = ("latitude", "longitude", "address")


class NewJob(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """``latitude`` and ``longitude``, or the ``placeId`` of a place, whose location it then has. ``shipmentId`` joins a
    pickup and a delivery, which one driver does in this order. ``windows``: when it may be done. ``serviceTime`` in
    seconds. ``load`` in the units of the fleet. A higher ``priority`` is planned first. ``recipient`` is personal data
    and is deleted HUB_RECIPIENT_DAYS after the end."""

    kind: Kind
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    place_id: UUID | None = None
    reference: Reference | None = None
    shipment_id: Id | None = None
    address: Address | UnsetType = UNSET
    recipient: Contact | None = None
    windows: Windows = []
    service_time: ServiceTime | None = None
    load: Load = []
    skills: Skills = []
    priority: Priority = 0
    proof_required: Proofs = []
    notes: Notes = ""
    attributes: Raw = field(default_factory=Raw)


class JobChange(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """Absent fields do not change; lists and ``recipient`` are replaced whole. With a ``placeId`` and no location the
    job gets the location of the place."""

    kind: Kind | UnsetType = UNSET
    latitude: Latitude | UnsetType = UNSET
    longitude: Longitude | UnsetType = UNSET
    place_id: UUID | UnsetType | None = UNSET
    reference: Reference | UnsetType | None = UNSET
    shipment_id: Id | UnsetType | None = UNSET
    address: Address | UnsetType = UNSET
    recipient: Contact | UnsetType | None = UNSET
    windows: Windows | UnsetType = UNSET
    service_time: ServiceTime | UnsetType | None = UNSET
    load: Load | UnsetType = UNSET
    skills: Skills | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    proof_required: Proofs | UnsetType = UNSET
    notes: Notes | UnsetType = UNSET
    attributes: Raw = field(default_factory=Raw)


async def place_of(connection: Connection, fleet: str, wanted: NewJob | JobChange) -> FleetPlace | None:
    """The place that a body names; None without one. Raises ``Problem`` 422."""
    if not isinstance(wanted.place_id, UUID):
        return None
    found = await place(connection, fleet, wanted.place_id)
    if found is None:
        raise invalid("placeId", "there is no such place")
    return found


def fields_of(wanted: NewJob | JobChange, at: FleetPlace | None, before: JobFields | None = None) -> JobFields:
    """The checked fields of a new job, or of one after a change; ``at``: the place that the body names. Raises
    ``Problem`` 422."""
    location: dict[str, Any] = {name: getattr(wanted, name) for name in LOCATION}
    given = [isinstance(location[name], float) for name in LOCATION[:2]]
    if given[0] != given[1]:
        raise faulty(Fault(LOCATION[given.index(False)], Code.REQUIRED, "required with the other coordinate"))
    if at is not None and not given[0]:
        location |= {"latitude": at.latitude, "longitude": at.longitude}
        if location["address"] is UNSET:
            location["address"] = at.address
    elif before is None and not given[0]:
        raise faulty(Fault("latitude", Code.REQUIRED, "required, with longitude, without a placeId"))
    values = {name: value for name, value in location.items() if value not in (UNSET, None)}
    base = before or JobFields(wanted.kind, values["latitude"], values["longitude"])  # type: ignore[arg-type]
    return checked(msgspec.structs.replace(merged(JobFields, wanted, base, LOCATION), **values))


def checked(fields: JobFields) -> JobFields:
    """The same fields, lists in order. Raises ``Problem`` 422."""
    try:
        windows = in_order(fields.windows)
    except ValueError as error:
        raise invalid("windows", str(error)) from error
    skills, proofs = sorted(set(fields.skills)), sorted(set(fields.proof_required))
    return with_attributes(msgspec.structs.replace(fields, windows=windows, skills=skills, proof_required=proofs))
