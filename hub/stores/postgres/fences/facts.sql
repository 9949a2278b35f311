-- name: take_changes
-- Take the changes of fences and groups that no recorder has taken yet: of the fleets $1, or of all.
DELETE FROM fence_changes WHERE $1::text[] IS NULL OR fleet = ANY ($1) RETURNING fleet, fence_id, driver_id, since;

-- name: fleets_of_changes
-- Fleets with such changes.
SELECT DISTINCT fleet FROM fence_changes;

-- name: fleets
-- Fleets that have or had fences.
SELECT DISTINCT fleet FROM fence_versions;

-- name: versions
-- Versions of the fences of fleet $1. A version that ended when it began was never valid.
SELECT fence_id, version, valid_from, valid_until, definition FROM fence_versions
WHERE fleet = $1 AND (valid_until IS NULL OR valid_until > valid_from);

-- name: groups
-- The groups of the drivers of fleet $1 over time.
SELECT driver_id, since, groups FROM driver_groups WHERE fleet = $1 ORDER BY driver_id, since;

-- name: checkpoints_before
-- The newest checkpoint of each driver before an instant, null without one. n numbers the drivers from 1.
SELECT d.n, c.recorded_at, c.state
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS d (fleet, driver_id, instant, n)
LEFT JOIN LATERAL (
    SELECT recorded_at, state FROM fence_checkpoints
    WHERE fleet = d.fleet AND driver_id = d.driver_id AND recorded_at < d.instant
    ORDER BY recorded_at DESC LIMIT 1
) AS c ON true
ORDER BY d.n;

-- name: checkpoints_between
-- Checkpoints of each driver between two instants, both included.
SELECT d.n, c.recorded_at, c.state
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS d (fleet, driver_id, since, until, n)
JOIN fence_checkpoints AS c USING (fleet, driver_id)
WHERE c.recorded_at BETWEEN d.since AND d.until;

-- name: delete_checkpoints
-- Checkpoints of each driver after one instant, up to another.
DELETE FROM fence_checkpoints AS c USING unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    AS d (fleet, driver_id, since, until)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.recorded_at > d.since AND c.recorded_at <= d.until;

-- name: last_before
-- The last position of each driver up to an instant that is at least as exact as $4; null without one.
SELECT d.n, p.recorded_at
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS d (fleet, driver_id, instant, n)
LEFT JOIN LATERAL (
    SELECT recorded_at FROM positions
    WHERE fleet = d.fleet AND driver_id = d.driver_id AND recorded_at <= d.instant
        AND (accuracy IS NULL OR accuracy <= $4::float8)
    ORDER BY recorded_at DESC LIMIT 1
) AS p ON true
ORDER BY d.n;

-- name: stored_visits
-- Visits of each driver that began from one instant up to another, both included.
SELECT
    d.n, v.id, v.fleet, v.driver_id, v.fence_id, v.entered_at, v.exited_at, v.last_inside_at, v.dwelled_at,
    v.entered_slack, v.exited_slack, v.cause, v.exit_cause, v.points, v.distance, v.max_speed, v.fence_version
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS d (fleet, driver_id, since, until, n)
JOIN visits AS v USING (fleet, driver_id)
WHERE v.entered_at BETWEEN d.since AND d.until;

-- name: stored_crossings
-- The same for crossings.
SELECT d.n, c.fleet, c.driver_id, c.fence_id, c.entered_at, c.exited_at, c.fence_version
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[])
    WITH ORDINALITY AS d (fleet, driver_id, since, until, n)
JOIN crossings AS c USING (fleet, driver_id)
WHERE c.entered_at BETWEEN d.since AND d.until;

-- name: delete_visits
-- Visits by their identity.
DELETE FROM visits AS v USING unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[])
    AS d (fleet, driver_id, fence_id, entered_at)
WHERE v.fleet = d.fleet AND v.driver_id = d.driver_id AND v.fence_id = d.fence_id AND v.entered_at = d.entered_at;

-- name: delete_crossings
-- Crossings by their identity.
DELETE FROM crossings AS c USING unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[])
    AS d (fleet, driver_id, fence_id, entered_at)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.fence_id = d.fence_id AND c.entered_at = d.entered_at;

-- name: put_visits
-- Insert or replace.
INSERT INTO visits (
    id, fleet, driver_id, fence_id, entered_at, exited_at, last_inside_at, dwelled_at, entered_slack, exited_slack,
    cause, exit_cause, points, distance, max_speed, fence_version
)
SELECT * FROM unnest(
    $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
    $8::timestamptz[], $9::float8[], $10::float8[], $11::text[], $12::text[], $13::integer[], $14::float8[],
    $15::float8[], $16::integer[]
)
ON CONFLICT (fleet, driver_id, fence_id, entered_at) DO UPDATE SET
    exited_at = excluded.exited_at, last_inside_at = excluded.last_inside_at, dwelled_at = excluded.dwelled_at,
    entered_slack = excluded.entered_slack, exited_slack = excluded.exited_slack, cause = excluded.cause,
    exit_cause = excluded.exit_cause, points = excluded.points, distance = excluded.distance,
    max_speed = excluded.max_speed, fence_version = excluded.fence_version;

-- name: put_crossings
-- Insert or replace.
INSERT INTO crossings (fleet, driver_id, fence_id, entered_at, exited_at, fence_version)
SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::integer[])
ON CONFLICT (fleet, driver_id, fence_id, entered_at) DO UPDATE SET
    exited_at = excluded.exited_at, fence_version = excluded.fence_version;

-- name: queue_inside
-- Queue the drivers of fleet $1 that were inside one of the boxes $2 (west, south, east, north in e7, one after the other)
-- since $3: from the first to the last position there.
INSERT INTO fence_refolds (fleet, driver_id, since, until)
SELECT $1::text, driver_id, min(first_at), max(last_at)
FROM generate_series(1, cardinality($2::integer[]), 4) AS n, LATERAL (
    SELECT driver_id, min(recorded_at) AS first_at, max(recorded_at) AS last_at
    FROM positions
    WHERE fleet = $1 AND recorded_at >= $3
        AND (latitude_e7 / 200000 * 18000 + longitude_e7 / 200000) = ANY (ARRAY(
            SELECT y * 18000 + x
            FROM generate_series($2[n + 1] / 200000, $2[n + 3] / 200000) AS y,
                generate_series($2[n] / 200000, $2[n + 2] / 200000) AS x
        ))
        AND latitude_e7 BETWEEN $2[n + 1] AND $2[n + 3] AND longitude_e7 BETWEEN $2[n] AND $2[n + 2]
    GROUP BY driver_id
) AS inside
GROUP BY driver_id
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    since = least(fence_refolds.since, excluded.since), until = greatest(fence_refolds.until, excluded.until);

-- name: queue_wide
-- The same for boxes of very many tiles: through the index of tracks, which holds the coordinates too.
INSERT INTO fence_refolds (fleet, driver_id, since, until)
SELECT $1::text, driver_id, min(recorded_at), max(recorded_at)
FROM generate_series(1, cardinality($2::integer[]), 4) AS n, positions
WHERE fleet = $1 AND recorded_at >= $3
    AND latitude_e7 BETWEEN $2[n + 1] AND $2[n + 3] AND longitude_e7 BETWEEN $2[n] AND $2[n + 2]
GROUP BY driver_id
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    since = least(fence_refolds.since, excluded.since), until = greatest(fence_refolds.until, excluded.until);

-- name: queue_visitors
-- Queue the drivers with a visit or crossing of fence $2 of fleet $1 that was not over at $3.
INSERT INTO fence_refolds (fleet, driver_id, since, until)
SELECT $1::text, driver_id, $3::timestamptz, coalesce(max(until), $3)
FROM (
    SELECT driver_id, coalesce(exited_at, last_inside_at) + interval '1 hour' AS until FROM visits
    WHERE fleet = $1 AND fence_id = $2 AND (exited_at IS NULL OR exited_at >= $3)
    UNION ALL
    SELECT driver_id, exited_at + interval '1 hour' FROM crossings
    WHERE fleet = $1 AND fence_id = $2 AND exited_at >= $3
) AS visitors
GROUP BY driver_id
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    since = least(fence_refolds.since, excluded.since), until = greatest(fence_refolds.until, excluded.until);

-- name: queue_driver
-- Queue one driver.
INSERT INTO fence_refolds (fleet, driver_id, since, until) VALUES ($1, $2, $3, $4)
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    since = least(fence_refolds.since, excluded.since), until = greatest(fence_refolds.until, excluded.until);

-- name: take_refolds
-- Take the $1 drivers whose changes are the newest: those of an edit of now before those of a long past. Of the fleets $2,
-- or of all.
DELETE FROM fence_refolds AS r USING (
    SELECT fleet, driver_id FROM fence_refolds WHERE $2::text[] IS NULL OR fleet = ANY ($2)
    ORDER BY since DESC, fleet, driver_id LIMIT $1
) AS first
WHERE r.fleet = first.fleet AND r.driver_id = first.driver_id
RETURNING r.fleet, r.driver_id, r.since, r.until;

-- name: fleets_of_refolds
-- Fleets with such drivers.
SELECT DISTINCT fleet FROM fence_refolds;

-- name: refolds
-- How many drivers wait.
SELECT count(*) FROM fence_refolds;

-- name: now
-- The time of the transaction.
SELECT now();

-- name: erase_visits
-- All visits of driver $2 of fleet $1.
DELETE FROM visits WHERE fleet = $1 AND driver_id = $2;

-- name: erase_crossings
-- All crossings of driver $2 of fleet $1.
DELETE FROM crossings WHERE fleet = $1 AND driver_id = $2;

-- name: erase_checkpoints
-- All checkpoints of driver $2 of fleet $1.
DELETE FROM fence_checkpoints WHERE fleet = $1 AND driver_id = $2;

-- name: erase_refolds
-- What is left to fold again of driver $2 of fleet $1.
DELETE FROM fence_refolds WHERE fleet = $1 AND driver_id = $2;

-- name: put_empty_checkpoint
-- A checkpoint of driver $2 of fleet $1 at $3, with the state $4.
INSERT INTO fence_checkpoints (fleet, driver_id, recorded_at, state) VALUES ($1, $2, $3, $4);
