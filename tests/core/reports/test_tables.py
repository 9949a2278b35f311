"""The declared reports."""

from __future__ import annotations

from typing import get_args

from hub.core.reports.tables import REPORTS, ReportKind


def test_the_api_takes_the_reports_that_there_are() -> None:
    assert get_args(ReportKind) == tuple(REPORTS) == tuple(report.kind for report in REPORTS.values())
