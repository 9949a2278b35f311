-- name: add
-- Traces of positions that were stored in this transaction, one for each element of the arrays.
INSERT INTO traced_positions (fleet, driver_id, recorded_at, trace_id, entry_id)
SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::uuid[], $5::text[])
ON CONFLICT DO NOTHING;

-- name: expire
-- Delete at most $2 of those stored before $1.
DELETE FROM traced_positions WHERE ctid = ANY (ARRAY(SELECT ctid FROM traced_positions WHERE stored_at < $1 LIMIT $2));

-- name: positions
-- Stored positions of trace $1, of fleet $2 or of all, in the order of their instants, at most $3.
SELECT t.fleet, t.driver_id, t.recorded_at, p.received_at, t.stored_at, t.entry_id
FROM traced_positions AS t
CROSS JOIN LATERAL (
    SELECT min(received_at) AS received_at FROM positions
    WHERE fleet = t.fleet AND driver_id = t.driver_id AND recorded_at = t.recorded_at
) AS p
WHERE t.trace_id = $1 AND ($2::text IS NULL OR t.fleet = $2) AND p.received_at IS NOT NULL
ORDER BY t.recorded_at, t.driver_id
LIMIT $3;

-- name: dead_letters
-- Dead letters of fleet $2, or of all, whose content has trace $1, at most $3.
SELECT id, entry_id, fleet, buried_at, reason FROM dead_letters
WHERE ($2::text IS NULL OR fleet = $2) AND position(convert_to($1, 'UTF8') IN payload) > 0
ORDER BY id
LIMIT $3;

-- name: payloads
-- Quarantined payloads of request $1, of fleet $2 or of all, at most $3.
SELECT id, fleet, driver_id, received_at, detail FROM quarantine
WHERE request_id = $1 AND ($2::text IS NULL OR fleet = $2)
ORDER BY received_at, id
LIMIT $3;

-- name: entries
-- Entries of the audit log of request $1, of fleet $2 or of all, at most $3.
SELECT id, fleet, happened_at, action, subject_id FROM audit
WHERE request_id = $1 AND ($2::text IS NULL OR fleet = $2)
ORDER BY happened_at, id
LIMIT $3;
