"""The plugin of Schemathesis for these tests alone: its import takes a second of CPU in each process of pytest."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.import_plugin("schemathesis.pytest.plugin")
