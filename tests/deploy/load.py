"""Drivers and a gateway that send through a proxy."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp

from clients.dispatcher import DispatcherClient
from clients.driver import DriverClient
from tests.deploy.fronts import Front
from tests.identity.test_tokens import token
from tests.support.running import PATIENCE

DRIVERS = 6
SOCKETS = DRIVERS + 1
NOW = datetime.now(UTC)


class Load:
    """Drivers on sockets, a gateway that posts, and a screen that watches, all through one proxy."""

    def __init__(self, proxy: Front, fleet: str) -> None:
        self.proxy, self.fleet = proxy, fleet
        self.sent = 0
        self.statuses: list[int] = []
        """Of the posts that were answered."""
        self.posted: set[int] = set()
        """Numbers of the positions whose post was answered 200."""
        self.last: dict[str, datetime] = {}
        """Driver -> time of its last position that was acknowledged, when all are."""
        self.screen = DispatcherClient(proxy.url, token(fleet=fleet))
        self.screen.link._longest = 0.5
        self._ended = asyncio.Event()

    @classmethod
    @contextlib.asynccontextmanager
    async def through(cls, proxy: Front, fleet: str) -> AsyncIterator[Load]:
        self = cls(proxy, fleet)
        async with self.screen, asyncio.TaskGroup() as group:
            watching = group.create_task(self._watch())
            sending = [group.create_task(self._drive(f"driver-{number}")) for number in range(DRIVERS)]
            sending.append(group.create_task(self._post()))
            yield self
            self._ended.set()
            await asyncio.gather(*sending)
            async with asyncio.timeout(PATIENCE):
                while not self.last.items() <= self.seen().items():  # noqa: ASYNC110  (the client keeps the view by itself)
                    await asyncio.sleep(0.05)
            watching.cancel()

    def seen(self) -> dict[str, datetime]:
        """Driver -> time of the latest position on the screen."""
        return {driver_id: location.recorded_at for driver_id, location in self.screen.latest.items()}

    async def _watch(self) -> None:
        async for _ in self.screen.subscribe(all=True):
            pass

    async def _drive(self, driver_id: str) -> None:
        bearer = token(role="driver", driver=driver_id, fleet=self.fleet)
        async with DriverClient(self.proxy.url, driver_id, bearer) as client:
            client.link._longest = 0.5
            moment = 0
            while not self._ended.is_set():
                moment += 1
                self.sent += 1
                at = NOW + timedelta(milliseconds=moment * 50)
                await client.send(25.0, 55.0, recorded_at=at)
                await asyncio.sleep(0.05)
            await client.flush()
            assert client.rejected == 0
            self.last[driver_id] = at

    async def _post(self) -> None:
        """Posts twenty positions a second on new connections; what is not answered 200 is sent again."""
        bearer = {"authorization": f"Bearer {token(role='gateway', fleet=self.fleet)}"}
        url = f"http://127.0.0.1:{self.proxy.address[1]}/api/v1/location"
        async with aiohttp.ClientSession(headers=bearer, connector=aiohttp.TCPConnector(force_close=True)) as session:
            number = 0
            while not self._ended.is_set():
                at = NOW + timedelta(milliseconds=number * 50)
                fix = {"driverId": "posted", "latitude": 1, "longitude": 2, "recordedAt": at.isoformat()}
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.post(url, json=fix) as answer:
                        self.statuses.append(answer.status)
                        if answer.status == 200:
                            self.posted.add(number)
                            self.last["posted"] = at
                            number += 1
                await asyncio.sleep(0.05)
