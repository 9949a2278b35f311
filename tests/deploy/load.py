"""Drivers and a gateway that send through a proxy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp

from clients.driver import DriverClient
from tests.deploy.fronts import Front
from tests.identity.test_tokens import token

DRIVERS = 6
NOW = datetime.now(UTC)


class Load:
    """Drivers on sockets, and a gateway that posts, all through one proxy."""

    def __init__(self, proxy: Front, fleet: str) -> None:
        self.proxy, self.fleet = proxy, fleet
        self.sent = 0
        self.statuses: list[int] = []
        """Of the posts that were answered."""
        self.posted: set[int] = set()
        """Numbers of the positions whose post was answered 200."""
        self._ended = asyncio.Event()

    @classmethod
    @contextlib.asynccontextmanager
    async def through(cls, proxy: Front, fleet: str) -> AsyncIterator[Load]:
        self = cls(proxy, fleet)
        async with asyncio.TaskGroup() as group:
            for number in range(DRIVERS):
                group.create_task(self._drive(f"driver-{number}"))
            group.create_task(self._post())
            yield self
            self._ended.set()

    async def _drive(self, driver_id: str) -> None:
        bearer = token(role="driver", driver=driver_id, fleet=self.fleet)
        async with DriverClient(self.proxy.url, driver_id, bearer) as client:
            client.link._longest = 0.5
            moment = 0
            while not self._ended.is_set():
                moment += 1
                self.sent += 1
                await client.send(25.0, 55.0, recorded_at=NOW + timedelta(milliseconds=moment * 50))
                await asyncio.sleep(0.05)
            await client.flush()
            assert client.rejected == 0

    async def _post(self) -> None:
        """Posts twenty positions a second on new connections; what is not answered 200 is sent again."""
        bearer = {"authorization": f"Bearer {token(role='gateway', fleet=self.fleet)}"}
        url = f"http://127.0.0.1:{self.proxy.address[1]}/api/v1/location"
        async with aiohttp.ClientSession(headers=bearer, connector=aiohttp.TCPConnector(force_close=True)) as session:
            number = 0
            while not self._ended.is_set():
                at = (NOW + timedelta(milliseconds=number * 50)).isoformat()
                fix = {"driverId": "posted", "latitude": 1, "longitude": 2, "recordedAt": at}
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.post(url, json=fix) as answer:
                        self.statuses.append(answer.status)
                        if answer.status == 200:
                            self.posted.add(number)
                            number += 1
                await asyncio.sleep(0.05)
