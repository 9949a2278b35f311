"""Priority over the other programs of a machine, for measurements. Without the right to it nothing changes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from clients.bench.processes import family

LIFT = 15
"""Steps of niceness: a weight of 29 times the usual one."""

DENIED = (OSError, ValueError)
"""The kernel has no groups by session, the process has ended, or the right is missing."""


def lift(pid: int) -> None:
    """Raise the priority of each session of a process and its descendants. Their order among each other stays: the
    hub gives its PostgreSQL and its recorder less than itself."""
    for member in family(pid):
        file = Path(f"/proc/{member}/autogroup")
        with contextlib.suppress(*DENIED):
            niceness = int(file.read_text().rpartition(" ")[2])
            if niceness >= 0:  # otherwise another process of the session has been lifted before
                file.write_text(str(niceness - LIFT))


@contextlib.contextmanager
def real_time() -> Iterator[None]:
    """Run before all ordinary programs meanwhile; programs that are started inside do not."""
    before = os.sched_getscheduler(0), os.sched_getparam(0)
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    try:
        yield
    finally:
        os.sched_setscheduler(0, *before)
