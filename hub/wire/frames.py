"""WebSocket frames (RFC 6455, section 5) as far as the fast path needs them; the rest is left to websockets.

Server frames are not masked, so a finished frame is the same bytes for every recipient and is made once.
"""

from __future__ import annotations

from collections.abc import Iterator

TEXT_FIN = 0x81
"""First byte of an unfragmented text frame without extensions."""

CLOSE_FIN = 0x88
"""First byte of a close frame."""

PING_FRAME = b"\x89\x00"


def text_frame(payload: bytes) -> bytes:
    """A finished, unmasked, unfragmented text frame."""
    size = len(payload)
    if size < 126:
        return b"\x81" + size.to_bytes(1, "big") + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


def text_of(frame: bytes) -> bytes:
    """The payload of a ``text_frame``."""
    size = frame[1]
    return frame[2:] if size < 126 else frame[4:] if size == 126 else frame[10:]


def texts_of(frames: bytes) -> Iterator[bytes]:
    """The payloads of one ``text_frame`` after another."""
    start, end = 0, len(frames)
    while start < end:
        size = frames[start + 1]
        start += 2
        if size >= 126:
            wide = 2 if size == 126 else 8
            size = int.from_bytes(frames[start : start + wide], "big")
            start += wide
        yield frames[start : start + size]
        start += size


def close_frame(code: int, reason: str = "") -> bytes:
    """A finished close frame. ``reason`` is ASCII of at most 123 bytes (ours are single words)."""
    body = code.to_bytes(2, "big") + reason.encode("ascii")
    return b"\x88" + len(body).to_bytes(1, "big") + body
