"""``Content-Encoding`` of request bodies: gzip and deflate, bounded when unpacked.

The limit of a body counts its unpacked bytes: they are what decoding takes time for.
"""

from __future__ import annotations

import zlib

from hub.edge.http.problems import Problem

GZIP_MAGIC = b"\x1f\x8b"

MOST = 2
"""Codings of one body; each unpacks up to the limit."""

_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
"""Window bits of zlib. ``deflate`` is zlib (RFC 9110, section 8.4.1.2); some clients leave out the header of zlib, and
some name gzip and deflate the wrong way round."""

_WINDOWS = {"gzip": [_GZIP, _ZLIB], "x-gzip": [_GZIP, _ZLIB], "deflate": [_ZLIB, _RAW, _GZIP]}


class UnknownCoding(Problem):
    """415: a coding that the hub does not know."""

    def __init__(self, coding: str) -> None:
        detail = f"content-encoding: {coding[:40]!r} is not known; known codings: gzip, deflate, identity"
        super().__init__(415, detail, headers={"accept-encoding": "gzip, deflate"})


class Damaged(Problem):
    """400: a body that does not unpack to its end. ``partial`` is what comes before the damage."""

    def __init__(self, coding: str, partial: bytes) -> None:
        super().__init__(400, f"the body is damaged or cut off: it does not unpack as {coding}")
        self.partial = partial


def unpacked(body: bytes, codings: str, limit: int) -> bytes:
    """The body without the codings of its header. Raises ``UnknownCoding``, ``Damaged``, and ``Problem`` 413 for more
    than ``limit`` bytes, before they are unpacked."""
    names = [name.strip().lower() for name in codings.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    for name in names:
        if name not in _WINDOWS:
            raise UnknownCoding(name)
    if len(names) > MOST:
        raise UnknownCoding(codings)
    for name in reversed(names):
        body = _unpack(body, name, limit)
    return body


def _unpack(body: bytes, name: str, limit: int) -> bytes:
    best = b""
    for window in _WINDOWS[name]:
        done, output = _inflate(body, window, limit)
        if done:
            return output
        best = max(best, output, key=len)
    raise Damaged(name, best)


def _inflate(body: bytes, window: int, limit: int) -> tuple[bool, bytes]:
    """Whether it unpacks to its end, and what comes out of it. A gzip body may have several members."""
    output = b""
    while True:
        unpacker = zlib.decompressobj(window)
        try:
            output += unpacker.decompress(body, limit + 1 - len(output))
        except zlib.error:
            return False, output
        if len(output) > limit:
            raise Problem(413, f"the body must have at most {limit} bytes, also unpacked")
        if not unpacker.eof:
            return False, output
        body = unpacker.unused_data
        if window != _GZIP or not body.startswith(GZIP_MAGIC):
            return True, output
