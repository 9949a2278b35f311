"""The log's entry: one per group commit, one field per fleet.

    XADD hub:log * @node <epoch of the writer> <fleet id> [<location>,<location>,…] <fleet id> […]

A field's value is a JSON array of ``location`` messages exactly as subscribers get them, so a position is encoded once
for the wire, the log and the hash of latest positions. Fleet ids never begin with ``@`` (``ID_PATTERN``), which keeps
names for our own fields.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hub.core.nouns import Position

LOG_KEY = "hub:log"
"""The Redis Stream that is database feed and node-to-node bus."""

NODE_FIELD = "@node"

FLEETS_KEY = "hub:fleets"
"""Set of the fleet ids that have a latest hash."""

RECORDER_KEY = "hub:recorder"
"""Hash with the recorder's state (``hub/recorder/report.py`` lists the fields); it is gone when no recorder runs."""

_positions = msgspec.json.Decoder(list[Position])


class BadEntry(ValueError):
    """A log entry that this version cannot read; the recorder keeps it as a dead letter."""


def latest_key(fleet: str) -> str:
    """Hash driver id -> ``location`` JSON of the driver's latest position."""
    return f"hub:latest:{fleet}"


def geo_key(fleet: str) -> str:
    """Redis GEO set of the drivers' latest positions; latitudes beyond ±85.05112878 cannot be in it."""
    return f"hub:geo:{fleet}"


def encode_entry(node: str, fleets: Mapping[str, list[bytes]]) -> dict[str, bytes]:
    """Fields of one entry. ``fleets`` maps a fleet id to its encoded positions (each one ``location`` JSON)."""
    fields = {NODE_FIELD: node.encode()}
    for fleet, payloads in fleets.items():
        fields[fleet] = b"[" + b",".join(payloads) + b"]"
    return fields


def decode_entry(fields: Mapping[bytes, bytes]) -> tuple[str, dict[str, list[Position]]]:
    """(writer's epoch, fleet id -> positions) of one entry as Redis returns it. Raises ``BadEntry``."""
    node, fleets = "", {}
    for name, value in fields.items():
        try:
            if name == NODE_FIELD.encode():
                node = value.decode()
            else:
                fleets[name.decode()] = _positions.decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadEntry(f"field {name[:80]!r}: {error}") from error
    return node, fleets
