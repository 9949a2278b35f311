-- name: list_vehicles
-- Vehicles of fleet $1 after id $2 by id, at most $4; those whose id, name or plate has the text $3 in it, in any case.
-- Only those in one of the groups $5, where that is not null, and those in one of $6 or with one of the drivers $7.
SELECT vehicle_id, name, plate, groups, driver_id, version, created_at, updated_at
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
SELECT vehicle_id, name, plate, groups, driver_id, version, created_at, updated_at
FROM vehicles
WHERE fleet = $1 AND vehicle_id = $2;

-- name: vehicle_of_driver
-- Which vehicle of fleet $1 driver $2 drives.
SELECT vehicle_id FROM vehicles WHERE fleet = $1 AND driver_id = $2;

-- name: add_vehicle
-- A new vehicle: fleet $1, id $2, name $3, plate $4, driver $5 or null, groups $6. No row where there is one of this id.
INSERT INTO vehicles (fleet, vehicle_id, name, plate, driver_id, groups)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT vehicles_identity DO NOTHING
RETURNING vehicle_id, name, plate, groups, driver_id, version, created_at, updated_at;

-- name: change_vehicle
-- Give vehicle $2 of fleet $1 a name $4, a plate $5 and groups $8 where they are not null, and the driver $7 (or null) where $6 is
-- true, if it has version $3. Of two concurrent changes the second waits for the first, and finds another version.
UPDATE vehicles
SET
    name = coalesce($4, name), plate = coalesce($5, plate), driver_id = CASE WHEN $6 THEN $7 ELSE driver_id END,
    groups = coalesce($8::text[], groups), version = version + 1, updated_at = now()
WHERE fleet = $1 AND vehicle_id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING vehicle_id, name, plate, groups, driver_id, version, created_at, updated_at;

-- name: delete_vehicle
-- Delete vehicle $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM vehicles
WHERE fleet = $1 AND vehicle_id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING vehicle_id;
