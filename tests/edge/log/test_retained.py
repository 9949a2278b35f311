"""What is kept after its ack, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from hub.core.live.unlogged import Batch
from hub.edge.log.retained import JOINED, MANY, Acked, Retained

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def batch(*numbers: int) -> Batch:
    """A batch with the positions of these numbers, of the driver d."""
    made = Batch()
    made.size = len(numbers)
    made.payloads = {"f": [b"%d" % number for number in numbers]}
    made.latest = {"f": {"d": (None, b"%d" % numbers[-1])}}  # type: ignore[dict-item]
    made.waiters.append(lambda: None)
    return made


def filled(*sizes: int, limit: int = 1_000) -> Retained:
    retained, before = Retained(limit), 0
    for size in sizes:
        retained.keep(before, f"{before}-0", batch(*range(before, before + size)))
        before += size
    return retained


def numbers(retained: Retained) -> list[int]:
    return [number for _, found in retained.joined(10_000) for number in numbers_of(found)]


def numbers_of(joined: Batch) -> list[int]:
    return [int(number) for chunk in joined.payloads.get("f", []) for number in chunk.split(b",")]


def test_what_is_stored_is_forgotten_and_a_part_of_a_batch_is_not() -> None:
    retained = filled(3, 4, 2)
    retained.stored(2)
    assert (len(retained), retained.size) == (3, 9)
    retained.stored(8)
    assert numbers(retained) == [7, 8]
    retained.stored(9)
    assert (len(retained), retained.size, retained.last) == (0, 0, None)


def test_the_oldest_go_when_there_are_too_many() -> None:
    assert numbers(filled(3, 4, 2, limit=6)) == [3, 4, 5, 6, 7, 8]


def test_everything_but_positions_is_forgotten() -> None:
    last = filled(2).last
    assert last is not None and (last.batch.waiters, last.batch.latest, last.entry_id) == ([], {}, "0-0")


def test_a_batch_of_acks_alone_is_not_kept() -> None:
    retained = Retained(10)
    retained.keep(0, "", Batch())
    assert len(retained) == 0


@given(some.lists(some.integers(1, 30), max_size=30), some.integers(1, 50), some.integers(0, 900))
def test_joined_batches_have_the_same_positions_in_order(sizes: list[int], entry: int, stored: int) -> None:
    retained = filled(*sizes)
    retained.stored(stored)
    before = numbers(retained)
    joined = list(retained.joined(entry))
    assert [number for _, found in joined for number in numbers_of(found)] == before
    for start, found in joined:
        assert numbers_of(found)[0] == start
        assert found.size == len(numbers_of(found)) <= max(entry, max(sizes))
    retained.replace([Acked(start, "1-0", found) for start, found in joined])
    assert numbers(retained) == before and retained.size == len(before)


def test_removals_are_joined_too() -> None:
    retained = filled(1)
    removal = Batch()
    removal.removed = {"f": {"gone": NOW}}
    retained.keep(1, "", removal)
    ((before, joined),) = retained.joined(10)
    assert (before, joined.size, joined.removed) == (0, 1, {"f": {"gone": NOW}})
    assert retained.last is not None and retained.last.entry_id == "0-0"


def test_small_batches_are_joined_once_there_are_many() -> None:
    count = MANY + 3 * JOINED
    retained = filled(*[1] * count, limit=count)
    assert len(retained) <= MANY + 4
    assert retained.size == count and numbers(retained) == list(range(count))
    last = retained.last
    assert last is not None and (last.before, last.entry_id, last.batch.size) == (count - 1, f"{count - 1}-0", 1)
    removal = Batch()
    removal.removed = {"f": {"gone": NOW}}
    retained.keep(count, None, removal)
    assert retained.last is last
    retained.stored(MANY + JOINED)
    assert numbers(retained)[0] <= MANY + JOINED and numbers(retained)[-1] == count - 1


def test_positions_may_be_stored_while_they_are_appended_again() -> None:
    retained, again = filled(2, 3), []
    for before, joined in retained.joined(2):
        again.append(Acked(before, "1-0", joined))
        retained.stored(2)
    retained.replace(again)
    assert (numbers(retained), retained.size) == ([0, 1, 2, 3, 4], 5)
