"""Heads of requests that are known: a phone sends the same headers with each fix, so they are parsed and checked once.

A request is recognised by the bytes of all its headers, except the digits of ``Content-Length``. Its request line is
read and its token authenticated at every request. Only a whole request in one read is recognised; any other goes
through the parser, with the same result.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import NamedTuple

from starlette.types import Scope

KNOWN = 2_000
"""Heads that are remembered, some four kilobytes each. The ones unused for longest are dropped."""

LONGEST = 2_048
"""Bytes of a head that is remembered. Those of phones have some 200, and the token."""

MOST = 65_536
"""Bytes of a body. uvicorn pauses the reading of a larger one while the endpoint reads it."""

LINE = re.compile(rb"(GET|POST) (/[A-Za-z0-9._~:/?@!$&'()*+,;=%\[\]-]*) HTTP/1\.1\r\n")
"""A request line with a path and a query of the characters that RFC 3986 allows there."""

LENGTH = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: ([0-9]{1,5})(?=\r\n)")

VARYING = frozenset({b"transfer-encoding", b"traceparent", b"x-request-id"})
"""Headers with which a head is not remembered: the body has no known end, or the value differs each time."""


class Head(NamedTuple):
    """What a head says: the ``scope`` of its request, with the client that proxies name; ``fields`` by name in lower
    case; the client's ``network``, None if it has no limits. ``line`` is the request line."""

    line: bytes
    scope: Scope
    fields: dict[str, str]
    network: str | None


def split(data: bytes) -> tuple[bytes, bytes, bytes] | None:
    """The request that ``data`` consists of: the lines of its headers without the digits of ``Content-Length``, these
    digits (empty without this header), and the body. None if it is not one whole request."""
    begin = data.find(b"\r\n")
    end = data.find(b"\r\n\r\n", begin)
    if end < 0:
        return None
    size = len(data) - end - 4
    digits = LENGTH.search(data, begin, end + 2)
    if digits is None:
        return (data[begin:end], b"", b"") if not size else None
    first, last = digits.span(1)
    length = data[first:last]
    if int(length) != size or size > MOST:
        return None
    return data[begin:first] + data[last:end], length, data[end + 4 :]


class KnownHeads:
    """The heads of the requests that one node has read, by the address of the peer and the bytes of the headers."""

    def __init__(self) -> None:
        self._heads: OrderedDict[tuple[str, bytes], Head] = OrderedDict()

    def find(self, peer: str, data: bytes) -> tuple[Head, bytes] | None:
        """The known head of the request that ``data`` consists of, and its body. The request line may be another."""
        request = split(data)
        if request is None:
            return None
        key = peer, request[0]
        head = self._heads.get(key)
        if head is None:
            return None
        self._heads.move_to_end(key)
        return head, request[2]

    def remember(self, peer: str, data: bytes, head: Head) -> None:
        """Remember the head of the request that ``data`` consists of, which the parser has read. Nothing happens if
        another request with the same headers might mean something else."""
        request = split(data)
        if request is None or len(request[0]) > LONGEST:
            return
        headers, length, _ = request
        lines = head.scope["headers"]
        lengths = [value for name, value in lines if name == b"content-length"]
        if lengths != ([length] if length else []) or not VARYING.isdisjoint(name for name, _ in lines):
            return
        if len(self._heads) >= KNOWN:
            self._heads.popitem(last=False)
        self._heads[peer, headers] = head
