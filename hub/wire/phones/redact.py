"""Credentials out of a payload that is kept."""

from __future__ import annotations

import re

from hub.wire.phones.fields import PRIVATE

_NAMES = "|".join("[_-]?".join(name) for name in sorted(PRIVATE)).encode()
_FIELD = re.compile(rb"(?i)((?:^|[?&;\s])(?:" + _NAMES + rb")=)[^&\s]+")
_MEMBER = re.compile(rb'(?i)("(?:' + _NAMES + rb')"\s*:\s*)"(?:[^"\\]|\\.)*(?:"|\\?\Z)')


def redacted(payload: bytes) -> bytes:
    """A query, form or JSON with ``***`` in place of the values of ``PRIVATE`` fields."""
    return _MEMBER.sub(rb'\1"***"', _FIELD.sub(rb"\1***", payload))
