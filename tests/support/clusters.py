"""A Redis Cluster on loopback: three primaries with a third of the slots each, and replicas."""

from __future__ import annotations

from pathlib import Path

import redis

from hub.wire.layout import SLOTS, slot
from tests.support.running import until
from tests.support.valkeys import Server, linked

PRIMARIES = 3
ENDS = [round(number * SLOTS / PRIMARIES) for number in range(PRIMARIES + 1)]

NODE_TIMEOUT = 1_000
"""Milliseconds after which the others take a server for dead."""


class Cluster:
    """``start`` it, and ``kill`` it at the end. ``replicas`` of each primary."""

    def __init__(self, folder: Path, replicas: int = 0) -> None:
        self.primaries = [Server(folder / f"primary-{number}") for number in range(PRIMARIES)]
        self.replicas = [Server(folder / f"replica-{number}") for number in range(PRIMARIES * replicas)]

    @property
    def servers(self) -> list[Server]:
        return [*self.primaries, *self.replicas]

    @property
    def url(self) -> str:
        """With two of the servers: the others are found."""
        places = ",".join(f"{server.host}:{server.port}" for server in self.primaries[:2])
        return f"redis+cluster://{places}"

    def start(self) -> None:
        """Returns when it takes commands, and replicas follow."""
        first, options = (
            self.servers[0],
            [
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                str(NODE_TIMEOUT),
                "--cluster-require-full-coverage",
                "no",
            ],
        )
        for server in self.servers:
            server.start(*options, "--cluster-port", _bus(server), "--appendonly", "yes", "--save", "",
                         "--repl-diskless-sync-delay", "0")  # fmt: skip
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

    def kill(self) -> None:
        for server in self.servers:
            server.kill()

    def place(self, key: str) -> Server:
        """The first primary of a key."""
        return next(server for server, end in zip(self.primaries, ENDS[1:], strict=True) if slot(key) < end)

    def _knows_all(self, server: Server) -> bool:
        with redis.Redis.from_url(server.url, decode_responses=True) as client:
            state = client.execute_command("CLUSTER INFO")
        return state["cluster_state"] == "ok" and state["cluster_known_nodes"] == str(len(self.servers))


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
