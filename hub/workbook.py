"""Workbooks of reports, written in a process of their own: to write 10,000 rows takes a second of a processor, in which
no live position could be sent.

``Workbooks.write`` starts ``python -m hub.workbook``, which reads ``Head`` and then pieces of rows from its stdin, each
as MessagePack after its length, and writes the workbook to its stdout, a file.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from typing import IO, Any, BinaryIO

import msgspec

from hub.core.reports.tables import Row
from hub.logs import Action, get_logger

NICENESS = 10

AT_ONCE = 2
"""Workbooks that a process of the hub writes at once: each has a process of 27 MB, and a processor to itself."""

LONGEST_ERROR = 200
"""Characters of the last line on stderr, which names the error."""

LENGTH = struct.Struct(">I")

log = get_logger()


class WorkbookFailed(Exception):
    """The process that writes workbooks ended with an error."""


class Workbooks:
    """Writes workbooks, at most ``AT_ONCE``; further ones wait."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)

    async def write(self, file: IO[bytes], head: msgspec.Struct, pieces: AsyncIterator[list[Row]]) -> None:
        """Write the workbook of ``head``, a ``hub.wire.files.workbook.Head``, with these rows into a file. Raises
        ``WorkbookFailed``, and what ``pieces`` raises."""
        async with self._places:
            await _write(file, head, pieces)


async def _write(file: IO[bytes], head: msgspec.Struct, pieces: AsyncIterator[list[Row]]) -> None:
    with tempfile.TemporaryFile() as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub.workbook", stdin=asyncio.subprocess.PIPE, stdout=file, stderr=errors
        )
        assert process.stdin is not None
        try:
            await _put(process.stdin, head)
            async for rows in pieces:
                await _put(process.stdin, rows)
            process.stdin.close()
            if await process.wait() != 0:
                raise _failed(process.returncode, errors)
        except ConnectionError as error:  # the process ended early
            process.stdin.close()
            await process.wait()
            raise _failed(process.returncode, errors) from error
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _failed(status: int | None, errors: IO[bytes]) -> WorkbookFailed:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")[:LONGEST_ERROR]
    log.error(Action.INTERNAL_ERROR, where="workbook", status=status, error=last)
    return WorkbookFailed(f"exit status {status}" + (f": {last}" if last else ""))


async def _put(stream: asyncio.StreamWriter, thing: Any) -> None:
    data = msgspec.msgpack.encode(thing)
    stream.write(LENGTH.pack(len(data)) + data)
    await stream.drain()


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while header := stream.read(LENGTH.size):
        yield stream.read(LENGTH.unpack(header)[0])


def main() -> int:
    from hub.wire.files import workbook

    os.nice(NICENESS)  # live positions go first
    given = _read(sys.stdin.buffer)
    head = msgspec.msgpack.decode(next(given), type=workbook.Head)
    workbook.write(sys.stdout.buffer, head, (msgspec.msgpack.decode(data) for data in given))
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
