-- name: add
-- Payloads with refused points, one for each element of the arrays, without those that waited in memory while the history
-- of their driver was erased.
INSERT INTO quarantine (
    fleet, driver_id, received_at, dialect, code, field, detail, points, path, query, sender, coding, body, request_id
)
SELECT * FROM unnest(
    $1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::integer[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::bytea[], $14::text[]
) AS new (
    fleet, driver_id, received_at, dialect, code, field, detail, points, path, query, sender, coding, body, request_id
)
WHERE NOT EXISTS (
    SELECT FROM erasures AS e
    WHERE e.history AND e.fleet = new.fleet AND e.driver_id IN (new.driver_id, new.sender) AND e.until >= new.received_at
);

-- name: expire
-- Delete payloads received before $1.
DELETE FROM quarantine WHERE received_at < $1;

-- name: trim
-- If the payloads of fleet $1 have more than $2 bytes, delete the oldest until nine tenths are left: the next payload must
-- not trim again.
DELETE FROM quarantine WHERE id IN (
    SELECT id FROM (
        SELECT id, sum(size) OVER (ORDER BY received_at DESC, id DESC) AS newer FROM quarantine WHERE fleet = $1
    ) AS sized
    WHERE newer > $2::bigint * 9 / 10 AND (SELECT sum(size) FROM quarantine WHERE fleet = $1) > $2
);

-- name: list_payloads
-- Payloads of fleet $1, newest first, at most $4: those before the payload $3 of instant $2, or all.
SELECT id, driver_id, received_at, dialect, code, field, detail, points, size
FROM quarantine
WHERE fleet = $1 AND ($2::timestamptz IS NULL OR (received_at, id) < ($2, $3::uuid))
ORDER BY received_at DESC, id DESC
LIMIT $4;

-- name: payload
-- Payload $2 of fleet $1.
SELECT
    id, driver_id, received_at, dialect, code, field, detail, points, size, path, query, sender, coding, body, request_id
FROM quarantine
WHERE fleet = $1 AND id = $2;

-- name: delete_payload
-- Delete payload $2 of fleet $1.
DELETE FROM quarantine WHERE fleet = $1 AND id = $2;

-- name: clear
-- Delete the payloads of fleet $1, and return how many there were.
WITH gone AS (DELETE FROM quarantine WHERE fleet = $1 RETURNING 1) SELECT count(*) FROM gone;
