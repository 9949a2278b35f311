"""Logs what is wrong with the fixes of single drivers: clocks that are wrong, and fixes that come late."""

from __future__ import annotations

import asyncio
from heapq import nlargest

from hub.clock import SYSTEM, SystemClock
from hub.core.live.hub import Hub
from hub.edge.clock_watch import span
from hub.logs import Action, get_logger

log = get_logger()

INTERVAL = 1.0
"""Seconds between two looks."""

LATE_INTERVAL = 60.0
"""Seconds between two reports of late fixes."""

LINES = 10
"""Drivers that a report names. A fleet that sends its backlogs after an outage would fill the log."""


class DriverReport:
    """Takes the news of the hub's fleets and logs them, at a bounded rate."""

    def __init__(self, hub: Hub, system: SystemClock = SYSTEM) -> None:
        self.hub, self._monotonic = hub, system.monotonic
        self._late_at = self._monotonic()
        # Lines about clocks that may be written until the next report of late fixes.
        self._lines = LINES

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                self.look()
            except Exception:
                log.exception(Action.INTERNAL_ERROR, where="driver_report")

    def look(self) -> None:
        """Log what is new."""
        now = self._monotonic()
        whole = now - self._late_at >= LATE_INTERVAL
        if whole:
            self._late_at, self._lines = now, LINES
        for fleet in self.hub.fleets.values():
            # What there is no line for waits for the next minute.
            for driver_id in list(fleet.clocks.news)[: self._lines]:
                self._lines -= 1
                ahead = fleet.clocks.news.pop(driver_id)
                if ahead is None:
                    log.info(Action.DRIVER_CLOCK_RIGHT, fleet=fleet.id, driver_id=driver_id)
                    continue
                seconds = round(ahead.total_seconds(), 1)
                problem = f"{span(abs(seconds))} {'ahead' if seconds > 0 else 'behind'}"
                log.warning(
                    Action.DRIVER_CLOCK_WRONG, fleet=fleet.id, driver_id=driver_id, problem=problem, offset=seconds
                )
            if whole and fleet.late.news:
                news, fleet.late.news = fleet.late.news, {}
                for driver_id, late in nlargest(LINES, news.items(), key=lambda item: item[1].count):
                    log.info(
                        Action.FIXES_LATE,
                        fleet=fleet.id,
                        driver_id=driver_id,
                        count=late.count,
                        most_seconds=late.most,
                        drivers=len(news),
                    )
