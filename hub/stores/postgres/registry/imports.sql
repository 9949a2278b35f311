-- name: drivers
-- Enter the drivers $2 (JSON objects) of fleet $1, or change those that exist: the fields $3 only. Returns those that are new
-- or different now.
INSERT INTO drivers AS held (fleet, driver_id, name, phone, groups)
SELECT $1, g.driver_id, g.name, g.phone, g.groups
FROM jsonb_to_recordset($2::jsonb) AS g (driver_id text, name text, phone text, groups text[])
ORDER BY g.driver_id
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    name = CASE WHEN 'name' = ANY ($3::text[]) THEN excluded.name ELSE held.name END,
    phone = CASE WHEN 'phone' = ANY ($3::text[]) THEN excluded.phone ELSE held.phone END,
    groups = CASE WHEN 'groups' = ANY ($3::text[]) THEN excluded.groups ELSE held.groups END,
    version = held.version + 1, updated_at = now()
WHERE ('name' = ANY ($3::text[]) AND held.name <> excluded.name)
    OR ('phone' = ANY ($3::text[]) AND held.phone <> excluded.phone)
    OR ('groups' = ANY ($3::text[]) AND held.groups <> excluded.groups)
RETURNING driver_id, version, xmax = 0 AS created;

-- name: vehicles
-- The same of vehicles. A changed driver drives the vehicle from now on.
INSERT INTO vehicles AS held (fleet, vehicle_id, name, plate, type, groups, driver_id, assigned_at)
SELECT $1, g.vehicle_id, g.name, g.plate, g.type, g.groups, g.driver_id, now()
FROM jsonb_to_recordset($2::jsonb)
    AS g (vehicle_id text, name text, plate text, type text, groups text[], driver_id text)
ORDER BY g.vehicle_id
ON CONFLICT ON CONSTRAINT vehicles_identity DO UPDATE SET
    name = CASE WHEN 'name' = ANY ($3::text[]) THEN excluded.name ELSE held.name END,
    plate = CASE WHEN 'plate' = ANY ($3::text[]) THEN excluded.plate ELSE held.plate END,
    type = CASE WHEN 'type' = ANY ($3::text[]) THEN excluded.type ELSE held.type END,
    groups = CASE WHEN 'groups' = ANY ($3::text[]) THEN excluded.groups ELSE held.groups END,
    driver_id = CASE WHEN 'driverId' = ANY ($3::text[]) THEN excluded.driver_id ELSE held.driver_id END,
    version = held.version + 1, updated_at = now()
WHERE ('name' = ANY ($3::text[]) AND held.name <> excluded.name)
    OR ('plate' = ANY ($3::text[]) AND held.plate <> excluded.plate)
    OR ('type' = ANY ($3::text[]) AND held.type <> excluded.type)
    OR ('groups' = ANY ($3::text[]) AND held.groups <> excluded.groups)
    OR ('driverId' = ANY ($3::text[]) AND held.driver_id IS DISTINCT FROM excluded.driver_id)
RETURNING vehicle_id, version, xmax = 0 AS created;

-- name: assignable
-- Of the ids $2, those of registered drivers of fleet $1, each with the vehicle it drives or null.
SELECT d.driver_id, v.vehicle_id
FROM drivers AS d LEFT JOIN vehicles AS v ON v.fleet = d.fleet AND v.driver_id = d.driver_id
WHERE d.fleet = $1 AND d.driver_id = ANY ($2::text[]);
