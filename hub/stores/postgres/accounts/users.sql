-- name: list_users
-- Users of fleet $1 after name $2 by name, at most $3.
SELECT id AS user_id, username, role, groups, disabled, password_once, users.totp, users.connected,
    version, created_at, updated_at
FROM users
WHERE fleet = $1 AND username > $2
ORDER BY username
LIMIT $3;

-- name: list_all_users
-- Users of all fleets by fleet and name.
SELECT fleet, username, role, disabled, password_once FROM users ORDER BY fleet, username;

-- name: user
-- User $2 of fleet $1.
SELECT id AS user_id, username, role, groups, disabled, password_once, users.totp, users.connected,
    version, created_at, updated_at
FROM users
WHERE fleet = $1 AND id = $2;

-- name: place_of
-- Fleet and id of the user named $1.
SELECT fleet, id FROM users WHERE username = $1;

-- name: credentials
-- Credentials of the user named $1.
SELECT id, fleet, username, role, password_hash, password_once, disabled FROM users WHERE username = $1;

-- name: credentials_of
-- The same for user $2 of fleet $1.
SELECT id, fleet, username, role, password_hash, password_once, disabled FROM users WHERE fleet = $1 AND id = $2;

-- name: add_user
-- A user of fleet $1 named $2 with role $3 and a one-time password (hash $4), limited to groups $5 where that is not null. No
-- row if the name is taken, in any fleet.
INSERT INTO users (fleet, username, role, password_hash, groups, password_once)
VALUES ($1, $2, $3, $4, $5, true)
ON CONFLICT (username) DO NOTHING
RETURNING id AS user_id, username, role, groups, disabled, password_once, users.totp, users.connected,
    version, created_at, updated_at;

-- name: has_user
-- Whether fleet $1 has a user.
SELECT EXISTS (SELECT FROM users WHERE fleet = $1);

-- name: add_first_admin
-- The admin of fleet $1 named $2 with a one-time password (hash $3), where the fleet has no user. Of two hubs that do this
-- at once the second waits for the first, and makes none. No row either where the name belongs to another fleet.
INSERT INTO users (fleet, username, role, password_hash, password_once)
SELECT $1, $2, 'admin', $3, true
WHERE NOT EXISTS (SELECT FROM users WHERE fleet = $1)
ON CONFLICT (username) DO NOTHING
RETURNING id;

-- name: lock_admins
-- The enabled admins of fleet $1. Concurrent changes of admins wait here for each other.
SELECT id FROM users WHERE fleet = $1 AND role = 'admin' AND NOT disabled ORDER BY id FOR UPDATE;

-- name: change_user
-- Give user $2 of fleet $1 a name $4, a role $5 and a state $6 where they are not null, and the groups $8 (null: all) where
-- $7 is true, if it has version $3 or that is null. Of two concurrent changes the second waits for the first, and finds another version.
UPDATE users
SET
    username = coalesce($4, username), role = coalesce($5, role), disabled = coalesce($6, disabled),
    groups = CASE WHEN $7 THEN $8::text[] ELSE groups END, version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING id AS user_id, username, role, groups, disabled, password_once, users.totp, users.connected,
    version, created_at, updated_at;

-- name: delete_user
-- Delete user $2 of fleet $1, if it has version $3 or that is null. Its sessions go with it.
DELETE FROM users WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: reset_password
-- Give user $2 of fleet $1 a one-time password (hash $3).
UPDATE users
SET password_hash = $3, password_once = true, version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2
RETURNING id AS user_id, username, role, groups, disabled, password_once, users.totp, users.connected,
    version, created_at, updated_at;

-- name: replace_password
-- Replace the password of user $1 (hash $2, if that still holds) by one that the user has chosen (hash $3).
UPDATE users
SET password_hash = $3, password_once = false, version = version + 1, updated_at = now()
WHERE id = $1 AND password_hash = $2 AND NOT disabled
RETURNING id;

-- name: rehash_password
-- Store the same password of user $1 (hash $2, if that still holds) with today's parameters (hash $3).
UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2;
