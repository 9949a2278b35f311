"""Books of the fold of fences."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.stores.postgres import connection as postgres
from hub.stores.postgres.history import offsets, positions
from hub.wire.log import LOG_KEY
from tests.support.fence_books import FenceBooks


@pytest.fixture
async def fences(database_url: str) -> AsyncIterator[FenceBooks]:
    connection = await postgres.connect(database_url, role="test", patience=30)
    await positions.prepare(connection)
    await offsets.create(connection, LOG_KEY)
    yield FenceBooks(connection)
    await connection.close()
