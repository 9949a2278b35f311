"""A client of Socket.IO that stops reading: it costs a bounded queue, delays no native subscriber, and is cut."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from hub.edge.socketio.connection import MOST_PACKETS, Connection
from hub.embedded.services import Services
from hub.settings import Settings
from tests.fault.peers.test_slow_subscriber import DRIVERS, RECEIVE_BUFFER, Screen, Traffic
from tests.support.peers import Peer, frame
from tests.support.running import Edge, edge, until

SOCKET = "/socket.io/?EIO=4&transport=websocket"
HIGH_WATER = 16_384


@pytest.fixture
def hub(services: Services) -> Iterator[Edge]:
    settings = Settings(
        port=0, redis_url=services.settings.redis_url, socketio="on", stall_timeout=2.0, write_high_water=HIGH_WATER,
        send_buffer_bytes=32_768,
    )  # fmt: skip
    with edge(settings) as running:
        yield running


def stopped(hub: Edge) -> Peer:
    """A client that has subscribed to everything and reads no more."""
    peer = Peer(hub.address, SOCKET, receive_buffer=RECEIVE_BUFFER)
    peer.next_frame()
    for packet in ("40", '42["subscribe",{"id":"s","all":true}]'):
        peer.send(frame(packet))
    return peer


def test_a_stopped_client_is_bounded_and_cut_and_delays_no_other(hub: Edge) -> None:
    healthy = Screen(hub)
    healthy.start()
    with stopped(hub):
        until(lambda: hub.node.sockets.count == 2)
        sockets = [socket for part in hub.node.sockets.slices for socket in part.values()]
        (slow,) = (socket for socket in sockets if isinstance(socket, Connection))
        traffic = Traffic(hub)
        traffic.start()
        most = [0, 0, 0]
        deadline = time.monotonic() + 60
        while not hub.node.sockets.closed.get("slow_consumer"):
            assert time.monotonic() < deadline
            now = hub.call(lambda: (slow.queue.qsize(), sum(map(len, slow.rest)), len(slow.client.owed or ())))
            most = [max(pair) for pair in zip(most, now, strict=True)]
            time.sleep(0.01)
        traffic.stop()
        until(lambda: hub.node.sockets.count == 1)
        queued, rest, owed = most
        assert queued <= 2 * MOST_PACKETS
        assert rest < 4 * HIGH_WATER
        assert 0 < owed <= DRIVERS + 1  # each driver once, and a heartbeat
    newest = {f"d{n}": traffic.round for n in range(DRIVERS)}
    until(lambda: healthy.shows() == newest)
    assert healthy.never_went_back()
    assert len(healthy.sights) > traffic.round * DRIVERS * 0.7
    healthy.close()
