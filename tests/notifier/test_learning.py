"""Travel times are learned once a day, by one of several notifiers."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

from hub.notifier import learning
from hub.settings import Settings
from tests.support.api.fleets import execute
from tests.support.eta import FILL
from tests.support.logbook import fetch, until, value
from tests.support.notify.notifiers import Shifted, notifying


async def learned(settings: Settings) -> str | None:
    query = "SELECT string_agg(vehicle_type || ' ' || (model ->> 'trips'), ',' ORDER BY vehicle_type) FROM eta_models"
    found: str | None = await value(settings, query)
    return found


async def test_a_fleet_learns_once_a_day(settings: Settings) -> None:
    await execute(settings.database_url, FILL)
    clock = Shifted()

    async def all_learned() -> bool:
        return await learned(settings) == " 80,van 40"

    with patch.object(learning, "LOOK_EVERY", 0.05):
        async with notifying(settings, clock), notifying(settings, clock):
            await until(all_learned)
            first = await value(settings, "SELECT min(computed_at) FROM eta_models")
            await fetch(settings, "DELETE FROM trips WHERE driver_id = 'a'")
            clock.advance(timedelta(hours=25).total_seconds())

            async def again() -> bool:
                return bool(await value(settings, "SELECT min(computed_at) > $1 FROM eta_models", first))

            await until(again)
    assert await learned(settings) == " 40"
