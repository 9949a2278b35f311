-- name: names
-- Names of the drivers $2 of fleet $1 that are registered with one.
SELECT driver_id, name FROM drivers WHERE fleet = $1 AND driver_id = ANY ($2::text[]) AND name <> '';

-- name: events
-- Alerts of fleet $1 that happened from $2 to before $3, in order of time and number, at most $4; of those at $2 the ones
-- after number $5. Only the drivers $6, where that is not null.
SELECT id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number
FROM alerts
WHERE fleet = $1 AND at >= $2 AND at < $3 AND (at, number) > ($2, $5::bigint)
    AND ($6::text[] IS NULL OR driver_id = ANY ($6))
ORDER BY at, number
LIMIT $4;

-- name: mileage
-- Sums of each driver of fleet $1 over the trips that began from $2 to before $3, in order of the driver, at most $4, after
-- driver $5. Days are those of the time zone $7. Only the drivers $6, where that is not null.
SELECT
    driver_id, count(DISTINCT (started_at AT TIME ZONE $7::text)::date) AS days, count(*) AS trips,
    sum(distance::numeric)::double precision AS distance, sum(gap_distance::numeric)::double precision AS gap_distance,
    sum(duration::numeric)::double precision AS duration, sum(moving_time::numeric)::double precision AS moving_time,
    (sum(distance::numeric) / sum(duration::numeric))::double precision AS average_speed, max(max_speed) AS max_speed
FROM trips
WHERE fleet = $1 AND started_at >= $2 AND started_at < $3 AND driver_id > $5::text
    AND ($6::text[] IS NULL OR driver_id = ANY ($6))
GROUP BY driver_id
ORDER BY driver_id
LIMIT $4;

-- name: fast_trips
-- Trips of fleet $1 that began from $2 to before $3 with a top speed above $7, in order of time and driver, at most $4; of
-- those at $2 the ones of drivers from $5 on. Only the drivers $6, where that is not null. Top speeds are rounded to
-- hundredths.
SELECT driver_id, started_at AS since, counted_to AS until, max_speed, $7::double precision AS speed_limit,
    '00000000-0000-0000-0000-000000000000'::uuid AS fence_id, NULL AS fence_name
FROM trips
WHERE fleet = $1 AND started_at >= $2 AND started_at < $3 AND (started_at, driver_id) >= ($2, $5::text)
    AND max_speed + 0.005 > $7 AND ($6::text[] IS NULL OR driver_id = ANY ($6))
ORDER BY started_at, driver_id
LIMIT $4;

-- name: fast_visits
-- The same for visits of fences with a speed limit, of their version at that time, with a top speed above it; of those at
-- $2 the ones of drivers and fences from $5, $7 on.
SELECT v.driver_id, v.entered_at AS since, coalesce(v.exited_at, v.last_inside_at) AS until, v.max_speed,
    (f.definition -> 'rules' ->> 'speedLimit')::double precision AS speed_limit, v.fence_id,
    f.definition ->> 'name' AS fence_name
FROM visits AS v JOIN fence_versions AS f ON f.fence_id = v.fence_id AND f.version = v.fence_version
WHERE v.fleet = $1 AND v.entered_at >= $2 AND v.entered_at < $3
    AND (v.entered_at, v.driver_id, v.fence_id) >= ($2, $5::text, $7::uuid)
    AND v.max_speed + 0.005 > (f.definition -> 'rules' ->> 'speedLimit')::double precision
    AND ($6::text[] IS NULL OR v.driver_id = ANY ($6))
ORDER BY v.entered_at, v.driver_id, v.fence_id
LIMIT $4;

-- name: stretches
-- Stretches of driver $2 of fleet $1 above the speed $5, from $3 to $4 (included), in order of time. Reported speeds above
-- $6 are implausible. Two stretches less than 15 s apart are one; more than 300 s without a position end a stretch. Only
-- those of at least $7 seconds.
SELECT
    min(recorded_at) AS started_at, max(recorded_at) AS ended_at,
    extract(epoch FROM max(recorded_at) - min(recorded_at))::double precision AS duration, max(speed) AS max_speed,
    avg(speed) AS average_speed, count(*) AS points,
    (array_agg(latitude_e7 ORDER BY number))[1] / 1e7::double precision AS latitude,
    (array_agg(longitude_e7 ORDER BY number))[1] / 1e7::double precision AS longitude
FROM (
    SELECT *, count(*) FILTER (WHERE begins) OVER (ORDER BY number) AS stretch
    FROM (
        SELECT *, coalesce(
            number - lag(number) OVER in_order > 1 AND recorded_at - lag(recorded_at) OVER in_order >= interval '15 s'
            OR recorded_at - lag(recorded_at) OVER in_order > interval '300 s', true
        ) AS begins
        FROM (
            SELECT recorded_at, speed, latitude_e7, longitude_e7,
                row_number() OVER (ORDER BY recorded_at, latitude_e7, longitude_e7) AS number
            FROM positions
            WHERE fleet = $1 AND driver_id = $2 AND recorded_at >= $3 AND recorded_at <= $4
                AND speed <= $6::double precision + 0.005
        ) AS measured
        WHERE speed > $5::double precision
        WINDOW in_order AS (ORDER BY number)
    ) AS above
) AS numbered
GROUP BY stretch
HAVING extract(epoch FROM max(recorded_at) - min(recorded_at)) >= $7::double precision
ORDER BY started_at;
