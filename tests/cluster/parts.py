"""A cluster on this machine: HAProxy, three hubs, two recorders, a Redis that fails over, PostgreSQL with a standby.

Where network namespaces can be made, each part but HAProxy is in one of its own, and can be cut off from all others.
Elsewhere all are on loopback.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.environment import environment
from hub.settings import Settings
from tests.cluster.stores import Sentinels
from tests.deploy.fronts import NEEDED, Front, free_ports, front, haproxy
from tests.identity.test_tokens import SECRET
from tests.support import clusters, standby
from tests.support.api.calls import get
from tests.support.hub_process import HubProcess
from tests.support.network import Switch, switch, why_not
from tests.support.programs import missing
from tests.support.running import PATIENCE, until

HUBS, RECORDERS, SERVERS, DATABASES = 3, 2, 6, 2

CONNECTIONS = "max_connections=200"


class Recorder:
    """``hub record`` as a process."""

    def __init__(self, settings: Settings, folder: Path, wrapper: Sequence[str]) -> None:
        self._settings, self._log, self._wrapper = settings, folder / "recorder.log", wrapper
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._wrapper, sys.executable, "-m", "hub", "record"],
                stdout=log, stderr=log, env=environment(self._settings), start_new_session=True,
            )  # fmt: skip

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, if it runs, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)


class Places:
    """Where parts run: ``networks`` with one for each name, or loopback, and why."""

    def __init__(self, networks: Switch | None, reason: str = "") -> None:
        self.networks, self.reason = networks, reason

    def of(self, name: str) -> clusters.Place:
        if self.networks is None:
            return "127.0.0.1", ()
        return self.networks.host(name), self.networks.wrapper(name)

    @property
    def trusted(self) -> str:
        """The addresses that HAProxy may have."""
        return "127.0.0.1" if self.networks is None else f"127.0.0.1,{self.networks.network}.0/24"

    @contextmanager
    def cut(self, name: str) -> Iterator[None]:
        """Cut a part off meanwhile. Skips the test where that cannot be done."""
        if self.networks is None:
            missing(NEEDED, self.reason)
        assert self.networks is not None
        self.networks.cut(name)
        try:
            yield
        finally:
            self.networks.heal(name)


@contextmanager
def places() -> Iterator[Places]:
    counts = {"hub": HUBS, "recorder": RECORDERS, "valkey": SERVERS, "postgres": DATABASES}
    with contextlib.ExitStack() as stack:
        try:
            names = [f"{part}-{number}" for part, count in counts.items() for number in range(count)]
            networks = stack.enter_context(switch(*names))
        except (OSError, subprocess.CalledProcessError) as error:
            found = Places(None, why_not(error))
        else:
            found = Places(networks)
        yield found


@dataclass
class Cluster:
    places: Places
    hubs: list[HubProcess]
    recorders: list[Recorder]
    store: clusters.Cluster | Sentinels
    databases: list[standby.Server]
    """The primary and its standby."""
    proxy: Front

    @property
    def database(self) -> standby.Server:
        return self.databases[0]

    @property
    def running(self) -> bool:
        """Whether no hub and no recorder has ended."""
        return all(part.running for part in (*self.hubs, *self.recorders))

    def take_over(self) -> None:
        """Promote the standby of a primary that was killed."""
        self.databases.reverse()
        assert self.database.value("SELECT pg_promote()")

    def follow(self) -> None:
        """Make a standby again of the primary that was killed."""
        primary, lost = self.databases
        lost.follow(primary)
        until(lambda: primary.value("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"))

    def ready(self, hub: HubProcess) -> bool:
        """Whether a hub is ready, and HAProxy uses it."""
        try:
            return get(hub, "/readyz").status == 200 and self.used(hub)
        except OSError:
            return False

    def used(self, hub: HubProcess) -> bool:
        """Whether HAProxy uses a hub."""
        number = self.hubs.index(hub) + 1
        up = f'haproxy_server_status{{proxy="hubs",server="hub-{number}",state="UP"}} 1'
        return up.encode() in get(self.proxy.metrics, "/metrics").body

    def start(self, hub: HubProcess) -> None:
        """Start a hub that has ended, and wait until clients get to it."""
        hub.start()
        self.wait_for(hub)

    def wait_for(self, *hubs: HubProcess) -> None:
        until(lambda: all(map(self.ready, hubs)))


@contextmanager
def cluster(folder: Path, *, sentinels: bool = False) -> Iterator[Cluster]:
    """All parts, from when all hubs are ready. Skips the test without HAProxy. Redis is a Redis Cluster of three
    primaries with a replica each, or has ``sentinels`` and is on loopback."""
    haproxy()
    with contextlib.ExitStack() as stack:
        where = Places(None) if sentinels else stack.enter_context(places())
        databases = [_database(folder, number, where) for number in range(DATABASES)]
        for server in databases:
            stack.callback(server.kill)
        databases[0].make()
        databases[1].follow(databases[0])
        redis = folder / "redis"
        redis.mkdir()
        store: clusters.Cluster | Sentinels
        if sentinels:
            store = Sentinels(redis)
        else:
            options = ["--appendfsync", "always"]
            store = clusters.Cluster(redis, 1, lambda number: where.of(f"valkey-{number}"), options)
        stack.callback(store.kill)
        store.start()
        own = {"log_replicas": 1, "partitions": 4} if sentinels else {"partitions": 16}
        common = Settings(
            redis_url=store.url,
            database_url=f"postgresql://hub@{databases[0].place},{databases[1].place}/hub"
            "?target_session_attrs=read-write",
            database_replica_url=databases[1].url,
            recorder="off",
            jwt_secret=SECRET,
            trusted_proxies=where.trusted,
            **own,
        )
        hubs, recorders = [], []
        for number, port in enumerate(free_ports(HUBS)):
            host, wrapper = where.of(f"hub-{number}")
            place = _folder(folder, f"hub-{number}")
            hubs.append(
                HubProcess(msgspec.structs.replace(common, host=host, port=port, data_dir=place), place, wrapper)
            )
            stack.callback(hubs[-1].stop)
        for number in range(RECORDERS):
            place = _folder(folder, f"recorder-{number}")
            wrapper = where.of(f"recorder-{number}")[1]
            recorders.append(Recorder(msgspec.structs.replace(common, data_dir=place), place, wrapper))
            stack.callback(recorders[-1].kill)
        # At the same time: one of them brings the schema up to date.
        with ThreadPoolExecutor() as pool:
            for started in [pool.submit(part.start) for part in (*hubs, *recorders)]:
                started.result()
        proxy = stack.enter_context(front("haproxy", [hub.address for hub in hubs], folder / "proxy"))
        running = Cluster(where, hubs, recorders, store, databases, proxy)
        running.wait_for(*hubs)
        yield running


def _folder(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir(mode=0o700)
    return place


def _database(folder: Path, number: int, where: Places) -> standby.Server:
    host, wrapper = where.of(f"postgres-{number}")
    return standby.Server(_folder(folder, f"postgres-{number}"), [CONNECTIONS], host=host, wrapper=wrapper)
