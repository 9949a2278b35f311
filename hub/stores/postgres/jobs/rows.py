"""Structs as JSON objects for ``json_to_recordset``, and the JSON of columns as structs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Raw, Struct

from hub.core.jobs.fields import Window, written

Kind = TypeVar("Kind")


def record(fields: Struct, id: Any) -> dict[str, Any]:
    """The fields of a struct but ``attributes`` by the names of columns, with an id."""
    values: dict[str, Any] = {}
    for name in fields.__struct_fields__:
        if name == "attributes":
            continue
        value = getattr(fields, name)
        if name == "windows":
            value = [f"[{written(window).replace('/', ',')})" for window in value]
        values[name] = value
    return values | {"id": id}


def attributes_of(fields: Iterable[Any]) -> list[str | None]:
    """The attributes of some things as texts of JSON."""
    return [bytes(one.attributes).decode() if one.attributes else None for one in fields]


def records(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a JSON array."""
    return msgspec.json.encode(list(rows)).decode()


def decoded(row: Mapping[str, Any], kinds: Mapping[str, Any], dropped: Collection[str] = ()) -> dict[str, Any]:
    """The columns of a row with those in ``kinds`` decoded from JSON, ``attributes`` as raw JSON, ``windows`` as
    such."""
    values = {name: value for name, value in row.items() if name not in dropped}
    for name, kind in kinds.items():
        if values[name] is not None:
            values[name] = msgspec.json.decode(values[name], type=kind)
    attributes = values["attributes"]
    values["attributes"] = UNSET if attributes is None else Raw(attributes.encode())
    if "windows" in values:
        values["windows"] = [Window(window.lower, window.upper) for window in values["windows"]]
    return values
