-- name: profile
-- Notes of driver $2 of fleet $1, their version, and what is known of its photo; no row for a driver that is not
-- registered.
SELECT d.driver_id, coalesce(p.notes, ''), coalesce(p.version, 0), p.updated_at,
    octet_length(p.photo), p.photo_width, p.photo_height, p.photo_at
FROM drivers AS d LEFT JOIN driver_profiles AS p USING (fleet, driver_id)
WHERE d.fleet = $1 AND d.driver_id = $2;

-- name: put_notes
-- Set the notes $4, where they are not null, of the registered driver $2 of fleet $1, if they have version $3 (0: never written) or that is null. Of
-- two concurrent changes the second waits for the first, and finds another version.
INSERT INTO driver_profiles AS p (fleet, driver_id, notes, version, updated_at)
SELECT $1, $2, coalesce($4, ''), 1, now()
WHERE $3::bigint IS NULL OR $3 = 0 OR EXISTS (SELECT FROM driver_profiles WHERE fleet = $1 AND driver_id = $2)
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    notes = coalesce($4, p.notes), version = p.version + 1, updated_at = now()
WHERE $3::bigint IS NULL OR p.version = $3
RETURNING driver_id;

-- name: put_photo
-- Set the photo $3 of the registered driver $2 of fleet $1, which has $4 by $5 pixels.
INSERT INTO driver_profiles (fleet, driver_id, photo, photo_width, photo_height, photo_at)
VALUES ($1, $2, $3, $4, $5, now())
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    photo = excluded.photo, photo_width = excluded.photo_width, photo_height = excluded.photo_height,
    photo_at = excluded.photo_at;

-- name: delete_photo
-- Delete the photo of driver $2 of fleet $1; no row where it has none.
UPDATE driver_profiles SET photo = NULL, photo_width = NULL, photo_height = NULL, photo_at = NULL
WHERE fleet = $1 AND driver_id = $2 AND photo IS NOT NULL
RETURNING driver_id;

-- name: photo
-- The photo of driver $2 of fleet $1; no row where it has none.
SELECT photo FROM driver_profiles WHERE fleet = $1 AND driver_id = $2 AND photo IS NOT NULL;
