"""One hub for the tests of plans."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.support.api.fleets import hub_with
from tests.support.running import Edge


@pytest.fixture(scope="package")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "plans") as running:
        yield running
