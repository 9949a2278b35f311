"""The language of a page, from a choice and ``Accept-Language``."""

from __future__ import annotations

import pytest

from hub.core.languages import language_of, preferred

KNOWN = frozenset({"en", "ar", "de", "pt"})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("pt-BR,pt;q=0.9,en-US;q=0.8", ["pt-BR", "pt", "en-US"]),
        ("en;q=0.5, de", ["de", "en"]),
        ("fr;q=0, de;q=0.1, *;q=x", ["de"]),
        (",;q=1,", []),
    ],
)
def test_tags_are_in_the_order_of_their_weights(header: str, expected: list[str]) -> None:
    assert preferred(header) == expected


@pytest.mark.parametrize(
    ("chosen", "accepted", "expected"),
    [
        ("", "", "en"),
        ("", "pt-BR,en;q=0.8", "pt"),
        ("", "nl,AR-eg;q=0.3", "ar"),
        ("", "nl, ja", "en"),
        ("de", "pt-BR", "de"),
        ("../../etc", "pt-BR", "pt"),
    ],
)
def test_a_choice_comes_before_the_languages_of_the_browser(chosen: str, accepted: str, expected: str) -> None:
    assert language_of(chosen, accepted, KNOWN) == expected
