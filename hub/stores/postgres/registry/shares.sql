-- name: list_shares
-- Shares of fleet $1 that have not expired, oldest first after $2, $3 (created_at, id), at most $4. Only those of
-- the drivers $5 and the groups $6, where $5 is not null.
SELECT id, kind, driver_id, driver_ids, group_name, names, radius, most, label, created_at, expires_at
FROM shares
WHERE fleet = $1 AND (created_at, id) > ($2, $3) AND expires_at > now()
    AND ($5::text[] IS NULL OR driver_id = ANY ($5) OR driver_ids <@ $5 OR group_name = ANY ($6::text[]))
ORDER BY created_at, id
LIMIT $4;

-- name: add_share
-- A share of fleet $1 by its hash $2, labelled $3, until $4, if the fleet has fewer than $5; two at once may both be the
-- last. Of kind $6: driver $7, drivers $8, group $9, both with names if $10, or at most $12 cars within $11 metres; the
-- last three with the key $13. The fleet's expired ones go.
WITH expired AS (
    DELETE FROM shares WHERE fleet = $1 AND expires_at <= now()
)
INSERT INTO shares (
    fleet, hash, label, expires_at, kind, driver_id, driver_ids, group_name, names, radius, most, secret
)
SELECT $1, $2, $3, $4, $6, $7, $8, $9, $10, $11, $12, $13
WHERE (SELECT count(*) FROM shares WHERE fleet = $1 AND expires_at > now()) < $5
RETURNING id, kind, driver_id, driver_ids, group_name, names, radius, most, label, created_at, expires_at;

-- name: delete_share
-- Delete share $2 of fleet $1, if it is of the drivers $3 or the groups $4, or $3 is null.
DELETE FROM shares
WHERE fleet = $1 AND id = $2
    AND ($3::text[] IS NULL OR driver_id = ANY ($3) OR driver_ids <@ $3 OR group_name = ANY ($4::text[]))
RETURNING id;

-- name: shared
-- What the share with hash $1 shows: no row for a disabled driver, until it is enabled again.
SELECT fleet, kind, driver_id, driver_ids, group_name, names, radius, most, secret, label, expires_at
FROM shares
WHERE hash = $1 AND expires_at > now()
    AND NOT EXISTS (
        SELECT FROM drivers
        WHERE drivers.fleet = shares.fleet AND drivers.driver_id = shares.driver_id AND drivers.disabled
    );
