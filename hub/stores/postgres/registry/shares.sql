-- name: list_shares
-- Shares of fleet $1 that have not expired, oldest first after $2, $3 (created_at, id), at most $4.
SELECT id, kind, driver_id, radius, most, label, created_at, expires_at
FROM shares
WHERE fleet = $1 AND (created_at, id) > ($2, $3) AND expires_at > now()
ORDER BY created_at, id
LIMIT $4;

-- name: add_share
-- A share by its hash $3 of driver $2 of fleet $1, labelled $4, until $5, if the fleet has fewer than $6; two at once may
-- both be the last. Without a driver: of at most $8 cars within $7 metres, with the key $9. The fleet's expired ones go.
WITH expired AS (
    DELETE FROM shares WHERE fleet = $1 AND expires_at <= now()
)
INSERT INTO shares (fleet, driver_id, hash, label, expires_at, kind, radius, most, secret)
SELECT $1, $2, $3, $4, $5, CASE WHEN $2::text IS NULL THEN 'nearby' ELSE 'driver' END, $7, $8, $9
WHERE (SELECT count(*) FROM shares WHERE fleet = $1 AND expires_at > now()) < $6
RETURNING id, kind, driver_id, radius, most, label, created_at, expires_at;

-- name: delete_share
-- Delete share $2 of fleet $1.
DELETE FROM shares WHERE fleet = $1 AND id = $2 RETURNING id;

-- name: shared
-- What the share with hash $1 shows: no row for a disabled driver, until it is enabled again.
SELECT fleet, driver_id, radius, most, secret, label, expires_at
FROM shares
WHERE hash = $1 AND expires_at > now()
    AND NOT EXISTS (
        SELECT FROM drivers
        WHERE drivers.fleet = shares.fleet AND drivers.driver_id = shares.driver_id AND drivers.disabled
    );
