from __future__ import annotations

import re
from typing import get_args

import pytest

from hub.core.trips.state import PHASES, Change, Phase, Seeking, State, Window
from tests.support.repository import ROOT


def tag(phase: type[Phase]) -> str:
    return str(phase.__struct_config__.tag)


def test_every_phase_can_be_left_and_reached() -> None:
    assert set(PHASES) == set(get_args(Phase))
    assert {phase for changes in PHASES.values() for phase in changes.values()} == set(get_args(Phase))
    assert {change for changes in PHASES.values() for change in changes} == set(Change)


def test_the_document_has_the_table() -> None:
    text = (ROOT / "docs/trips.md").read_text()
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \|$", text, re.MULTILINE)[1:]
    assert rows == [
        (tag(phase), change, tag(after)) for phase, changes in PHASES.items() for change, after in changes.items()
    ]


def test_a_gap_ends_everything() -> None:
    assert all(changes[Change.GAP] is Seeking for changes in PHASES.values())


def test_centre_across_the_antimeridian() -> None:
    window = Window(0, 10.0, 179.9999)
    window.add(10.0, -179.9999)
    latitude, longitude = window.centre()
    assert latitude == 10
    assert abs(longitude) == pytest.approx(180)


def test_nothing_is_open_at_first() -> None:
    assert State().open_rows() == []
