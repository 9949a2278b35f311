"""Which positions are missing, by the numbers of the entries."""

from __future__ import annotations

from hub.recorder.missing import NODES_KEPT, PATIENCE, Gap, Numbers
from hub.wire.log import Span


def fresh() -> Numbers:
    return Numbers.load("{}", current=True)


def follow(numbers: Numbers, *spans: Span, now: float = 0.0, reached: float = 0.0) -> tuple[Numbers, list[Gap]]:
    """The numbers as the next recorder would have them."""
    numbers, gaps = numbers.follow(spans, now, reached)
    return Numbers.load(numbers.dump(), current=True), gaps


def whole(node: str, before: int) -> Span:
    return Span(node, before, 0, True)


def test_entries_in_a_row_miss_nothing() -> None:
    numbers, gaps = follow(fresh(), Span("a", 0, 3), Span("b", 0, 5), Span("a", 3, 2))
    assert gaps == []
    numbers, gaps = follow(numbers, Span("b", 5, 1), Span("a", 5, 4))
    assert (gaps, numbers.passed, numbers.missing) == ([], {"b": 6, "a": 9}, {})
    assert numbers.stored() == {"b": 6, "a": 9}


def test_what_a_node_has_not_appended_again_is_lost_once() -> None:
    numbers, gaps = follow(fresh(), Span("a", 0, 3), Span("b", 4, 1), Span("a", 10, 1), Span("a", 11, 1))
    assert gaps == [] and numbers.stored() == {"b": 0, "a": 3}
    numbers, gaps = follow(numbers, whole("b", 5), whole("a", 12))
    assert gaps == [Gap("b", 4), Gap("a", 7)] and numbers.stored() == {"b": 5, "a": 12}
    assert follow(numbers, Span("a", 12, 1), whole("a", 13))[1] == []


def test_what_is_appended_again_is_not_lost() -> None:
    numbers, _ = follow(fresh(), Span("a", 0, 3), Span("a", 10, 1))
    assert numbers.stored() == {"a": 3}
    numbers, gaps = follow(numbers, Span("a", 3, 2), Span("a", 11, 1))
    assert (gaps, numbers.stored()) == ([], {"a": 5})
    numbers, gaps = follow(numbers, Span("a", 5, 1), Span("a", 8, 3), whole("a", 12))
    assert gaps == [Gap("a", 2)]


def test_a_part_in_the_middle_leaves_both_ends_missing() -> None:
    numbers, _ = follow(fresh(), Span("a", 10, 1))
    numbers, _ = follow(numbers, Span("a", 4, 3))
    assert numbers.missing["a"].ranges == [(0, 4), (7, 10)]
    numbers, gaps = follow(numbers, Span("a", 3, 6), whole("a", 11))
    assert gaps == [Gap("a", 4)]


def test_a_silent_node_loses_what_it_could_have_appended_again() -> None:
    """Entries from before it could know prove nothing, however late they are read."""
    numbers, _ = follow(fresh(), Span("a", 0, 3), Span("a", 5, 1), now=100.0, reached=20.0)
    numbers, gaps = follow(numbers, Span("b", 0, 1), now=500.0, reached=100.0 + PATIENCE)
    assert gaps == []
    numbers, gaps = follow(numbers, Span("b", 1, 1), now=500.0, reached=100.1 + PATIENCE)
    assert gaps == [Gap("a", 2)] and numbers.missing == {}


def test_what_is_read_again_or_was_appended_twice_is_not_missing() -> None:
    numbers, _ = follow(fresh(), Span("a", 0, 3), Span("a", 3, 3), Span("a", 3, 3))
    numbers, gaps = follow(numbers, Span("a", 0, 3), Span("a", 3, 3), Span("a", 9, 1), whole("a", 10))
    assert (gaps, numbers.passed) == ([Gap("a", 3)], {"a": 10})


def test_after_a_recorder_that_does_not_count_each_node_counts_anew() -> None:
    numbers = Numbers.load(Numbers({"a": 3}).dump(), current=False)
    numbers, gaps = follow(numbers, Span("a", 100, 3), Span("b", 7, 1), Span("a", 105, 1), whole("a", 106))
    assert gaps == [Gap("a", 2)]
    assert numbers.passed == {"b": 8, "a": 106}
    numbers, gaps = follow(numbers, Span("quiet", 50, 1), Span("b", 9, 1), whole("quiet", 51), whole("b", 10))
    assert gaps == [Gap("b", 1)]


def test_the_nodes_that_appended_last_are_remembered() -> None:
    numbers, _ = follow(fresh(), Span("quiet", 2, 1), Span("busy", 0, 1))
    lost = []
    for number in range(NODES_KEPT):
        numbers, gaps = follow(numbers, Span(str(number), 0, 1), Span("busy", number + 1, 1))
        lost += gaps
    assert len(numbers.passed) == NODES_KEPT
    assert "quiet" not in numbers.passed and numbers.passed["busy"] == NODES_KEPT + 1
    assert lost == [Gap("quiet", 2)]
    assert list(Numbers.load(numbers.dump(), current=True).passed) == list(numbers.passed)
