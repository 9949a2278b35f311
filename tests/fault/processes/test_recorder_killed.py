"""The recorder is killed or frozen anywhere: what follows stores each position once."""

from __future__ import annotations

import asyncio
import random
import signal

from hub.settings import Settings
from tests.support.recorders import all_stored_once, feeding, grows, recorder_process

KILLS = 6


async def test_killed_again_and_again(settings: Settings) -> None:
    chance = random.Random(6)
    async with feeding(settings) as feed:
        for _ in range(KILLS):
            async with recorder_process(settings) as process:
                await grows(settings)
                await asyncio.sleep(chance.random() / 20)  # somewhere between two commits, or inside one
                process.kill()
                await process.wait()
    async with recorder_process(settings):
        await all_stored_once(settings, feed)


async def test_frozen_and_thawed(settings: Settings) -> None:
    async with recorder_process(settings) as process:
        async with feeding(settings) as feed:
            for _ in range(3):
                await grows(settings)
                process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(0.5)
                process.send_signal(signal.SIGCONT)
        await all_stored_once(settings, feed)
        assert process.returncode is None
