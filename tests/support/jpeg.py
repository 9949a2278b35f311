"""The structure of a JPEG, without an image that can be decoded."""

from __future__ import annotations

from typing import Literal

JFIF = b"JFIF\0\1\2\0\0\1\0\1\0\0"
"""Version, density, and no preview."""


def segment(marker: int, body: bytes) -> bytes:
    """``FF <marker>``, the length, and the body."""
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return segment(marker, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00")


def jpeg(width: int = 64, height: int = 48, data: bytes = b"data", more: bytes = b"") -> bytes:
    """A file of that size; ``more`` are segments before its frame, ``data`` is in place of the image."""
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + segment(0xE0, JFIF) + more + frame(width, height) + scan + data + b"\xff\xd9"


def exif(orientation: int, *, order: Literal["little", "big"] = "big", before: int = 1) -> bytes:
    """As cameras write it: the maker, the orientation, and the place."""
    number = lambda value, size: value.to_bytes(size, order)  # noqa: E731
    entries = [number(0x010F, 2) + number(2, 2) + number(4, 4) + b"Cam\0"] * before
    entries += [number(0x0112, 2) + number(3, 2) + number(1, 4) + number(orientation, 2) + b"\0\0"]
    entries += [number(0x8825, 2) + number(4, 2) + number(1, 4) + number(99, 4)]
    head = (b"II" if order == "little" else b"MM") + number(42, 2) + number(8, 4)
    rest = number(len(entries), 2) + b"".join(entries) + number(0, 4) + b"25.2 55.3"
    return segment(0xE1, b"Exif\0\0" + head + rest)
