-- name: list_fences
-- Fences of fleet $1 after id $2 by id, at most $4; those whose name or category has the text $3 in it, in any case.
SELECT
    id AS fence_id, name, shape, radius, rules, watch, colour, category, attributes, version, created_at,
    updated_at
FROM fences
WHERE fleet = $1 AND id > $2
    AND ($3 = '' OR position(lower($3) IN lower(name)) > 0 OR position(lower($3) IN lower(category)) > 0)
ORDER BY id
LIMIT $4;

-- name: fence
-- Fence $2 of fleet $1.
SELECT
    id AS fence_id, name, shape, radius, rules, watch, colour, category, attributes, version, created_at,
    updated_at
FROM fences
WHERE fleet = $1 AND id = $2;

-- name: lock_fence
-- The same, locked until the end of the transaction.
SELECT
    id AS fence_id, name, shape, radius, rules, watch, colour, category, attributes, version, created_at,
    updated_at
FROM fences
WHERE fleet = $1 AND id = $2
FOR UPDATE;

-- name: count_fences
-- How many fences fleet $1 has.
SELECT count(*) FROM fences WHERE fleet = $1;

-- name: add_fences
-- New fences of fleet $1, valid from now on, and what the recorder reads of them. Returns now.
WITH new AS (
    SELECT * FROM unnest(
        $2::uuid[], $3::text[], $4::json[], $5::float8[], $6::json[], $7::json[], $8::text[], $9::text[], $10::json[],
        $11::json[]
    ) AS n (id, name, shape, radius, rules, watch, colour, category, attributes, definition)
), fences AS (
    INSERT INTO fences (id, fleet, name, shape, radius, rules, watch, colour, category, attributes)
    SELECT id, $1, name, shape, radius, rules, watch, colour, category, attributes FROM new
), versions AS (
    INSERT INTO fence_versions (fence_id, fleet, version, valid_from, definition) SELECT id, $1, 1, now(), definition FROM new
), changes AS (
    INSERT INTO fence_changes (fleet, fence_id, since) SELECT $1, id, now() FROM new
)
SELECT now();

-- name: change_fence
-- All fields of fence $2 of fleet $1.
UPDATE fences
SET
    name = $3, shape = $4, radius = $5, rules = $6, watch = $7, colour = $8, category = $9,
    attributes = $10, version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2
RETURNING
    id AS fence_id, name, shape, radius, rules, watch, colour, category, attributes, version, created_at,
    updated_at;

-- name: delete_fence
-- Delete fence $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM fences WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: end_version
-- The valid version of fence $1 ends now.
UPDATE fence_versions SET valid_until = now() WHERE fence_id = $1 AND valid_until IS NULL;

-- name: add_version
-- Version $3 of fence $1 of fleet $2 is valid from now on.
INSERT INTO fence_versions (fence_id, fleet, version, valid_from, definition) VALUES ($1, $2, $3, now(), $4);

-- name: note_change
-- Tell the recorder that fence $2 of fleet $1 has changed since $3, or now.
INSERT INTO fence_changes (fleet, fence_id, since) VALUES ($1, $2, coalesce($3::timestamptz, now()));

-- name: valid_since
-- When the first version of fence $2 of fleet $1 begins; no row for an unknown fence.
SELECT min(valid_from) FROM fence_versions AS v JOIN fences AS f ON f.id = v.fence_id
WHERE f.fleet = $1 AND f.id = $2
GROUP BY f.id;

-- name: open_earlier
-- The first version of fence $1 begins at $2.
UPDATE fence_versions SET valid_from = $2
WHERE fence_id = $1 AND valid_from = (SELECT min(valid_from) FROM fence_versions WHERE fence_id = $1);
