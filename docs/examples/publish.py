"""A driver that loses no position: each one stays in a file until the hub has stored it."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

from clients.driver import DriverClient

HUB = os.environ.get("HUB", "http://localhost:8080")


async def main() -> None:
    url = HUB.replace("http", "ws", 1) + "/ws"
    begin = datetime.now(UTC) - timedelta(seconds=60)
    async with DriverClient(url, "truck-1", os.environ.get("TOKEN"), outbox="truck-1.db") as driver:
        for second in range(60):
            recorded_at = begin + timedelta(seconds=second)
            await driver.send(25.20 + second * 1e-4, 55.27, recorded_at=recorded_at, speed=11.1, heading=0)
        await driver.flush()
        print(driver.acked, "stored,", driver.rejected, "refused,", driver.pending, "waiting")


asyncio.run(main())
