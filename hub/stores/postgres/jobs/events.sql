-- name: events
-- What happened to job $1, in the order of acceptance.
SELECT
    job_id, at, noticed_at, event, source, status, version, actor_kind, actor_id, driver_id, route_id, command_id, outcome,
    reason
FROM job_events WHERE job_id = $1 ORDER BY id;

-- name: command
-- What the command $2 of job $1 did.
SELECT
    job_id, at, noticed_at, event, source, status, version, actor_kind, actor_id, driver_id, route_id, command_id, outcome,
    reason
FROM job_events WHERE job_id = $1 AND command_id = $2;

-- name: put_commands
-- Store what commands did: of job $1 at $2 the event $3, after which it has the status $4, with the outcome $5 and reason $6;
-- by the actor $7 with the id $8, while it had the driver $9 and route $10; with the command's id $11. Lists, one item a job.
WITH new AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
        $10::uuid[], $11::text[]
    ) WITH ORDINALITY AS n (
        job_id, at, event, status, outcome, reason, actor_kind, actor_id, driver_id, route_id, command_id, number
    )
), changed AS (
    UPDATE jobs AS j
    SET
        status = n.status, outcome = n.outcome, reason = n.reason, version = j.version + 1, updated_at = now(),
        ended_at = CASE WHEN n.status IN ('done', 'cancelled') THEN n.at END
    FROM new AS n WHERE j.id = n.job_id
    RETURNING j.id, j.version
)
INSERT INTO job_events (
    job_id, at, event, source, status, version, actor_kind, actor_id, driver_id, route_id, command_id, outcome, reason
)
SELECT
    n.job_id, n.at, n.event, 'person', n.status, c.version, n.actor_kind, n.actor_id, n.driver_id, n.route_id, n.command_id,
    n.outcome, n.reason
FROM new AS n JOIN changed AS c ON c.id = n.job_id
ORDER BY n.number
RETURNING
    job_id, at, noticed_at, event, source, status, version, actor_kind, actor_id, driver_id, route_id, command_id, outcome,
    reason;

-- name: said_arrived
-- The driver says that it arrived at job $1 at $2: that counts unless positions have shown it.
UPDATE waypoints SET arrived_at = $2, arrival_source = 'person'
WHERE job_id = $1 AND arrival_source IS DISTINCT FROM 'position';

-- name: tell
-- Tell the recorder of changes: of fleet $1 and driver $2, since $3, with message $4. Lists.
INSERT INTO job_changes (fleet, driver_id, since, message)
SELECT fleet, driver_id, since, message
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::json[]) WITH ORDINALITY AS n (fleet, driver_id, since, message, number)
ORDER BY number;
