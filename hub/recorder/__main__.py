"""``python -m hub.recorder``: runs the recorder as a process until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
import sys

import uvloop

from hub import logs, settings
from hub.logs import Action
from hub.recorder.loop import Recorder
from hub.startup import orphaned

log = logs.get_logger()


async def serve(configuration: settings.Settings) -> None:
    recorder = Recorder(configuration)
    running = asyncio.create_task(recorder.run())
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    signalled = asyncio.create_task(stopping.wait())
    await asyncio.wait([running, signalled], return_when=asyncio.FIRST_COMPLETED)
    recorder.stop()
    await asyncio.wait([running], timeout=configuration.drain_timeout)
    if not running.done():
        # PostgreSQL does not answer: it rolls the transaction back, and the next recorder repeats the batch.
        running.cancel()
    signalled.cancel()
    try:
        await running
    except asyncio.CancelledError:
        log.warning(Action.RECORDER_STOPPED, committed=False)
    else:
        log.info(Action.RECORDER_STOPPED, committed=True)


def main() -> int:
    if orphaned():
        return 0
    try:
        configuration = settings.load()
        for name in ("redis_url", "database_url"):
            if not getattr(configuration, name):
                raise settings.SettingsError(
                    f"{settings.PREFIX}{name.upper()}: required by the recorder; `hub serve` starts one by itself"
                )
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 3
    logs.setup(configuration.log_level, configuration.log_format, process="recorder")
    uvloop.run(serve(configuration))
    return 0


if __name__ == "__main__":
    sys.exit(main())
