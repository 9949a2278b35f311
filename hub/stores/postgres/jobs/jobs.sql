-- name: list_jobs
-- Jobs of fleet $1 by time of creation and id, at most $2: those after $3 and $4. Each of the rest where it is not null:
-- with one of the statuses $5, of one of the kinds $6, with the driver $7, in the route $8, at the place $9, of the shipment
-- $10, with the reference $11, with a window between $12 and $13 or without windows, with the text $14 in the reference,
-- address or name of the recipient; without a driver or with one of $15.
SELECT * FROM job_details
WHERE fleet = $1 AND (created_at, job_id) > ($3, $4)
    AND ($5::text[] IS NULL OR status = ANY ($5)) AND ($6::text[] IS NULL OR kind = ANY ($6))
    AND ($7::text IS NULL OR driver_id = $7) AND ($8::uuid IS NULL OR route_id = $8)
    AND ($9::uuid IS NULL OR place_id = $9) AND ($10::text IS NULL OR shipment_id = $10)
    AND ($11::text IS NULL OR reference = $11)
    AND (
        ($12::timestamptz IS NULL AND $13::timestamptz IS NULL) OR windows = '{}'
        OR EXISTS (SELECT FROM unnest(windows) AS w WHERE w && tstzrange($12, $13))
    )
    AND (
        $14 = '' OR position(lower($14) IN lower(reference)) > 0 OR position(lower($14) IN lower(address)) > 0
        OR position(lower($14) IN lower(recipient ->> 'name')) > 0
    )
    AND ($15::text[] IS NULL OR driver_id IS NULL OR driver_id = ANY ($15))
ORDER BY created_at, job_id
LIMIT $2;

-- name: job
-- Job $2 of fleet $1.
SELECT * FROM job_details WHERE fleet = $1 AND job_id = $2;

-- name: lock_jobs
-- Lock the jobs of fleet $1 with an id of $2, or the last attempts of the references $3. Of two concurrent changes the
-- second waits for the first, and finds another version.
SELECT id FROM jobs AS j
WHERE fleet = $1 AND (
    id = ANY ($2::uuid[])
    OR (reference = ANY ($3::text[]) AND NOT EXISTS (SELECT FROM jobs AS n WHERE n.previous = j.id))
)
ORDER BY id
FOR UPDATE;

-- name: jobs_by_id
-- The jobs with the ids $2 of fleet $1.
SELECT * FROM job_details WHERE fleet = $1 AND job_id = ANY ($2::uuid[]) ORDER BY job_id;

-- name: shipments
-- Ids of the jobs of fleet $1 that are of the shipments $2 and not cancelled.
SELECT id, shipment_id FROM jobs
WHERE fleet = $1 AND shipment_id = ANY ($2::text[]) AND status <> 'cancelled' ORDER BY id;

-- name: count_unfinished
-- How many jobs of fleet $1 are neither done nor cancelled.
SELECT count(*) FROM jobs WHERE fleet = $1 AND status NOT IN ('done', 'cancelled');

-- name: add_jobs
-- New jobs of fleet $1 from the JSON objects $2, and the time. The attributes $4 of the ids $3 are apart:
-- json_to_recordset refuses \u0000.
WITH new AS (
    INSERT INTO jobs (
        id, fleet, reference, attempt, previous, kind, shipment_id, place_id, latitude, longitude, address, recipient,
        windows, service_time, load, skills, priority, proof_required, notes, attributes
    )
    SELECT
        id, $1, reference, coalesce(attempt, 1), previous, kind, shipment_id, place_id, latitude, longitude, address,
        recipient, windows, service_time, load, skills, priority, proof_required, notes, attributes
    FROM json_to_recordset($2::json) AS r (
        id uuid, reference text, attempt integer, previous uuid, kind text, shipment_id text, place_id uuid,
        latitude float8, longitude float8, address text, recipient json, windows tstzrange[], service_time float8,
        load integer[], skills text[], priority smallint, proof_required text[], notes text
    ) LEFT JOIN unnest($3::uuid[], $4::json[]) AS a (id, attributes) USING (id)
)
SELECT now();

-- name: change_jobs
-- All edited fields of jobs of fleet $1 from the JSON objects $2 and attributes $4 of the ids $3; their ids, and the time.
UPDATE jobs AS j
SET
    reference = r.reference, kind = r.kind, shipment_id = r.shipment_id, place_id = r.place_id, latitude = r.latitude,
    longitude = r.longitude, address = r.address, recipient = r.recipient, windows = r.windows,
    service_time = r.service_time, load = r.load, skills = r.skills, priority = r.priority,
    proof_required = r.proof_required, notes = r.notes, attributes = a.attributes, version = j.version + 1,
    updated_at = now()
FROM json_to_recordset($2::json) AS r (
    id uuid, reference text, kind text, shipment_id text, place_id uuid, latitude float8, longitude float8, address text,
    recipient json, windows tstzrange[], service_time float8, load integer[], skills text[], priority smallint,
    proof_required text[], notes text
) LEFT JOIN unnest($3::uuid[], $4::json[]) AS a (id, attributes) USING (id)
WHERE j.fleet = $1 AND j.id = r.id
RETURNING j.id, now();

-- name: delete_job
-- Delete job $1 with its history.
DELETE FROM jobs WHERE id = $1;

-- name: expire_recipients
-- Delete the recipients and notes of at most $2 jobs that ended before $1.
UPDATE jobs SET recipient = NULL, notes = '' WHERE id IN (
    SELECT id FROM jobs WHERE (recipient IS NOT NULL OR notes <> '') AND ended_at < $1 ORDER BY ended_at LIMIT $2
);
