"""The status of jobs: the table of transitions, and the fold of a history."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.jobs.status import (
    COMMANDS,
    DRIVERS,
    ENDED,
    FACT_STATUS,
    FACTS,
    JOB_STATUS,
    Event,
    Happened,
    State,
    Status,
    after,
    allowed,
    fold,
)
from tests.support.repository import ROOT


def person(*events: str) -> list[Happened]:
    return [Happened(Event(event)) for event in events]


def position(*events: str) -> list[Happened]:
    return [Happened(Event(event), True) for event in events]


WAY = person("assign", "publish", "accept", "depart")

HISTORIES = [
    (person("assign", "publish", "accept", "depart", "arrive", "complete"), "done"),
    (person("assign", "publish", "complete"), "done"),
    (person("assign", "publish", "accept", "reject"), "open"),
    (person("assign", "unassign", "assign"), "planned"),
    (person("assign", "publish", "cancel"), "cancelled"),
    (person("complete"), "open"),
    (WAY + position("arrived"), "arrived"),
    (WAY + position("approaching", "arrived", "departed"), "en_route"),
    (person("assign", "publish") + position("arrived"), "arrived"),
    # The word of a person: positions do not take it back.
    (WAY + person("arrive") + position("arrived", "departed"), "arrived"),
    (WAY + position("arrived") + person("arrive") + position("departed"), "arrived"),
    (WAY + position("arrived") + person("complete") + position("departed"), "done"),
    # A fact without a driver, or after the end.
    (position("arrived"), "open"),
    (WAY + person("fail") + position("arrived"), "done"),
]


@pytest.mark.parametrize(("history", "status"), HISTORIES)
def test_a_history_has_a_status(history: list[Happened], status: str) -> None:
    assert fold(history).status == status


def test_the_table_is_whole() -> None:
    assert set(JOB_STATUS) == set(Status)
    commands = {event for row in JOB_STATUS.values() for event in row}
    assert commands == set(Event) - FACTS and commands >= COMMANDS > DRIVERS
    assert all(not JOB_STATUS[status] for status in ENDED)
    assert {event for row in FACT_STATUS.values() for event in row} < FACTS
    assert allowed(Status.PLANNED) == ["cancel"] and allowed(Status.DONE) == []


happened = st.builds(Happened, st.sampled_from(sorted(Event)), st.booleans())


@given(st.lists(happened, max_size=12))
def test_facts_never_take_back_the_word_of_a_person(history: list[Happened]) -> None:
    state = State()
    for one in history:
        following = after(state, one)
        if one.by_position and (state.said or state.status in ENDED):
            assert following == state
        if state.status in ENDED:
            assert following == state
        state = following
    assert state == fold(history)


def test_the_documentation_has_the_tables() -> None:
    text = (ROOT / "docs/deliveries.md").read_text()
    for head, table in (("command", JOB_STATUS), ("fact", FACT_STATUS)):
        (rows,) = re.findall(rf"^\| status \| {head} \| next \|\n\|---\|---\|---\|\n((?:\|.*\n)+)", text, re.MULTILINE)
        expected = [f"| {status} | {event} | {n} |" for status, row in table.items() for event, n in row.items()]
        assert rows.splitlines() == expected
