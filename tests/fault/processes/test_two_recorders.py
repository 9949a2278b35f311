"""Two recorders at once: one records, the other waits; whoever comes back late stores nothing twice."""

from __future__ import annotations

import signal

import msgspec
import pytest

from hub.settings import Settings
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until, value
from tests.support.recorders import all_stored_once, feeding, grows, recorder_process

CONNECTED = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'hub recorder'"
)
HOLDERS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"


async def both_connected(settings: Settings) -> None:
    async def met() -> bool:
        return await value(settings, CONNECTED) == 2

    await until(met)
    assert await value(settings, HOLDERS) == 1


async def test_the_other_takes_over_when_the_first_dies(settings: Settings) -> None:
    async with feeding(settings) as feed, recorder_process(settings) as first:
        await grows(settings)
        async with recorder_process(settings) as second:
            await both_connected(settings)
            await grows(settings)
            first.kill()
            await first.wait()
            await grows(settings)
            assert second.returncode is None
            async with recorder_process(settings):
                await both_connected(settings)
                second.send_signal(signal.SIGTERM)
                assert await second.wait() == 0
                await grows(settings)
    async with recorder_process(settings):
        await all_stored_once(settings, feed)


@pytest.mark.thorough
async def test_the_other_takes_over_when_the_first_freezes(settings: Settings) -> None:
    settings = msgspec.structs.replace(settings, database_timeout=0.5)
    async with recorder_process(settings) as first:
        async with feeding(settings) as feed:
            await grows(settings)
            async with recorder_process(settings) as second:
                await both_connected(settings)
                first.send_signal(signal.SIGSTOP)
                await grows(settings)
                first.send_signal(signal.SIGCONT)
                await both_connected(settings)
                await grows(settings)
                assert (first.returncode, second.returncode) == (None, None)
        await all_stored_once(settings, feed)


async def test_a_recorder_whose_offset_was_moved_starts_again_from_there(settings: Settings) -> None:
    async with recording(settings) as recorder:
        await recorded(settings, await append(settings, entry(position("a"))))
        await fetch(settings, "UPDATE log_offsets SET last_id = '0-0'")
        last = await append(settings, entry(position("b")))
        await recorded(settings, last)
        assert (recorder.progress.retries, recorder.progress.duplicates) == (1, 1)
    assert await value(settings, "SELECT count(*) FROM positions") == 2
