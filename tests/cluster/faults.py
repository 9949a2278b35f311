"""Faults of each part of a cluster. Each is a context: the part is away or disturbed meanwhile, and back at its end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.cluster.parts import HUBS, RECORDERS, Cluster
from tests.support.clusters import PRIMARIES
from tests.support.network import HERE

MOMENT = 1.0
"""Seconds in which a part that was killed is missing, at least."""

CUT = 6.0
"""Seconds of a cut that ends by itself."""

Fault = Callable[[Cluster, int], AbstractContextManager[int | None]]
"""Called with the number of the turn, from which the part follows. Gives the shard of Redis that is concerned, None
where all are alike."""


@contextmanager
def hub_restarted(cluster: Cluster, turn: int) -> Iterator[None]:
    """As in an upgrade: SIGTERM, and the next one only when this one is used again."""
    hub = cluster.hubs[turn % HUBS]
    hub.stop()
    cluster.start(hub)
    yield


@contextmanager
def hub_killed(cluster: Cluster, turn: int) -> Iterator[None]:
    hub = cluster.hubs[turn % HUBS]
    hub.kill()
    yield
    cluster.start(hub)


@contextmanager
def hub_frozen(cluster: Cluster, turn: int) -> Iterator[None]:
    hub = cluster.hubs[turn % HUBS]
    hub.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        hub.signal(signal.SIGCONT)
    cluster.wait_for(hub)


@contextmanager
def hub_cut_off(cluster: Cluster, turn: int) -> Iterator[None]:
    with cluster.places.cut(f"hub-{turn % HUBS}"):
        yield
    cluster.wait_for(cluster.hubs[turn % HUBS])


@contextmanager
def recorder_killed(cluster: Cluster, turn: int) -> Iterator[None]:
    recorder = cluster.recorders[turn % RECORDERS]
    recorder.kill()
    time.sleep(MOMENT)
    yield
    recorder.start()
    time.sleep(MOMENT)


@contextmanager
def recorder_frozen(cluster: Cluster, turn: int) -> Iterator[None]:
    recorder = cluster.recorders[turn % RECORDERS]
    recorder.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        recorder.signal(signal.SIGCONT)


@contextmanager
def recorder_cut_off(cluster: Cluster, turn: int) -> Iterator[None]:
    with cluster.places.cut(f"recorder-{turn % RECORDERS}"):
        yield


@contextmanager
def primary_killed(cluster: Cluster, turn: int) -> Iterator[int]:
    shard = turn % PRIMARIES
    server = cluster.store.primary(shard)
    server.kill()
    yield shard
    cluster.store.revive(server)


@contextmanager
def primary_frozen(cluster: Cluster, turn: int) -> Iterator[int]:
    shard = turn % PRIMARIES
    server = cluster.store.primary(shard)
    server.signal(signal.SIGSTOP)
    try:
        yield shard
    finally:
        server.signal(signal.SIGCONT)
    cluster.store.rejoined(server)


@contextmanager
def primary_cut_off(cluster: Cluster, turn: int) -> Iterator[int]:
    shard = turn % PRIMARIES
    server = cluster.store.primary(shard)
    with cluster.places.cut(f"valkey-{cluster.store.servers.index(server)}"):
        yield shard
    cluster.store.rejoined(server)


@contextmanager
def replica_killed(cluster: Cluster, turn: int) -> Iterator[int]:
    shard = turn % PRIMARIES
    server = cluster.store.replica(shard)
    server.kill()
    time.sleep(MOMENT)
    yield shard
    cluster.store.revive(server)


@contextmanager
def database_killed(cluster: Cluster, turn: int) -> Iterator[None]:
    """The standby takes over, and the lost server becomes its standby."""
    cluster.database.kill()
    time.sleep(MOMENT)
    cluster.take_over()
    yield
    cluster.follow()


@contextmanager
def database_frozen(cluster: Cluster, turn: int) -> Iterator[None]:
    database = cluster.database
    database.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        database.signal(signal.SIGCONT)


@contextmanager
def database_cut_off(cluster: Cluster, turn: int) -> Iterator[None]:
    with cluster.places.cut(cluster.database.folder.name):
        yield


@contextmanager
def proxy_killed(cluster: Cluster, turn: int) -> Iterator[None]:
    """Started again at once, as systemd does."""
    cluster.proxy.end(signal.SIGKILL)
    cluster.proxy.start()
    yield


@contextmanager
def proxy_frozen(cluster: Cluster, turn: int) -> Iterator[None]:
    cluster.proxy.signal(signal.SIGSTOP)
    time.sleep(CUT)
    cluster.proxy.signal(signal.SIGCONT)
    yield


@contextmanager
def proxy_cut_off(cluster: Cluster, turn: int) -> Iterator[None]:
    """From all hubs."""
    with cluster.places.cut(HERE):
        time.sleep(CUT)
    yield


KILLED: dict[str, Fault] = {
    "hub": hub_killed,
    "recorder": recorder_killed,
    "primary of Valkey": primary_killed,
    "replica of Valkey": replica_killed,
    "primary of PostgreSQL": database_killed,
    "HAProxy": proxy_killed,
}

FROZEN: dict[str, Fault] = {
    "hub": hub_frozen,
    "recorder": recorder_frozen,
    "primary of Valkey": primary_frozen,
    "primary of PostgreSQL": database_frozen,
    "HAProxy": proxy_frozen,
}

CUT_OFF: dict[str, Fault] = {
    "hub": hub_cut_off,
    "recorder": recorder_cut_off,
    "primary of Valkey": primary_cut_off,
    "primary of PostgreSQL": database_cut_off,
    "HAProxy": proxy_cut_off,
}
