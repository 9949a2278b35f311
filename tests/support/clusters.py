"""A Redis Cluster: three primaries with a third of the slots each, and replicas, which take their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import redis

from hub.wire.layout import SLOTS, slot
from tests.support.running import until
from tests.support.valkeys import Server, linked

PRIMARIES = 3
ENDS = [round(number * SLOTS / PRIMARIES) for number in range(PRIMARIES + 1)]

NODE_TIMEOUT = 1_000
"""Milliseconds after which the others take a server for dead."""


OPTIONS = (
    "--cluster-enabled", "yes", "--cluster-node-timeout", str(NODE_TIMEOUT), "--cluster-require-full-coverage", "no",
    "--appendonly", "yes", "--save", "", "--repl-diskless-sync-delay", "0",
)  # fmt: skip

Place = tuple[str, Sequence[str]]
"""Address, and the wrapper of the command."""

PlaceOf = Callable[[int], Place]
"""That of a server's number."""


def on_loopback(number: int) -> Place:
    return "127.0.0.1", ()


class Cluster:
    """``start`` it, and ``kill`` it at the end. ``replicas`` of each primary. ``place``: that of a server's number, of
    the primaries first. Primary *n* and the replicas *n*, *n + 3* and so on are the shard *n*, whichever of them is the
    primary now."""

    def __init__(
        self,
        folder: Path,
        replicas: int = 0,
        place: PlaceOf = on_loopback,
        options: Sequence[str] = (),
    ) -> None:
        names = [f"primary-{number}" for number in range(PRIMARIES)]
        names += [f"replica-{number}" for number in range(PRIMARIES * replicas)]
        self.servers = [Server(folder / name, *place(number)) for number, name in enumerate(names)]
        self._options = options

    @property
    def primaries(self) -> list[Server]:
        """Those that were primaries at the start."""
        return self.servers[:PRIMARIES]

    @property
    def replicas(self) -> list[Server]:
        return self.servers[PRIMARIES:]

    @property
    def url(self) -> str:
        """With two of the servers: the others are found."""
        places = ",".join(f"{server.host}:{server.port}" for server in self.primaries[:2])
        return f"redis+cluster://{places}"

    def start(self) -> None:
        """Returns when it takes commands, and replicas follow."""
        first = self.servers[0]
        for server in self.servers:
            self._run(server)
        for server in self.servers:
            until(lambda server=server: answers(server))  # type: ignore[misc]
            server.call("CLUSTER", "MEET", first.host, str(first.port), _bus(first))
        for server, begin, end in zip(self.primaries, ENDS, ENDS[1:], strict=False):
            server.call("CLUSTER", "ADDSLOTSRANGE", str(begin), str(end - 1))
        for server in self.servers:
            until(lambda server=server: self._knows_all(server))  # type: ignore[misc]
        for number, server in enumerate(self.replicas):
            server.call("CLUSTER", "REPLICATE", _id(self.primaries[number % PRIMARIES]))
        for server in self.replicas:
            until(lambda server=server: linked(server))  # type: ignore[misc]

    def revive(self, server: Server) -> None:
        """Start a server that was killed, as it was, and wait until it follows the primary that has its slots now."""
        self._run(server)
        self.rejoined(server)

    def rejoined(self, server: Server) -> None:
        """Wait until a server that was replaced as the primary is a replica."""
        until(lambda: linked(server))

    def kill(self) -> None:
        for server in self.servers:
            server.kill()

    def place(self, key: str) -> Server:
        """The first primary of a key."""
        return self.servers[shard(key)]

    def primary(self, shard: int = 0) -> Server:
        """The present primary of a shard, as the servers of the others name it."""
        for asked in (server for number, server in enumerate(self.servers) if number % PRIMARIES != shard):
            try:
                ranges = asked.call("CLUSTER", "SLOTS")
            except redis.RedisError:
                continue
            for start, _, (_, port, *_), *_ in ranges:  # type: ignore[attr-defined]
                if start == ENDS[shard]:
                    return next(server for server in self.servers if server.port == port)
        raise AssertionError(f"no server names a primary of the shard {shard}")

    def replica(self, shard: int) -> Server:
        """Another server of a shard than the present primary."""
        primary = self.primary(shard)
        return next(server for server in self.servers[shard::PRIMARIES] if server is not primary)

    def _run(self, server: Server) -> None:
        server.start(*OPTIONS, "--cluster-port", _bus(server), *self._options)

    def _knows_all(self, server: Server) -> bool:
        with redis.Redis.from_url(server.url, decode_responses=True) as client:
            state = client.execute_command("CLUSTER INFO")
        return state["cluster_state"] == "ok" and state["cluster_known_nodes"] == str(len(self.servers))


def shard(key: str) -> int:
    """The number of the shard of a key."""
    return next(number for number, end in enumerate(ENDS[1:]) if slot(key) < end)


def answers(server: Server) -> bool:
    try:
        return bool(server.call("PING"))
    except redis.RedisError:
        return False


def _bus(server: Server) -> str:
    return str(server.port - 10_000 if server.port > 50_000 else server.port + 10_000)


def _id(server: Server) -> str:
    found = server.call("CLUSTER", "MYID")
    return found.decode() if isinstance(found, bytes) else str(found)
