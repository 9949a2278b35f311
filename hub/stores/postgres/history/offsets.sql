-- name: try_lock
-- Whether this session now holds the lock of the log $1; the server releases the lock at the end of the session.
SELECT pg_try_advisory_lock(hashtextextended('hub recorder ' || $1, 0));

-- name: held
-- Whether a session holds the lock of a log that was ever recorded. Those that are free this transaction holds until its
-- end.
SELECT coalesce(bool_or(NOT pg_try_advisory_xact_lock(hashtextextended('hub recorder ' || log, 0))), false)
FROM log_offsets;

-- name: create_offset
-- The offset of a log that has not been read yet.
INSERT INTO log_offsets (log) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: read_offset
-- Id of the last stored entry.
SELECT last_id FROM log_offsets WHERE log = $1;

-- name: hold_offset
-- The same, locked until the end of the transaction.
SELECT last_id FROM log_offsets WHERE log = $1 FOR UPDATE;

-- name: read_state
-- The offset and what is stored with it; current is false if a recorder that does not count numbers moved the offset.
SELECT
    last_id, numbers, numbers_at = last_id AS current, lost,
    coalesce(extract(epoch FROM damaged_at), 0)::float8 AS damaged_at
FROM log_offsets WHERE log = $1;

-- name: advance_offset
-- Move the offset of $1 from $2 to $3, with the numbers $4, after which $5 more positions are lost. $6: positions were found
-- to be missing. If no row matches, another recorder has moved the offset: this one is fenced.
UPDATE log_offsets
SET last_id = $3, committed_at = now(), numbers_at = $3, numbers = $4, lost = lost + $5,
    damaged_at = CASE WHEN $5 > 0 OR $6 THEN now() ELSE damaged_at END
WHERE log = $1 AND last_id = $2;

-- name: reset_offset
-- The log $1 is not the one that was read up to $2: read it from its beginning. If no row matches: as in advance_offset.
UPDATE log_offsets
SET last_id = '0-0', damaged_at = now(), numbers_at = CASE WHEN numbers_at = last_id THEN '0-0' ELSE numbers_at END
WHERE log = $1 AND last_id = $2;

-- name: rewind_offset
-- Read the log $1 from its beginning: it was restored from a backup and is older than the rows. The numbers stay, so nothing
-- counts as lost.
UPDATE log_offsets SET last_id = '0-0', numbers_at = CASE WHEN numbers_at = last_id THEN '0-0' ELSE numbers_at END
WHERE log = $1;
