"""Follow one driver: print its latest position and those that follow, three in all."""

import asyncio
import os

from clients.dispatcher import DispatcherClient
from clients.messages import Location, Status

HUB = os.environ.get("HUB", "http://localhost:8080")
DRIVER = os.environ.get("DRIVER", "van-1")


async def main() -> None:
    url = HUB.replace("http", "ws", 1) + "/ws"
    reports = 0
    async with DispatcherClient(url, os.environ.get("TOKEN")) as dispatcher:
        async for event in dispatcher.subscribe(drivers=[DRIVER]):
            if isinstance(event, Location):
                print(event.recorded_at.isoformat(), event.latitude, event.longitude, flush=True)
                reports += 1
                if reports == 3:
                    break
            elif isinstance(event, Status):
                print(event.driver_id, "is", event.status, flush=True)


asyncio.run(main())
