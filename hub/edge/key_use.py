"""Notes when API keys were last used: once a minute in one statement, not with each request."""

from __future__ import annotations

import asyncio
import contextlib
import time
from datetime import UTC, datetime
from uuid import UUID

from hub.core.audit import KEY
from hub.edge.ws.sockets import Sockets
from hub.identity.directory import Directory
from hub.stores.postgres.accounts.keys import note_uses
from hub.stores.postgres.pool import DatabaseAway, Pool

INTERVAL = 60.0
"""Seconds between two writes: precise enough to find keys that nothing uses, and soon enough to see that a new key
works."""

LAST_WRITE = 2.0
"""Seconds for the write when the hub stops."""


class KeyUse:
    """Writes the uses that ``Directory.key`` notes, and those of open sockets."""

    def __init__(self, directory: Directory, sockets: Sockets, pool: Pool) -> None:
        self._directory, self._sockets, self._pool = directory, sockets, pool

    async def run(self) -> None:
        """Write until cancelled. What PostgreSQL does not take is written later."""
        while True:
            await asyncio.sleep(INTERVAL)
            with contextlib.suppress(DatabaseAway):
                await self.write()

    async def close(self) -> None:
        """Write the last uses, as far as PostgreSQL takes them now."""
        with contextlib.suppress(DatabaseAway, TimeoutError):
            async with asyncio.timeout(LAST_WRITE):
                await self.write()

    async def write(self) -> None:
        """Write what was used since the last time. Raises ``DatabaseAway``."""
        directory, noted, now = self._directory, self._directory.key_uses, time.time()
        for sockets in self._sockets.slices:
            for socket in sockets.values():
                credential = socket.client.principal.credential
                if credential in directory.key_credentials:
                    noted[credential] = now
            await asyncio.sleep(0)
        uses = dict(noted)
        if not uses:
            return
        instants = {UUID(key.removeprefix(KEY)): datetime.fromtimestamp(at, UTC) for key, at in uses.items()}
        async with self._pool.connection() as connection:
            await note_uses(connection, instants)
        for key, at in uses.items():
            if noted[key] == at:
                del noted[key]
