-- name: known
-- Whether fleet $1 has a position of driver $2.
SELECT EXISTS (SELECT FROM positions WHERE fleet = $1 AND driver_id = $2);

-- name: track
-- Positions of one driver ($1 fleet, $2 driver) from $3 to before $4 in time order, at most $5; of those at $3 the ones
-- after the place $6, $7 (latitude, longitude in e7). The comparison of recorded_at alone says the same as part of the
-- row comparison, which by itself would not exclude the older partitions.
SELECT
    driver_id, latitude_e7 / 1e7::double precision AS latitude, longitude_e7 / 1e7::double precision AS longitude,
    recorded_at, received_at, speed, heading, accuracy, altitude, battery, attributes
FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at >= $3 AND recorded_at < $4
    AND (recorded_at, latitude_e7, longitude_e7) > ($3, $6::integer, $7::integer)
ORDER BY recorded_at, latitude_e7, longitude_e7
LIMIT $5;

-- name: positions_inside
-- Positions of fleet $1 inside a box, as in who_was_inside, from $6 to before $7, in order of time, driver and place; of
-- those at $6 the ones after driver $8 at the place $9, $10 (latitude, longitude in e7). At most $11. Only
-- the drivers $12, where that is not null.
SELECT
    driver_id, latitude_e7 / 1e7::double precision AS latitude, longitude_e7 / 1e7::double precision AS longitude,
    recorded_at, received_at, speed, heading, accuracy, altitude, battery, attributes
FROM positions
WHERE fleet = $1 AND recorded_at >= $6 AND recorded_at < $7
    AND (recorded_at, driver_id, latitude_e7, longitude_e7) > ($6, $8::text, $9::integer, $10::integer)
    AND (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000) = ANY (ARRAY(
        SELECT y * 18000 + x
        FROM generate_series($3::integer / 200000, $5::integer / 200000) AS y, (
            SELECT generate_series($2::integer / 200000, CASE WHEN $2 > $4 THEN 9000 ELSE $4::integer / 200000 END)
            UNION ALL SELECT generate_series(-9000, $4 / 200000) WHERE $2 > $4
        ) AS columns (x)
    ))
    AND latitude_e7 BETWEEN $3 AND $5
    AND (longitude_e7 BETWEEN $2 AND $4 OR $2 > $4 AND (longitude_e7 >= $2 OR longitude_e7 <= $4))
    AND ($12::text[] IS NULL OR driver_id = ANY ($12))
ORDER BY recorded_at, driver_id, latitude_e7, longitude_e7
LIMIT $11;

-- name: who_was_inside
-- Drivers of fleet $1 that were inside a box (west $2, south $3, east $4, north $5, in e7; west > east crosses the
-- antimeridian) from $6 to before $7: first and last time, and how many positions. The tiles that the box touches lead
-- to the candidates through the index positions_tile, whose expression this repeats. Only the drivers $8, where that is not
-- null.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at, count(*) AS positions
FROM positions
WHERE fleet = $1 AND recorded_at >= $6 AND recorded_at < $7
    AND (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000) = ANY (ARRAY(
        SELECT y * 18000 + x
        FROM generate_series($3::integer / 200000, $5::integer / 200000) AS y, (
            SELECT generate_series($2::integer / 200000, CASE WHEN $2 > $4 THEN 9000 ELSE $4::integer / 200000 END)
            UNION ALL SELECT generate_series(-9000, $4 / 200000) WHERE $2 > $4
        ) AS columns (x)
    ))
    AND latitude_e7 BETWEEN $3 AND $5
    AND (longitude_e7 BETWEEN $2 AND $4 OR $2 > $4 AND (longitude_e7 >= $2 OR longitude_e7 <= $4))
    AND ($8::text[] IS NULL OR driver_id = ANY ($8))
GROUP BY driver_id
ORDER BY first_at, driver_id;

-- name: who_was_inside_wide
-- The same for a box of very many tiles: through the index of tracks, which holds the coordinates too.
SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at, count(*) AS positions
FROM positions
WHERE fleet = $1 AND recorded_at >= $6 AND recorded_at < $7
    AND latitude_e7 BETWEEN $3 AND $5
    AND (longitude_e7 BETWEEN $2 AND $4 OR $2 > $4 AND (longitude_e7 >= $2 OR longitude_e7 <= $4))
    AND ($8::text[] IS NULL OR driver_id = ANY ($8))
GROUP BY driver_id
ORDER BY first_at, driver_id;

-- name: inside_in_pieces
-- The rows of one of the two statements above, which replaces "$who_was_inside", as JSON in pieces of 500 drivers:
-- PostgreSQL writes the text in its own process, the hub's loop only forwards it. The text equals
-- what msgspec writes.
SELECT convert_to(string_agg(driver, ',' ORDER BY number), 'UTF8')
FROM (
    SELECT
        row_number() OVER (ORDER BY first_at, driver_id) AS number,
        '{"driverId":' || to_json(driver_id)
        || ',"firstAt":"' || replace(
            to_char(first_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000', ''
        )
        || '","lastAt":"' || replace(
            to_char(last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '.000000', ''
        )
        || '","positions":' || positions || '}' AS driver
    FROM ($who_was_inside) AS inside
) AS drivers
GROUP BY (number - 1) / 500
ORDER BY (number - 1) / 500;

-- name: trips
-- Trips of fleet $1 and driver $2 that began from $3 to before $4, in time order, at most $5.
SELECT
    id AS trip_id, driver_id, started_at, counted_to, latitude, longitude, distance, duration, moving_time,
    duration - moving_time AS idle_time, distance / duration AS average_speed, max_speed, points, gap_distance,
    ended_at, end_latitude, end_longitude
FROM trips
WHERE fleet = $1 AND driver_id = $2 AND started_at >= $3 AND started_at < $4
ORDER BY started_at
LIMIT $5;

-- name: fleet_trips
-- Trips of fleet $1 (of all drivers, or $4) that began from $2 to before $3, by time and driver, at most $6; of those at
-- $2 only drivers after $5. Only the drivers $7, where that is not null.
SELECT
    id AS trip_id, driver_id, started_at, counted_to, latitude, longitude, distance, duration, moving_time,
    duration - moving_time AS idle_time, distance / duration AS average_speed, max_speed, points, gap_distance,
    ended_at, end_latitude, end_longitude
FROM trips
WHERE fleet = $1 AND started_at >= $2 AND started_at < $3 AND ($4::text IS NULL OR driver_id = $4)
    AND (started_at, driver_id) > ($2, $5::text) AND ($7::text[] IS NULL OR driver_id = ANY ($7))
ORDER BY started_at, driver_id
LIMIT $6;

-- name: fleet_stops
-- Stops, in the same way.
SELECT driver_id, started_at, latitude, longitude, ended_at, duration
FROM stops
WHERE fleet = $1 AND started_at >= $2 AND started_at < $3 AND ($4::text IS NULL OR driver_id = $4)
    AND (started_at, driver_id) > ($2, $5::text) AND ($7::text[] IS NULL OR driver_id = ANY ($7))
ORDER BY started_at, driver_id
LIMIT $6;

-- name: trip
-- The trip $2 of fleet $1.
SELECT
    id AS trip_id, driver_id, started_at, counted_to, latitude, longitude, distance, duration, moving_time,
    duration - moving_time AS idle_time, distance / duration AS average_speed, max_speed, points, gap_distance,
    ended_at, end_latitude, end_longitude, path
FROM trips
WHERE id = $2 AND fleet = $1;

-- name: days
-- Sums of drivers of fleet $1 (all, or $4) from day $2 to before day $3; on day $2 only drivers after $5. At most $6.
-- Only the drivers $7, where that is not null.
SELECT driver_id, day, trips, distance, duration, moving_time, average_speed, max_speed
FROM daily
WHERE fleet = $1 AND day >= $2 AND day < $3 AND ($4::text IS NULL OR driver_id = $4)
    AND (day, driver_id) > ($2, $5::text) AND ($7::text[] IS NULL OR driver_id = ANY ($7))
ORDER BY day, driver_id
LIMIT $6;

-- name: fleet_days
-- Sums of fleet $1 from day $2 to before day $3, at most $4.
SELECT day, drivers, trips, distance, duration, moving_time, average_speed, max_speed
FROM daily_fleet
WHERE fleet = $1 AND day >= $2 AND day < $3
ORDER BY day
LIMIT $4;

-- name: day_zone
-- The time zone of the days of fleet $1.
SELECT time_zone FROM day_zones WHERE fleet = $1;

-- name: days_in_zone
-- The same as days, from the trips, for the days of the time zone $7, and the drivers $8.
SELECT
    driver_id, (started_at AT TIME ZONE $7)::date AS day, count(*) AS trips,
    sum(distance::numeric)::double precision AS distance, sum(duration::numeric)::double precision AS duration,
    sum(moving_time::numeric)::double precision AS moving_time,
    (sum(distance::numeric) / sum(duration::numeric))::double precision AS average_speed, max(max_speed) AS max_speed
FROM trips
WHERE fleet = $1 AND started_at >= $2::date::timestamp AT TIME ZONE $7::text
    AND started_at < $3::date::timestamp AT TIME ZONE $7 AND ($4::text IS NULL OR driver_id = $4)
    AND ($8::text[] IS NULL OR driver_id = ANY ($8))
GROUP BY driver_id, (started_at AT TIME ZONE $7)::date
HAVING ((started_at AT TIME ZONE $7)::date, driver_id) > ($2, $5::text)
ORDER BY day, driver_id
LIMIT $6;

-- name: fleet_days_in_zone
-- The same as fleet_days, from the trips, for the days of the time zone $5; of the drivers $6, where that is not
-- null.
SELECT
    (started_at AT TIME ZONE $5)::date AS day, count(DISTINCT driver_id) AS drivers, count(*) AS trips,
    sum(distance::numeric)::double precision AS distance, sum(duration::numeric)::double precision AS duration,
    sum(moving_time::numeric)::double precision AS moving_time,
    (sum(distance::numeric) / sum(duration::numeric))::double precision AS average_speed, max(max_speed) AS max_speed
FROM trips
WHERE fleet = $1 AND started_at >= $2::date::timestamp AT TIME ZONE $5::text
    AND started_at < $3::date::timestamp AT TIME ZONE $5 AND ($6::text[] IS NULL OR driver_id = ANY ($6))
GROUP BY day
ORDER BY day
LIMIT $4;
