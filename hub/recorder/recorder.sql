-- name: try_lock
-- Whether this session is now the one that records the log $1; the lock goes with the session.
SELECT pg_try_advisory_lock(hashtextextended('hub recorder ' || $1, 0));

-- name: create_offset
-- The offset of a log that was never read.
INSERT INTO log_offsets (log) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: read_offset
-- Id of the last entry that is stored.
SELECT last_id FROM log_offsets WHERE log = $1;

-- name: read_state
-- The offset with what belongs to it; current is false when a recorder that does not count numbers moved the offset.
SELECT
    last_id, numbers_at = last_id AS current, numbers, lost,
    coalesce(extract(epoch FROM damaged_at), 0)::float8 AS damaged_at
FROM log_offsets WHERE log = $1;

-- name: advance_offset
-- Move the offset of $1 from $2 to $3, with the numbers $4, after which $5 more positions are lost. No row means that
-- another recorder has moved it: we are fenced.
UPDATE log_offsets
SET last_id = $3, committed_at = now(), numbers_at = $3, numbers = $4, lost = lost + $5,
    damaged_at = CASE WHEN $5 > 0 THEN now() ELSE damaged_at END
WHERE log = $1 AND last_id = $2;

-- name: reset_offset
-- The log $1 is not the one that was read up to $2: read it from its beginning. No row as in advance_offset.
UPDATE log_offsets
SET last_id = '0-0', damaged_at = now(), numbers_at = CASE WHEN numbers_at = last_id THEN '0-0' ELSE numbers_at END
WHERE log = $1 AND last_id = $2;

-- name: create_incoming
-- Where a batch is copied to, because COPY by itself knows no ON CONFLICT. Emptied by each commit.
CREATE TEMPORARY TABLE incoming (LIKE positions) ON COMMIT DELETE ROWS;

-- name: empty_incoming
-- Make room for the next piece of the same transaction.
TRUNCATE incoming;

-- name: insert_positions
-- Store what was copied and return the identity of each row that was new. Driver by driver, because neighbours in the
-- index are then inserted together (a fifth less CPU) and lie together when a track is read; of two copies in one batch
-- the first wins (ctid is the order of arrival).
INSERT INTO positions (
    recorded_at, received_at, latitude_e7, longitude_e7, speed, heading, accuracy, altitude, battery,
    fleet, driver_id, attributes
)
SELECT
    recorded_at, received_at, latitude_e7, longitude_e7, speed, heading, accuracy, altitude, battery,
    fleet, driver_id, attributes
FROM incoming
ORDER BY driver_id, recorded_at, ctid
ON CONFLICT DO NOTHING
RETURNING fleet, driver_id, recorded_at, latitude_e7, longitude_e7;

-- name: bury
-- Keep what cannot be stored.
INSERT INTO dead_letters (entry_id, fleet, reason, payload) VALUES ($1, $2, $3, $4);
