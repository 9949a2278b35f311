"""Compressed bodies of phones: what can be unpacked is read, whatever the header says about it."""

from __future__ import annotations

from hub.edge.http.codings import GZIP_MAGIC, Damaged, UnknownCoding, unpacked
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

FIELD = "content-encoding"


def body_of_phone(body: bytes, coding: str, limit: int) -> tuple[bytes | None, BadMessage | None]:
    """The unpacked body, None where it is in an unknown coding; and what is wrong with it.

    Some apps compress without a header, some proxies unpack and leave the header. Of a damaged body the part before the
    damage is read. Raises ``Problem`` 413 for more than ``limit`` bytes.
    """
    if body.startswith(GZIP_MAGIC) and "gzip" not in coding.lower():
        coding = f"{coding}, gzip" if coding else "gzip"
    elif not coding or _is_plain(body):
        return body, None
    try:
        return unpacked(body, coding, limit), None
    except UnknownCoding as error:
        return None, BadMessage(ErrorCode.MALFORMED, error.detail.removeprefix(f"{FIELD}: "), FIELD)
    except Damaged as error:
        return error.partial, BadMessage(ErrorCode.MALFORMED, error.detail.removeprefix(f"{FIELD}: "), FIELD)


def _is_plain(body: bytes) -> bool:
    """Whether a body is text in spite of its header: JSON, a form, or nothing."""
    start = body.strip()[:64]
    return not start or start[:1] in (b"{", b"[") or (start.isascii() and start.decode().isprintable())
