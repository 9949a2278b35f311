-- name: assignments
-- Assignments of vehicle $2 of fleet $1 that are not over before $3 and begin before $4, in order of time, at most $6;
-- those that begin after $5. Only those of the drivers $7, where that is not null.
SELECT driver_id, since, until
FROM vehicle_assignments
WHERE fleet = $1 AND vehicle_id = $2 AND (until IS NULL OR until > $3) AND since < $4 AND since > $5
    AND until IS DISTINCT FROM since AND ($7::text[] IS NULL OR driver_id = ANY ($7))
ORDER BY since
LIMIT $6;

-- name: assigned
-- Whether vehicle $2 of fleet $1 is registered, or ever had a driver; where they are not null, in one of the groups $4, or
-- with one of the drivers $3.
SELECT EXISTS (
    SELECT FROM vehicles
    WHERE fleet = $1 AND vehicle_id = $2
        AND ($3::text[] IS NULL OR groups && $4::text[] OR driver_id = ANY ($3))
) OR EXISTS (
    SELECT FROM vehicle_assignments
    WHERE fleet = $1 AND vehicle_id = $2 AND ($3::text[] IS NULL OR driver_id = ANY ($3))
);

-- name: all_vehicles
-- All vehicles of all fleets.
SELECT fleet, vehicle_id, name, plate, type, driver_id, assigned_at, version, groups FROM vehicles;

-- name: all_assignments
-- Assignments of all registered vehicles that are not over before $1, in order of time.
SELECT a.fleet, a.vehicle_id, a.driver_id, a.since, a.until
FROM vehicle_assignments AS a JOIN vehicles USING (fleet, vehicle_id)
WHERE a.until IS NULL OR a.until > $1
ORDER BY a.since, a.id;

-- name: some_vehicles
-- The vehicles with the ids $2 of the fleets $1.
SELECT fleet, vehicle_id, name, plate, type, driver_id, assigned_at, version, groups
FROM vehicles JOIN unnest($1::text[], $2::text[]) AS w (fleet, vehicle_id) USING (fleet, vehicle_id);

-- name: some_assignments
-- Assignments of the vehicles with the ids $2 of the fleets $1 that are not over before $3, in order of time.
SELECT a.fleet, a.vehicle_id, a.driver_id, a.since, a.until
FROM vehicle_assignments AS a JOIN unnest($1::text[], $2::text[]) AS w (fleet, vehicle_id) USING (fleet, vehicle_id)
WHERE a.until IS NULL OR a.until > $3
ORDER BY a.since, a.id;
