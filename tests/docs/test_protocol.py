"""docs/protocol.md against the code: its tables are complete, and its conversations are those of a hub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from clients.messages import decode as decode_as_client
from hub.core import messages as core_messages
from hub.core.nouns import Fix, Position
from hub.core.principal import Role
from hub.embedded.services import Services
from hub.settings import PREFIX, Settings
from hub.wire.codec import Authenticate, Near, SetState, Since, Subscribe, Unsubscribe, _requests
from hub.wire.errors import Close, ErrorCode
from hub.wire.events import FenceMessage, TripMessage
from tests.support.api.fleets import hub_with
from tests.support.peers import Peer
from tests.support.repository import ROOT
from tests.support.running import Edge, until

TEXT = (ROOT / "docs/protocol.md").read_text()

SAID = [*core_messages.Message.__subclasses__()]
"""Messages of the hub other than positions, including the recorder's events."""

VARIABLE = {"epoch", "seq", "receivedAt", "recordedAt", "changedAt", "time"}
"""Fields whose values differ from run to run; what is documented is of the same type."""


def table(heading: str, columns: int) -> list[list[str]]:
    """The rows of the first table with so many columns behind a heading, without its head."""
    section = TEXT.split(f"\n{heading}\n", 1)[1]
    rows = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for line in section.splitlines()
        if line.startswith("|") and line.count("|") == columns + 1
    ]
    assert set(rows[1]) == {"---"}
    body = rows[2:]
    ends = next((index for index, row in enumerate(body[:-1]) if set(body[index + 1]) == {"---"}), len(body))
    return body[:ends]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def fields(kind: type) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def names(cell: str) -> set[str]:
    return set(re.findall(r"`([A-Za-z]+)`", cell))


def test_every_field_of_a_fix() -> None:
    assert {row[0].strip("`") for row in table("## Publishing", 3)} == fields(Fix)


def test_every_request_with_its_fields() -> None:
    documented = {row[0].strip("`"): row[1] for row in table("## Watching", 2)}
    assert set(documented) == set(_requests)
    assert names(documented["subscribe"]) - {"true"} == fields(Subscribe) | fields(Near) | fields(Since)
    assert names(documented["unsubscribe"]) == fields(Unsubscribe)
    assert names(documented["auth"]) == fields(Authenticate)
    assert names(documented["state"]) == fields(SetState)


def test_every_message_of_the_hub_with_its_fields() -> None:
    documented = {row[0].strip("`"): row[1] for row in table("## Watching", 3)}
    kinds = {kind.__struct_config__.tag: kind for kind in [*SAID, Position]}
    assert TripMessage in SAID
    assert set(documented) == set(kinds)
    for tag, kind in kinds.items():
        if kind not in (TripMessage, FenceMessage):  # docs/trips.md and docs/fences.md have the rest
            assert names(documented[tag]) == fields(kind), tag
    trips = (ROOT / "docs/trips.md").read_text()
    assert all(field in trips for field in fields(TripMessage))
    fences = (ROOT / "docs/fences.md").read_text()
    assert all(field in fences for field in fields(FenceMessage))


def test_every_role_and_presence() -> None:
    assert all(f"`{role}`" in TEXT for role in Role if role is not Role.OPEN)
    assert all(f"`{status}`" in TEXT for status in ("online", "stale", "offline"))


def test_every_error_code() -> None:
    assert [row[0].strip("`") for row in table("## Errors", 2)] == list(ErrorCode)


def test_every_close_code() -> None:
    documented = [(int(row[0]), row[1].strip("`"), row[2].startswith("yes")) for row in table("## Closing", 4)]
    assert documented == [(close.value, close.reason, close.reconnect) for close in Close]


def test_every_limit_with_its_default() -> None:
    defaults = {PREFIX + name.upper(): value for name, value in msgspec.structs.asdict(Settings()).items()}
    documented = {row[0].strip("`"): float(row[1]) for row in table("## Limits", 3)}
    assert documented == {name: defaults[name] for name in documented}
    mentioned = set(re.findall(r"`(HUB_[A-Z_]+)`", TEXT))
    assert mentioned <= set(defaults)
    # What it speaks of has its figure here, but for what is no number on the wire.
    assert mentioned - set(documented) == {
        "HUB_JWT_SECRET",
        "HUB_JWKS_URL",
        "HUB_REDIS_APPENDFSYNC",
        "HUB_MAX_LOG_FILL",
    }


@pytest.mark.parametrize("example", blocks("json"))
def test_examples_decode(example: str) -> None:
    assert decode_as_client(example) is not None


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "protocol", jwt_secret="") as running:
        yield running


def alike(documented: Any, heard: Any, name: str = "") -> bool:
    """The same keys in the same order, the same values, and of what differs from run to run the same types. Tokens to
    resume, which depend on the time, are left out of the conversations."""
    if isinstance(documented, dict) and isinstance(heard, dict):
        heard = {key: value for key, value in heard.items() if key != "resume"}
        return list(documented) == list(heard) and all(alike(documented[key], heard[key], key) for key in heard)
    return type(documented) is type(heard) and (name in VARIABLE or bool(documented == heard))


@pytest.mark.parametrize(
    "script", blocks("text"), ids=["first contract", "renewal", "array", "watching", "moving", "coming back", "states"]
)
def test_conversations_are_those_of_a_hub(hub: Edge, script: str) -> None:
    until(lambda: hub.node.sockets.count == 0)
    hub.call(hub.node.hub.fleets.clear)
    hub.call(lambda: setattr(hub.node.hub, "seq", 0))
    peers: dict[str, Peer] = {}
    for line in script.splitlines():
        name, action, *rest = line.split(maxsplit=2)
        match action:
            case "opens":
                peers[name] = Peer(hub.address, rest[0])
            case "closes":
                peers[name].close()
            case "→":
                peers[name].say(rest[0].replace("<epoch>", hub.node.hub.epoch))
            case "←":
                heard = peers[name].hear()
                documented = json.loads(rest[0])
                assert alike(documented, heard), f"{line}\nheard {json.dumps(heard)}"
                if "seq" in heard:
                    assert documented["seq"] == heard["seq"], line
            case _:
                raise AssertionError(line)
    for peer in peers.values():
        peer.close()
