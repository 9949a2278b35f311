-- name: take_changes
-- Take what the API told of jobs: of the fleets $1, or of all, in order.
WITH taken AS (
    DELETE FROM job_changes WHERE $1::text[] IS NULL OR fleet = ANY ($1) RETURNING id, fleet, driver_id, since, message
)
SELECT fleet, driver_id, since, message FROM taken ORDER BY id;

-- name: fleets_of_changes
-- Fleets with such changes.
SELECT DISTINCT fleet FROM job_changes;

-- name: targets
-- The jobs that drivers have, of fleet $1 and driver $2 or of all, in routes of the last month. No arrival begins later than
-- the end of the job, or a day after the day of the route in any time zone.
SELECT
    r.fleet, r.driver_id, j.id AS job_id, j.latitude, j.longitude, p.radius, p.shape, w.published_at,
    least(j.ended_at, (r.day + 2)::timestamp AT TIME ZONE 'UTC' + interval '14 hours') AS until
FROM routes AS r
JOIN waypoints AS w ON w.route_id = r.id
JOIN jobs AS j ON j.id = w.job_id
LEFT JOIN places AS p ON p.id = j.place_id
WHERE r.state IN ('published', 'active', 'done') AND w.published_at IS NOT NULL AND r.day >= current_date - 31
    AND ($1::text IS NULL OR (r.fleet = $1 AND r.driver_id = $2))
ORDER BY r.fleet, r.driver_id, j.id;

-- name: checkpoints_before
-- The newest checkpoint of each driver before an instant, null without one. n numbers the drivers from 1.
SELECT d.n, c.recorded_at, c.state
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS d (fleet, driver_id, instant, n)
LEFT JOIN LATERAL (
    SELECT recorded_at, state FROM arrival_checkpoints
    WHERE fleet = d.fleet AND driver_id = d.driver_id AND recorded_at < d.instant
    ORDER BY recorded_at DESC LIMIT 1
) AS c ON true
ORDER BY d.n;

-- name: delete_checkpoints
-- Checkpoints of each driver from an instant on.
DELETE FROM arrival_checkpoints AS c USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, since)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.recorded_at >= d.since;

-- name: expire_checkpoints
-- Delete at most $2 checkpoints before $1.
DELETE FROM arrival_checkpoints WHERE (fleet, driver_id, recorded_at) IN (
    SELECT fleet, driver_id, recorded_at FROM arrival_checkpoints WHERE recorded_at < $1 ORDER BY recorded_at LIMIT $2
);

-- name: history
-- The events of the jobs $1, in order.
SELECT id, job_id, at, event, source, command_id FROM job_events WHERE job_id = ANY ($1::uuid[]) ORDER BY id;

-- name: lock_jobs
-- Lock the jobs $1.
SELECT id FROM jobs WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE;

-- name: put_fact
-- A fact of job $1 with the id $2, or another time $3 of it: event $4, after which the job has the status $5. Driver $6,
-- route $7.
INSERT INTO job_events AS e (job_id, command_id, at, event, source, status, version, driver_id, route_id)
SELECT $1, $2, $3, $4, 'position', $5, j.version, $6, $7 FROM jobs AS j WHERE j.id = $1
ON CONFLICT (job_id, command_id) DO UPDATE SET at = excluded.at
RETURNING noticed_at;

-- name: mark
-- After the facts $2 of job $1 it has the status $3 and version $4.
UPDATE job_events SET status = $3, version = $4 WHERE job_id = $1 AND command_id = ANY ($2::text[]);

-- name: delete_facts
-- The facts of job $1 with the ids $2 did not happen.
DELETE FROM job_events WHERE job_id = $1 AND command_id = ANY ($2::text[]);

-- name: set_status
-- Job $1 has the status $2 by its history.
UPDATE jobs SET status = $2, version = version + 1, updated_at = now() WHERE id = $1 RETURNING version;

-- name: show
-- What positions show of the waypoint of job $1: approached at $2, arrived at $3, else by the word of the driver at $5;
-- departed at $4.
UPDATE waypoints SET
    approached_at = $2, arrived_at = coalesce($3::timestamptz, $5::timestamptz), departed_at = $4,
    arrival_source = CASE WHEN $3 IS NOT NULL THEN 'position' WHEN $5 IS NOT NULL THEN 'person' END
WHERE job_id = $1;

-- name: erase_checkpoints
-- All of driver $2 of fleet $1.
DELETE FROM arrival_checkpoints WHERE fleet = $1 AND driver_id = $2;

-- name: jobs_with_facts
-- Jobs of fleet $1 with facts of driver $2 up to $3.
SELECT DISTINCT e.job_id FROM job_events AS e JOIN jobs AS j ON j.id = e.job_id
WHERE j.fleet = $1 AND e.driver_id = $2 AND e.source = 'position' AND e.at <= $3
ORDER BY e.job_id;
