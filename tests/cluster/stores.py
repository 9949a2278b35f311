"""A Redis with Sentinels, which replace its primary."""

from __future__ import annotations

from pathlib import Path

from tests.support import valkeys
from tests.support.running import until

REPLICAS, SENTINELS = 2, 3


class Sentinels:
    """A primary and two replicas, watched by three Sentinels; with the methods of ``support.clusters.Cluster``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.servers: list[valkeys.Server] = []
        self._sentinels = [valkeys.Server(folder / f"sentinel-{number}") for number in range(SENTINELS)]

    @property
    def url(self) -> str:
        return valkeys.sentinel_url(self._sentinels)

    def start(self) -> None:
        self.servers += valkeys.pair(self._folder, REPLICAS)
        valkeys.start_sentinels(self._sentinels, self.servers[0], REPLICAS)

    def kill(self) -> None:
        for server in (*self.servers, *self._sentinels):
            server.kill()

    def primary(self) -> valkeys.Server:
        """The one that Sentinels name. One that they took for dead may still call itself a primary."""
        _, port = self._sentinels[0].call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", valkeys.NAME)  # type: ignore[misc]
        return next(server for server in self.servers if server.port == int(port))

    def revive(self, server: valkeys.Server) -> None:
        """Start a server that was killed, as it was, and wait until a Sentinel has made it a replica."""
        server.start(*valkeys.data())
        until(lambda: valkeys.linked(server))
