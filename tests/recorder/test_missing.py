"""Which positions are missing, by the numbers of the entries."""

from __future__ import annotations

from hub.recorder.missing import NODES_KEPT, Gap, Numbers
from hub.wire.log import Span


def fresh() -> Numbers:
    return Numbers.load("{}", current=True)


def test_entries_in_a_row_miss_nothing() -> None:
    numbers, gaps = fresh().follow([Span("a", 0, 3), Span("b", 0, 5), Span("a", 3, 2)])
    assert gaps == []
    numbers, gaps = Numbers.load(numbers.dump(), current=True).follow([Span("b", 5, 1), Span("a", 5, 4)])
    assert (gaps, numbers.passed) == ([], {"b": 6, "a": 9})


def test_what_is_missing_is_counted_once_by_node() -> None:
    numbers, gaps = fresh().follow([Span("a", 0, 3), Span("b", 4, 1), Span("a", 10, 1), Span("a", 11, 1)])
    assert gaps == [Gap("b", 4), Gap("a", 7)]
    assert numbers.follow([Span("a", 12, 1)])[1] == []


def test_what_is_read_again_or_was_appended_twice_is_not_missing() -> None:
    numbers, _ = fresh().follow([Span("a", 0, 3), Span("a", 3, 3), Span("a", 3, 3)])
    numbers, gaps = numbers.follow([Span("a", 0, 3), Span("a", 3, 3), Span("a", 9, 1)])
    assert (gaps, numbers.passed) == ([Gap("a", 3)], {"a": 10})


def test_after_a_recorder_that_does_not_count_each_node_counts_anew() -> None:
    numbers = Numbers.load(Numbers({"a": 3}).dump(), current=False)
    numbers, gaps = numbers.follow([Span("a", 100, 3), Span("b", 7, 1), Span("a", 105, 1)])
    assert gaps == [Gap("a", 2)]
    assert numbers.passed == {"b": 8, "a": 106}
    numbers, gaps = Numbers.load(numbers.dump(), current=True).follow([Span("quiet", 50, 1), Span("b", 9, 1)])
    assert gaps == [Gap("b", 1)]


def test_the_nodes_that_appended_last_are_remembered() -> None:
    numbers, _ = fresh().follow([Span("quiet", 0, 1), Span("busy", 0, 1)])
    for number in range(NODES_KEPT):
        numbers, gaps = numbers.follow([Span(str(number), 0, 1), Span("busy", number + 1, 1)])
        assert gaps == []
    assert len(numbers.passed) == NODES_KEPT
    assert "quiet" not in numbers.passed and numbers.passed["busy"] == NODES_KEPT + 1
    assert list(Numbers.load(numbers.dump(), current=True).passed) == list(numbers.passed)
