"""Heads of requests that are known: a phone sends the same headers with each fix, so they are parsed and checked once.

A request is recognised by the bytes of all its headers, except the digits of ``Content-Length``. Its request line is
read anew, and its token is authenticated anew. Only a whole request in one read is recognised; any other goes through
the parser, with the same result.
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

VARYING = frozenset({b"transfer-encoding", b"x-request-id"})
"""Headers with which a head is not remembered: the body has no known end, or the value differs each time."""


class Whole(NamedTuple):
    """A request in one read. ``headers``: their lines without the digits of ``Content-Length``, which are ``length``
    (empty without this header)."""

    method: bytes
    target: bytes
    headers: bytes
    length: bytes
    body: bytes


class Head(NamedTuple):
    """What the headers say: the ``scope`` of their first request, with the client that proxies name; ``fields`` by name
    in lower case; the client's ``network``, None if it has no limits."""

    scope: Scope
    fields: dict[str, str]
    network: str | None


def whole(data: bytes) -> Whole | None:
    """The request that ``data`` consists of; None if it is not exactly one, or not written as clients usually do."""
    line = LINE.match(data)
    if line is None:
        return None
    begin = line.end() - 2  # of the line break before the first header
    end = data.find(b"\r\n\r\n", begin)
    if end < 0:
        return None
    digits = LENGTH.search(data, begin, end + 2)
    body = data[end + 4 :]
    if digits is None:
        headers, length = data[begin:end], b""
    else:
        headers, length = data[begin : digits.start(1)] + data[digits.end(1) : end], digits[1]
    if len(body) != int(length or b"0") or len(body) > MOST:
        return None
    return Whole(line[1], line[2], headers, length, body)


class KnownHeads:
    """The heads of the requests that one node has read, by the address of the peer and the bytes of the headers."""

    def __init__(self) -> None:
        self._heads: OrderedDict[tuple[str, bytes], Head] = OrderedDict()

    def find(self, peer: str, headers: bytes) -> Head | None:
        """The head with these lines of headers."""
        key = peer, headers
        head = self._heads.get(key)
        if head is not None:
            self._heads.move_to_end(key)
        return head

    def remember(self, peer: str, data: bytes, head: Head) -> None:
        """Remember the head of the request that ``data`` consists of, which the parser has read. Nothing happens if
        another request with the same headers might mean something else."""
        request = whole(data)
        if request is None or len(request.headers) > LONGEST:
            return
        lines = head.scope["headers"]
        lengths = [value for name, value in lines if name == b"content-length"]
        if lengths != ([request.length] if request.length else []) or not VARYING.isdisjoint(name for name, _ in lines):
            return
        if len(self._heads) >= KNOWN:
            self._heads.popitem(last=False)
        self._heads[peer, request.headers] = head
