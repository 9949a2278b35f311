"""The process that plans: reads a ``Request`` from stdin, writes ``Better`` and at the end ``Solved`` to stdout."""

from __future__ import annotations

import os
import sys

import msgspec

from hub.planner import engines
from hub.planner.messages import Better, Request, packed, read

NICENESS = 15

INTERVAL = 0.2
"""Seconds of the search between two messages of a lower cost."""


def main() -> int:
    os.nice(NICENESS)  # live positions go first
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is not a message
    last = Better(float("inf"), -INTERVAL)

    def better(found: Better) -> None:
        nonlocal last
        if found.seconds >= last.seconds + INTERVAL:
            last = found
            answers.write(packed(found))

    request = msgspec.msgpack.decode(read(sys.stdin.buffer), type=Request)
    answers.write(packed(engines.run(request, better)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
