"""What bodies of places and jobs have in common: fields that replace earlier ones, and checks beyond the types."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct

from hub.core.fixes.accept import Rejected, checked_attributes
from hub.edge.http.problems import Problem, invalid

Fields = TypeVar("Fields", bound=Struct)


def merged(kind: type[Fields], wanted: Struct, before: Fields | None, but: Collection[str] = ()) -> Fields:
    """The fields of ``kind``: those that a body has, else those ``before``, else their defaults; without ``but``."""
    values: dict[str, Any] = {} if before is None else msgspec.structs.asdict(before)
    for name in kind.__struct_fields__:
        if name in but or not hasattr(wanted, name):
            continue
        value = getattr(wanted, name)
        # Raw JSON has no UNSET: what is absent is empty.
        if not (value is UNSET or (isinstance(value, Raw) and not value)):
            values[name] = value
    return kind(**values)


def with_attributes(fields: Fields, path: str = "") -> Fields:
    """The same with checked attributes. Raises ``Problem`` 422; ``path`` comes before the name of the field."""
    given = getattr(fields, "attributes", UNSET)
    if not isinstance(given, Raw):
        return fields
    try:
        return msgspec.structs.replace(fields, attributes=checked_attributes(given))
    except Rejected as error:
        raise invalid(f"{path}attributes", str(error)) from error


def differs(expected: int | None, current: Any) -> bool:
    """Whether something is not of the version that a change is meant for."""
    return expected is not None and current.version != expected


def conflict(detail: str, field: str, allowed: list[str] | None = None) -> Problem:
    """409: the state of something does not allow the request; ``allowed``: what it allows."""
    error: dict[str, Any] = {"field": field, "detail": detail}
    return Problem(409, detail, errors=[error if allowed is None else error | {"allowed": allowed}])
