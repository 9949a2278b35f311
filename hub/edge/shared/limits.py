"""Rates and sockets that are limited over all nodes: each tells the others, once a second, what uses much of a limit.

A node that dies, or is cut off from Redis, is forgotten after ``FORGOTTEN`` seconds, with all that it counted; one that
does not reach Redis limits by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct
from redis.asyncio import Redis

from hub.core.limits import SharedBuckets
from hub.edge.http.limits import Addresses, User
from hub.logs import Action, get_logger
from hub.stores.redis.connection import UNAVAILABLE
from hub.stores.redis.limits.told import exchange, remove

log = get_logger()

INTERVAL = 1.0
"""Seconds between two exchanges: for as long as that, and until it is read, a key may use a limit at each node."""

FORGOTTEN = 5.0
"""Seconds after which a node that tells nothing new is not counted."""


class Told(Struct, array_like=True):
    """What a node tells: a number that rises, tokens a second that were asked for, and open sockets."""

    number: int
    drivers: list[tuple[tuple[str, str], float]] = []
    addresses: list[tuple[str, float]] = []
    users: list[tuple[User, float]] = []
    gateways: list[tuple[User, float]] = []
    sockets: list[tuple[str, int]] = []

    @property
    def nothing(self) -> bool:
        return not (self.drivers or self.addresses or self.users or self.gateways or self.sockets)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Told).decode


class SharedLimits:
    """The exchange of one node, ``name``."""

    def __init__(self, redis: Redis, name: str, drivers: SharedBuckets[tuple[str, str]], addresses: Addresses) -> None:
        self._redis, self._name = redis, name
        self._drivers, self._addresses = drivers, addresses
        self._number = 0
        self._told = False
        self._heard: dict[str, tuple[Told, float]] = {}
        """What each other node told last, and when that was new."""

    @property
    def nodes(self) -> int:
        """Other nodes that use much of a limit now."""
        return len(self._heard)

    async def run(self) -> None:
        """Exchange each second until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                try:
                    await self.exchange(loop.time())
                except UNAVAILABLE:
                    pass  # others report it; what was heard is forgotten in time
                except Exception:
                    log.exception(Action.INTERNAL_ERROR, where="limits")
                self._apply(loop.time())
                await asyncio.sleep(INTERVAL)
        finally:
            if self._told:
                # The rest of the hubs, and the one that follows this, have the limits for themselves at once.
                with contextlib.suppress(*UNAVAILABLE):
                    await remove(self._redis, [self._name])

    async def exchange(self, now: float) -> None:
        """Tell, and hear what others told. Raises one of ``UNAVAILABLE``."""
        self._number += 1
        told = Told(
            self._number,
            list(self._drivers.asked(now).items()),
            list(self._addresses.requests.asked(now).items()),
            list(self._addresses.users.asked(now).items()),
            list(self._addresses.gateways.asked(now).items()),
            list(self._addresses.many().items()),
        )
        content = None if told.nothing else _encode(told)
        found = await exchange(self._redis, self._name, content, forget=self._told)
        self._told = content is not None
        heard: dict[str, tuple[Told, float]] = {}
        silent = []
        for name, text in found.items():
            try:
                other = _decode(text)
            except msgspec.MsgspecError:
                continue  # of another version
            before = self._heard.get(name)
            heard[name] = before if before is not None and before[0].number == other.number else (other, now)
            if now - heard[name][1] > FORGOTTEN:
                silent.append(name)
        self._heard = heard
        if silent:
            await remove(self._redis, silent)

    def _apply(self, now: float) -> None:
        self._heard = {name: kept for name, kept in self._heard.items() if now - kept[1] <= FORGOTTEN}
        told = [kept[0] for kept in self._heard.values()]
        addresses = self._addresses
        self._drivers.share(_sum(one.drivers for one in told), now)
        addresses.requests.share(_sum(one.addresses for one in told), now)
        addresses.users.share(_sum(one.users for one in told), now)
        addresses.gateways.share(_sum(one.gateways for one in told), now)
        addresses.elsewhere = _sum(one.sockets for one in told)


def _sum(told: Any) -> Mapping[Any, Any]:
    total: Counter[Any] = Counter()
    for pairs in told:
        for key, value in pairs:
            total[key] += value
    return total
