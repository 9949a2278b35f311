"""JSON Schemas (2020-12) of the structs that go over the wire, for the documents that describe it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct, inspect

PREFIX = "#/components/schemas/"


def reference(kind: type[Struct]) -> dict[str, Any]:
    """The schema of a field whose JSON was made elsewhere, as the struct ``kind``."""
    return {"$ref": PREFIX + kind.__name__}


def components(types: Iterable[Any]) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The schema of each type, and those of all structs that they consist of, by name.

    Beyond the schemas of msgspec, every instant has the format ``date-time``, and JSON that is passed through is an
    object.
    """
    types = list(types)
    structs = {found.cls: found for kind in types for found in _structs(inspect.type_info(kind))}
    schemas, named = msgspec.json.schema_components([*types, *structs], ref_template=PREFIX + "{name}")
    for reference, info in zip(schemas[len(types) :], structs.values(), strict=True):
        schema = named[reference["$ref"].removeprefix(PREFIX)]
        if described := description(info.cls):
            schema["description"] = described
        for field in info.fields:
            _complete(schema["properties"][field.encode_name], field.type)
    return list(schemas[: len(types)]), named


def description(kind: type[Struct]) -> str:
    """The docstring of a struct, or of the one that it extends, with its fields by their names on the wire."""
    own = (base.__doc__ for base in kind.__mro__[: kind.__mro__.index(Struct)])
    text = " ".join(next(filter(None, own), "").split())
    for field in msgspec.structs.fields(kind):
        text = text.replace(f"``{field.name}``", f"``{field.encode_name}``")
    return text.replace("``", "`")


def parameters(query: type[Struct]) -> list[dict[str, Any]]:
    """The parameters of a query as OpenAPI has them."""
    (schema,), named = components([query])
    whole = named[schema["$ref"].removeprefix(PREFIX)]
    needed = set(whole.get("required", ()))
    found = []
    for name, field in whole["properties"].items():
        described = _given(field)
        parameter = {"name": name, "in": "query", "required": name in needed, "schema": described}
        if "description" in described:
            parameter["description"] = described.pop("description")
        found.append(parameter)
    return found


def _given(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: an absent parameter decodes to null, but a query cannot hold null."""
    schema = dict(schema)
    if schema.get("default", ...) is None:
        del schema["default"]
    choices = [choice for choice in schema.pop("anyOf", ()) if choice != {"type": "null"}]
    return schema | choices[0] if len(choices) == 1 else schema | ({"anyOf": choices} if choices else {})


def _structs(info: Any) -> list[inspect.StructType]:
    """Every struct that a type consists of."""
    found: dict[type, inspect.StructType] = {}
    waiting = [info]
    while waiting:
        match waiting.pop():
            case inspect.StructType() as struct:
                if struct.cls not in found:
                    found[struct.cls] = struct
                    waiting += [field.type for field in struct.fields]
            case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner):
                waiting.append(inner)
            case inspect.DictType(value_type=inner):
                waiting.append(inner)
            case inspect.UnionType(types=inners):
                waiting += inners
    return list(found.values())


def _complete(schema: dict[str, Any], info: Any) -> None:
    """Say of a field what msgspec leaves out."""
    match info:
        case inspect.Metadata(type=inner):
            _complete(schema, inner)
        case inspect.DateTimeType():
            schema["format"] = "date-time"
        case inspect.RawType():
            if "$ref" not in schema:
                schema["type"] = ["object", "null"]
        case inspect.ListType(item_type=inner):
            _complete(schema["items"], inner)
        case inspect.UnionType(types=inners) if "anyOf" in schema:
            # msgspec has structs last.
            others = [inner for inner in inners if not isinstance(inner, inspect.StructType)]
            for choice, inner in zip(schema["anyOf"], others, strict=False):
                _complete(choice, inner)
        case inspect.UnionType(types=inners):
            for inner in inners:
                _complete(schema, inner)
