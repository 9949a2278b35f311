-- name: checkpoints_before
-- The newest checkpoint of each driver before an instant, null without one. n numbers the drivers from 1.
SELECT d.n, c.recorded_at, c.state
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS d (fleet, driver_id, instant, n)
LEFT JOIN LATERAL (
    SELECT recorded_at, state FROM trip_checkpoints
    WHERE fleet = d.fleet AND driver_id = d.driver_id AND recorded_at < d.instant
    ORDER BY recorded_at DESC LIMIT 1
) AS c ON true
ORDER BY d.n;

-- name: positions_after
-- The next $4 positions of each driver after an instant. Of several at one instant the most exact one: the first in the
-- order of hub.core.trips.state.rank, in which $5 stands for an unknown accuracy. The rows come from the index in the
-- order of time, and only those of one instant are sorted.
SELECT d.n, p.recorded_at, p.latitude_e7, p.longitude_e7, p.speed, p.accuracy
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS d (fleet, driver_id, instant, n)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (recorded_at) recorded_at, latitude_e7, longitude_e7, speed, accuracy FROM positions
    WHERE fleet = d.fleet AND driver_id = d.driver_id AND recorded_at > d.instant
    ORDER BY recorded_at, coalesce(nullif(accuracy, 0), $5::float8), latitude_e7, longitude_e7 LIMIT $4
) AS p;

-- name: checkpoints_between
-- Checkpoints of each driver between two instants, both included.
SELECT d.n, c.recorded_at, c.state
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS d (fleet, driver_id, since, until, n)
JOIN trip_checkpoints AS c USING (fleet, driver_id)
WHERE c.recorded_at BETWEEN d.since AND d.until;

-- name: stored_trips
-- Trips of each driver that began from one instant to before another, without their paths.
SELECT
    d.n, t.id, t.fleet, t.driver_id, t.started_at, t.ended_at, t.counted_to, t.latitude, t.longitude,
    t.end_latitude, t.end_longitude, t.distance, t.moving_time, t.max_speed, t.points, t.gap_distance
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS d (fleet, driver_id, since, until, n)
JOIN trips AS t USING (fleet, driver_id)
WHERE t.started_at >= d.since AND t.started_at < d.until;

-- name: delete_stops
-- Stops of each driver that began from one instant to before another.
DELETE FROM stops USING unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    AS d (fleet, driver_id, since, until)
WHERE stops.fleet = d.fleet AND stops.driver_id = d.driver_id
    AND stops.started_at >= d.since AND stops.started_at < d.until;

-- name: delete_checkpoints
-- Checkpoints of each driver after one instant, up to another.
DELETE FROM trip_checkpoints AS c USING unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    AS d (fleet, driver_id, since, until)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.recorded_at > d.since AND c.recorded_at <= d.until;

-- name: delete_trips
-- Trips by driver and start.
DELETE FROM trips AS t USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, started_at)
WHERE t.fleet = d.fleet AND t.driver_id = d.driver_id AND t.started_at = d.started_at;

-- name: put_trips
-- Insert or replace.
INSERT INTO trips (
    id, fleet, driver_id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude,
    distance, moving_time, max_speed, points, gap_distance, path
)
SELECT * FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::float8[],
    $8::float8[], $9::float8[], $10::float8[], $11::float8[], $12::float8[], $13::float8[], $14::integer[], $15::float8[],
    $16::text[]
)
ON CONFLICT (fleet, driver_id, started_at) DO UPDATE SET
    ended_at = excluded.ended_at, counted_to = excluded.counted_to,
    latitude = excluded.latitude, longitude = excluded.longitude,
    end_latitude = excluded.end_latitude, end_longitude = excluded.end_longitude,
    distance = excluded.distance, moving_time = excluded.moving_time, max_speed = excluded.max_speed,
    points = excluded.points, gap_distance = excluded.gap_distance, path = excluded.path;

-- name: put_stops
-- Insert or replace.
INSERT INTO stops (fleet, driver_id, started_at, ended_at, latitude, longitude)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::float8[], $6::float8[])
ON CONFLICT (fleet, driver_id, started_at) DO UPDATE SET
    ended_at = excluded.ended_at, latitude = excluded.latitude, longitude = excluded.longitude;

-- name: delete_days
-- Of these days, delete those on which no trip begins.
DELETE FROM daily AS y USING unnest($1::text[], $2::text[], $3::date[], $4::text[]) AS d (fleet, driver_id, day, zone)
WHERE y.fleet = d.fleet AND y.driver_id = d.driver_id AND y.day = d.day AND NOT EXISTS (
    SELECT FROM trips AS t
    WHERE t.fleet = d.fleet AND t.driver_id = d.driver_id
        AND t.started_at >= d.day::timestamp AT TIME ZONE d.zone
        AND t.started_at < (d.day + 1)::timestamp AT TIME ZONE d.zone
);

-- name: put_days
-- Sums of the trips that began on a day. numeric, because sums of double precision depend on the order of rows.
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
SELECT
    d.fleet, d.driver_id, d.day, count(*), sum(t.distance::numeric), sum(t.duration::numeric),
    sum(t.moving_time::numeric), max(t.max_speed)
FROM unnest($1::text[], $2::text[], $3::date[], $4::text[]) AS d (fleet, driver_id, day, zone)
JOIN trips AS t ON t.fleet = d.fleet AND t.driver_id = d.driver_id
    AND t.started_at >= d.day::timestamp AT TIME ZONE d.zone
    AND t.started_at < (d.day + 1)::timestamp AT TIME ZONE d.zone
GROUP BY d.fleet, d.driver_id, d.day
ON CONFLICT (fleet, driver_id, day) DO UPDATE SET
    trips = excluded.trips, distance = excluded.distance, duration = excluded.duration,
    moving_time = excluded.moving_time, max_speed = excluded.max_speed;

-- name: put_zones
-- Note the time zones of fleets. Returns the fleets whose days had another one, UTC if none was noted.
WITH wanted AS (
    SELECT w.fleet, w.time_zone, coalesce(z.time_zone, 'UTC') <> w.time_zone AS other, z.fleet IS NULL AS new
    FROM unnest($1::text[], $2::text[]) AS w (fleet, time_zone) LEFT JOIN day_zones AS z USING (fleet)
), noted AS (
    INSERT INTO day_zones (fleet, time_zone) SELECT fleet, time_zone FROM wanted WHERE new OR other
    ON CONFLICT (fleet) DO UPDATE SET time_zone = excluded.time_zone
)
SELECT fleet, time_zone FROM wanted WHERE other;

-- name: zones_of_days
-- The time zone of each fleet's days.
SELECT fleet, time_zone FROM day_zones;

-- name: delete_fleet_days
-- All days of fleet $1.
DELETE FROM daily WHERE fleet = $1;

-- name: put_fleet_days
-- Sums of all trips of fleet $1 by days of the time zone $2.
INSERT INTO daily (fleet, driver_id, day, trips, distance, duration, moving_time, max_speed)
SELECT
    fleet, driver_id, (started_at AT TIME ZONE $2::text)::date, count(*), sum(distance::numeric),
    sum(duration::numeric), sum(moving_time::numeric), max(max_speed)
FROM trips WHERE fleet = $1
GROUP BY 1, 2, 3;

-- name: erase_trips
-- All trips of driver $2 of fleet $1.
DELETE FROM trips WHERE fleet = $1 AND driver_id = $2;

-- name: erase_stops
-- All stops of driver $2 of fleet $1.
DELETE FROM stops WHERE fleet = $1 AND driver_id = $2;

-- name: erase_days
-- All days of driver $2 of fleet $1.
DELETE FROM daily WHERE fleet = $1 AND driver_id = $2;

-- name: erase_checkpoints
-- All checkpoints of driver $2 of fleet $1.
DELETE FROM trip_checkpoints WHERE fleet = $1 AND driver_id = $2;
