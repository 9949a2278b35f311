"""Both stores of a hub, connected for a backup or a restore."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from hub.backup.folder import BackupError
from hub.embedded.services import Services, running
from hub.settings import Settings
from hub.stores.postgres import connection as postgres
from hub.stores.reasons import reason
from hub.stores.redis import connection as redis_connection

REDIS_PATIENCE = 30.0
"""Seconds for one answer of Redis: a piece of a copy is larger than an answer to the hub."""


@dataclass(frozen=True)
class Stores:
    """Connections to both stores. ``services``: those embedded ones that this process started or found running."""

    services: Services
    redis: Redis
    postgres: postgres.Connection

    @property
    def database_url(self) -> str:
        return self.services.settings.database_url

    @property
    def version(self) -> int:
        """Major version of PostgreSQL."""
        return int(self.postgres.get_server_version().major)


@asynccontextmanager
async def connected(settings: Settings, role: str) -> AsyncIterator[Stores]:
    """The stores of the settings; embedded ones are started if no hub runs them. Raises ``BackupError`` if a store does
    not answer, also later, and ``StartupError``."""
    async with running(settings) as services:
        redis = redis_connection.connect(services.settings.redis_url, REDIS_PATIENCE)
        try:
            try:
                await redis.ping()
            except redis_connection.UNAVAILABLE as error:
                raise BackupError(f"Redis does not answer: {_words(error)}") from error
            try:
                connection = await postgres.connect(services.settings.database_url, role=role, patience=None)
            except (ValueError, *postgres.AWAY) as error:
                raise BackupError(f"PostgreSQL does not answer: {_words(error)}") from error
            try:
                yield Stores(services, redis, connection)
            except (*postgres.AWAY, *redis_connection.UNAVAILABLE) as error:
                raise BackupError(f"a store or the disk failed: {_words(error)}") from error
            finally:
                await connection.close(timeout=5)
        finally:
            await redis.aclose()


def _words(error: BaseException) -> str:
    return str(error) or reason(error)
