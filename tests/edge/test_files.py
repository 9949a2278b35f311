"""What the log says of open files, and how often."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from hub.edge.files import CALM, REPEAT, RESERVED, Files
from hub.logs import Action


def said(files: Files, *instants: float) -> list[str]:
    with capture_logs() as lines:
        for now in instants:
            files.look(now)
    return [line["event"] for line in lines]


def test_the_last_descriptors_are_kept_from_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    for soft, first in ((21_000, 21_000 - RESERVED), (1_024, 1_024 - RESERVED), (256, 256 - 32)):
        monkeypatch.setattr("resource.getrlimit", lambda _, soft=soft: (soft, soft))
        files = Files()
        assert [files.reserved(number) for number in (0, first - 1, first)] == [False, False, True]
        assert [files.urgent(number) for number in (first, soft - 1)] == [False, True]


def test_the_log_says_it_once_a_minute_while_it_lasts_and_when_it_is_over() -> None:
    files = Files()
    assert said(files, 0, 1) == []
    files.refused = 1
    assert said(files, 2, 3) == [Action.FILES_EXHAUSTED]
    for second in range(3, int(REPEAT)):
        files.refused += 1
        assert said(files, second) == []
    files.refused += 1
    assert said(files, 2 + REPEAT) == [Action.FILES_EXHAUSTED]
    # Descriptors that are free for a moment, while clients come back, do not end it.
    assert said(files, 2 + REPEAT + CALM - 1) == []
    assert said(files, 2 + REPEAT + CALM, 2 + REPEAT + CALM + 1) == [Action.FILES_AVAILABLE]


def test_a_full_table_is_noticed_without_any_client(monkeypatch: pytest.MonkeyPatch) -> None:
    files = Files()
    monkeypatch.setattr("resource.getrlimit", lambda _: (3, 3))
    assert said(files, 0) == [Action.FILES_EXHAUSTED]
