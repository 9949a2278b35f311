"""The TypeScript declarations of the socket's messages: those in the repository are what the hub generates."""

from __future__ import annotations

from typing import Any

import pytest

from hub.edge.documents.asyncapi import document
from hub.edge.documents.typescript import declarations
from tests.support.repository import ROOT

FILE = ROOT / "clients/js/types/messages.d.ts"


def spec(**properties: Any) -> dict[str, Any]:
    """An AsyncAPI document with one message of the hub, ``sample``, that has these fields."""
    schema = {
        "properties": {"type": {"enum": ["sample"]}, **properties},
        "required": ["type", "needed"],
        "description": "A sample.",
    }
    return {
        "components": {
            "schemas": {"Struct": schema},
            "messages": {"sample": {"name": "sample", "payload": {"$ref": "#/components/schemas/Struct"}}},
        },
        "operations": {"hear": {"messages": []}, "say": {"messages": [{"$ref": "#/channels/ws/messages/sample"}]}},
    }


def test_the_file_is_up_to_date() -> None:
    wanted = declarations(document())
    assert FILE.read_text() == wanted, "run python -m hub.edge.documents.typescript > clients/js/types/messages.d.ts"


def test_every_message_is_declared_and_in_a_union() -> None:
    text = declarations(document())
    hub_messages = text.partition("export type HubMessage =")[2]
    for message in document()["operations"]["say"]["messages"]:
        kind = message["$ref"].rpartition("/")[2]
        assert f'  type: "{kind}";' in text
        assert f"| {kind.title()}Message" in hub_messages


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "format": "date-time"}, "string"),
        ({"type": "integer", "minimum": 0}, "number"),
        ({"type": ["object", "null"]}, "Record<string, unknown>"),
        ({"type": "array", "items": {"type": "string"}}, "string[]"),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "number"}]}}, "(string | number)[]"),
        (
            {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "items": False},
            "[number, string]",
        ),
        ({"enum": ["a", "b"]}, '"a" | "b"'),
        ({"$ref": "#/components/schemas/Struct"}, "SampleMessage"),
    ],
)
def test_a_field_has_the_type_of_its_schema(schema: dict[str, Any], expected: str) -> None:
    absent = {"anyOf": [schema, {"type": "null"}], "default": None}
    text = declarations(spec(needed=schema, absent=absent))
    assert f"  needed: {expected};\n" in text
    assert f"  absent?: {expected};\n" in text
    assert text.count("/** A sample. */\nexport interface SampleMessage {") == 1


def test_limits_are_in_the_comment_of_a_field() -> None:
    text = declarations(spec(needed={"type": "number", "exclusiveMinimum": 0.0, "maximum": 1000}))
    assert "  /** Above 0, at most 1,000. */\n  needed: number;\n" in text


def test_an_unknown_schema_is_an_error() -> None:
    with pytest.raises(ValueError, match="no TypeScript type is known for the schema"):
        declarations(spec(needed={"not": {}}))
