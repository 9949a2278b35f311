"""Redis freezes or dies under the recorder: it goes on where it was, and stores each position once."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec

from hub.embedded.services import running
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from tests.support.logbook import append, entry, position, recorded, recording, until
from tests.support.recorders import grows, stored

ENTRIES = 1_500


async def test_a_redis_that_freezes_and_one_that_dies(tmp_path: Path) -> None:
    async with running(Settings(data_dir=tmp_path / "hub", redis_appendfsync="everysec")) as services:
        # Small batches, so that there is something left to read.
        settings = msgspec.structs.replace(services.settings, recorder_max_rows=10, recorder_max_wait=0.001)
        child = services.parts["valkey"].child
        assert child is not None
        await migrate(settings.database_url)
        last = await append(settings, *(entry(position(second=n)) for n in range(ENTRIES)))
        async with recording(settings) as recorder:

            async def retried() -> bool:
                return recorder.progress.retries > before

            await grows(settings)
            before = recorder.progress.retries
            os.kill(child.pid, signal.SIGSTOP)
            try:
                await until(retried)
            finally:
                os.kill(child.pid, signal.SIGCONT)

            await grows(settings)
            before = recorder.progress.retries
            os.kill(child.pid, signal.SIGKILL)  # started again by the services
            await until(retried)
            await recorded(settings, last)
            assert recorder.progress.duplicates == 0
        assert await stored(settings) == ENTRIES
