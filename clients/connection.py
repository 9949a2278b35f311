"""Connecting and reconnecting, for drivers and dispatchers."""

from __future__ import annotations

import json
import random
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from hub.wire.errors import Close

LOST = (OSError, TimeoutError, WebSocketException)
"""Errors after which a client reconnects."""


class Refused(Exception):
    """The hub refuses this client for good. ``code`` is a close code, an HTTP status, or an error code."""

    def __init__(self, code: int | str, detail: str) -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code, self.detail = code, detail


class Link:
    """URL and token of one hub, and the delay before the next attempt.

    Delays have full jitter and grow from 0.5 s to 30 s, so that a thousand clients of a crashed hub do not reconnect at
    once. A delay requested by the hub is added. ``token`` is read at every attempt and may be replaced.
    """

    def __init__(self, url: str, token: str | None = None, first: float = 0.5, longest: float = 30.0) -> None:
        self.url = endpoint(url)
        self.token = token
        self._first, self._longest = first, longest
        self._failures = 0
        self._asked = 0.0

    @property
    def address(self) -> str:
        """The URL without its query, which may hold a ticket: for messages to people."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))

    def connect(self) -> connect:
        """A context manager of the open socket. Raises one of ``LOST``."""
        loopback = urlsplit(self.url).hostname in ("localhost", "127.0.0.1", "::1")
        return connect(
            self.url,
            additional_headers={"Authorization": f"Bearer {self.token}"} if self.token else None,
            compression=None,  # the hub does not offer compression: messages are short
            proxy=None if loopback else True,
            close_timeout=2,  # a frozen hub must not delay the end of a client
        )

    def proved(self) -> None:
        """The connection works: after the next loss the delay is short again.

        Not called after the handshake, because a hub that accepts and closes would be called without pause.
        """
        self._failures = 0

    def bye(self, retry_ms: int) -> None:
        """The hub is shutting down and requests a delay."""
        self._asked = retry_ms / 1000

    def lost(self, error: Exception) -> float:
        """Seconds to wait before the next attempt. Raises ``Refused`` when there must be none."""
        asked, self._asked = self._asked, 0.0
        if isinstance(error, ConnectionClosed) and error.rcvd is not None and not may_return(error.rcvd.code):
            raise Refused(error.rcvd.code, error.rcvd.reason) from error
        if isinstance(error, InvalidStatus):
            response = error.response
            # 408, 425 and 429 are temporary; any other 4xx is permanent.
            if 400 <= response.status_code < 500 and response.status_code not in (408, 425, 429):
                raise Refused(response.status_code, _detail(response.body) or response.reason_phrase) from error
            after = response.headers.get("Retry-After", "")
            asked = max(asked, float(after)) if after.isdecimal() else asked
        ceiling = min(self._longest, self._first * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        return asked + random.uniform(0, ceiling)


def _detail(body: bytes | bytearray | None) -> str:
    """The detail of a problem document (RFC 9457); the beginning of any other body."""
    text = (body or b"").decode(errors="replace")
    try:
        return str(json.loads(text)["detail"])[:200]
    except (ValueError, KeyError, TypeError):
        return text[:200]


def may_return(code: int) -> bool:
    """Whether a client may reconnect after the close code ``code``: by the hub's table, then by its ranges.

    Codes that only proxies and failing connections produce (1001, 1005, 1006, 1014, 1015) are temporary.
    """
    try:
        return Close(code).reconnect
    except ValueError:
        return code in (1001, 1005, 1006, 1014, 1015) or 4000 <= code < 4500


def endpoint(url: str) -> str:
    """URL of the socket: with the path ``/ws`` by default, and without the plain subscription to the whole fleet.

    Raises ``ValueError`` for any other scheme than ``ws`` and ``wss``.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise ValueError(f"{url}: must be a WebSocket URL, such as ws://host:port/ws or wss://host/ws")
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "subscribe"]
    return urlunsplit(parts._replace(path=parts.path or "/ws", query=urlencode([*query, ("subscribe", "none")])))
