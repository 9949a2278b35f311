-- name: due
-- Fleets with an ended trip that began after $1 and no model of $2 or later. The fleets are found by steps in the index:
-- to read all trips takes long, and this is asked each minute.
WITH RECURSIVE fleets AS (
    (SELECT fleet FROM trips ORDER BY fleet LIMIT 1)
    UNION ALL
    SELECT (SELECT t.fleet FROM trips AS t WHERE t.fleet > f.fleet ORDER BY t.fleet LIMIT 1)
    FROM fleets AS f WHERE f.fleet IS NOT NULL
)
SELECT fleet FROM fleets AS f
WHERE EXISTS (SELECT FROM trips AS t WHERE t.fleet = f.fleet AND t.started_at >= $1 AND t.ended_at IS NOT NULL)
    AND NOT EXISTS (SELECT FROM eta_models AS m WHERE m.fleet = f.fleet AND m.computed_at >= $2)
ORDER BY fleet;

-- name: trips
-- The newest $3 ended trips of fleet $1 that began after $2, in the order of their ends, with the type of the vehicle.
SELECT * FROM (
    SELECT
        t.driver_id, t.started_at, t.ended_at,
        coalesce((
            SELECT v.type FROM vehicle_assignments AS a
            JOIN vehicles AS v ON v.fleet = a.fleet AND v.vehicle_id = a.vehicle_id
            WHERE a.fleet = t.fleet AND a.driver_id = t.driver_id
                AND a.since <= t.started_at AND (a.until IS NULL OR a.until > t.started_at)
            ORDER BY a.since DESC LIMIT 1
        ), '') AS vehicle_type
    FROM trips AS t
    WHERE t.fleet = $1 AND t.started_at >= $2 AND t.ended_at IS NOT NULL
    ORDER BY t.started_at DESC LIMIT $3
) AS newest
ORDER BY ended_at, driver_id;

-- name: places
-- Where driver $2 of fleet $1 was from $3 to $4, once in $5: instants in microseconds, degrees.
SELECT DISTINCT ON (date_bin($5, recorded_at, $3))
    (extract(epoch FROM recorded_at) * 1000000)::bigint, latitude_e7 / 1e7::float8, longitude_e7 / 1e7::float8
FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at BETWEEN $3 AND $4
ORDER BY date_bin($5, recorded_at, $3), recorded_at;

-- name: delete
-- Forget the models of fleet $1.
DELETE FROM eta_models WHERE fleet = $1;

-- name: put
-- Keep a model of fleet $1.
INSERT INTO eta_models (fleet, vehicle_type, computed_at, model) VALUES ($1, $2, $3, $4);

-- name: models
-- The models of fleet $1.
SELECT vehicle_type, model FROM eta_models WHERE fleet = $1;

-- name: model
-- The model of all vehicles of fleet $1.
SELECT model FROM eta_models WHERE fleet = $1 AND vehicle_type = '';

-- name: vehicle_type
-- The type of the vehicle that driver $2 of fleet $1 has.
SELECT type FROM vehicles WHERE fleet = $1 AND driver_id = $2;
