"""A fleet of 12,000 drivers with a past, and each question of the API whose answer is large."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

import asyncpg

from hub.edge import web
from tests.support.api.calls import Addressed, post

DRIVERS = 12_000
BATCH = 500
FLEET = "default"

FILL = f"""
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, speed, heading, fleet, driver_id)
SELECT now() - interval '2 h' + k * interval '1 ms', now(), 250000000 + k, 550000000 + k, 12, 90, '{FLEET}', 'd-' || k
FROM generate_series(1, {DRIVERS}) AS k;
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, speed, heading, fleet, driver_id)
SELECT now() - interval '3 h' + k * interval '1 s', now(), 250000000 + k % 60 * 7919, 550000000 + k * 500, 12, 90,
    '{FLEET}', 'd-0'
FROM generate_series(1, 5000) AS k;
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id)
SELECT gen_random_uuid(), now() - k * interval '2 minutes', now() - (k - 0.9) * interval '2 minutes',
    now() - (k - 0.9) * interval '2 minutes', 25, 55, 25, 55, 6000, 540, 20, 60, '{FLEET}', 'd-0'
FROM generate_series(1, 500) AS k;
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
SELECT '{FLEET}', 'd-' || k, (now() AT TIME ZONE 'UTC')::date, 2, 9000, 900, 840, 20
FROM generate_series(1, {DRIVERS}) AS k;
INSERT INTO drivers (fleet, driver_id, name, phone) SELECT '{FLEET}', 'd-' || k, 'Driver ' || k, ''
FROM generate_series(1, 1000) AS k;
INSERT INTO vehicles (fleet, vehicle_id, name, plate) SELECT '{FLEET}', 'v-' || k, 'Van ' || k, 'AB ' || k
FROM generate_series(1, 1000) AS k;
ANALYZE;
"""


def questions() -> dict[str, str]:
    """Name of a question -> its path."""
    now = datetime.now(UTC)
    span = f"from={now - timedelta(hours=20):%Y-%m-%dT%H:%M:%SZ}&to={now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    return {
        "positions/drivers": f"/api/v1/positions/drivers?bbox=54,24,57,27&{span}",
        "positions": f"/api/v1/positions?bbox=54.9,24.9,55.4,25.4&limit=5000&{span}",
        "track": f"/api/v1/drivers/d-0/track?limit=5000&{span}",
        "track, thinned": f"/api/v1/drivers/d-0/track?simplify=1&{span}",
        "track as CSV": f"/api/v1/drivers/d-0/track?format=csv&{span}",
        "track as GPX": f"/api/v1/drivers/d-0/track?format=gpx&{span}",
        "track as GeoJSON": f"/api/v1/drivers/d-0/track?format=geojson&{span}",
        "trips": f"/api/v1/drivers/d-0/trips?limit=500&{span}",
        "daily": "/api/v1/analytics/daily?limit=1000",
        "daily of the fleet": "/api/v1/analytics/daily?by=fleet",
        "drivers": "/api/v1/drivers?limit=1000",
        "nearby": "/api/v1/nearby?latitude=25&longitude=55&radius=20000000&limit=100",
        "GeoJSON feed": "/api/v1/feeds/drivers.geojson",
        "GTFS-Realtime feed": "/api/v1/feeds/vehicle-positions.pb",
        "registered drivers": "/api/v1/fleet/drivers?limit=1000",
        "vehicles": "/api/v1/fleet/vehicles?limit=1000",
        "metrics": "/metrics",
        "health": "/health",
        "openapi.json": "/api/openapi.json",
        "page": "/",
        "file": f"/web/built/{_largest_script()}",
    }


def _largest_script() -> str:
    """Name of the largest script of the built pages."""
    return max((web.FOLDER / "built").glob("*.*js"), key=lambda path: path.stat().st_size).name


async def fill(hub: Addressed, database_url: str) -> None:
    """Let each driver report once, and enter a past."""
    await report(hub)
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(FILL)
    finally:
        await connection.close()


async def report(hub: Addressed) -> None:
    """A position of each driver."""
    for first in range(0, DRIVERS, BATCH):
        fixes = [
            {"driverId": f"d-{k}", "latitude": 25 + k / 1e5, "longitude": 55 + k / 1e5, "speed": 12, "heading": 90}
            for k in range(first, first + BATCH)
        ]
        answer = await asyncio.to_thread(post, hub, "/api/v1/location", fixes)
        assert answer.status == 200, answer.body


async def ask(host: str, port: int, path: str, at_once: int) -> None:
    """Ask the same from ``at_once`` connections, each again as soon as it has its answer, until cancelled; a line is
    printed when the first answer is there."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, port, limit=2**22)
        while True:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith(b"http/1.1 200"), head
            if b"content-length: " in head:
                await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            else:
                while size := int(await reader.readuntil(b"\r\n"), 16):
                    await reader.readexactly(size + 2)
                await reader.readexactly(2)
            print("answered", flush=True)

    await asyncio.gather(*(one() for _ in range(at_once)))


if __name__ == "__main__":
    asyncio.run(ask(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
