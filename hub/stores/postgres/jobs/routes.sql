-- name: list_routes
-- Routes of fleet $1 by day and id, at most $2: those after $3 and $4. Each of the rest where it is not null: from the day
-- $5 to $6, both included, of the driver $7, in one of the states $8, of one of the drivers $9.
SELECT
    id AS route_id, driver_id, vehicle_id, day, state, start_place_id, end_place_id, starts_at, ends_at, version, created_at,
    updated_at, (SELECT count(*) FROM waypoints AS w WHERE w.route_id = r.id) AS jobs
FROM routes AS r
WHERE fleet = $1 AND (day, id) > ($3, $4)
    AND ($5::date IS NULL OR day >= $5) AND ($6::date IS NULL OR day <= $6)
    AND ($7::text IS NULL OR driver_id = $7) AND ($8::text[] IS NULL OR state = ANY ($8))
    AND ($9::text[] IS NULL OR driver_id = ANY ($9))
ORDER BY day, id
LIMIT $2;

-- name: route
-- Route $2 of fleet $1.
SELECT
    id AS route_id, driver_id, vehicle_id, day, state, start_place_id, end_place_id, starts_at, ends_at, version, created_at,
    updated_at, (SELECT count(*) FROM waypoints AS w WHERE w.route_id = r.id) AS jobs
FROM routes AS r
WHERE fleet = $1 AND id = $2;

-- name: route_of_driver
-- The route that the driver $2 of fleet $1 sees on the day $3; where that is null, the next one that is not done, from the
-- day $4 on.
SELECT
    id AS route_id, driver_id, vehicle_id, day, state, start_place_id, end_place_id, starts_at, ends_at, version, created_at,
    updated_at, (SELECT count(*) FROM waypoints AS w WHERE w.route_id = r.id) AS jobs
FROM routes AS r
WHERE fleet = $1 AND driver_id = $2 AND state IN ('published', 'active', 'done')
    AND CASE WHEN $3::date IS NULL THEN day >= $4 AND state <> 'done' ELSE day = $3 END
ORDER BY day
LIMIT 1;

-- name: lock_routes
-- Lock the routes $2 of fleet $1.
SELECT id FROM routes WHERE fleet = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR UPDATE;

-- name: waypoints
-- The jobs of route $1 in their order.
SELECT * FROM job_details WHERE route_id = $1 ORDER BY number;

-- name: waypoint_ids
-- Their ids.
SELECT job_id FROM waypoints WHERE route_id = $1 ORDER BY number;

-- name: add_route
-- A new route of fleet $1.
INSERT INTO routes (fleet, driver_id, day, vehicle_id, start_place_id, end_place_id, starts_at, ends_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;

-- name: change_route
-- The edited fields of route $1.
UPDATE routes
SET
    vehicle_id = $2, start_place_id = $3, end_place_id = $4, starts_at = $5, ends_at = $6, version = version + 1,
    updated_at = now()
WHERE id = $1;

-- name: set_state
-- Route $1 gets the state $2.
UPDATE routes SET state = $2, version = version + 1, updated_at = now() WHERE id = $1;

-- name: touch
-- The jobs of the routes $1 or their order have changed.
UPDATE routes SET version = version + 1, updated_at = now() WHERE id = ANY ($1::uuid[]);

-- name: settle
-- The states of the published routes $1 after those of their jobs.
UPDATE routes AS r SET state = n.state, version = version + 1, updated_at = now()
FROM (
    SELECT
        w.route_id, CASE
            WHEN bool_and(j.status = 'done') THEN 'done'
            WHEN bool_or(j.status IN ('en_route', 'arrived', 'done')) THEN 'active'
            ELSE 'published'
        END AS state
    FROM waypoints AS w JOIN jobs AS j ON j.id = w.job_id
    WHERE w.route_id = ANY ($1::uuid[])
    GROUP BY w.route_id
) AS n
WHERE r.id = n.route_id AND r.state IN ('published', 'active', 'done') AND r.state <> n.state
RETURNING r.id, r.fleet;

-- name: remove_waypoints
-- Take the jobs $1 out of their routes; the others keep their order without gaps.
WITH gone AS (
    DELETE FROM waypoints WHERE job_id = ANY ($1::uuid[]) RETURNING route_id, number
)
UPDATE waypoints AS w
SET number = w.number - (SELECT count(*) FROM gone AS g WHERE g.route_id = w.route_id AND g.number < w.number)
WHERE w.route_id IN (SELECT route_id FROM gone) AND w.job_id <> ALL ($1::uuid[]);

-- name: put_waypoints
-- Route $1 has the jobs $2 in this order; those that were in it keep the rest. Those that are new are published at $3.
INSERT INTO waypoints AS w (route_id, number, job_id, published_at)
SELECT $1, number - 1, job_id, $3::timestamptz FROM unnest($2::uuid[]) WITH ORDINALITY AS n (job_id, number)
ON CONFLICT (job_id) DO UPDATE SET number = excluded.number;

-- name: publish_waypoints
-- The driver of route $1 has its jobs since $2, those that it did not have before.
UPDATE waypoints SET published_at = $2 WHERE route_id = $1 AND published_at IS NULL;

-- name: lock_waypoints
-- Fix the jobs $2 of route $1 to their number and driver, or not ($3).
UPDATE waypoints SET locked = $3 WHERE route_id = $1 AND job_id = ANY ($2::uuid[]);
