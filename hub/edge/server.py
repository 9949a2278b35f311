"""uvicorn, run by us: our listening socket, our protocols, and a drain before its shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from types import FrameType

import msgspec
import uvicorn

from hub.edge.http.limits import parties
from hub.edge.http.middleware import Addressed
from hub.edge.node import Node
from hub.edge.ws.handshake import HandshakeProtocol, HttpProtocol, http_protocol
from hub.settings import Settings
from hub.startup import StartupError

BACKLOG = 4096
"""A reconnect storm of a thousand clients waits in the kernel instead of being refused."""

UNACKED_TIMEOUT = 20_000
"""Milliseconds after which the kernel drops a peer that acknowledges nothing (TCP_USER_TIMEOUT)."""

REPLACED_TIMEOUT = 1.0
"""Seconds in which the requests at a worker that is replaced are answered before it refuses further ones."""


def listen(settings: Settings) -> socket.socket:
    """The listening socket; accepted ones inherit its options. Raises ``StartupError``: the port is taken, or the host
    is not an address of this machine."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with contextlib.ExitStack() as undo:
        try:
            listener = undo.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, settings.send_buffer_bytes)
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                # Unsent bytes in the kernel cannot be conflated and become stale: keep them few.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, settings.write_high_water)
            if hasattr(socket, "TCP_USER_TIMEOUT"):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKED_TIMEOUT)
            listener.bind((settings.host, settings.port))
            listener.listen(BACKLOG)
        except OSError as error:
            raise StartupError(f"cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error
        listener.setblocking(False)
        undo.pop_all()
    return listener


def listened(settings: Settings, listener: socket.socket) -> Settings:
    """The settings with the port that the system chose."""
    return msgspec.structs.replace(settings, port=listener.getsockname()[1])


class Server(uvicorn.Server):
    """uvicorn's server; it drains the node before it closes sockets."""

    def __init__(self, node: Node, app: Addressed, settings: Settings) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=http_protocol(settings, parties(settings), node.files, app.direct),
                ws=HandshakeProtocol,
                loop="uvloop",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,  # hub/edge/http/middleware.py reads them, from trusted proxies only
                server_header=False,
                ws_per_message_deflate=False,
                ws_max_size=settings.max_message_bytes,
                timeout_graceful_shutdown=2,
            )
        )
        self.node = node

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with super().capture_signals():
            yield
            # uvicorn would now raise the signal again, which would end the process before its services are stopped.
            self._captured_signals.clear()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.node.stop_intake()  # /readyz reports it before the loop gets to the drain
        super().handle_exit(sig, frame)

    def ask_to_exit(self) -> None:
        """Drain and end, as a signal does."""
        self.node.stop_intake()
        self.should_exit = True

    def replace(self) -> None:
        """Drain and end; another process has taken the place of this one, and this one gets no new connections."""
        self.node.replaced = True
        self.should_exit = True

    def open_connections(self) -> int:
        """Connections of clients: sockets, and those of requests and handshakes."""
        return self.node.sockets.count + len(self.server_state.connections)

    async def take(self, connection: socket.socket) -> None:
        """Serve a connection that another process has accepted."""

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
                config=self.config, server_state=self.server_state, app_state=self.lifespan.state
            )
            return made

        await asyncio.get_running_loop().connect_accepted_socket(protocol, connection)

    async def _empty(self) -> None:
        """Answer the requests that have arrived, and close connections between two requests. A client of such a
        connection opens another one; a request that is answered 503 would be repeated only later."""
        deadline = asyncio.get_running_loop().time() + REPLACED_TIMEOUT
        while asyncio.get_running_loop().time() < deadline:
            left = [one for one in self.server_state.connections if isinstance(one, HttpProtocol)]
            if not left:
                return
            for connection in left:
                connection.finish()
            await asyncio.sleep(0.02)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.node.replaced:
            await self._empty()
        # The hub still listens: /readyz reports the drain, and clients that reconnect at once get Retry-After.
        await self.node.drain()
        await super().shutdown(sockets)
