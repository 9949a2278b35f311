"""Settings of places, jobs, routes and arrivals. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.config.partitions import PartitionSettings

Count = Annotated[int, Meta(ge=1)]
Metres = Annotated[float, Meta(gt=0)]


class JobSettings(PartitionSettings, frozen=True, kw_only=True):
    """Settings of jobs, each followed by its text."""

    max_places: Count = 50_000
    """Places of a fleet: the customers of a large carrier. The page and planning read them whole."""
    max_jobs: Count = 50_000
    """Jobs of a fleet that are neither done nor cancelled: a week of a fleet of 100 drivers."""
    max_waypoints: Count = 300
    """Jobs of a route: more than a driver does in a day, and few enough for one message and one screen."""
    recipient_days: Annotated[int, Meta(ge=0, le=3_650)] = 90
    """Days after the end of a job in which its recipient and notes are kept, for complaints; then they are deleted. 0
    keeps them."""
    arrival_radius: Annotated[float, Meta(ge=5, le=5_000)] = 100.0
    """Metres from a job within which its driver may have arrived, where neither the job's place nor its shape says
    otherwise: a street front and its car park."""
    arrival_speed: Metres = 3.0
    """Metres per second below which a driver within the radius has arrived: faster than a search for a space to park,
    slower than traffic."""
    arrival_after: Annotated[float, Meta(gt=0)] = 30.0
    """Seconds within the radius after which a driver has arrived at any speed. A driver that passes at 50 km/h is
    within 100 m for 15 s."""
    approach_distance: Metres = 1_000.0
    """Metres from a job within which `approaching` is announced, once."""
