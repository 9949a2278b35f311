-- name: list_keys
-- API keys of fleet $1 after $2, $3 (created_at, id), oldest first, at most $4.
SELECT id, name, role, prefix, created_at, last_used_at, expires_at
FROM api_keys
WHERE fleet = $1 AND (created_at, id) > ($2, $3)
ORDER BY created_at, id
LIMIT $4;

-- name: add_key
-- An API key by its hash $2 and prefix $3, for fleet $1 with role $4, named $5, until $6 (null: for ever), if the fleet
-- has fewer than $7; two at once may both be the last.
INSERT INTO api_keys (fleet, hash, prefix, role, name, expires_at)
SELECT $1, $2, $3, $4, $5, $6
WHERE (SELECT count(*) FROM api_keys WHERE fleet = $1) < $7
RETURNING id, name, role, prefix, created_at, last_used_at, expires_at;

-- name: key_named
-- Ids of the API keys of fleet $1 with the name or id $2 or the prefix $3.
SELECT id FROM api_keys WHERE fleet = $1 AND (name = $2 OR id::text = $2 OR prefix = $3) ORDER BY created_at, id;

-- name: delete_key
-- Delete API key $2 of fleet $1.
DELETE FROM api_keys WHERE fleet = $1 AND id = $2 RETURNING id;

-- name: used
-- Note that API keys $1 (array of ids) were used at $2 (array of instants), unless a later use is noted.
UPDATE api_keys
SET last_used_at = noted.used_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS noted (id, used_at)
WHERE api_keys.id = noted.id AND noted.used_at > coalesce(api_keys.last_used_at, '-infinity');
