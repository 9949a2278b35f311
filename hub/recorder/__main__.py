"""``python -m hub.recorder``: runs the recorder as a process until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import AsyncExitStack

import uvloop

from hub import environment, logs, settings
from hub.logs import Action
from hub.recorder.loop import Recorder
from hub.recorder.shares import Recorders
from hub.startup import StartupError, orphaned
from hub.stores.redis.connection import UNAVAILABLE, connect
from hub.stores.redis.layout import LayoutRefused, layout
from hub.tracing import process as tracing
from hub.wire.layout import ONLY, Layout

log = logs.get_logger()

RETRY = 0.5
"""Seconds between two tries to read the layout of the log."""

YOUNG = 50_000
"""Objects after which the garbage collector looks at the new ones, instead of 700: a batch keeps 40,000 for a moment,
and looking at them again and again took an eighth of the recorder's CPU. At most some 10 MB of garbage in cycles."""


class Process:
    """What this process records: nothing until Redis has said how the log is divided."""

    def __init__(self, recorder: Recorder | Recorders | None = None) -> None:
        self.recorder = recorder

    def problems(self) -> list[str]:
        match self.recorder:
            case None:
                return ["the log does not answer"]
            case Recorder(progress=progress):
                return progress.problems(ONLY.log)
            case recorders:
                return recorders.problems()

    def recorded(self) -> int:
        match self.recorder:
            case None:
                return 0
            case Recorder(progress=progress):
                return int(progress.state == "recording")
            case recorders:
                return recorders.recorded()


async def serve(configuration: settings.Settings, port: int | None = None) -> None:
    """Record until SIGTERM or SIGINT. With a port, ``/livez``, ``/readyz`` and ``/metrics`` are served there. Raises
    ``StartupError``."""
    tracing.start(configuration, "recorder")
    process = Process()
    async with AsyncExitStack() as stack:
        if port is not None:
            from hub.recorder.health import serving  # not needed, and not loaded, in a recorder of a hub

            try:
                port = await stack.enter_async_context(serving(configuration, process, port))
            except OSError as error:
                raise StartupError(f"cannot listen on {configuration.host}:{port}: {error.strerror}") from error
            log.info(Action.RECORDER_LISTENING, host=configuration.host, port=port)
        found = await _layout(configuration)
        recorder = Recorder(configuration) if len(found.partitions) == 1 else Recorders(configuration, found)
        process.recorder = recorder
        await _run(configuration, recorder)
        tracing.stop()


async def _run(configuration: settings.Settings, recorder: Recorder | Recorders) -> None:
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


async def _layout(configuration: settings.Settings) -> Layout:
    client = connect(configuration.redis_url, configuration.redis_timeout)
    try:
        while True:
            try:
                return await layout(client, configuration.partitions)
            except UNAVAILABLE as error:
                log.warning(Action.LOG_UNAVAILABLE, error=type(error).__name__, detail=str(error)[:200])
                await asyncio.sleep(RETRY)
            except LayoutRefused as error:
                raise StartupError(str(error)) from error
    finally:
        await client.aclose()


def main() -> int:
    if orphaned():
        return 0
    try:
        configuration = environment.load_for("recorder")
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 3
    logs.setup(configuration.log_level, configuration.log_format, process="recorder")
    gc.collect()
    gc.freeze()  # what the start made lives as long as the process
    gc.set_threshold(YOUNG)
    try:
        uvloop.run(serve(configuration))
    except StartupError as error:
        print(error, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
