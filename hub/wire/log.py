"""The log's entry: one per group commit, one field per fleet.

    XADD <log> * @node "<epoch of the writer> <before> <size>" <fleet id> [<location>,<location>,…] <fleet id> […]
    XADD <log> * @node "<epoch of the writer> <before> 0 whole"

``before`` counts the positions that the writer appended before this entry, ``size`` those in the entry. So a reader
sees from two entries of a writer whether an entry between them is missing, and how many positions it held. Older hubs
wrote the epoch alone. The numbers share its field because older recorders take any other field for a fleet. ``whole``
says that the writer has appended again everything that it has of what the log lost: what is still missing is lost.

A field's value is a JSON array of ``location`` messages exactly as subscribers get them, so a position is encoded once
for the wire, the log and the hash of latest positions. Fleet ids never begin with ``@`` (``ID_PATTERN``), which keeps
names for our own fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from hub.core.nouns import Position
from hub.wire.validation import in_words

LOG_KEY = "hub:log"
"""The Redis Stream of positions of a log with one partition; ``hub/wire/layout.py`` names those of others."""

GENERATION = "generation"
"""Name, behind the prefix of a partition, of the key with the name of its log, which is replaced when the log has lost
its end: tokens to resume contain it."""

NODE_FIELD = "@node"

AGAIN = "again"
"""In place of the epoch: the entry repeats dead letters, which belong to history alone."""

FLEETS_KEY = "hub:fleets"
"""The same for the set of the fleet ids that have a hash of latest positions."""

RECORDER_KEY = "hub:recorder"
"""The same for the hash with the recorder's state."""


class Span(NamedTuple):
    """The numbers in an entry's ``@node``: which of its writer's positions it holds."""

    node: str
    before: int
    size: int
    whole: bool = False
    """Whether the writer has appended again what was lost before this entry, as far as it has it."""


class Head(msgspec.Struct, rename="camel", gc=False):
    """What names a position of a hub: its number at that hub, or its place if it was sent again."""

    driver_id: str
    seq: int
    latitude: float
    longitude: float


_positions = msgspec.json.Decoder(list[Position])
_heads = msgspec.json.Decoder(list[Head])
_raws = msgspec.json.Decoder(list[msgspec.Raw])


class BadEntry(ValueError):
    """A log entry that this version cannot read; the recorder keeps it as a dead letter."""


def encode_entry(
    node: str, fleets: Mapping[str, list[bytes]], before: int, size: int | None = None
) -> dict[str, bytes]:
    """Fields of one entry. ``fleets`` maps a fleet id to its encoded positions (each one ``location`` JSON, or several
    joined by commas, if ``size`` is their number), ``before`` counts the positions of ``node`` in earlier entries."""
    if size is None:
        size = sum(map(len, fleets.values()))
    fields = {NODE_FIELD: numbers(node, before, size)}
    for fleet, payloads in fleets.items():
        fields[fleet] = b"[" + b",".join(payloads) + b"]"
    return fields


def numbers(node: str, before: int, size: int) -> bytes:
    """The field ``@node`` of an entry."""
    return b"%s %d %d" % (node.encode(), before, size)


def encode_whole(node: str, before: int) -> dict[str, bytes]:
    """Fields of an entry without positions, after everything that ``node`` has was appended again."""
    return {NODE_FIELD: b"%s %d 0 whole" % (node.encode(), before)}


def encode_again(fleet: str, payload: bytes) -> dict[str, bytes]:
    """Fields of an entry for a dead letter: one position, or a whole field. Without numbers, because the positions were
    counted when they were appended first. Raises ``BadEntry`` for what this version cannot read."""
    fields = {
        NODE_FIELD: AGAIN.encode(),
        fleet: payload if payload.lstrip().startswith(b"[") else b"[" + payload + b"]",
    }
    decode_entry({name.encode(): value for name, value in fields.items()})
    return fields


def decode_entry(fields: Mapping[bytes, bytes]) -> tuple[str, dict[str, list[Position]]]:
    """(writer's epoch, fleet id -> positions) of one entry as Redis returns it. Raises ``BadEntry``."""
    node, fleets = "", {}
    for name, value in fields.items():
        try:
            if name == NODE_FIELD.encode():
                node = value.decode().partition(" ")[0]
            else:
                fleets[name.decode()] = _positions.decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            of = name[:80].decode(errors="replace")
            raise BadEntry(f"field {of}: {in_words(error)}") from error
    return node, fleets


def is_of(fields: Mapping[bytes, bytes], node: str) -> bool:
    """Whether a node has written an entry."""
    return fields.get(NODE_FIELD.encode(), b"").partition(b" ")[0] == node.encode()


def rows(fields: Mapping[bytes, bytes]) -> Iterator[tuple[str, list[msgspec.Raw]]]:
    """Fleet id and encoded positions of an entry. What this version cannot read is left out: the recorder keeps it."""
    for name, value in fields.items():
        if not name.startswith(b"@"):
            try:
                yield name.decode(), _raws.decode(value)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                continue


def heads(payloads: list[bytes]) -> list[Head]:
    """Those of positions, as in ``encode_entry``."""
    return _heads.decode(b"[" + b",".join(payloads) + b"]")


def span(fields: Mapping[bytes, bytes]) -> Span | None:
    """The numbers of an entry as Redis returns it; None where it has none that can be read."""
    words = fields.get(NODE_FIELD.encode(), b"").split(b" ")
    whole = words[3:] == [b"whole"]
    if len(words) != 3 + whole or not (words[1].isdigit() and words[2].isdigit()):
        return None
    return Span(words[0].decode(errors="replace"), int(words[1]), int(words[2]), whole)
