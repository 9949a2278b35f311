"""Two hubs as processes, what they report, and what reached their database."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass

import asyncpg
from prometheus_client.parser import text_string_to_metric_families

from tests.support.api.calls import get
from tests.support.running import PATIENCE, Served

METRICS = "a token for the metrics of these hubs"


@dataclass
class Pair:
    hubs: list[Served]

    @property
    def addresses(self) -> list[tuple[str, int]]:
        return [hub.address for hub in self.hubs]

    def figures(self, hub: int) -> dict[str, float]:
        """The sums of a hub's metrics over their labels."""
        answer = get(self.hubs[hub], "/metrics", METRICS)
        assert answer.status == 200
        sums: dict[str, float] = {}
        for family in text_string_to_metric_families(answer.body.decode()):
            for sample in family.samples:
                sums[sample.name] = sums.get(sample.name, 0) + sample.value
        return sums

    def connections(self, hub: int) -> float:
        return self.figures(hub)["hub_connections"]

    def stop(self, hub: int) -> None:
        """SIGTERM, and wait until it is gone."""
        self.hubs[hub].process.send_signal(signal.SIGTERM)
        self.hubs[hub].process.wait(PATIENCE)

    def start(self, hub: int) -> None:
        """Start it again at the same port."""
        self.hubs[hub].kill()
        self.hubs[hub] = Served(self.hubs[hub].settings)

    def freeze(self, hub: int) -> None:
        os.kill(self.hubs[hub].process.pid, signal.SIGSTOP)

    async def stored(self, fleet: str, wanted: int) -> tuple[int, int]:
        """(rows, distinct positions) of a fleet, once there are as many as wanted, or after a minute."""
        connection = await asyncpg.connect(self.hubs[0].settings.database_url)
        try:
            for _ in range(int(PATIENCE / 0.2)):
                rows, distinct = await connection.fetchrow(
                    "SELECT count(*), count(DISTINCT (driver_id, recorded_at)) FROM positions WHERE fleet = $1", fleet
                )
                if distinct >= wanted:
                    break
                await asyncio.sleep(0.2)
            return rows, distinct
        finally:
            await connection.close()
