"""One hub for the tests of places, jobs and routes: each test enters its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.support.api.fleets import hub_with
from tests.support.running import Edge


@pytest.fixture(scope="package")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "jobs") as running:
        yield running
