"""Our listening socket, and uvicorn run by us."""

from __future__ import annotations

import socket

import pytest

from hub.edge.server import UNACKED_TIMEOUT, listen
from hub.settings import Settings
from hub.startup import StartupError
from tests.support.peers import Peer
from tests.support.running import Edge

SETTINGS = {"send_buffer_bytes": 20_000}


def test_a_port_that_is_taken_is_said() -> None:
    with listen(Settings(port=0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartupError, match=rf"^cannot listen on 127\.0\.0\.1:{port}: Address already in use$"):
            listen(Settings(port=port))


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "no-such-host.invalid"])
def test_a_host_that_is_not_ours_is_said(host: str) -> None:
    with pytest.raises(StartupError, match=f"^cannot listen on {host}:8080: "):
        listen(Settings(host=host, port=8080))


def test_a_port_is_free_again_after_its_connections(hub: Edge) -> None:
    with listen(Settings(port=0)) as first:
        address = first.getsockname()
        with socket.create_connection(address):
            first.setblocking(True)
            first.accept()[0].close()
    listen(Settings(port=address[1])).close()


def test_sockets_have_their_options_from_the_listener(hub: Edge) -> None:
    with listen(Settings(port=0)) as listener:
        # For what has no clock of ours: requests whose answer nobody takes.
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == UNACKED_TIMEOUT
    with Peer(hub.address):

        def options() -> tuple[int, int]:
            (connection,) = (peer for slice_ in hub.node.sockets.slices for peer in slice_.values())
            inner = connection.transport.get_extra_info("socket")
            return (
                inner.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF),
                inner.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
            )

        # Linux doubles what it is asked for, to have room for its own bookkeeping.
        assert hub.call(options) == (40_000, 0)
