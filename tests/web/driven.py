"""A day that was driven: sent as by a phone that had no network all day, and made into trips by the hub's recorder."""

from __future__ import annotations

import http.client
import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.hub_process import HubProcess
from tests.support.running import PATIENCE, until

ZONE = "Asia/Dubai"
DAY = "2026-10-05"
MIDNIGHT = datetime(2026, 10, 5, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
OPTIONS = {"timezone_id": ZONE, "locale": "en-GB"}
"""What the browser's page is opened with."""

METRES = 111_195.0
"""Of a degree of latitude."""

LEGS = [
    # From, to (minutes of the day), heading, m/s, seconds between positions
    (480, 500, 90, 15, 10),
    (500, 520, None, 0, 30),
    (520, 540, 0, 20, 10),
    (540, 560, None, 0, 30),
    (560, 580, 270, 12, 10),
    # Ten minutes of silence on the way.
    (590, 600, 270, 12, 10),
    (600, 630, None, 0, 30),
]
SILENCE = (580, 590)
"""Minutes of the day between the last position before it and the first one after."""
SILENT_SPEED = 10
TRIPS = 3


def at(minutes: float) -> datetime:
    """The instant that many minutes after the local midnight."""
    return MIDNIGHT + timedelta(minutes=minutes)


def drive(driver_id: str, latitude: float = 25.0, longitude: float = 55.2) -> Iterator[dict[str, Any]]:
    """The fixes of the day, in order."""
    before = None
    for start, end, heading, speed, every in LEGS:
        if before is not None and start > before:
            longitude -= SILENT_SPEED * (start - before) * 60 / METRES / math.cos(math.radians(latitude))
        for second in range(0, (end - start) * 60, every):
            yield {
                "driverId": driver_id,
                "latitude": round(latitude, 7),
                "longitude": round(longitude, 7),
                "recordedAt": (at(start) + timedelta(seconds=second)).isoformat(),
                "speed": speed,
                "accuracy": 5,
                "battery": round(0.9 - second / 36_000, 3),
            } | ({} if heading is None else {"heading": heading})
            if heading is not None:
                step = speed * every / METRES
                latitude += step * math.cos(math.radians(heading))
                longitude += step * math.sin(math.radians(heading)) / math.cos(math.radians(latitude))
        before = end


def ask(hub: HubProcess, method: str, path: str, body: object = None) -> Any:
    """The JSON of an answer that is 200; None where there is no such thing yet, or not even a table for it."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.settings.port, timeout=PATIENCE)
    try:
        connection.request(method, path, None if body is None else json.dumps(body))
        response = connection.getresponse()
        content = response.read()
        assert response.status in (200, 404, 503), content
        return json.loads(content) if response.status == 200 else None
    finally:
        connection.close()


def span() -> str:
    """The parameters of the whole local day."""
    return f"from={at(0):%Y-%m-%dT%H:%M:%SZ}&to={at(24 * 60):%Y-%m-%dT%H:%M:%SZ}"


def sent_day(hub: HubProcess, driver_id: str, latitude: float = 25.0, longitude: float = 55.2) -> list[dict[str, Any]]:
    """Send it, and return its trips when the recorder has made them."""
    fixes = list(drive(driver_id, latitude, longitude))
    for start in range(0, len(fixes), 100):
        some = fixes[start : start + 100]
        assert ask(hub, "POST", "/api/v1/location", some)["accepted"] == len(some)
    until(partial(complete, hub, driver_id))
    trips: list[dict[str, Any]] = ask(hub, "GET", f"/api/v1/drivers/{driver_id}/trips?{span()}")["trips"]
    return trips


def complete(hub: HubProcess, driver_id: str) -> bool:
    found = ask(hub, "GET", f"/api/v1/drivers/{driver_id}/trips?{span()}")
    ended = [trip for trip in (found or {"trips": []})["trips"] if "endedAt" in trip]
    return len(ended) == TRIPS
