"""Connections to the primary that Redis Sentinels name.

    redis+sentinel://[[user:]password@]host[:port][,host[:port]…]/name[/db][?option=value&…]

``rediss+sentinel://`` for TLS to Redis and to the Sentinels. Options are those of redis-py, and ``sentinel_username``
and ``sentinel_password`` for Sentinels with a login of their own.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio.connection import parse_url
from redis.asyncio.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)

SCHEMES = ("redis+sentinel", "rediss+sentinel")

PORT = 26379


class _Sentinels(Sentinel):
    """Asks the Sentinels with new connections each time: it happens once in a failover, and idle connections would have
    to be watched and closed. Several connections of a pool may ask at the same time, each with connections of its own.
    """

    def __init__(self, places: list[tuple[str, int]], options: dict[str, Any]) -> None:
        super().__init__([])  # type: ignore[no-untyped-call]
        self._places, self._options = places, options

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        asked = Sentinel(self._places, sentinel_kwargs=self._options)  # type: ignore[no-untyped-call]
        try:
            host, port = await asked.discover_master(service_name)
        except MasterNotFoundError:
            raise MasterNotFoundError(f"no Sentinel names a primary {service_name!r} that runs") from None
        finally:
            for sentinel in asked.sentinels:
                await sentinel.connection_pool.disconnect()
        # The one that answered is asked first the next time: to wait for one that is away takes a second.
        answered = asked.sentinels[0].connection_pool.connection_kwargs
        first = answered["host"], answered["port"]
        self._places = [first, *(place for place in self._places if place != first)]
        return host, port


def pool(url: str, options: dict[str, Any]) -> SentinelConnectionPool:
    """A pool of connections to the primary. ``options``: those of each connection, also to the Sentinels. Raises
    ``ValueError`` for a URL that cannot be read."""
    parts = urlsplit(url)
    name, _, database = unquote(parts.path).strip("/").partition("/")
    login, _, places = parts.netloc.rpartition("@")
    if not (name and places):
        raise ValueError(f"must name Sentinels and their primary, as in {parts.scheme}://a:26379,b:26379/mymaster")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    own = {key: query.pop(f"sentinel_{key}", None) for key in ("username", "password")}
    # redis-py reads the rest as it reads the URL of one server.
    scheme = parts.scheme.removesuffix("+sentinel")
    rest: dict[str, Any] = dict(parse_url(f"{scheme}://{login}@unused/{database}?{urlencode(query)}"))
    rest.pop("host")
    secure = rest.pop("connection_class", None) is not None
    tls = {key: value for key, value in rest.items() if key.startswith("ssl_")}
    sentinels = _Sentinels(
        [_place(place) for place in places.split(",")],
        {**options, **({"ssl": True, **tls} if secure else {}), **own},
    )
    connection = SentinelManagedSSLConnection if secure else SentinelManagedConnection
    return SentinelConnectionPool(  # type: ignore[no-untyped-call]
        name, sentinels, connection_class=connection, **options, **rest
    )


def _place(text: str) -> tuple[str, int]:
    place = urlsplit(f"//{text}")
    return place.hostname or "localhost", place.port or PORT
