-- name: list_schedules
-- Schedules of fleet $1 after id $2, at most $3.
SELECT
    id, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, enabled, next_at, sent_to, sent_at,
    version, created_at, updated_at
FROM report_schedules WHERE fleet = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: schedule
-- Schedule $2 of fleet $1.
SELECT
    id, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, enabled, next_at, sent_to, sent_at,
    version, created_at, updated_at
FROM report_schedules WHERE fleet = $1 AND id = $2;

-- name: count_schedules
-- How many schedules fleet $1 has. The lock makes two that are added at once count each other.
SELECT count(*) FROM report_schedules,
    (SELECT pg_advisory_xact_lock(hashtextextended('hub report schedules ' || $1, 0))) AS locked
WHERE fleet = $1;

-- name: unsuitable
-- The first of the channels $2 that fleet $1 does not have, or that is of another kind than $3.
SELECT c.id FROM unnest($2::uuid[]) WITH ORDINALITY AS c (id, n)
WHERE NOT EXISTS (SELECT FROM channels AS k WHERE k.id = c.id AND k.fleet = $1 AND k.kind = $3)
ORDER BY n LIMIT 1;

-- name: add_schedule
-- A new schedule of fleet $1.
INSERT INTO report_schedules (
    fleet, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, enabled, next_at
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING
    id, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, enabled, next_at, sent_to, sent_at,
    version, created_at, updated_at;

-- name: put_schedule
-- Replace what users can change of schedule $2 of fleet $1, if it has version $3 or that is null. With another period no
-- period was sent yet.
UPDATE report_schedules SET
    name = $4, kind = $5, drivers = $6, groups = $7, speed_limit = $8, period = $9, clock = $10, time_zone = $11,
    channels = $12, enabled = $13, next_at = $14, sent_to = CASE WHEN period = $9 THEN sent_to END,
    version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING
    id, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, enabled, next_at, sent_to, sent_at,
    version, created_at, updated_at;

-- name: delete_schedule
-- Delete schedule $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM report_schedules WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: any_due
-- Whether a schedule of a report of these kinds $2 is due at $1.
SELECT EXISTS (SELECT FROM report_schedules WHERE enabled AND next_at <= $1 AND kind = ANY ($2::text[]));

-- name: due
-- The first $3 schedules of reports of the kinds $2 that are due at $1, locked against other transactions.
SELECT
    id, fleet, name, kind, drivers, groups, speed_limit, period, clock, time_zone, channels, sent_to
FROM report_schedules WHERE enabled AND next_at <= $1 AND kind = ANY ($2::text[]) ORDER BY next_at, id LIMIT $3 FOR UPDATE;

-- name: done
-- Schedule $1 is due again at $2. With $3, the period up to that day was handed to the channels at $4.
UPDATE report_schedules SET
    next_at = $2, sent_to = coalesce($3::date, sent_to), sent_at = CASE WHEN $3::date IS NULL THEN sent_at ELSE $4 END
WHERE id = $1;
