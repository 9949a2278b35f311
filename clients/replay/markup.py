"""XML of tracks, parsed in pieces: names with their namespaces, no entities, and as much as is legible."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol
from xml.parsers import expat

from clients.replay.records import BadRow, Row
from clients.replay.text import Decoder

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 forbids. Device names contain them, and one would end the file."""

MAX_DEPTH = 200
"""Nested elements; a track has about ten. More is not a track, and would fill the memory."""

LONGEST_TEXT = 10_000
"""Characters of a value; attributes have at most 1 KiB. Longer text, such as a picture, is not collected."""


class Name(NamedTuple):
    """A name without its prefix, and the namespace that the prefix stands for."""

    space: str
    local: str


class Handler(Protocol):
    """What a format does with its elements. ``rows`` is emptied by the caller."""

    rows: deque[Row | BadRow]

    def start(self, name: Name, attributes: dict[str, str], line: int) -> None: ...

    def end(self, name: Name, text: str, line: int) -> None: ...


class DocumentType(ValueError):
    """A document type can define entities that expand to gigabytes. No track needs one."""


class _Parser:
    """Calls a handler for the elements. Prefixes are resolved here and not by expat, which ends at the first prefix
    without a declaration; exports with lost declarations are frequent."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._spaces: list[dict[str, str]] = [{}]
        self._names: list[Name] = []
        self._texts: list[list[str]] = []
        self._length = 0
        self.expat = expat.ParserCreate("utf-8")
        self.expat.buffer_text = True
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._text
        self.expat.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise DocumentType("a document type is not allowed")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        spaces = self._spaces[-1]
        for key, value in attributes.items():
            if key.startswith("xmlns"):
                spaces = {**spaces, key[6:]: value}
        if len(self._names) >= MAX_DEPTH:
            raise DocumentType(f"more than {MAX_DEPTH} nested elements are not allowed")
        prefix, _, local = name.rpartition(":")
        # An undeclared prefix is a namespace of its own.
        found = Name(spaces.get(prefix, prefix), local)
        self._spaces.append(spaces)
        self._names.append(found)
        self._texts.append([])
        self._length = 0
        self._handler.start(found, attributes, self.expat.CurrentLineNumber)

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._texts and self._length <= LONGEST_TEXT:
            self._texts[-1].append(text)

    def _end(self, _: str) -> None:
        self._spaces.pop()
        self._handler.end(self._names.pop(), "".join(self._texts.pop()).strip(), self.expat.CurrentLineNumber)
        self._length = 0


def parse(path: Path, file: BinaryIO, handler: Handler) -> Iterator[Row | BadRow]:
    """The rows that a handler makes of a file. An error costs the rest of the file, and is a row."""
    decoder = Decoder(file)
    parser = _Parser(handler)
    first = True
    while True:
        text = decoder.read()
        final = not text
        try:
            parser.expat.Parse(_ILLEGAL.sub("\ufffd", text.lstrip() if first else text), final)
        except (expat.ExpatError, DocumentType) as error:
            yield from handler.rows
            yield BadRow(path, parser.expat.CurrentLineNumber, "the rest of the file cannot be read", str(error))
            return
        first = first and not text.strip()
        yield from _emptied(handler.rows)
        if final:
            return


def _emptied(rows: deque[Row | BadRow]) -> Iterator[Row | BadRow]:
    while rows:
        yield rows.popleft()
