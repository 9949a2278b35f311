"""What a fence may be in a request, and its checks beyond the types."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field

from hub.core.fences.rings import BadShape, check
from hub.core.fences.shapes import FenceRules, FenceWatch, Shape
from hub.core.fixes.accept import Rejected, checked_attributes
from hub.core.names import Name, Short
from hub.edge.http.problems import Problem, invalid
from hub.stores.postgres.fences.definitions import Fence, FenceFields

Called = Annotated[Name, Meta(min_length=1)]

Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]

Radius = Annotated[float, Meta(gt=0)]


class NewFence(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """``shape`` is GeoJSON, longitude first: a Point with ``radius`` is a circle, a LineString or MultiLineString with
    ``radius`` is a corridor of twice that width, a Polygon or MultiPolygon is an area. ``watch``: the drivers and
    groups that it watches; all without any."""

    name: Called
    shape: Shape
    radius: Radius | None = None
    rules: FenceRules = FenceRules()
    watch: FenceWatch = FenceWatch()
    colour: Colour | None = None
    category: Short | None = None
    attributes: Raw = field(default_factory=Raw)


class FenceChange(Struct, rename="camel", forbid_unknown_fields=True, omit_defaults=True):
    """Absent fields do not change; ``rules`` and ``watch`` are replaced whole. A shape of another kind needs a
    ``radius``, or null."""

    name: Called | UnsetType = UNSET
    shape: Shape | UnsetType = UNSET
    radius: Radius | UnsetType | None = UNSET
    rules: FenceRules | UnsetType = UNSET
    watch: FenceWatch | UnsetType = UNSET
    colour: Colour | UnsetType | None = UNSET
    category: Short | UnsetType | None = UNSET
    attributes: Raw = field(default_factory=Raw)


def fields_of(wanted: NewFence | FenceChange, before: Fence | None = None) -> FenceFields:
    """The checked fields of a new fence, or of one after a change. Raises ``Problem`` 422."""

    def value(name: str) -> Any:
        given = getattr(wanted, name)
        # Raw JSON has no UNSET: what is absent is empty.
        absent = given is UNSET or (name == "attributes" and not given)
        return getattr(before, name, None) if absent else given

    return checked(FenceFields(**{name: value(name) for name in FenceFields.__struct_fields__}))


def checked(fields: FenceFields, path: str = "") -> FenceFields:
    """The same fields. Raises ``Problem`` 422; ``path`` comes before the names of fields."""
    try:
        check(fields.shape, fields.radius)
    except BadShape as bad:
        raise invalid(path + bad.field, bad.detail) from bad
    if isinstance(fields.attributes, Raw):
        try:
            kept = checked_attributes(fields.attributes)
        except Rejected as error:
            raise _attributes(path, str(error)) from error
        fields = msgspec.structs.replace(fields, attributes=kept)
    return fields


def _attributes(path: str, detail: str) -> Problem:
    return invalid(f"{path}attributes", detail)
