"""A WebSocket after its handshake, as plain callbacks: no task, no queue, no await per frame.

A complete, masked, unfragmented text frame takes the short path. Every other frame (fragments, control frames, too
large, against the protocol) is given whole to websockets' own ``Protocol``, so that conformance is the library's; it is
made when it is needed and dropped when no message is half done, which keeps an idle connection small.
"""

from __future__ import annotations

import asyncio
import struct
import termios
from array import array
from collections.abc import Callable
from datetime import UTC, datetime
from fcntl import ioctl
from socket import IPPROTO_TCP, SO_LINGER, SOL_SOCKET, TCP_INFO, TCP_USER_TIMEOUT

from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, State
from websockets.protocol import Protocol as Framing
from websockets.speedups import apply_mask

from hub.core.limits import TokenBucket
from hub.core.principal import Principal
from hub.edge.ws.sockets import Sockets
from hub.logs import REQUEST_ID, TRACEPARENT, Action, get_logger, of_request
from hub.wire.errors import Close
from hub.wire.frames import CLOSE_FIN, PING_FRAME, TEXT_FIN, close_frame

log = get_logger()

CLOSE_TIMEOUT = 3.0
"""Seconds that a peer has to answer our close frame."""

ERROR_WINDOW = 10.0
"""Seconds over which ``max_errors`` counts."""

_RESET = struct.pack("ii", 1, 0)
"""``struct linger``: on, no time."""

TURN = 512
"""Input of one peer per turn, in frames and 128 bytes of payload: one full array, or as many small messages. The event
loop itself would read up to 8 MB, a second of pings."""

REQUEST = 64
"""Cost of a request in a turn: resuming a subscription reads each driver of the fleet, 5 ms for 100,000."""

BLOCKED, LIMITED, BUSY = 1, 2, 4
"""Why reading is paused: the peer does not read, it exceeds its rate, or it has used its turn."""


class Socket(asyncio.Protocol):
    """One client's transport. ``take_over`` of the handshake makes it; the loop calls the rest."""

    __slots__ = (
        "acked",
        "beat",
        "carry",
        "client",
        "closing",
        "controls",
        "deaf",
        "errors",
        "fixes",
        "fragments",
        "framing",
        "heard",
        "leave",
        "loop",
        "need",
        "paused",
        "pinged",
        "progressed",
        "reason",
        "request_id",
        "sockets",
        "traceparent",
        "transport",
    )

    def __init__(self, sockets: Sockets, principal: Principal, transport: asyncio.Transport, *, plain: bool) -> None:
        self.sockets = sockets
        self.loop = asyncio.get_running_loop()
        self.transport = transport
        now = self.loop.time()
        # Bytes of an incomplete frame, and how many make it complete (or its header legible); 0 when they wait for us.
        self.carry: bytearray | None = None
        self.need = 0
        self.framing: Framing | None = None
        self.fragments: list[bytes] | None = None
        self.fixes: TokenBucket | None = None
        self.controls: TokenBucket | None = None
        self.errors: TokenBucket | None = None
        self.paused = 0
        self.heard = self.pinged = self.beat = self.progressed = now
        self.acked = 0
        self.closing = 0.0
        self.deaf = False
        self.reason = Close.NORMAL.reason
        # Of its handshake, for log lines.
        self.request_id, self.traceparent = REQUEST_ID.get(), TRACEPARENT.get()
        # Releases its place in the count of its address.
        self.leave: Callable[[], None] | None = None
        settings = sockets.settings
        # The kernel's timeout also runs while a small window opens repeatedly but never fits the next segment: it would
        # end a peer that reads slowly. From here on `_stalled` decides.
        transport.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, 0)
        transport.set_write_buffer_limits(high=settings.write_high_water)
        transport.set_protocol(self)
        self.client = sockets.hub.connect(principal, transport.write, lane_limit=settings.max_lane_bytes)
        sockets.add(self)
        if plain:
            sockets.hub.watch_plainly(self.client)

    # Reading ---------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self.deaf:
            return
        self.heard = self.loop.time()
        if self.carry is not None:
            self.carry += data
            if len(self.carry) < self.need:
                return
            data = bytes(self.carry)
            self.carry = None
        try:
            self._read(data)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="socket")
            self.close(Close.INTERNAL)
            self.sockets.turns.publish()

    def _read(self, data: bytes) -> None:
        position, end = 0, len(data)
        limit = self.sockets.settings.max_message_bytes
        now: datetime | None = None
        fixes = requests = errors = work = 0
        need = 2
        while end - position >= 2:
            if self.client.blocked or work >= TURN:
                need = 0
                break
            head, size = data[position], data[position + 1]
            if size < 128:  # not masked: against the protocol
                self._foreign(data[position:])
                break
            size &= 127
            start = position + 6
            if size >= 126:
                wide = 2 if size == 126 else 8
                start += wide
                if start > end:
                    need = start - position
                    break
                size = int.from_bytes(data[position + 2 : position + 2 + wide], "big")
            if size > limit:
                self._foreign(data[position:])
                break
            stop = start + size
            if stop > end:
                need = stop - position
                break
            work += 1 + (size >> 7)
            if self.closing:
                if head == CLOSE_FIN:
                    self._foreign(data[position:stop])
            elif head != TEXT_FIN or self.fragments is not None:
                self._foreign(data[position:stop])
                requests += 1
            else:
                payload = apply_mask(data[start:stop], data[start - 4 : start])
                if not payload.isascii() and not _is_utf8(payload):
                    self.close(Close.INVALID_DATA)
                else:
                    if now is None:
                        now = self.sockets.clock.now()
                    counts = self.sockets.ingest.receive(self.client, payload, now)
                    fixes += counts.fixes
                    requests += counts.requests
                    work += counts.requests * REQUEST
                    errors += counts.errors
            if self.deaf:
                break
            position = stop
        if fixes:
            self.sockets.turns.publish()
        if self.deaf:
            return
        if position < end:
            self.carry = bytearray(data[position:])
            self.need = need
        if not self.closing:
            self._limit(fixes, requests, errors)
        if self.need == 0 and self.carry is not None and not self.client.blocked:
            self._pause(BUSY)
            self.loop.call_soon(self._resume, BUSY)

    def _limit(self, fixes: int, requests: int, errors: int) -> None:
        """Count what came in: too many fixes pause reading, too many requests or errors end the connection."""
        settings, now = self.sockets.settings, self.heard
        if fixes:
            if self.fixes is None:
                self.fixes = self.sockets.ingest.publisher.allowance(self.client.principal, now)
            wait = self.fixes.spend(fixes, now)
            if wait:
                self._pause(LIMITED)
                self.loop.call_later(wait, self._resume, LIMITED)
        if requests:
            if self.controls is None:
                self.controls = TokenBucket(settings.max_control_rate, settings.max_control_rate * 2, now)
            if self.controls.spend(requests, now):
                self.close(Close.ABUSE)
        if errors:
            if self.errors is None:
                self.errors = TokenBucket(settings.max_errors / ERROR_WINDOW, settings.max_errors, now)
            if self.errors.spend(errors, now):
                self.close(Close.ABUSE)

    def _foreign(self, data: bytes) -> None:
        """Pass whole frames, or bytes that break the protocol, to websockets."""
        framing = self.framing
        if framing is None:
            framing = self.framing = Framing(SERVER, state=State.OPEN, max_size=self.sockets.settings.max_message_bytes)
        framing.receive_data(data)
        for frame in framing.events_received():
            if isinstance(frame, Frame) and not self.closing:
                self._frame(frame)
        answer = b"".join(framing.data_to_send())
        if framing.state is State.OPEN:
            if answer and not self.closing:
                self.client.send(answer)  # a pong
            if self.fragments is None:
                self.framing = None
            return
        # The peer closed, answered our close, or broke the protocol; websockets has written the fitting close frame.
        self.deaf = True
        if self.closing:
            self.transport.close()
            return
        sent, failed = framing.close_sent, framing.parser_exc is not None
        self.reason = Close(sent.code).reason if failed and sent else Close.NORMAL.reason
        self.closing = self.heard
        blocked = self.client.blocked
        self.sockets.hub.disconnect(self.client)
        if blocked:
            self.transport.abort()
            return
        self.transport.write(answer)
        if failed:
            # Closing with unread bytes of the peer would reset the connection, which may overtake the close frame.
            self.transport.write_eof()
        else:
            self.transport.close()

    def _frame(self, frame: Frame) -> None:
        match frame.opcode:
            case Opcode.BINARY:
                self.close(Close.UNSUPPORTED_DATA)
            case Opcode.TEXT | Opcode.CONT:
                fragments = self.fragments = self.fragments or []
                fragments.append(bytes(frame.data))
                if len(fragments) > self.sockets.settings.max_fragments:
                    self.close(Close.ABUSE)
                elif frame.fin:
                    payload = b"".join(fragments)
                    self.fragments = None
                    if not _is_utf8(payload):
                        self.close(Close.INVALID_DATA)
                        return
                    self._limit(*self.sockets.ingest.receive(self.client, payload, self.sockets.clock.now()))
                    self.sockets.turns.publish()

    # Writing ---------------------------------------------------------------------------------------------------

    def pause_writing(self) -> None:
        self.client.block()
        self.progressed = self.loop.time()
        self._pause(BLOCKED)

    def resume_writing(self) -> None:
        self.client.drain()
        if not self.client.blocked:
            self._resume(BLOCKED)

    def _pause(self, why: int) -> None:
        if not self.paused and not self.transport.is_closing():
            self.transport.pause_reading()
        self.paused |= why

    def _resume(self, why: int) -> None:
        """Remove a reason to pause. After the last one, carried bytes are read first."""
        if not self.paused & why:
            return
        self.paused &= ~why
        if not self.paused and self.need == 0 and self.carry is not None:
            self.data_received(b"")
        if not self.paused and not self.transport.is_closing():
            self.transport.resume_reading()

    # Ending ----------------------------------------------------------------------------------------------------

    def close(self, code: Close) -> None:
        """Send a close frame and wait a little for the peer's; a peer that does not read is cut off."""
        if self.closing:
            return
        self.reason = code.reason
        self.closing = self.loop.time()
        if code is not Close.NORMAL:
            self._log_close(code)
        blocked = self.client.blocked
        self.sockets.hub.disconnect(self.client)
        if blocked:
            self.transport.abort()
        else:
            self.transport.write(close_frame(code, code.reason))

    def _log_close(self, code: Close) -> None:
        with of_request(self.request_id, self.traceparent):
            log.info(Action.CLIENT_CLOSED, reason=code.reason, code=int(code), role=self.client.principal.role)

    def abort(self, code: Close) -> None:
        """Cut the connection without waiting for anything."""
        if not self.closing:
            self.reason = code.reason
            self.closing = self.loop.time()
            self._log_close(code)
            self.sockets.hub.disconnect(self.client)
        if code is Close.SLOW_CONSUMER:
            # Reset, so that the kernel drops unacknowledged bytes instead of keeping them for TCP_USER_TIMEOUT.
            self.transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, _RESET)
        self.transport.abort()

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.carry = self.fragments = self.framing = None
        # First the steps that cannot fail: a socket that stays counted would block the shutdown.
        self.sockets.remove(self, self.reason if self.closing else "lost")
        if self.leave is not None:
            self.leave()
        self.sockets.hub.disconnect(self.client)

    # Looking after ---------------------------------------------------------------------------------------------

    def look_after(self, now: float) -> None:
        """Once a second: limits that time decides, ping, heartbeat."""
        client, settings = self.client, self.sockets.settings
        if self.closing:
            if now - self.closing > CLOSE_TIMEOUT:
                self.transport.abort()
            return
        if client.overflowed or self._stalled(now):
            self.abort(Close.SLOW_CONSUMER)
        elif now - self.heard > self.sockets.longest_silence and not self.paused:
            self.abort(Close.PING_TIMEOUT)
        elif client.principal.expires is not None and client.principal.expires <= datetime.now(UTC).timestamp():
            self.close(Close.TOKEN_EXPIRED)
        else:
            if now - self.heard > settings.ping_interval and now - self.pinged > settings.ping_interval / 2:
                self.pinged = now
                if not client.blocked:
                    client.write(PING_FRAME)
            if (client.subscriptions or client.facts) and now - self.beat >= settings.heartbeat_interval:
                # On time, although sockets are checked once a second; a late beat does not delay the next one.
                interval = settings.heartbeat_interval
                self.beat = max(self.beat + interval, now - interval / 2)
                self.sockets.hub.heartbeat(client, self.sockets.clock.now())

    def _stalled(self, now: float) -> bool:
        """Whether the peer's kernel has taken nothing for ``stall_timeout`` while something waits for it."""
        if not self.client.blocked and not self.client.watching:
            return False
        socket = self.transport.get_extra_info("socket")
        queued = array("i", [0])
        ioctl(socket.fileno(), termios.TIOCOUTQ, queued)
        acked = _bytes_acked(socket)
        if acked != self.acked or not (queued[0] or self.client.blocked):
            self.acked = acked
            self.progressed = now
            if self.paused & BLOCKED:
                self.heard = now  # it reads, although its pongs do not arrive
        return now - self.progressed > self.sockets.settings.stall_timeout


def _bytes_acked(socket: object) -> int:
    """``tcpi_bytes_acked`` of Linux's ``struct tcp_info`` (RFC 4898 tcpEStatsAppHCThruOctetsAcked)."""
    info: bytes = socket.getsockopt(IPPROTO_TCP, TCP_INFO, 128)  # type: ignore[attr-defined]
    return int(struct.unpack_from("Q", info, 120)[0])


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
