"""The structure of a JPEG, without an image that can be decoded."""

from __future__ import annotations

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
