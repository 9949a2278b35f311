-- name: start_session
-- A session of $3 seconds for user $1, through the provider where $4 is true, if the password (hash $2) that was checked
-- still holds and the user is not disabled, and the user's data. Waits for a concurrent change of the user.
WITH checked AS MATERIALIZED (
    SELECT id, fleet, username, role, groups FROM users WHERE id = $1 AND password_hash = $2 AND NOT disabled FOR SHARE
), started AS (
    INSERT INTO sessions (user_id, expires_at, provider) SELECT id, now() + make_interval(secs => $3), $4 FROM checked
    RETURNING id, expires_at, provider
)
SELECT started.id, started.expires_at, checked.id AS user_id, checked.fleet, checked.username, checked.role, checked.groups,
    started.provider
FROM started CROSS JOIN checked;

-- name: add_token
-- The refresh token with hash $1 of session $2.
INSERT INTO refresh_tokens (hash, session_id) VALUES ($1, $2);

-- name: use_token
-- Use the refresh token with hash $1, if it is unused. Of two concurrent uses the second waits, and gets no row.
UPDATE refresh_tokens SET used_at = now() WHERE hash = $1 AND used_at IS NULL RETURNING session_id;

-- name: holder
-- The user of the refresh token with hash $1, used or not, while its session lasts. "repeated": it was used longer than
-- $2 seconds ago.
SELECT
    sessions.id AS session_id, sessions.expires_at, users.id AS user_id, users.fleet, users.username, users.role,
    users.groups, sessions.provider,
    refresh_tokens.used_at < now() - make_interval(secs => $2) AS repeated
FROM refresh_tokens
JOIN sessions ON sessions.id = refresh_tokens.session_id
JOIN users ON users.id = sessions.user_id
WHERE refresh_tokens.hash = $1
    AND sessions.ended_at IS NULL AND sessions.expires_at > now() AND NOT users.disabled;

-- name: end_session
-- End session $1 for reason $2, if it has not ended.
UPDATE sessions SET ended_at = now(), ended_for = $2 WHERE id = $1 AND ended_at IS NULL RETURNING id;

-- name: session_of
-- The session of the refresh token with hash $1.
SELECT session_id FROM refresh_tokens WHERE hash = $1;

-- name: end_all
-- End all sessions of user $1 but $3 (null: all) for reason $2.
UPDATE sessions SET ended_at = now(), ended_for = $2
WHERE user_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $3::uuid;

-- name: over
-- Sessions, at most $2, that expired, or ended more than $1 seconds ago, without those that are being removed.
SELECT id FROM sessions
WHERE expires_at < now() OR ended_at < now() - make_interval(secs => $1)
LIMIT $2
FOR UPDATE SKIP LOCKED;

-- name: remove
-- Delete sessions $1 (array of ids) with their refresh tokens.
DELETE FROM sessions WHERE id = ANY ($1::uuid[]);
