-- name: expire_events
-- Of the oldest $2 events, delete those that every consumer has taken and that were written before $1. The number of rows
-- read is bounded even if none is old enough: ids follow created_at closely.
DELETE FROM events
WHERE id IN (SELECT id FROM events ORDER BY id LIMIT $2)
    AND created_at < $1 AND id <= (SELECT min(last_id) FROM event_offsets AS o WHERE o.log = events.log);

-- name: expire_checkpoints
-- Delete at most $2 checkpoints before $1, but never a driver's newest one before it: the fold continues from there when a
-- point arrives late, although the positions behind it are deleted. Drivers with a retention of their own: retentions.sql.
DELETE FROM trip_checkpoints AS c USING (
    SELECT fleet, driver_id, recorded_at FROM trip_checkpoints AS o
    WHERE recorded_at < $1 AND NOT EXISTS (
        SELECT FROM driver_retentions AS r WHERE r.fleet = o.fleet AND r.driver_id = o.driver_id
    ) AND EXISTS (
        SELECT FROM trip_checkpoints AS n
        WHERE n.fleet = o.fleet AND n.driver_id = o.driver_id
            AND n.recorded_at > o.recorded_at AND n.recorded_at < $1
    )
    ORDER BY recorded_at LIMIT $2
) AS old
WHERE c.fleet = old.fleet AND c.driver_id = old.driver_id AND c.recorded_at = old.recorded_at;

-- name: expire_fence_checkpoints
-- The same for the fold of fences.
DELETE FROM fence_checkpoints AS c USING (
    SELECT fleet, driver_id, recorded_at FROM fence_checkpoints AS o
    WHERE recorded_at < $1 AND NOT EXISTS (
        SELECT FROM driver_retentions AS r WHERE r.fleet = o.fleet AND r.driver_id = o.driver_id
    ) AND EXISTS (
        SELECT FROM fence_checkpoints AS n
        WHERE n.fleet = o.fleet AND n.driver_id = o.driver_id
            AND n.recorded_at > o.recorded_at AND n.recorded_at < $1
    )
    ORDER BY recorded_at LIMIT $2
) AS old
WHERE c.fleet = old.fleet AND c.driver_id = old.driver_id AND c.recorded_at = old.recorded_at;
