"""Sentences about alerts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from hub.core.alerts.rules import KINDS
from hub.core.alerts.words import corrected, resolved, span, text_of

FENCE = {"fenceId": "f", "fenceName": "Depot"}

SENTENCES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("trip.started", {}, {}, "d has started a trip"),
    ("trip.ended", {}, {"distance": 12_345.0, "duration": 1_800.0}, "d has ended a trip: 12.3 km in 30 min"),
    ("trip.ended", {}, {}, "d has ended a trip"),
    ("stopped", {"after": 1_200}, {}, "d has been standing for 20 min"),
    ("offline", {"after": 600}, {}, "d has sent nothing for 10 min"),
    ("offline", {"after": 600}, {"battery": 0.1}, "d has sent nothing for 10 min, its battery was low"),
    ("battery", {}, {"value": 0.15}, "The battery of d is at 15%"),
    ("alarm", {}, {"alarm": "sos"}, "d sends the alarm sos"),
    ("overspeed", {"limit": 25}, {"value": 30.0}, "d drives 108 km/h, faster than 90 km/h"),
    ("maintenance", {"every": 1e7}, {"due": 2e7}, "d is due for maintenance at 20,000 km"),
    ("maintenance", {"every": 1e7}, {"due": 2e7, "done": True}, "d is due for maintenance after 20,000 km"),
    ("maintenance", {"days": 90}, {"days": 180}, "d is due for maintenance after 180 days"),
    ("fence.entered", {}, FENCE, "d has entered Depot"),
    ("fence.exited", {}, FENCE, "d has left Depot"),
    ("fence.crossed", {}, FENCE, "d has passed through Depot"),
    ("fence.dwelled", {}, FENCE, "d has stayed in Depot"),
    ("fence.dwelled", {"after": 5_400}, FENCE, "d has stayed in Depot for 90 min"),
    ("fence.inside", {}, FENCE, "d is inside Depot"),
    ("fence.outside", {}, {"fenceId": "", "fenceName": ""}, "d is outside"),
]


@pytest.mark.parametrize(("kind", "params", "details", "sentence"), SENTENCES)
def test_each_kind_has_a_sentence(kind: str, params: dict[str, Any], details: dict[str, Any], sentence: str) -> None:
    assert text_of(kind, "d", msgspec.convert(params, KINDS[kind]), details) == sentence


def test_no_kind_is_forgotten() -> None:
    assert {kind for kind, *_ in SENTENCES} == set(KINDS)


def test_what_is_over_and_what_did_not_happen() -> None:
    assert resolved("x", 90) == "Over after 2 min: x"
    assert corrected("x").endswith(": x")


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (-5, "0 s"), (89, "89 s"), (90, "2 min"), (7_200, "2 h"), (8_000, "2 h 13 min")]
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words
