-- name: add
-- A plan of fleet $1 that is being searched for.
INSERT INTO plans (fleet, engine, seconds, made_of) VALUES ($1, $2, $3, $4)
RETURNING id AS plan_id, state, engine, seconds, made_of, cost, result, reason, version, created_at, updated_at;

-- name: plan
-- Plan $2 of fleet $1.
SELECT id AS plan_id, state, engine, seconds, made_of, cost, result, reason, version, created_at, updated_at
FROM plans WHERE fleet = $1 AND id = $2;

-- name: lock
-- Plan $2 of fleet $1, locked until the end of the transaction.
SELECT id FROM plans WHERE fleet = $1 AND id = $2 FOR UPDATE;

-- name: better
-- A lower cost $2 of plan $1.
UPDATE plans SET cost = $2, updated_at = now() WHERE id = $1 AND state = 'searching';

-- name: found
-- Plan $1 has the cost $2 and the result $3.
UPDATE plans SET state = 'found', cost = $2, result = $3, version = version + 1, updated_at = now()
WHERE id = $1 AND state = 'searching';

-- name: failed
-- The search for plan $1 failed because of $2.
UPDATE plans SET state = 'failed', reason = $2, version = version + 1, updated_at = now()
WHERE id = $1 AND state = 'searching';

-- name: applied
-- Plan $1 was applied.
UPDATE plans SET state = 'applied', version = version + 1, updated_at = now() WHERE id = $1;

-- name: expire
-- Delete the plans of before $1.
DELETE FROM plans WHERE created_at < $1;

-- name: time_waypoints
-- The jobs $1 are planned to be arrived at $2 and left at $3.
UPDATE waypoints AS w SET planned_arrival = n.arrival, planned_departure = n.departure
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS n (job_id, arrival, departure)
WHERE w.job_id = n.job_id;
