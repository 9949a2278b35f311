-- name: list_vehicles
-- Vehicles of fleet $1 after id $2 by id, at most $4; those whose id, name or plate has the text $3 in it, in any case.
-- Only those in one of the groups $5, where that is not null, and those in one of $6 or with one of the drivers $7.
SELECT vehicle_id, name, plate, type, groups, driver_id, assigned_at, version, created_at, updated_at
FROM vehicles
WHERE fleet = $1 AND vehicle_id > $2
    AND (
        $3 = '' OR position(lower($3) IN lower(vehicle_id)) > 0 OR position(lower($3) IN lower(name)) > 0
        OR position(lower($3) IN lower(plate)) > 0
    )
    AND ($5::text[] IS NULL OR groups && $5) AND ($6::text[] IS NULL OR groups && $6 OR driver_id = ANY ($7::text[]))
ORDER BY vehicle_id
LIMIT $4;

-- name: vehicle
-- Vehicle $2 of fleet $1.
SELECT vehicle_id, name, plate, type, groups, driver_id, assigned_at, version, created_at, updated_at
FROM vehicles
WHERE fleet = $1 AND vehicle_id = $2;

-- name: vehicle_of_driver
-- Which vehicle of fleet $1 driver $2 drives.
SELECT vehicle_id FROM vehicles WHERE fleet = $1 AND driver_id = $2;

-- name: add_vehicle
-- A new vehicle: fleet $1, id $2, name $3, plate $4, type $5, driver $6 or null, since $7 or now, groups $8. No row where
-- there is one of this id.
INSERT INTO vehicles (fleet, vehicle_id, name, plate, type, driver_id, assigned_at, groups)
VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, now()), $8)
ON CONFLICT ON CONSTRAINT vehicles_identity DO NOTHING
RETURNING vehicle_id, name, plate, type, groups, driver_id, assigned_at, version, created_at, updated_at;

-- name: change_vehicle
-- Give vehicle $2 of fleet $1 a name $4, a plate $5, a type $6 and groups $10 where they are not null, and the driver $8
-- (or null) where $7 is true, since $9 or now, if it has version $3. Of two concurrent changes the second waits for the
-- first, and finds another version.
UPDATE vehicles
SET
    name = coalesce($4, name), plate = coalesce($5, plate), type = coalesce($6, type),
    driver_id = CASE WHEN $7 THEN $8 ELSE driver_id END, assigned_at = coalesce($9, assigned_at),
    groups = coalesce($10::text[], groups), version = version + 1, updated_at = now()
WHERE fleet = $1 AND vehicle_id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING vehicle_id, name, plate, type, groups, driver_id, assigned_at, version, created_at, updated_at;

-- name: delete_vehicle
-- Delete vehicle $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM vehicles
WHERE fleet = $1 AND vehicle_id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING vehicle_id;

-- name: lock_vehicle
-- Lock vehicle $2 of fleet $1 against concurrent changes, and return its driver and since when, and when its last
-- assignment before that ended.
SELECT driver_id, assigned_at, (
    SELECT max(until) FROM vehicle_assignments AS a WHERE a.fleet = v.fleet AND a.vehicle_id = v.vehicle_id
) AS ended_at
FROM vehicles AS v WHERE fleet = $1 AND vehicle_id = $2 FOR NO KEY UPDATE;

-- name: last_assignment
-- When the last assignment of vehicle $2 of fleet $1 ended; null where none did.
SELECT max(until) FROM vehicle_assignments WHERE fleet = $1 AND vehicle_id = $2;
