"""JPEG files as they are stored: checked by their structure, and without metadata.

ITU-T T.81, annex B: a file is a row of segments, ``FF <marker>``, most of them with a length of two bytes. Image data
follows each SOS segment, where ``FF`` is followed by 0 or a restart marker.
"""

from __future__ import annotations

from msgspec import Struct

LONGEST_SIDE = 2_048
"""Pixels. A decoded photo takes three bytes a pixel or four: at most 16 MiB in a browser."""

SOI, EOI, SOS, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
FRAMES = {0xC0, 0xC1, 0xC2}
"""Markers of the frames that browsers decode: baseline, extended and progressive."""
OTHER_FRAMES = set(range(0xC0, 0xD0)) - FRAMES - {0xC4, 0xC8, 0xCC}
"""Lossless, hierarchical and arithmetic frames; C4, C8 and CC are other segments."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length, which do not stand between segments."""
KEPT = {0xE0, 0xEE}
"""Application segments that say how colours are coded: JFIF and Adobe. The others hold Exif with the place of the
photo, previews, profiles and texts."""
APPLICATION = range(0xE0, 0xF0)


class NotJpeg(ValueError):
    """The bytes are not a JPEG that can be stored; the text says why."""


class Jpeg(Struct, frozen=True):
    """A file without metadata, and its size in pixels."""

    content: bytes
    width: int
    height: int


def read_jpeg(content: bytes) -> Jpeg:
    """The file without its metadata. What follows the image is left out. Raises ``NotJpeg``."""
    if content[:2] != bytes((0xFF, SOI)):
        raise NotJpeg("it does not begin as a JPEG")
    kept = [content[:2]]
    size: tuple[int, int] | None = None
    at = 2
    scans = 0
    while True:
        marker, body = _marker(content, at)
        if marker == EOI:
            break
        if marker in ALONE or marker == SOI:
            raise NotJpeg(f"the marker {marker:02X} stands between segments")
        end = _end(content, body)
        if marker in OTHER_FRAMES:
            raise NotJpeg("its coding is not baseline, extended or progressive")
        if marker in FRAMES:
            if size is not None:
                raise NotJpeg("it has two images")
            size = _size(content[body:end])
        if marker == SOS:
            if size is None:
                raise NotJpeg("image data come before the frame")
            scans += 1
            end = _data_end(content, end)
        if marker in KEPT or not (marker in APPLICATION or marker == COMMENT):
            kept.append(b"\xff" + bytes((marker,)) + content[body:end])
        at = end
    if size is None or not scans:
        raise NotJpeg("it has no image")
    return Jpeg(b"".join((*kept, bytes((0xFF, EOI)))), *size)


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """A marker and the place behind it; fill bytes may come before it."""
    if content[at : at + 1] != b"\xff":
        raise NotJpeg("it is incomplete" if at >= len(content) else "a segment does not begin with a marker")
    while content[at : at + 1] == b"\xff":
        at += 1
    if at >= len(content):
        raise NotJpeg("it is incomplete")
    return content[at], at + 1


def _end(content: bytes, body: int) -> int:
    """The end of a segment, whose length is at ``body``."""
    length = int.from_bytes(content[body : body + 2])
    if length < 2 or body + length > len(content):
        raise NotJpeg("it is incomplete")
    return body + length


def _data_end(content: bytes, at: int) -> int:
    """The end of image data: the next marker that is not part of them."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        following = content[at + 1]
        if following == 0 or following in ALONE:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at
    raise NotJpeg("it is incomplete")


def _size(frame: bytes) -> tuple[int, int]:
    """Width and height of a frame segment, which begins with its length."""
    if len(frame) < 8:
        raise NotJpeg("it is incomplete")
    height, width = int.from_bytes(frame[3:5]), int.from_bytes(frame[5:7])
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise NotJpeg(f"it has {width} by {height} pixels, allowed are 1 to {LONGEST_SIDE} on each side")
    return width, height
