"""``traceparent`` (W3C Trace Context, section 3.2): the request or message of another program that a position
belongs to."""

from __future__ import annotations

import re

TRACEPARENT = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})"
    r"-(?P<flags>[0-9a-f]{2})(?P<more>-.*)?\Z"
)
"""Only later versions than 00 may have more."""

_IN_JSON = re.compile(rb'"traceparent":"(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})"')

SAMPLED = 1
"""Bit of the flags: the sender records the trace."""


def valid(text: str) -> str | None:
    """A ``traceparent`` in the form of version 00. None if it is not valid: a receiver ignores such a one."""
    found = TRACEPARENT.match(text)
    if found is None or (found["version"] == "00" and found["more"]):
        return None
    return f"00-{found['trace']}-{found['span']}-{found['flags']}"


def sampled(traceparent: str | None) -> str | None:
    """A ``traceparent`` if it is valid and its sender records the trace, in the form of version 00."""
    found = None if traceparent is None else valid(traceparent)
    return found if found is not None and int(found[-2:], 16) & SAMPLED else None


def traceparents_in(content: bytes) -> list[str]:
    """Every ``traceparent`` in the JSON of positions, also in JSON that is not valid."""
    return [found[1].decode() for found in _IN_JSON.finditer(content)]


def trace_id(traceparent: str) -> str:
    """The id of the trace: 32 hexadecimal digits."""
    return traceparent[3:35]
