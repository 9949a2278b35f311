-- name: drivers
-- Drivers that may not report.
SELECT fleet, driver_id FROM drivers WHERE disabled;

-- name: users
-- All users: a user without a row was deleted.
SELECT id::text, disabled FROM users;

-- name: limits
-- The groups that users are limited to, null for the whole fleet.
SELECT id::text, groups FROM users;

-- name: sessions
-- Sessions that were ended within the last $1 seconds; access tokens of older ones have expired.
SELECT id::text FROM sessions WHERE ended_at > now() - make_interval(secs => $1);

-- name: phone_tokens
-- All phone tokens.
SELECT hash, fleet, driver_id, id::text FROM phone_tokens;

-- name: api_keys
-- All API keys.
SELECT hash, fleet, role, id::text, extract(epoch FROM expires_at)::double precision FROM api_keys;

-- name: revoked_tokens
-- Revoked tokens of `hub token` that expire later than $1 seconds ago.
SELECT id::text FROM issued_tokens WHERE revoked_at IS NOT NULL AND expires_at > now() - make_interval(secs => $1);
