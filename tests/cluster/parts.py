"""A whole cluster on loopback: HAProxy, three hubs, two recorders, Valkey with Sentinels, PostgreSQL with a standby."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hub.environment import environment
from hub.settings import Settings
from tests.deploy.fronts import Front, free_ports, front, haproxy
from tests.identity.test_tokens import SECRET
from tests.support import standby, valkeys
from tests.support.api.calls import get
from tests.support.hub_process import HubProcess
from tests.support.running import PATIENCE, until

HUBS, RECORDERS, REPLICAS, SENTINELS, PARTITIONS = 3, 2, 2, 3, 4


class Recorder:
    """``hub record`` as a process."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings, self._log = settings, folder / "recorder.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hub", "record"],
                stdout=log, stderr=log, env=environment(self._settings), start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """SIGKILL, if it runs, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)


@dataclass
class Cluster:
    hubs: list[HubProcess]
    recorders: list[Recorder]
    servers: list[valkeys.Server]
    """Of Redis: a primary and replicas, in whichever order."""
    sentinels: list[valkeys.Server]
    database: standby.Server
    proxy: Front

    def primary(self) -> valkeys.Server:
        """The server of Redis that Sentinels name. One that they took for dead may still call itself a primary."""
        _, port = self.sentinels[0].call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", valkeys.NAME)  # type: ignore[misc]
        return next(server for server in self.servers if server.port == int(port))

    def ready(self, hub: HubProcess) -> bool:
        """Whether a hub is ready, and HAProxy uses it."""
        number = self.hubs.index(hub) + 1
        up = f'haproxy_server_status{{proxy="hubs",server="hub-{number}",state="UP"}} 1'
        try:
            if get(hub, "/readyz").status != 200:
                return False
        except OSError:
            return False
        return up.encode() in get(self.proxy.metrics, "/metrics").body

    def start(self, hub: HubProcess) -> None:
        """Start a hub that has ended, and wait until clients get to it."""
        hub.start()
        self.wait_for(hub)

    def wait_for(self, hub: HubProcess) -> None:
        until(lambda: self.ready(hub))

    def revive(self, server: valkeys.Server) -> None:
        """Start a server of Redis that was killed, as it was, and wait until a Sentinel has made it a replica."""
        server.start(*valkeys.data())
        until(lambda: valkeys.linked(server))


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """All parts, from when all hubs are ready. Skips the test without HAProxy."""
    haproxy()
    connections = ["max_connections=200"]
    with contextlib.ExitStack() as stack:
        primary, second = stack.enter_context(standby.pair(folder / "postgres", connections, connections))
        redis = folder / "redis"
        redis.mkdir()
        servers = valkeys.pair(redis, REPLICAS)
        sentinels = [valkeys.Server(redis / f"sentinel-{number}") for number in range(SENTINELS)]
        for server in (*servers, *sentinels):
            stack.callback(server.kill)
        valkeys.start_sentinels(sentinels, servers[0], REPLICAS)
        common = Settings(
            redis_url=valkeys.sentinel_url(sentinels),
            database_url=f"postgresql://hub@{primary.place},{second.place}/hub?target_session_attrs=read-write",
            database_replica_url=second.url,
            log_replicas=1,
            partitions=PARTITIONS,
            recorder="off",
            jwt_secret=SECRET,
            trusted_proxies="127.0.0.1",
        )
        hubs, recorders = [], []
        for number, port in enumerate(free_ports(HUBS)):
            place = folder / f"hub-{number}"
            place.mkdir(mode=0o700)
            hubs.append(HubProcess(msgspec.structs.replace(common, port=port, data_dir=place), place))
            stack.callback(hubs[-1].stop)
        for number in range(RECORDERS):
            place = folder / f"recorder-{number}"
            place.mkdir(mode=0o700)
            recorders.append(Recorder(msgspec.structs.replace(common, data_dir=place), place))
            stack.callback(recorders[-1].kill)
        # At the same time: one of them brings the schema up to date.
        with ThreadPoolExecutor() as pool:
            for started in [pool.submit(part.start) for part in (*hubs, *recorders)]:
                started.result()
        proxy = stack.enter_context(front("haproxy", [hub.address for hub in hubs], folder / "proxy"))
        running = Cluster(hubs, recorders, servers, sentinels, primary, proxy)
        for hub in hubs:
            running.wait_for(hub)
        yield running
