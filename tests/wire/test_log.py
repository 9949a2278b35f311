"""Entries of the log, as bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.core.nouns import ID_PATTERN, Position
from hub.wire.log import NODE_FIELD, BadEntry, Span, decode_entry, encode_again, encode_entry, span

INSTANT = datetime(2026, 1, 1, tzinfo=UTC)


def position(driver_id: str, **more: object) -> Position:
    return Position(driver_id, 1.5, 2.5, INSTANT, INSTANT, 7, **more)  # type: ignore[arg-type]


def stored(fields: dict[str, bytes]) -> dict[bytes, bytes]:
    """Fields as Redis gives them back."""
    return {name.encode(): value for name, value in fields.items()}


def test_an_entry_comes_back_as_it_was() -> None:
    fleets = {
        "f": [position("a"), position("b", speed=0.0, heading=1.0, battery=0.5)],
        "g:h": [position("a", attributes=msgspec.Raw(b'{"b": 1, "a":\\n"\\u0000"}'.replace(b"\\n", b"\n")))],
    }
    fields = encode_entry("the-epoch", {fleet: [msgspec.json.encode(p) for p in ps] for fleet, ps in fleets.items()}, 7)
    assert fields["f"].startswith(b'[{"type":"location","driverId":"a","latitude":1.5,')
    node, decoded = decode_entry(stored(fields))
    assert node == "the-epoch"
    assert span(stored(fields)) == Span("the-epoch", 7, 3)
    assert decoded["f"] == fleets["f"]
    # Attributes are passed through, byte by byte.
    (with_attributes,) = decoded["g:h"]
    assert bytes(with_attributes.attributes) == bytes(fleets["g:h"][0].attributes)  # type: ignore[arg-type]


def test_an_entry_of_an_older_hub_has_no_numbers() -> None:
    fields = {b"@node": b"the-epoch", b"f": b"[]"}
    assert decode_entry(fields) == ("the-epoch", {"f": []})
    assert span(fields) is None
    for numbers in (b"", b"e 1", b"e 1 2 3", b"e -1 2", b"e 1 x", b"\xff\xff"):
        assert span({b"@node": numbers}) is None
    assert span({}) is None


def test_no_fleet_can_have_the_name_of_a_field_of_ours() -> None:
    assert not ID_PATTERN.match(NODE_FIELD)


@pytest.mark.parametrize(
    "value",
    [b"", b"[", b"{}", b"[1]", b'[{"type":"ack"}]', b'[{"type":"location"}]', b"\xff", b"[" * 100_000],
)
def test_what_cannot_be_read_is_a_bad_entry(value: bytes) -> None:
    with pytest.raises(BadEntry, match=r"^field f: (?!.*Expected)"):
        decode_entry({b"@node": b"e", b"f": value})
    with pytest.raises(BadEntry):
        decode_entry({b"@node": b"\xff"})
    with pytest.raises(BadEntry):
        decode_entry({b"\xff": b"[]"})


def test_a_dead_letter_is_an_entry_without_numbers() -> None:
    one, two = (msgspec.json.encode(position(driver)) for driver in "ab")
    for payload, drivers in ((one, ["a"]), (b" [" + one + b"," + two + b"]", ["a", "b"])):
        fields = stored(encode_again("f", payload))
        node, fleets = decode_entry(fields)
        assert node == "again" and [p.driver_id for p in fleets["f"]] == drivers
        assert span(fields) is None
    with pytest.raises(BadEntry, match="driverId"):
        encode_again("f", b'{"type":"location"}')
