-- name: put_events
-- Insert events in the given order.
INSERT INTO events (fleet, driver_id, payload)
SELECT fleet, driver_id, payload
FROM unnest($1::text[], $2::text[], $3::json[]) WITH ORDINALITY AS e (fleet, driver_id, payload, n)
ORDER BY n;

-- name: create_event_offset
-- The offset of a consumer that has not taken events yet: it gets all events that are stored.
INSERT INTO event_offsets (stream) VALUES ($1) ON CONFLICT DO NOTHING;

-- name: unpublished_events
-- The first $2 events that the consumer $1 has not taken yet.
SELECT id, fleet, driver_id, payload FROM events
WHERE id > (SELECT last_id FROM event_offsets WHERE stream = $1)
ORDER BY id LIMIT $2;

-- name: advance_event_offset
-- The consumer $1 has taken all events up to $2.
UPDATE event_offsets SET last_id = $2 WHERE stream = $1;
