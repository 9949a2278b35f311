"""The text of a file, whatever its encoding."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

CHUNK = 65_536

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order mark -> encoding; UTF-32 precedes UTF-16, whose mark is its beginning."""

_DECLARED = re.compile(rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def encoding(file: BinaryIO) -> str:
    """The encoding by the first bytes of a file, which is then read on behind its byte order mark.

    The order is: the byte order mark; zero bytes next to the first character; the XML declaration; UTF-8. A declaration
    that contradicts the bytes is ignored: programs copy ``encoding="utf-16"`` into files that they write as UTF-8.
    """
    file.seek(0)
    head = file.read(1024)
    for mark, name in _MARKS:
        if head.startswith(mark):
            file.seek(len(mark))
            return name
    file.seek(0)
    if len(head) > 1 and head[0] and not head[1]:
        return "utf-16-le"
    if len(head) > 1 and head[1] and not head[0]:
        return "utf-16-be"
    if declared := _DECLARED.match(head.lstrip()):
        name = declared[1].decode().lower()
        try:
            wide = "<?xml".encode(name) != b"<?xml"
        except (LookupError, UnicodeError, TypeError):
            return "utf-8"
        return "utf-8" if wide else name
    return "utf-8"


def table_encoding(file: BinaryIO) -> str:
    """As ``encoding``; where the first bytes are not UTF-8, Windows-1252, in which spreadsheets of Western Europe write
    CSV: its header may have ``Länge``."""
    name = encoding(file)
    start = file.tell()
    head = file.read(1024)
    file.seek(start)
    try:
        codecs.getincrementaldecoder(name)().decode(head)
    except UnicodeDecodeError:
        return "cp1252" if name == "utf-8" and not start else name
    return name


class Decoder:
    """Pieces of a file as text. Bytes that are not text become U+FFFD: a damaged name does not cost the track."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder(encoding(file))("replace")

    def read(self) -> str:
        """The next piece; empty at the end."""
        while chunk := self._file.read(CHUNK):
            if text := self._decode.decode(chunk):
                return text
        return self._decode.decode(b"", True)
