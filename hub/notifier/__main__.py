"""``python -m hub.notifier``: runs the notifier as a process until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
import sys

import uvloop

from hub import logs, settings
from hub.logs import Action
from hub.notifier.loop import Notifier
from hub.startup import orphaned

log = logs.get_logger()


async def serve(configuration: settings.Settings) -> None:
    notifier = Notifier(configuration)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, notifier.stop)
    await notifier.run()
    log.info(Action.NOTIFIER_STOPPED)


def main() -> int:
    if orphaned():
        return 0
    try:
        configuration = settings.load()
        for name in ("redis_url", "database_url"):
            if not getattr(configuration, name):
                raise settings.SettingsError(
                    f"{settings.PREFIX}{name.upper()}: required by the notifier; `hub serve` starts one by itself"
                )
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 3
    logs.setup(configuration.log_level, configuration.log_format, process="notifier")
    uvloop.run(serve(configuration))
    return 0


if __name__ == "__main__":
    sys.exit(main())
