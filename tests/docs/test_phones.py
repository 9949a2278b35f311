"""The examples of docs/phones.md are understood as the page says."""

from __future__ import annotations

import re

import pytest

from hub.core.nouns import Fix
from hub.wire.phones.report import decode_report
from tests.support.repository import ROOT

APPS = (ROOT / "docs/phones.md").read_text().split("\n## Apps\n")[1].split("\n### Names, batches")[0]

EXAMPLES = [
    (section.splitlines()[0], block)
    for section in APPS.split("\n### ")[1:]
    for block in re.findall(r"^```\w+\n(.*?)\n```$", section, re.MULTILINE | re.DOTALL)
    if "25.2048" in block
]
"""Name of the app, and a body or query that it sends. Templates of settings have no place in them."""


def test_every_app_has_an_example() -> None:
    assert {app for app, _ in EXAMPLES} == set(re.findall(r"^### (.*)$", APPS, re.MULTILINE))


@pytest.mark.parametrize(("app", "example"), EXAMPLES)
def test_an_example_is_understood(app: str, example: str) -> None:
    reports = [decode_report("", example.encode())]
    if not example.startswith("{"):
        reports.append(decode_report(example, b""))
    for report in reports:
        (fix,) = report.fixes
        assert isinstance(fix, Fix)
        assert (fix.latitude, fix.longitude, fix.speed) == (25.2048, 55.2708, pytest.approx(10, abs=1e-4))
        assert fix.recorded_at is not None
        assert fix.driver_id == ("V7" if app == "OwnTracks" else "van7")
