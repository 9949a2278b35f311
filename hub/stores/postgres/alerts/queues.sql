-- name: queues
-- The channels of fleet $1 as queues, by name.
SELECT
    c.id, c.name, c.kind, c.state, c.reason,
    (SELECT count(*) FROM deliveries AS d WHERE d.channel_id = c.id AND d.state = 'pending') AS pending,
    (SELECT min(d.created_at) FROM deliveries AS d WHERE d.channel_id = c.id AND d.state = 'pending') AS oldest_at,
    (SELECT count(*) FROM deliveries AS d WHERE d.channel_id = c.id AND d.state = 'dead') AS dead
FROM channels AS c
WHERE c.fleet = $1
ORDER BY c.name, c.id;

-- name: deliveries
-- By kind of channel: deliveries that are not confirmed, and the seconds at $1 that the oldest of them waits.
SELECT c.kind, sum(w.waiting)::bigint AS waiting, extract(epoch FROM $1::timestamptz - min(w.oldest))::float8 AS oldest
FROM channels AS c JOIN (
    SELECT channel_id, count(*) AS waiting, min(created_at) AS oldest FROM deliveries WHERE state = 'pending'
    GROUP BY channel_id
) AS w ON w.channel_id = c.id
GROUP BY c.kind;

-- name: positions
-- By kind of channel: the seconds at $1 that the oldest position waits which a channel has to forward.
SELECT c.kind, max(extract(epoch FROM $1::timestamptz - b.created_at))::float8 AS behind
FROM channels AS c JOIN position_cursors AS p ON p.channel_id = c.id
CROSS JOIN LATERAL (
    SELECT created_at FROM position_batches
    WHERE fleet = c.fleet AND id >= p.batch AND (id > p.batch OR cardinality(drivers) > p.done) ORDER BY id LIMIT 1
) AS b
GROUP BY c.kind;

-- name: channels
-- Kind and state of channels, and how many have it.
SELECT kind, state, count(*) FROM channels GROUP BY kind, state ORDER BY kind, state;
