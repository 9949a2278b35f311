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
