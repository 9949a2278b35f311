-- name: add_token
-- Token $1 of fleet $2 with role $3 and driver $4 (null: none), until $5. Rows of tokens that expired a day ago go.
WITH expired AS (
    DELETE FROM issued_tokens WHERE expires_at < now() - interval '1 day'
)
INSERT INTO issued_tokens (id, fleet, role, driver_id, expires_at) VALUES ($1, $2, $3, $4, $5);

-- name: list_tokens
-- Tokens of fleet $1 that have not expired, oldest first.
SELECT id, role, driver_id, created_at, expires_at, revoked_at
FROM issued_tokens
WHERE fleet = $1 AND expires_at > now()
ORDER BY created_at, id;

-- name: revoke_token
-- Revoke token $2 of fleet $1; of a token that was revoked before, the time stays.
UPDATE issued_tokens
SET revoked_at = coalesce(revoked_at, now())
WHERE fleet = $1 AND id = $2 AND expires_at > now()
RETURNING id;
