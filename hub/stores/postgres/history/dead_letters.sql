-- name: list_letters
-- Dead letters of fleet $1, or of all if it is null, newest first, at most $2: those before the letter $3.
SELECT id, entry_id, fleet, reason, buried_at, octet_length(payload) AS size
FROM dead_letters
WHERE ($1::text IS NULL OR fleet = $1) AND id < $3
ORDER BY id DESC
LIMIT $2;

-- name: letter
-- Dead letter $1; it stays as it is until the end of the transaction.
SELECT entry_id, fleet, reason, payload FROM dead_letters WHERE id = $1 FOR UPDATE;

-- name: of_entry
-- Dead letters of the entry $1 of the log.
SELECT id, entry_id, fleet, reason, buried_at, octet_length(payload) AS size
FROM dead_letters WHERE entry_id = $1 ORDER BY id;

-- name: delete_letter
-- Delete dead letter $1.
DELETE FROM dead_letters WHERE id = $1;

-- name: clear
-- Delete the dead letters of fleet $1, or all if it is null, and return how many there were of each fleet.
WITH gone AS (DELETE FROM dead_letters WHERE $1::text IS NULL OR fleet = $1 RETURNING fleet)
SELECT fleet, count(*) FROM gone GROUP BY fleet;

-- name: is_read
-- Whether the recorder has committed the entry with the two numbers $2 and $3 of the log $1.
SELECT (split_part(last_id, '-', 1)::bigint, split_part(last_id, '-', 2)::bigint) >= ($2::bigint, $3::bigint)
FROM log_offsets WHERE log = $1;
