"""A connection to a fresh database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from hub.stores.postgres.connection import connect


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await connect(database_url, role="test", patience=30)
    yield connection
    await connection.close()
