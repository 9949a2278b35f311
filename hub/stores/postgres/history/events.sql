-- name: write_for
-- The events that this session puts are of the log $1.
SELECT set_config('hub.log', $1, false);

-- name: put_events
-- Insert events in the given order.
INSERT INTO events (fleet, driver_id, payload, log)
SELECT fleet, driver_id, payload, coalesce(nullif(current_setting('hub.log', true), ''), 'hub:log')
FROM unnest($1::text[], $2::text[], $3::json[]) WITH ORDINALITY AS e (fleet, driver_id, payload, n)
ORDER BY n;

-- name: create_event_offset
-- The offset of a consumer that has not taken events of the log $2 yet: it gets all that are stored.
INSERT INTO event_offsets (stream, log) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: unpublished_events
-- The first $3 events of the log $2 that the consumer $1 has not taken yet.
SELECT id, fleet, driver_id, payload FROM events
WHERE log = $2 AND id > (SELECT last_id FROM event_offsets WHERE stream = $1 AND log = $2)
ORDER BY id LIMIT $3;

-- name: unpublished_of_all
-- The first $2 events that the consumer $1 has not taken yet, of all logs; those of each log in their order.
SELECT e.id, e.fleet, e.driver_id, e.payload, e.log
FROM (SELECT log COLLATE "C" FROM log_offsets UNION SELECT log FROM event_offsets WHERE stream = $1) AS l (log)
LEFT JOIN event_offsets AS o ON o.stream = $1 AND o.log = l.log
CROSS JOIN LATERAL (
    SELECT id, fleet, driver_id, payload, log FROM events
    WHERE log = l.log AND id > coalesce(o.last_id, 0)
    ORDER BY id LIMIT $2
) AS e
ORDER BY e.id LIMIT $2;

-- name: advance_event_offset
-- The consumer $1 has taken all events of the log $2 up to $3.
INSERT INTO event_offsets (stream, log, last_id) VALUES ($1, $2, $3)
ON CONFLICT (stream, log) DO UPDATE SET last_id = excluded.last_id;
