"""Connections to a Redis Cluster.

    redis+cluster://[[user:]password@]host[:port][,host[:port]…][?option=value&…]

``rediss+cluster://`` for TLS. The servers named are asked for all others; a few suffice. Options are those of redis-py.

Two kinds of client: ``client`` sends each command to the server of its key, and follows keys that move. ``pool`` is for
the transactions of one partition, whose keys are all in one slot: a plain connection to the primary of that slot. When
the slot moves or the primary is replaced, the server answers with an error; then the pool is disconnected, and the next
connection asks again.
"""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from redis.asyncio import ConnectionPool, Redis, RedisCluster
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import Connection, SSLConnection, parse_url
from redis.exceptions import ConnectionError, RedisError

from hub.stores.redis import sockets
from hub.wire.layout import slot

SCHEMES = ("redis+cluster", "rediss+cluster")

PORT = 6379

Place = tuple[str, int]


class _Disconnecting:
    """The part of a connection pool that callers of a client of one server use."""

    def __init__(self, cluster: RedisCluster) -> None:
        self._cluster = cluster

    async def disconnect(self) -> None:
        """Close all connections; the next command asks for the servers again."""
        await self._cluster.aclose()


def client(url: str, options: dict[str, Any]) -> Redis:
    """A client for commands with one key, or none. ``options``: those of each connection. Raises ``ValueError`` for a
    URL that cannot be read."""
    places, rest = _read(url)
    base: type[Connection] = rest.pop("connection_class", Connection)
    own = {name: value for name, value in options.items() if name != "retry"}
    nodes = [ClusterNode(*place) for place in places]
    found = RedisCluster(startup_nodes=nodes, ssl=issubclass(base, SSLConnection), **own, **rest)
    # It takes no class of connections: that of nodes that are found, and of those that are known.
    found.connection_kwargs["connection_class"] = sockets.of(base)
    for node in found.nodes_manager.startup_nodes.values():
        node.connection_class = found.connection_kwargs["connection_class"]
    found.connection_pool = _Disconnecting(found)  # type: ignore[attr-defined]
    return cast(Redis, found)  # the commands that the hub uses are the same


async def memories(redis: Redis) -> list[dict[str, Any]]:
    """``INFO memory`` of each primary, or of the only server. Raises one of ``UNAVAILABLE``."""
    if not isinstance(redis, RedisCluster):
        return [await redis.info("memory")]
    found: Any = await redis.info("memory", target_nodes=RedisCluster.PRIMARIES)
    # Of one primary the answer is not by name.
    return list(found.values()) if all(isinstance(one, dict) for one in found.values()) else [found]


def pool(url: str, key: str, options: dict[str, Any]) -> ConnectionPool:
    """A pool of connections to the primary of ``key``. Raises ``ValueError`` for a URL that cannot be read."""
    places, rest = _read(url)
    base: type[Connection] = rest.pop("connection_class", Connection)
    primaries = _Primaries(places, slot(key), {**options, **rest}, base)

    class Primary(base):  # type: ignore[misc, valid-type]
        async def connect(self) -> None:
            if not self.is_connected:
                self.host, self.port = await primaries.find()
            await super().connect()

    return ConnectionPool(connection_class=Primary, **options, **rest)


class _Primaries:
    """Asks the servers of a cluster for the primary of a slot, those that are known from the last answer first."""

    def __init__(self, places: list[Place], slot: int, options: dict[str, Any], base: type[Connection]) -> None:
        self._places, self._slot, self._options, self._base = places, slot, options, base
        self._known: list[Place] = []

    async def find(self) -> Place:
        """Raises ``ConnectionError`` if no server names one."""
        for place in dict.fromkeys([*self._known, *self._places]):
            host, port = place
            asked = Redis(
                connection_pool=ConnectionPool(connection_class=self._base, host=host, port=port, **self._options)
            )
            try:
                ranges: Any = await asked.execute_command("CLUSTER SLOTS")  # type: ignore[no-untyped-call]
            except (RedisError, OSError, TimeoutError):
                continue
            finally:
                await asked.connection_pool.disconnect()
            if (found := self._of(ranges, host)) is not None:
                return found
        raise ConnectionError(f"no server of the cluster names a primary of the slot {self._slot}")

    def _of(self, ranges: Any, asked: str) -> Place | None:
        """The primary in an answer; the other servers in it are remembered. A server that does not know its own address
        has the one that was asked."""
        found, known = None, []
        if isinstance(ranges, dict):  # redis-py reads the answer where it has a callback for it
            ranges = [[*span, nodes["primary"], *nodes["replicas"]] for span, nodes in ranges.items()]
        for start, end, *nodes in ranges:
            places = [(_text(node[0]) or asked, int(node[1])) for node in nodes]
            known += places
            if int(start) <= self._slot <= int(end) and places:
                found = places[0]
        if found is not None:
            self._known = known
        return found


def _text(host: bytes | str | None) -> str:
    return host.decode() if isinstance(host, bytes) else host or ""


def _read(url: str) -> tuple[list[Place], dict[str, Any]]:
    """The servers of a URL, and its options as redis-py reads them for one."""
    parts = urlsplit(url)
    login, at, places = parts.netloc.rpartition("@")
    if not places:
        raise ValueError(f"must name servers of the cluster, as in {parts.scheme}://a:6379,b:6379,c:6379")
    scheme = parts.scheme.removesuffix("+cluster")
    rest: dict[str, Any] = dict(parse_url(f"{scheme}://{login}{at}unused?{parts.query}"))
    rest.pop("host")
    return [_place(place) for place in places.split(",")], rest


def _place(text: str) -> Place:
    place = urlsplit(f"//{text}")
    return place.hostname or "localhost", place.port or PORT
