-- name: factor
-- The second factor of user $1.
SELECT confirmed, cardinality(recovery) AS recovery_codes FROM user_totp WHERE user_id = $1;

-- name: begin
-- A new sealed secret $2 of user $1, to be confirmed by a code. No row if a confirmed one exists.
INSERT INTO user_totp (user_id, secret) VALUES ($1, $2)
ON CONFLICT (user_id) DO UPDATE SET secret = $2, created_at = now(), last_step = 0, failed = 0, recovery = '{}'
WHERE NOT user_totp.confirmed
RETURNING user_id;

-- name: attempt
-- Count a code of user $1 before it is checked, so that concurrent ones all count. No row while the user has to wait: after
-- $2 wrong codes in a row $3 seconds, then twice as long after each, at most $4.
UPDATE user_totp SET failed = failed + 1, tried_at = now()
WHERE user_id = $1 AND (
    failed < $2
    OR tried_at + make_interval(secs => least($3 * power(2, least(failed - $2, 30)), $4)) <= now()
)
RETURNING secret, confirmed, last_step;

-- name: wait
-- Seconds until the next code of user $1 may be tried; $2 to $4 as in "attempt".
SELECT extract(epoch FROM tried_at - now())::float8 + least($3 * power(2, least(failed - $2, 30)), $4)
FROM user_totp WHERE user_id = $1 AND failed >= $2;

-- name: accept
-- Accept the code of time step $3 for user $1, whose sealed secret was $2, and seal the secret as $4. No row if this code or
-- a later one was accepted before, or the secret was replaced meanwhile.
UPDATE user_totp SET confirmed = true, last_step = $3, secret = $4, failed = 0
WHERE user_id = $1 AND secret = $2 AND last_step < $3
RETURNING user_id;

-- name: keep_recovery
-- Replace the hashes of the recovery codes of user $1 by $2.
UPDATE user_totp SET recovery = $2 WHERE user_id = $1;

-- name: use_recovery
-- Use the recovery code with hash $2 of user $1. Of two concurrent uses the second gets no row.
UPDATE user_totp SET recovery = array_remove(recovery, $2), failed = 0
WHERE user_id = $1 AND confirmed AND $2 = ANY (recovery)
RETURNING user_id;

-- name: remove
-- Remove the second factor of user $2 of fleet $1, confirmed or not.
DELETE FROM user_totp USING users
WHERE users.id = user_totp.user_id AND users.fleet = $1 AND users.id = $2
RETURNING user_totp.user_id;
