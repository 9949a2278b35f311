"""Trips in tables, whose travel times are known: drivers that go north at one speed."""

from __future__ import annotations

SPEEDS = {"a": 10.0, "b": 4.0}
"""Metres per second of the drivers. The driver ``a`` drives a van."""

METRES = 111_195.08
"""Metres of a degree of latitude on the sphere of ``hub.core.geo.geodesy.haversine``."""

FILL = f"""
INSERT INTO drivers (fleet, driver_id, name) VALUES ('red', 'a', 'A'), ('red', 'b', 'B');
INSERT INTO vehicles (fleet, vehicle_id, type, driver_id, assigned_at)
VALUES ('red', 'v', 'van', 'a', now() - interval '40 days');
CREATE TEMPORARY TABLE began AS
SELECT driver, speed, date_trunc('second', now()) - k * interval '2 h' AS at
FROM (VALUES {", ".join(f"('{driver}', {speed})" for driver, speed in SPEEDS.items())}) AS d (driver, speed),
    generate_series(2, 41) AS k;
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id)
SELECT gen_random_uuid(), at, at + interval '20 min', at + interval '20 min', 1, 2, 3, 4, 1200 * speed, 1200, speed,
    120, 'red', driver
FROM began;
INSERT INTO positions (recorded_at, received_at, latitude_e7, longitude_e7, fleet, driver_id)
SELECT at + k * interval '5 s', now(), (k * 5 * speed / {METRES} * 1e7)::int, 550000000, 'red', driver
FROM began, generate_series(0, 240) AS k;
DROP TABLE began;
"""
"""40 trips of 20 minutes of each driver of the fleet ``red``, from 82 hours to 4 hours ago."""
