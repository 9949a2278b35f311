"""``python -m hub.workers NUMBER``: one worker, a node that gets its connections from the parent, until SIGTERM."""

from __future__ import annotations

import sys

import uvloop

from hub import environment, logs, settings
from hub.startup import StartupError, orphaned
from hub.workers.worker import work


def main() -> int:
    if orphaned():
        return 0
    number = int(sys.argv[1])
    try:
        configuration = environment.load_for("worker")
    except settings.SettingsError as error:
        print(error, file=sys.stderr)
        return 3
    logs.setup(configuration.log_level, configuration.log_format, process=f"worker {number}")
    try:
        uvloop.run(work(configuration))
    except StartupError as error:
        print(f"hub: worker {number}: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
