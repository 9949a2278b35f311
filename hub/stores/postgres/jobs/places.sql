-- name: list_places
-- Places of fleet $1 by name and id, at most $2: those after the name $3 and id $4 ($3 null: all); with the text $5 in their
-- name, address or reference, in any case.
SELECT
    id AS place_id, reference, name, address, latitude, longitude, radius, shape, service_time, contact, notes, attributes,
    version, created_at, updated_at
FROM places
WHERE fleet = $1 AND ($3::text IS NULL OR (name, id) > ($3, $4::uuid))
    AND (
        $5 = '' OR position(lower($5) IN lower(name)) > 0 OR position(lower($5) IN lower(address)) > 0
        OR position(lower($5) IN lower(reference)) > 0
    )
ORDER BY name, id
LIMIT $2;

-- name: place
-- Place $2 of fleet $1.
SELECT
    id AS place_id, reference, name, address, latitude, longitude, radius, shape, service_time, contact, notes, attributes,
    version, created_at, updated_at
FROM places
WHERE fleet = $1 AND id = $2;

-- name: lock_places
-- The places of fleet $1 with an id of $2 or a reference of $3, locked until the end of the transaction.
SELECT
    id AS place_id, reference, name, address, latitude, longitude, radius, shape, service_time, contact, notes, attributes,
    version, created_at, updated_at
FROM places
WHERE fleet = $1 AND (id = ANY ($2::uuid[]) OR reference = ANY ($3::text[]))
ORDER BY id
FOR UPDATE;

-- name: count_places
-- How many places fleet $1 has.
SELECT count(*) FROM places WHERE fleet = $1;

-- name: references
-- Ids and references of the places of fleet $1 that have one.
SELECT id, reference FROM places WHERE fleet = $1 AND reference IS NOT NULL;

-- name: add_places
-- New places of fleet $1 from the JSON objects $2, and the time. The attributes $4 of the ids $3 are apart:
-- json_to_recordset refuses \u0000.
WITH new AS (
    INSERT INTO places (
        id, fleet, reference, name, address, latitude, longitude, radius, shape, service_time, contact, notes, attributes
    )
    SELECT id, $1, reference, name, address, latitude, longitude, radius, shape, service_time, contact, notes, attributes
    FROM json_to_recordset($2::json) AS r (
        id uuid, reference text, name text, address text, latitude float8, longitude float8, radius float8, shape json,
        service_time float8, contact json, notes text
    ) LEFT JOIN unnest($3::uuid[], $4::json[]) AS a (id, attributes) USING (id)
)
SELECT now();

-- name: change_places
-- All fields of places of fleet $1 from the JSON objects $2 and attributes $4 of the ids $3; their new versions, and the time.
UPDATE places AS p
SET
    reference = r.reference, name = r.name, address = r.address, latitude = r.latitude, longitude = r.longitude,
    radius = r.radius, shape = r.shape, service_time = r.service_time, contact = r.contact, notes = r.notes,
    attributes = a.attributes, version = p.version + 1, updated_at = now()
FROM json_to_recordset($2::json) AS r (
    id uuid, reference text, name text, address text, latitude float8, longitude float8, radius float8, shape json,
    service_time float8, contact json, notes text
) LEFT JOIN unnest($3::uuid[], $4::json[]) AS a (id, attributes) USING (id)
WHERE p.fleet = $1 AND p.id = r.id
RETURNING p.id, p.version, now();

-- name: delete_place
-- Delete place $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM places WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: service_times
-- Seconds at those of the places $2 of fleet $1 that have them.
SELECT id, service_time FROM places WHERE fleet = $1 AND id = ANY ($2::uuid[]) AND service_time IS NOT NULL;
