"""Points of GeoJSON and of the hub's own JSON, one value at a time: a month of positions is never in memory.

Read are features (points; lines with ``coordTimes`` or ``coordinateProperties.times``), and objects with names of
``clients.replay.records``, as ``GET …/track`` and ``hub watch`` print them. They may be in an array, in the array
``features``, ``positions`` or ``drivers`` of an object, or one a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from clients.replay.records import BadRow, Row, field_of
from clients.replay.text import Decoder

LONGEST_VALUE = 64 * 1024 * 1024
"""Characters of one feature; a line of a million places has half."""

_LIST = re.compile(r'\s*\{[^\[\]{}]*?"(?:features|positions|drivers|locations)"\s*:\s*\[|\s*\[')
"""The beginning of a list of points, with what short members precede it."""

_SKIPPED = re.compile(r"[\s,\x1e]*")
"""Between two values; GeoJSON text sequences (RFC 8142) have a record separator."""

_json = json.JSONDecoder()


def rows(path: Path, file: BinaryIO) -> Iterator[Row | BadRow]:
    """The rows of a file. An error costs the rest of the file, and is a row."""
    for line, value in _values(path, file):
        if isinstance(value, BadRow):
            yield value
        else:
            yield from _rows(line, value)


def _values(path: Path, file: BinaryIO) -> Iterator[tuple[int, Any]]:
    """(line, value) of each point."""
    decoder = Decoder(file)
    text, line, at = decoder.read(), 1, 0
    listed = False
    if match := _LIST.match(text):
        at, listed = match.end(), True
    while True:
        at = _SKIPPED.match(text, at).end()  # type: ignore[union-attr]
        if listed and text.startswith("]", at):
            return
        if at < len(text):
            try:
                value, end = _json.raw_decode(text, at)
            except ValueError as error:
                reason = str(error)
            except RecursionError:
                yield line, BadRow(path, line, "the rest of the file cannot be read", "nested too deeply")
                return
            else:
                # A number at the end of the text may go on; points are objects.
                line += text.count("\n", 0, at)
                yield line, value
                text, at = text[at:], end - at
                if len(text) - at > 4096:
                    continue
        else:
            reason = "the file ends early" if listed else ""
        more = decoder.read() if len(text) <= LONGEST_VALUE else ""
        if not more:
            if at < len(text) and not _SKIPPED.fullmatch(text, at) or listed and not text.startswith("]", at):
                yield line + text.count("\n", 0, at), BadRow(path, line, "the rest of the file cannot be read", reason)
            return
        line += text.count("\n", 0, at)
        text, at = text[at:] + more, 0
