"""The document of the socket: valid references, every message of docs/protocol.md, and what peers really say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.docs.test_protocol import blocks, table
from tests.edge.ws.test_inputs import REFUSED
from tests.support.api.calls import get
from tests.support.peers import Peer
from tests.support.running import Edge, until


@pytest.fixture(scope="module")
def document(hub: Edge) -> Any:
    answer = get(hub, "/api/asyncapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    return answer.json


def resolve(document: Any, reference: str) -> Any:
    found = document
    assert reference.startswith("#/")
    for part in reference[2:].split("/"):
        found = found[part]
    return found


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def validator(document: Any, operation: str) -> Draft202012Validator:
    """Of a message in one direction: ``hear`` from clients, ``say`` to them."""
    messages = [
        resolve(document, resolve(document, message["$ref"])["$ref"])
        for message in document["operations"][operation]["messages"]
    ]
    schema = {"oneOf": [message["payload"] for message in messages], "components": document["components"]}
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_every_reference_leads_somewhere(document: Any) -> None:
    found = set(references(document))
    assert len(found) > 40
    for reference in found:
        assert resolve(document, reference)


def test_every_message_of_the_protocol_is_in_it(document: Any) -> None:
    answers = {row[0].strip("`") for row in table("## Watching", 3)}
    requests = {row[0].strip("`") for row in table("## Watching", 2)}
    requests = {f"set_{name}" if name in answers else name for name in requests}
    assert document["components"]["messages"].keys() == requests | answers | {"fix", "fixes"}
    named = {
        operation: {message["$ref"].rpartition("/")[2] for message in document["operations"][operation]["messages"]}
        for operation in ("hear", "say")
    }
    assert named == {"hear": requests | {"fix", "fixes"}, "say": answers}


def test_every_field_of_a_fix_and_every_code_of_an_error(document: Any) -> None:
    schemas = document["components"]["schemas"]
    assert schemas["Fix"]["properties"].keys() == {row[0].strip("`") for row in table("## Publishing", 3)} | {"type"}
    assert schemas["Error"]["properties"]["code"]["enum"] == [row[0].strip("`") for row in table("## Errors", 2)]


def test_the_conversations_of_the_protocol_are_of_its_messages(document: Any) -> None:
    """tests/docs/test_protocol.py shows that these are what a hub says."""
    heard, said = validator(document, "hear"), validator(document, "say")
    count = 0
    for script in blocks("text"):
        refused = errors = 0
        for line in script.splitlines():
            arrow, text = [*line.split(maxsplit=2)[1:], ""][:2]
            if arrow == "→":
                message = json.loads(text)
                refused += sum(not heard.is_valid(one) for one in (message if isinstance(message, list) else [message]))
            elif arrow == "←":
                message = json.loads(text)
                said.validate(message)
                errors += message["type"] == "error"
            count += arrow in "→←"
        assert refused == errors
    assert count > 40
    for example in blocks("json"):
        assert heard.is_valid(json.loads(example)) or said.is_valid(json.loads(example)), example


def test_a_real_conversation_is_of_its_messages(hub: Edge, document: Any) -> None:
    said = validator(document, "say")
    everything = (
        '"speed":12.5,"heading":90,"accuracy":4.5,"altitude":-3,"battery":0.5,"recordedAt":"2026-01-01T10:00:00+04:00",'
        '"attributes":{"a":[1]},"msgNo":7'
    )
    with Peer(hub.address, "/ws?subscribe=none") as driver, Peer(hub.address, "/ws?subscribe=none") as screen:
        screen.say('{"type":"subscribe","id":"s","near":{"latitude":1,"longitude":2,"radius":500}}')
        driver.say('{"latitude":1,"longitude":2,"driverId":"d",' + everything + "}")
        driver.say('{"latitude":95,"longitude":2,"driverId":"d","msgNo":8}')
        driver.say('{"latitude":9,"longitude":2,"driverId":"d"}')
        driver.say('{"type":"ping"}')
        heard = [driver.hear() for _ in range(3)] + [screen.hear() for _ in range(4)]
    kinds = set()
    for message in heard:
        said.validate(message)
        kinds.add(message["type"])
    assert kinds == {"ack", "error", "pong", "subscribed", "synced", "location", "left"}
    until(lambda: hub.node.sockets.count == 0)


REFUSED_BY_SCHEMA = [
    row[0]
    for row in REFUSED
    if row[1] == "invalid"
    and row[2] not in ("recordedAt", "attributes", "drivers", "all", "bbox", "driverId")
    and row[0].count('"latitude"') < 2
    and '"unsubscribe","id"' not in row[0]
]
"""What the hub refuses for a field, less what no schema knows: how many, what is a moment, who is there, which key came
twice."""


@pytest.mark.parametrize("text", REFUSED_BY_SCHEMA, ids=[text[:60] for text in REFUSED_BY_SCHEMA])
def test_what_the_hub_refuses_the_document_refuses(document: Any, text: str) -> None:
    try:
        message = json.loads(text)
    except ValueError:  # json does not read integers of thousands of digits, and needs no schema for them
        assert len(text) > 4_000
        return
    assert not validator(document, "hear").is_valid(message)
