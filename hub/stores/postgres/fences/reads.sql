-- name: visits
-- Visits of fleet $1 that began from $2 to before $3 in order of time, driver and fence, at most $4; of those at $2 the ones
-- after driver $5 and fence $6. Those of fence $7, driver $8 and the drivers $9, where these are not null.
SELECT
    id AS visit_id, fence_id, driver_id, entered_at, exited_at, last_inside_at, dwelled_at, entered_slack,
    exited_slack, cause, exit_cause, points, distance, max_speed, fence_version
FROM visits
WHERE fleet = $1 AND entered_at >= $2 AND entered_at < $3
    AND (entered_at, driver_id, fence_id) > ($2, $5::text, $6::uuid)
    AND ($7::uuid IS NULL OR fence_id = $7) AND ($8::text IS NULL OR driver_id = $8)
    AND ($9::text[] IS NULL OR driver_id = ANY ($9))
ORDER BY entered_at, driver_id, fence_id
LIMIT $4;

-- name: crossings
-- The same for crossings.
SELECT fence_id, driver_id, entered_at, exited_at, fence_version
FROM crossings
WHERE fleet = $1 AND entered_at >= $2 AND entered_at < $3
    AND (entered_at, driver_id, fence_id) > ($2, $5::text, $6::uuid)
    AND ($7::uuid IS NULL OR fence_id = $7) AND ($8::text IS NULL OR driver_id = $8)
    AND ($9::text[] IS NULL OR driver_id = ANY ($9))
ORDER BY entered_at, driver_id, fence_id
LIMIT $4;

-- name: inside
-- Open visits of fleet $1, of fence $2, driver $3 and the drivers $4, where these are not null. Those of deleted fences are
-- over, although no position has come since.
SELECT
    v.id AS visit_id, v.fence_id, v.driver_id, v.entered_at, v.last_inside_at, v.dwelled_at, v.cause, v.points,
    v.distance, v.max_speed, v.fence_version, v.entered_slack
FROM visits AS v JOIN fences AS f ON f.id = v.fence_id
WHERE v.fleet = $1 AND v.exited_at IS NULL
    AND ($2::uuid IS NULL OR v.fence_id = $2) AND ($3::text IS NULL OR v.driver_id = $3)
    AND ($4::text[] IS NULL OR v.driver_id = ANY ($4))
ORDER BY v.entered_at, v.driver_id, v.fence_id
LIMIT $5;

-- name: all_inside
-- Open visits of all fleets.
SELECT v.fleet, v.driver_id, v.fence_id, v.entered_at
FROM visits AS v JOIN fences AS f ON f.id = v.fence_id
WHERE v.exited_at IS NULL;

-- name: names
-- Names of the fences of fleet $1 with the ids $2, of deleted ones too.
SELECT DISTINCT ON (fence_id) fence_id, definition ->> 'name' AS name FROM fence_versions
WHERE fleet = $1 AND fence_id = ANY ($2::uuid[])
ORDER BY fence_id, version DESC;
