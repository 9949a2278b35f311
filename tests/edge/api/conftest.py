"""A guarded hub for each module of tests, with a database of its own whose rows the module writes (``FILL``)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.support.api.fleets import execute, hub_with
from tests.support.running import Edge


@pytest.fixture(scope="module")
def past(request: pytest.FixtureRequest, services: Services, template: str) -> Iterator[Edge]:
    name = request.module.__name__.rpartition(".")[2]
    with hub_with(services, template, name, history_connections=2, history_timeout=1.0) as running:
        asyncio.run(execute(running.settings.database_url, request.module.FILL))
        yield running
