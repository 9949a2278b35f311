"""The opening handshake: uvicorn and Starlette do it, then the endpoint takes the open socket over.

uvicorn takes protocol classes for HTTP and WebSocket. Ours are thin subclasses of its httptools and sans-I/O classes
that add what they lack: a deadline, a bound on headers, an answer to malformed upgrades, and ``take_over``. Both
modules are not documented API; tests/edge/ws/test_handshake.py is the contract that an upgrade of uvicorn must pass.
"""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from hub.edge.direct.calls import DirectCall
from hub.edge.direct.heads import MOST
from hub.edge.direct.paths import Direct
from hub.edge.files import NO_FILES, Files
from hub.settings import Settings

EXTENSION = "hub.take_over"
"""Key of ``scope["extensions"]`` under which an endpoint finds ``take_over``."""

STAY = "hub.stay"
"""Key of ``scope["extensions"]`` under which an ASGI application that keeps uvicorn's WebSocket finds ``stay``."""

MAX_EARLY_BYTES = 65_536
"""Bytes that a client may send after its handshake before the answer."""

REFUSED_TIMEOUT = 1.0
"""Seconds that a client has to read the 503 for lack of descriptors; it holds one itself until then."""

MAX_WAITING = 32
"""Pipelined requests of a connection that may wait, a kilobyte each: browsers send none, other clients a handful."""


class _Detached:
    """Replaces the transport in the handshake's protocol once the socket has a new owner."""

    def close(self) -> None:
        """Ignored: uvicorn closes the transport when the endpoint returns, but no longer owns the socket."""

    def is_closing(self) -> bool:
        return True


def http_protocol(
    settings: Settings, party: Callable[[str], str | None], files: Files, direct: Direct
) -> type[HttpProtocol]:
    """The class with the settings of a server. ``party`` maps an address to the party that it counts for; a party may
    have ``max_address_connections``. None is not counted. Requests that ``direct`` takes do not reach uvicorn."""
    values = {
        "settings": settings,
        "party_of": staticmethod(party),
        "peers": Counter(),
        "files": files,
        "direct": direct,
    }
    return type("HttpProtocol", (HttpProtocol,), values)


class HttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol with a deadline for each request, and bounds on its headers, on chunk extensions and
    trailers, and on the requests that may wait."""

    settings: Settings
    files: Files
    direct: Direct
    party_of: Callable[[str], str | None]
    peers: Counter[str]
    """Connections by party, without those that became sockets: a party that opens many without requests, or without
    reading the answers, must not use up the descriptors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # When this connection ends, unless it gets on, in seconds of the loop; and how.
        self.due: float | None = None
        self.overdue: Callable[[], None] = self._late
        # One timer that looks at ``due`` when it fires: to move a timer at every request costs more than to answer it.
        self.alarm: asyncio.TimerHandle | None = None
        # Between an answer and the first byte that follows it.
        self.idle = False
        # Before the first byte.
        self.untouched = True
        self.party: str | None = None
        self.header_bytes = 0
        self.in_headers = True
        # The parser has read a part of a head: the bytes that follow are the rest of it and no new request.
        self.in_head = False
        # Since the last piece of a body: chunk extensions and trailers, which neither httptools nor uvicorn bounds.
        self.in_body = False
        self.beside_body = 0
        # The end of what was read before, which may hold the beginning of the empty line that ends the headers.
        self.tail = b""
        self.read = b""
        # Whether that begins with a request.
        self.begins = False
        # Answered already, or once ``refusal`` is called: further input is dropped.
        self.deaf = False
        # Answers a request that was refused while earlier ones wait for their answers, and ends the connection.
        self.refusal: Callable[[], None] | None = None
        # A request on the direct path whose body is being read.
        self.call: DirectCall | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        party = self.party_of(self.client[0]) if self.client else None
        if party is not None and self.peers[party] >= self.settings.max_address_connections:
            transport.abort()
            return
        descriptor = transport.get_extra_info("socket").fileno()
        if self.files.reserved(descriptor):
            self._refuse_for_files(self.files.urgent(descriptor))
            return
        if party is not None:
            self.peers[party] += 1
            self.party = party
        self._restart_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        self._stop_alarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        # What was read before was whole requests. The answer to a body of which more is to come may be complete, too.
        begins = self.untouched or (self.idle and not self.in_body)
        self.untouched = False
        if begins and not self.flow.write_paused and (call := self.direct.repeat(self, data)) is not None:
            self.idle, self.due = False, None
            self.cycle = call  # type: ignore[assignment]
            self.direct.run(call)
            return
        if self.idle:
            # Any byte ends the pause, also an empty line that begins no request.
            self._restart_deadline()
        if self.in_headers:
            seen = self.tail + data
            end = seen.find(b"\r\n\r\n")
            self.header_bytes += len(data) if end < 0 else max(0, end - len(self.tail))
            self.tail = seen[-3:]
            if self.header_bytes > self.settings.max_header_bytes:
                self._refuse(b"431 Request Header Fields Too Large")
                return
        self.read, self.begins = data, begins
        self.beside_body += len(data)
        super().data_received(data)
        self.read = b""
        if self.in_body and self.beside_body > self.settings.max_header_bytes:
            self._refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        self.in_headers = self.in_head = True
        self._restart_deadline()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers would become headers, even security-relevant ones, while the request is already being answered.
        if self.in_headers:
            # As uvicorn's, without a call for each.
            name = name.lower()
            if name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True
            self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= MAX_WAITING:
            raise ValueError("too many requests wait")  # the parser makes 400 of it
        self.in_headers = self.in_head = False
        self.beside_body = 0
        self.header_bytes = 0
        self.tail = b""
        if (
            not self._waits()
            and not self.expect_100_continue
            and not self.flow.write_paused
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and not self.parser.should_upgrade()
        ):
            self.call = self.direct.call(self, self.parser.get_method(), self.url, self.scope)  # type: ignore[arg-type]
        if self.call is None:
            super().on_headers_complete()
        self.in_body = True

    def on_response_complete(self) -> None:
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self.refusal is not None:
            self.refusal()
        elif not self.in_head:  # a head that began behind the answered request keeps its deadline
            self.idle = True
            self._set_alarm(self.timeout_keep_alive, self.transport.close)

    def on_body(self, body: bytes) -> None:
        self.beside_body = 0
        if self.call is not None:
            self.call.body += body
            if len(self.call.body) > MOST:
                self._take_usual_way(self.call)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self.in_body = False
        self.in_headers = True  # the next bytes are those of a head
        self.due = None
        call = self.call
        if call is not None:
            self.call = None
            # In the place of uvicorn's cycle: at the end of the connection, a pipelined request, a shutdown.
            self.cycle = call  # type: ignore[assignment]
            if self.direct.start(call, self.read if self.begins else b""):
                return
            self.cycle = None  # type: ignore[assignment]
            self._take_usual_way(call)
        super().on_message_complete()

    def finish(self) -> None:
        """Close the connection: at once between two requests, otherwise after the answer."""
        if self.idle:
            self.transport.close()
        elif self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False

    def _take_usual_way(self, call: DirectCall) -> None:
        self.call = None
        super().on_headers_complete()
        if call.body:
            super().on_body(call.body)

    def _should_upgrade(self) -> bool:
        # HTTP/1.0 has no upgrades (RFC 9110, section 7.8): such a request is routed as plain HTTP and refused.
        return self.parser.get_http_version() != "1.0" and super()._should_upgrade()

    def handle_websocket_upgrade(self) -> None:
        if self._waits():
            self._refuse(b"400 Bad Request")
            return
        self._leave()
        self._stop_alarm()
        super().handle_websocket_upgrade()
        # We are called while uvicorn handles HttpParserUpgrade, whose argument is where the request ended in what was
        # read. Frames behind it belong to the new protocol.
        upgrade = sys.exc_info()[1]
        assert upgrade is not None
        early = self.read[upgrade.args[0] :]
        if early and not self.transport.is_closing():
            self.transport.get_protocol().data_received(early)  # type: ignore[attr-defined]

    def _leave(self) -> None:
        party, self.party = self.party, None
        if party is not None:
            self.peers[party] -= 1
            if not self.peers[party]:
                del self.peers[party]

    def _restart_deadline(self) -> None:
        self.idle = False
        self._set_alarm(self.settings.handshake_timeout, self._late)

    def _late(self) -> None:
        self._refuse(b"408 Request Timeout")

    def _set_alarm(self, seconds: float, overdue: Callable[[], None]) -> None:
        due = self.loop.time() + seconds
        if self.alarm is None or self.alarm.when() > due:
            self._stop_alarm()
            self.alarm = self.loop.call_at(due, self._ring)
        self.due, self.overdue = due, overdue

    def _stop_alarm(self) -> None:
        self.due = None
        if self.alarm is not None:
            self.alarm.cancel()
            self.alarm = None

    def _ring(self) -> None:
        self.alarm = None
        if self.due is None:
            return
        if self.loop.time() < self.due:
            self.alarm = self.loop.call_at(self.due, self._ring)
        else:
            self.due = None
            self.overdue()

    def _refuse_for_files(self, urgent: bool) -> None:
        """503 before the request: the descriptor is free within a second. An ``urgent`` one is free at once, though
        to close with bytes of the client unread resets the connection, which may overtake the answer."""
        self.files.refused += 1
        self.deaf = True
        self.transport.write(NO_FILES % max(1, round(self.settings.retry_after)))
        if urgent:
            self.transport.close()
            return
        self.transport.write_eof()
        self._set_alarm(REFUSED_TIMEOUT, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        self._in_order(partial(super().send_400_response, msg))

    def _refuse(self, status: bytes) -> None:
        answer = b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        self._in_order(partial(self._end, answer))

    def _end(self, answer: bytes) -> None:
        self.transport.write(answer)
        self.transport.close()

    def _in_order(self, refusal: Callable[[], None]) -> None:
        """Refuse the request that is being read: ``refusal`` answers it and ends the connection, at once, or when the
        requests before it are answered. A client takes answers in the order of its requests."""
        self.due = None
        if self.transport.is_closing():
            return
        waits = self._waits()
        if waits and (self.pipeline or not self.in_body):
            if self.in_body:  # it is the last of those that wait, and will not be complete
                self.pipeline.popleft()
            self.deaf = True
            self.refusal = refusal
        elif waits and self.cycle.response_started:
            self.transport.close()
        else:
            refusal()

    def _waits(self) -> bool:
        """Whether a request waits for its answer."""
        return self.cycle is not None and not self.cycle.response_complete


class HandshakeProtocol(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket protocol up to the 101 response; afterwards ``take_over`` gives the transport away, unless
    ``stay`` was called before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.early = b""
        self.stays = False

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated and not (self.stays and self.handshake_complete):
            # Frames after the handshake belong to the next protocol.
            self.early += data
            if len(self.early) > MAX_EARLY_BYTES:
                self.transport.abort()
            return
        super().data_received(data)
        if not self.handshake_initiated and not self.transport.is_closing():
            # The request did not pass websockets' parser (over-long line, a body): it would wait for ever.
            self.handshake_complete = True
            self.transport.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            self.transport.close()

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):
            extensions: dict[Any, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.take_over
            extensions[STAY] = self.stay

    async def send(self, message: Any) -> None:
        await super().send(message)
        # A denial is complete; uvicorn would log an error for each.
        self.handshake_complete = self.handshake_complete or self.close_sent
        if self.stays and self.handshake_complete and not self.disconnected:
            self.stop_keepalive()
            early, self.early = self.early, b""
            if early:
                super().data_received(early)

    def stay(self, high_water: int) -> Callable[[], None]:
        """Leave the open socket to uvicorn, for an application that pings its clients itself. Call it before
        ``accept``. ``high_water``: bytes in the transport from which on ``send`` waits. Returns what cuts the
        connection."""
        self.stays = True
        self.transport.set_write_buffer_limits(high=high_water)
        return self.transport.abort

    def take_over(self, make: Callable[[asyncio.Transport], asyncio.Protocol]) -> None:
        """Give the open socket to the protocol that ``make`` builds on its transport. Call it after ``accept``, without
        an ``await`` between; nothing happens when the peer is gone already."""
        transport = self.transport
        if self.disconnected or transport.is_closing():
            return
        self.stop_keepalive()
        self.connections.discard(self)
        self.transport = _Detached()  # type: ignore[assignment]
        protocol = make(transport)
        transport.set_protocol(protocol)
        early, self.early = self.early, b""
        if early:
            protocol.data_received(early)
