-- name: list_drivers
-- Drivers of fleet $1 after id $2 by id, at most $4; those whose id or name has the text $3 in it, in any case. Only the
-- drivers $5, where that is not null.
SELECT driver_id, name, phone, groups, disabled, stale_after, offline_after, version, created_at, updated_at
FROM drivers
WHERE fleet = $1 AND driver_id > $2
    AND ($3 = '' OR position(lower($3) IN lower(driver_id)) > 0 OR position(lower($3) IN lower(name)) > 0)
    AND ($5::text[] IS NULL OR driver_id = ANY ($5))
ORDER BY driver_id
LIMIT $4;

-- name: driver
-- Driver $2 of fleet $1.
SELECT driver_id, name, phone, groups, disabled, stale_after, offline_after, version, created_at, updated_at
FROM drivers
WHERE fleet = $1 AND driver_id = $2;

-- name: add_driver
-- A new driver: fleet $1, id $2, name $3, phone $4, thresholds $5 and $6 or null, groups $7. No row where there is one of
-- this id.
INSERT INTO drivers (fleet, driver_id, name, phone, stale_after, offline_after, groups)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING
RETURNING driver_id, name, phone, groups, disabled, stale_after, offline_after, version, created_at, updated_at;

-- name: change_driver
-- Give driver $2 of fleet $1 a name $4, a phone $5, a state $6 and groups $11 where they are not null, and the thresholds
-- $8 and $10 (or null) where $7 and $9 are true, if it has version $3 or that is null. Of two concurrent changes the second
-- waits for the first, and finds another version.
UPDATE drivers
SET
    name = coalesce($4, name), phone = coalesce($5, phone), disabled = coalesce($6, disabled),
    stale_after = CASE WHEN $7 THEN $8 ELSE stale_after END,
    offline_after = CASE WHEN $9 THEN $10 ELSE offline_after END,
    groups = coalesce($11::text[], groups), version = version + 1, updated_at = now()
WHERE fleet = $1 AND driver_id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING driver_id, name, phone, groups, disabled, stale_after, offline_after, version, created_at, updated_at;

-- name: delete_driver
-- Delete driver $2 of fleet $1, if it has version $3 or that is null. Its phone tokens go with it, and so do its shares and
-- its state.
WITH deleted AS (
    DELETE FROM drivers WHERE fleet = $1 AND driver_id = $2 AND ($3::bigint IS NULL OR version = $3)
    RETURNING fleet, driver_id
), stateless AS (
    DELETE FROM driver_states USING deleted
    WHERE driver_states.fleet = deleted.fleet AND driver_states.driver_id = deleted.driver_id
), unshared AS (
    DELETE FROM shares USING deleted
    WHERE shares.fleet = deleted.fleet
        AND (shares.driver_id = deleted.driver_id OR array_remove(driver_ids, deleted.driver_id) = '{}')
), shared_less AS (
    UPDATE shares SET driver_ids = array_remove(driver_ids, deleted.driver_id) FROM deleted
    WHERE shares.fleet = deleted.fleet
        AND deleted.driver_id = ANY (driver_ids) AND array_remove(driver_ids, deleted.driver_id) <> '{}'
)
SELECT driver_id FROM deleted;

-- name: lock_driver
-- Lock driver $2 of fleet $1 against concurrent additions of tokens.
SELECT driver_id FROM drivers WHERE fleet = $1 AND driver_id = $2 FOR NO KEY UPDATE;

-- name: list_tokens
-- Phone tokens of driver $2 of fleet $1, oldest first.
SELECT id, label, created_at FROM phone_tokens WHERE fleet = $1 AND driver_id = $2 ORDER BY created_at, id;

-- name: count_tokens
-- How many phone tokens driver $2 of fleet $1 has.
SELECT count(*) FROM phone_tokens WHERE fleet = $1 AND driver_id = $2;

-- name: add_token
-- A phone token by its hash $3, labelled $4, for driver $2 of fleet $1.
INSERT INTO phone_tokens (fleet, driver_id, hash, label)
VALUES ($1, $2, $3, $4)
RETURNING id, label, created_at;

-- name: delete_token
-- Delete phone token $3 of driver $2 of fleet $1.
DELETE FROM phone_tokens WHERE fleet = $1 AND driver_id = $2 AND id = $3 RETURNING id;

-- name: delete_tokens
-- Delete all phone tokens of driver $2 of fleet $1.
DELETE FROM phone_tokens WHERE fleet = $1 AND driver_id = $2 RETURNING id;

-- name: driver_names
-- Names of registered drivers that have one: fleets $1, ids $2.
SELECT d.fleet, d.driver_id, d.name FROM unnest($1::text[], $2::text[]) AS w (fleet, driver_id)
JOIN drivers AS d USING (fleet, driver_id) WHERE d.name <> '';
