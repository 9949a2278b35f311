"""Events of trips and fences as the recorder writes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def trip(driver: str, event: str, at: datetime, id: str = "t1", **more: Any) -> dict[str, Any]:
    """An event of a trip."""
    return {
        "type": "trip", "event": event, "tripId": id, "driverId": driver, "startedAt": at.isoformat(), **more
    }  # fmt: skip


def fence(driver: str, event: str, at: datetime, visit: str = "v1", **more: Any) -> dict[str, Any]:
    """An event of a fence."""
    return {
        "type": "fence", "event": event, "id": f"{visit}-{event}", "visitId": visit, "fenceId": "depot",
        "fenceName": "Depot", "driverId": driver, "at": at.isoformat(), "noticedAt": at.isoformat(),
        "enteredAt": at.isoformat(), "cause": "crossed", **more,
    }  # fmt: skip
