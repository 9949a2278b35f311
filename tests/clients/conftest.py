"""Hubs for the clients' tests: one for all that leave it alone, one of its own for each that kills it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.support.hub_process import HubProcess

SECRET = "a secret of more than thirty-two bytes"


@pytest.fixture(scope="package")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """An open hub with services of its own. Tests use driver ids of their own and watch only those."""
    folder = tmp_path_factory.mktemp("hub")
    process = HubProcess(Settings(port=0, data_dir=folder / "data", heartbeat_interval=0.5), folder)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def own_hub(settings: Settings, tmp_path: Path) -> Iterator[HubProcess]:
    """A started hub that the test may kill: its services survive it."""
    process = HubProcess(settings, tmp_path)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def closed_hub(settings: Settings, tmp_path: Path) -> Iterator[HubProcess]:
    """A started hub that asks for tokens."""
    import msgspec

    process = HubProcess(msgspec.structs.replace(settings, jwt_secret=SECRET), tmp_path)
    process.start()
    yield process
    process.stop()
