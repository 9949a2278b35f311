"""One cluster for the tests of a file: each leaves all parts at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster import parts


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[parts.Cluster]:
    with parts.cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture(scope="module")
def sentinels(tmp_path_factory: pytest.TempPathFactory) -> Iterator[parts.Cluster]:
    with parts.cluster(tmp_path_factory.mktemp("sentinels"), sentinels=True) as running:
        yield running
