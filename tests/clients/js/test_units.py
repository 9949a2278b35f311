"""The pure parts of the JavaScript client: ``tests/clients/js/units`` with the test runner of Node."""

from __future__ import annotations

from pathlib import Path

from tests.support.node import run_units


def test_the_units_of_the_client() -> None:
    assert run_units(Path(__file__).parent / "units") > 80
