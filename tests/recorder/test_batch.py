"""From log entries to rows."""

from __future__ import annotations

import msgspec
import pytest

from hub.core.nouns import Position
from hub.recorder.batch import Batch, Chunk, halves, rows
from hub.stores.postgres.history.positions import PositionRow
from tests.support.logbook import BASE, entry, position


def batch_of(*entries: tuple[str, dict[bytes, bytes]]) -> Batch:
    batch = Batch()
    batch.add(entries)
    return batch


def fields(**fleets: bytes) -> dict[bytes, bytes]:
    return {b"@node": b"n", **{fleet.encode(): value for fleet, value in fleets.items()}}


GOOD = msgspec.json.encode(position("good"))


def test_a_batch_is_the_positions_of_its_entries_in_order() -> None:
    first, second, third = position("a"), position("b"), position("c")
    batch = batch_of(
        ("1-0", fields(red=msgspec.json.encode([first, second]), blue=msgspec.json.encode([third]))),
        ("2-0", fields()),
    )
    assert batch.chunks == [Chunk("1-0", "red", [first, second]), Chunk("1-0", "blue", [third])]
    assert (batch.rows, batch.entries, batch.last_id, batch.dead) == (3, 2, "2-0", [])


def test_the_months_of_a_batch() -> None:
    batch = batch_of(("1-0", fields(f=msgspec.json.encode([position(), position(second=86400 * 31), position()]))))
    assert batch.months() == {2024 * 12 + 4, 2024 * 12 + 5}


def test_rows_have_the_columns_of_the_table() -> None:
    p = position("d", latitude=25.12345674, longitude=-55.00000006, speed=1.5, battery=0.25)
    p.attributes = msgspec.Raw(b'{"a":  "\\u0000"}')
    (row,) = rows(Chunk("1-0", "f", [p]))
    assert row._asdict() == {
        "recorded_at": BASE,
        "received_at": p.received_at,
        "latitude_e7": 251234567,
        "longitude_e7": -550000001,
        "speed": 1.5,
        "heading": None,
        "accuracy": None,
        "altitude": None,
        "battery": 0.25,
        "fleet": "f",
        "driver_id": "d",
        "attributes": '{"a":  "\\u0000"}',
    }


def test_attributes_that_are_not_utf8_do_not_cost_the_position() -> None:
    p = position()
    p.attributes = msgspec.Raw(b'{"a":"\xff"}')
    assert rows(Chunk("1-0", "f", [p]))[0].attributes == '{"a":"\ufffd"}'


@pytest.mark.parametrize(
    ("value", "stored", "buried"),
    [
        (b"[" + GOOD + b',{"type":"location"},' + GOOD + b"]", 2, [b'{"type":"location"}']),
        (b"[" + GOOD + b',{"type":"trip"}]', 1, [b'{"type":"trip"}']),
        (b"[" + GOOD + b',7,"x"]', 1, [b"7", b'"x"']),
        (b"[" + GOOD, 0, [b"[" + GOOD]),
        (GOOD, 0, [GOOD]),
        (b"\xff", 0, [b"\xff"]),
        (b"", 0, [b""]),
        (b"[" * 100_000, 0, [b"[" * 100_000]),
        (b"[" + GOOD.replace(b'"good"', b'"\xff"') + b"]", 0, [GOOD.replace(b'"good"', b'"\xff"')]),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_cannot_be_read_is_a_dead_letter_and_its_neighbours_are_not(
    value: bytes, stored: int, buried: list[bytes]
) -> None:
    batch = batch_of(("1-0", fields(bad=value, fine=b"[" + GOOD + b"]")), ("2-0", fields(fine=b"[" + GOOD + b"]")))
    assert [len(chunk.positions) for chunk in batch.chunks if chunk.fleet == "bad"] in ([stored], [])
    assert batch.rows == stored + 2
    assert [(letter.entry_id, letter.fleet, letter.payload) for letter in batch.dead] == [
        ("1-0", "bad", payload) for payload in buried
    ]
    assert all(letter.reason for letter in batch.dead)


def test_a_fleet_that_is_not_text_is_a_dead_letter() -> None:
    batch = batch_of(("1-0", {b"\xff": b"[" + GOOD + b"]", **entry(position())}))
    assert batch.rows == 1
    assert [(letter.fleet, letter.payload) for letter in batch.dead] == [(None, b"[" + GOOD + b"]")]


def test_halves_end_at_a_single_position() -> None:
    a, b, c = position("a"), position("b"), position("c")
    assert halves([Chunk("1", "f", [a]), Chunk("2", "f", [b, c])]) == (
        [Chunk("1", "f", [a])],
        [Chunk("2", "f", [b, c])],
    )
    assert halves([Chunk("2", "f", [a, b, c])]) == ([Chunk("2", "f", [a])], [Chunk("2", "f", [b, c])])
    assert halves([Chunk("2", "f", [a])]) is None


def test_every_field_of_a_position_has_a_column() -> None:
    """Each field of a position is a column, or is known not to be one."""
    # The offset of a clock orders the latest positions; history keeps the time that the device sent. The state of a
    # driver is not a measurement; it has a table of its own, as traces have.
    no_column = {"latitude", "longitude", "seq", "clock_offset", "state", "traceparent"}
    assert set(Position.__struct_fields__) - no_column == set(PositionRow._fields) - {
        "latitude_e7",
        "longitude_e7",
        "fleet",
    }
