"""How long positions are kept: those of the fleets, and those of drivers with another retention, their own or
that of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.recorder.batch import Chunk
from hub.stores.postgres.history.partitions import horizon
from hub.stores.postgres.history.positions import Driver


class Retention:
    """``months`` are those of the setting; ``own`` those of drivers, read at intervals."""

    def __init__(self, months: int) -> None:
        self.months = months
        self.own: Mapping[Driver, int] = {}

    def horizon(self, now: datetime, driver: Driver | None = None) -> datetime:
        """The first instant whose positions are kept: of a driver, or of those without a retention of their own."""
        months = self.months if driver is None else self.own.get(driver, self.months)
        return horizon(months, now)

    def earliest(self, now: datetime) -> datetime:
        """The first instant whose positions are kept of any driver."""
        return min([self.horizon(now), *(horizon(months, now) for months in set(self.own.values()))])

    def kept(self, inserted: Sequence[Chunk], now: datetime) -> Sequence[Chunk]:
        """The positions that are not about to be deleted: the folds get no others, since those around them may be
        gone."""
        if not self.own:
            return inserted
        own, fleet_months = self.own, self.months
        horizons = {months: horizon(months, now) for months in {fleet_months, *own.values()}}
        kept: list[Chunk] = []
        for chunk in inserted:
            fleet = chunk.fleet
            positions = [
                p for p in chunk.positions if p.recorded_at >= horizons[own.get((fleet, p.driver_id), fleet_months)]
            ]
            if positions:
                kept.append(chunk if len(positions) == len(chunk.positions) else chunk._replace(positions=positions))
        return kept
