"""JPEG files as they are stored: checked by their structure, and without metadata but how the picture is turned.

ITU-T T.81, annex B: a file is a row of segments, ``FF <marker>``, most of them with a length of two bytes. Image data
follows each SOS segment, where ``FF`` is followed by 0 or a restart marker.
"""

from __future__ import annotations

import re

from msgspec import Struct

LONGEST_SIDE = 2_048
"""Pixels. A decoded photo takes three bytes a pixel or four: at most 16 MiB in a browser."""

SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
FRAMES = {0xC0, 0xC1, 0xC2}
"""Markers of the frames that browsers decode: baseline, extended and progressive."""
OTHER_FRAMES = set(range(0xC0, 0xD0)) - FRAMES - {0xC4, 0xC8, 0xCC}
"""Lossless, hierarchical and arithmetic frames; C4, C8 and CC are other segments."""
ALONE = {0x01, *range(0xD0, 0xD8)}
"""Markers without a length, which do not stand between segments."""
JFIF, ADOBE = 0xE0, 0xEE
"""Application segments that say how colours are coded, as what begins them and how long that is. The rest of JFIF is a
preview. The others hold Exif with the place of the photo, previews, profiles and texts."""
APPLICATION = {JFIF: (b"JFIF\0", 14), ADOBE: (b"Adobe", 12)}
EXIF, EXIF_BEGIN = 0xE1, b"Exif\0\0"
"""Exif is a TIFF file behind ``EXIF_BEGIN``: "II" or "MM" for the order of bytes, 42, and the place of a directory,
whose entries have twelve bytes: a tag, a type, a count, and the value."""
ORIENTATION = 0x0112
"""Tag of how the picture is turned: 1 is upright, 5 to 8 lie on a side. Cameras of phones turn no pixels."""
MOST_ENTRIES = 100
"""Entries of a directory that are read. Cameras write some 15, in the order of their tags."""
KEPT = FRAMES | {0xC4, SOS, 0xDB, 0xDD}
"""Segments that the decoding of an image needs: frames, Huffman tables, scans, quantisation, restart interval."""

MOST_SEGMENTS = 200
"""Files of cameras and programs have some 30, progressive ones with a large profile twice as many."""

FILL = re.compile(rb"\xff+")
NEXT = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""A marker in image data that is not part of them."""


class NotJpeg(ValueError):
    """The bytes are not a JPEG that can be stored; the text says why."""


class Jpeg(Struct, frozen=True):
    """A file without metadata but how it is turned, and its size in pixels as it is shown."""

    content: bytes
    width: int
    height: int


def read_jpeg(content: bytes) -> Jpeg:
    """The file without its metadata. What follows the image is left out. Raises ``NotJpeg``. The worst 256 kB take two
    milliseconds."""
    if content[:2] != bytes((0xFF, SOI)):
        raise NotJpeg("it does not begin as a JPEG")
    kept = [content[:2]]
    size: tuple[int, int] | None = None
    at = 2
    scans = 0
    turned = 0
    for _ in range(MOST_SEGMENTS):
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
        if marker in KEPT:
            kept.append(b"\xff" + bytes((marker,)) + content[body:end])
        elif marker in APPLICATION:
            kept.append(_colours(marker, content[body + 2 : end]))
        elif marker == EXIF and not turned:
            turned = _orientation(content[body + 2 : end])
            kept.append(_exif(turned) if turned > 1 else b"")
        at = end
    else:
        raise NotJpeg(f"it has more than {MOST_SEGMENTS} segments")
    if size is None or not scans:
        raise NotJpeg("it has no image")
    width, height = size if turned < 5 else reversed(size)
    return Jpeg(b"".join((*kept, bytes((0xFF, EOI)))), width, height)


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """A marker and the place behind it; fill bytes may come before it."""
    if content[at : at + 1] != b"\xff":
        raise NotJpeg("it is incomplete" if at >= len(content) else "a segment does not begin with a marker")
    fill = FILL.match(content, at)
    at = at if fill is None else fill.end()
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
    following = NEXT.search(content, at)
    if following is None:
        raise NotJpeg("it is incomplete")
    return following.start()


def _colours(marker: int, body: bytes) -> bytes:
    """What is stored of an application segment: nothing of one that does not say how colours are coded."""
    begin, length = APPLICATION[marker]
    if len(body) < length or not body.startswith(begin):
        return b""
    # The last two bytes of JFIF are the size of its preview.
    stored = body[: length - 2] + b"\0\0" if marker == JFIF else body[:length]
    return bytes((0xFF, marker)) + (length + 2).to_bytes(2) + stored


def _orientation(body: bytes) -> int:
    """How an application segment says that the picture is turned, 1 to 8; 1 if its Exif does not say so, 0 if it has
    no Exif."""
    exif = body.removeprefix(EXIF_BEGIN)
    if exif is body:
        return 0
    if len(body) < len(_exif(1)) - 4 or exif[:2] not in (b"II", b"MM"):
        return 1

    def number(at: int, size: int) -> int:
        return int.from_bytes(exif[at : at + size], "little" if exif[:2] == b"II" else "big")

    first = number(4, 4) + 2
    for at in range(first, first + 12 * min(number(first - 2, 2), MOST_ENTRIES), 12):
        if number(at, 2) == ORIENTATION:
            value = number(at + 8, 2)
            return value if 1 <= value <= 8 else 1
    return 1


def _exif(orientation: int) -> bytes:
    """A segment of Exif with the orientation only."""
    entry = ORIENTATION.to_bytes(2) + b"\0\3\0\0\0\1" + orientation.to_bytes(2) + b"\0\0"
    body = EXIF_BEGIN + b"MM\0*\0\0\0\x08\0\1" + entry + b"\0\0\0\0"
    return bytes((0xFF, EXIF)) + (len(body) + 2).to_bytes(2) + body


def _size(frame: bytes) -> tuple[int, int]:
    """Width and height of a frame segment, which begins with its length."""
    if len(frame) < 8:
        raise NotJpeg("it is incomplete")
    height, width = int.from_bytes(frame[3:5]), int.from_bytes(frame[5:7])
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise NotJpeg(f"it has {width} by {height} pixels, allowed are 1 to {LONGEST_SIDE} on each side")
    return width, height
