-- name: in_turn
-- Concurrent logins and connections of one person of a provider wait for each other, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0));

-- name: holder
-- The user that subject $2 of issuer $1 belongs to.
SELECT users.id, users.fleet, users.role, users.groups, users.password_hash, users.disabled
FROM user_identities JOIN users ON users.id = user_identities.user_id
WHERE issuer = $1 AND subject = $2;

-- name: add_user
-- A user of fleet $1 named $2 with role $3 and groups $4, with $5 in place of a password's hash. No row if the name is taken,
-- in any fleet.
INSERT INTO users (fleet, username, role, groups, password_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (username) DO NOTHING
RETURNING id, fleet, role, groups, password_hash, disabled;

-- name: forget_others
-- Remove the connections of user $1 to other subjects than $3 of issuer $2.
DELETE FROM user_identities WHERE user_id = $1 AND issuer = $2 AND subject <> $3;

-- name: connect
-- Connect subject $2 of issuer $1 to user $3. No row if it belongs to another user.
INSERT INTO user_identities AS known (issuer, subject, user_id) VALUES ($1, $2, $3)
ON CONFLICT (issuer, subject) DO UPDATE SET user_id = known.user_id WHERE known.user_id = $3
RETURNING user_id;

-- name: used
-- Note a login of subject $2 of issuer $1.
UPDATE user_identities SET used_at = now() WHERE issuer = $1 AND subject = $2;

-- name: fleet_of_active
-- The fleet of user $2 if its session $1 lasts and the user is not disabled.
SELECT users.fleet FROM sessions JOIN users ON users.id = sessions.user_id
WHERE sessions.id = $1 AND users.id = $2 AND ended_at IS NULL AND expires_at > now() AND NOT disabled;

-- name: connected
-- Whether user $2 is connected to issuer $1.
SELECT EXISTS (SELECT FROM user_identities WHERE issuer = $1 AND user_id = $2);

-- name: disconnect
-- Remove all connections of user $2 of fleet $1.
DELETE FROM user_identities USING users
WHERE users.id = user_identities.user_id AND users.fleet = $1 AND users.id = $2
RETURNING user_identities.user_id;
