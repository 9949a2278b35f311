-- name: hold
-- Ids and states of channels $1, which no other transaction changes meanwhile; in order, so that two transactions wait for
-- each other in one direction.
SELECT id, state FROM channels WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE;

-- name: number
-- Take $3 more numbers of each lane, $4 of them for deliveries that are skipped. Returns the last of them.
INSERT INTO delivery_lanes AS l (channel_id, lane, sequence, missed)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[])
ORDER BY 1, 2
ON CONFLICT (channel_id, lane) DO UPDATE
SET sequence = l.sequence + excluded.sequence, missed = l.missed + excluded.missed
RETURNING channel_id, lane, sequence;

-- name: put
-- Insert deliveries in the given order.
INSERT INTO deliveries (channel_id, lane, sequence, message_id, type, driver_id, at, created_at, next_at, state, data)
SELECT channel_id, lane, sequence, message_id, type, driver_id, at, $8, $8, state, data
FROM unnest(
    $1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $9::text[], $10::json[]
) WITH ORDINALITY AS d (channel_id, lane, sequence, message_id, type, driver_id, at, state, data, n)
ORDER BY n;

-- name: heads
-- The first delivery of each lane of channel $1 that has one to send at $2, without the lanes $3, at most $4. Lanes are
-- found one after the other in the index, however many deliveries wait in each.
WITH RECURSIVE lanes (lane, sequence) AS (
    (SELECT lane, sequence FROM deliveries WHERE channel_id = $1 AND state = 'pending' ORDER BY lane, sequence LIMIT 1)
    UNION ALL
    SELECT n.lane, n.sequence FROM lanes AS l CROSS JOIN LATERAL (
        SELECT lane, sequence FROM deliveries
        WHERE channel_id = $1 AND state = 'pending' AND lane > l.lane ORDER BY lane, sequence LIMIT 1
    ) AS n
)
SELECT d.id, d.lane, d.sequence, d.message_id, d.type, d.driver_id, d.at, d.created_at, d.attempts, d.data, w.missed
FROM lanes AS l
JOIN deliveries AS d ON d.channel_id = $1 AND d.lane = l.lane AND d.sequence = l.sequence
JOIN delivery_lanes AS w ON w.channel_id = $1 AND w.lane = l.lane
WHERE d.next_at <= $2 AND NOT d.lane = ANY($3::text[])
    AND EXISTS (SELECT FROM channels WHERE id = $1 AND state IN ('active', 'failing'))
ORDER BY d.attempts, d.id LIMIT $4;

-- name: following
-- The next $4 deliveries of lane $2 of channel $1 after number $3.
SELECT id, lane, sequence, message_id, type, driver_id, at, created_at, attempts, data, 0 AS missed FROM deliveries
WHERE channel_id = $1 AND state = 'pending' AND lane = $2 AND sequence > $3
    AND EXISTS (SELECT FROM channels WHERE id = $1 AND state = 'active')
ORDER BY sequence LIMIT $4;

-- name: sent
-- Delivery $1 was confirmed at $2 with status $3 after $4 milliseconds.
WITH done AS (
    UPDATE deliveries
    SET state = 'sent', attempts = attempts + 1, sent_at = $2, last_status = $3, last_ms = $4, last_error = NULL
    WHERE id = $1 AND state = 'pending' RETURNING channel_id, lane
)
UPDATE delivery_lanes AS l SET missed = 0 FROM done
WHERE l.channel_id = done.channel_id AND l.lane = done.lane AND l.missed > 0;

-- name: failed
-- A try of delivery $1 failed with status $2, error $3, after $4 milliseconds. The next is at $5; null: there is none.
WITH tried AS (
    UPDATE deliveries SET
        attempts = attempts + 1, last_status = $2, last_error = $3, last_ms = $4, next_at = coalesce($5, next_at),
        state = CASE WHEN $5::timestamptz IS NULL THEN 'dead' ELSE 'pending' END
    WHERE id = $1 AND state = 'pending' RETURNING channel_id, lane, state
)
UPDATE delivery_lanes AS l SET missed = l.missed + 1 FROM tried
WHERE l.channel_id = tried.channel_id AND l.lane = tried.lane AND tried.state = 'dead';

-- name: give_up
-- Deliveries of channel $1 that wait since before $2 are dead. Returns how many. The lock of the channel comes before those
-- of its lanes, as where deliveries are added.
WITH held AS (
    SELECT id FROM channels WHERE id = $1 FOR NO KEY UPDATE
), old AS (
    UPDATE deliveries AS d SET state = 'dead', last_error = coalesce(d.last_error, 'the channel failed')
    FROM held WHERE d.channel_id = held.id AND d.state = 'pending' AND d.created_at < $2 RETURNING d.lane
), counted AS (
    SELECT lane, count(*) AS dead FROM old GROUP BY lane
), noted AS (
    UPDATE delivery_lanes AS l SET missed = l.missed + c.dead FROM counted AS c
    WHERE l.channel_id = $1 AND l.lane = c.lane
)
SELECT coalesce(sum(dead), 0)::bigint FROM counted;

-- name: stop_lane
-- Nothing more is sent in lane $2 of channel $1.
UPDATE deliveries SET state = 'skipped', last_error = $3 WHERE channel_id = $1 AND lane = $2 AND state = 'pending';

-- name: log
-- Deliveries of channel $2 of fleet $1 before id $3, newest first, at most $4; with state $5, if it is not null.
SELECT
    d.id, d.state, d.type, d.message_id, d.lane, d.sequence, d.driver_id, d.at, d.created_at, d.next_at, d.sent_at,
    d.attempts, d.last_status, d.last_error, d.last_ms, d.data
FROM deliveries AS d JOIN channels AS c ON c.id = d.channel_id
WHERE c.fleet = $1 AND c.id = $2 AND d.id < $3 AND ($5::text IS NULL OR d.state = $5)
ORDER BY d.id DESC LIMIT $4;

-- name: again
-- Deliveries of channel $1 to send once more, oldest first, at most $5: those that are dead or skipped, with $2 sent ones,
-- too; that happened from $3 to before $4.
SELECT message_id, lane, type, driver_id, at, data FROM (
    SELECT DISTINCT ON (message_id, lane) id, message_id, lane, type, driver_id, at, data, state FROM deliveries
    WHERE channel_id = $1 AND at >= $3 AND at < $4 ORDER BY message_id, lane, id DESC
) AS newest
WHERE state IN ('dead', 'skipped') OR ($2 AND state = 'sent')
ORDER BY id LIMIT $5;

-- name: expire
-- Delete at most $2 deliveries that were written before $1 and are not to be sent any more.
DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at < $1 AND state <> 'pending' ORDER BY created_at LIMIT $2
);
