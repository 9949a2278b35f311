-- name: fleets
-- Fleets with a channel that forwards positions.
SELECT DISTINCT fleet FROM channels WHERE 'position' = ANY(events);

-- name: note
-- The open transaction has added positions of drivers $2 at $3 to fleet $1.
INSERT INTO position_batches (fleet, drivers, instants) VALUES ($1, $2, $3);

-- name: begin
-- Channels that forward positions and have no cursor begin with the positions that are added after the change that made
-- them do so.
INSERT INTO position_cursors (channel_id, batch)
SELECT c.id, coalesce((
    SELECT max(b.id) FROM position_batches AS b WHERE b.fleet = c.fleet AND b.created_at < c.updated_at
), 0)
FROM channels AS c
WHERE 'position' = ANY(c.events) AND NOT EXISTS (SELECT FROM position_cursors WHERE channel_id = c.id)
ON CONFLICT DO NOTHING;

-- name: stop
-- Channels that do not forward positions any more forget where they were.
DELETE FROM position_cursors AS p USING channels AS c WHERE c.id = p.channel_id AND NOT 'position' = ANY(c.events);

-- name: due
-- Channels with positions to forward at $1.
SELECT c.id FROM channels AS c JOIN position_cursors AS p ON p.channel_id = c.id
WHERE c.state IN ('active', 'failing') AND coalesce(c.retry_at <= $1, true) AND EXISTS (
    SELECT FROM position_batches AS b
    WHERE b.fleet = c.fleet AND b.id >= p.batch AND (b.id > p.batch OR cardinality(b.drivers) > p.done)
);

-- name: lock
-- Whether this session now forwards the positions of channel $1. The server releases the lock at the end of the session.
SELECT pg_try_advisory_lock(hashtextextended('hub stream ' || $1::text, 0));

-- name: unlock
-- Let another session forward the positions of channel $1.
SELECT pg_advisory_unlock(hashtextextended('hub stream ' || $1::text, 0));

-- name: waiting
-- The next $2 positions that channel $1 has to forward, in the order of arrival.
SELECT b.id AS batch, r.n AS number, r.driver_id, r.recorded_at
FROM position_cursors AS p
JOIN channels AS c ON c.id = p.channel_id
JOIN position_batches AS b ON b.fleet = c.fleet AND b.id >= p.batch
CROSS JOIN LATERAL unnest(b.drivers, b.instants) WITH ORDINALITY AS r (driver_id, recorded_at, n)
WHERE p.channel_id = $1 AND (b.id > p.batch OR r.n > p.done)
ORDER BY b.id, r.n LIMIT $2;

-- name: positions
-- The positions of fleet $1 of drivers $2 at $3, in this order, with the names of the drivers. Those that were erased
-- since are absent.
SELECT
    p.driver_id, p.latitude_e7 / 1e7::double precision AS latitude, p.longitude_e7 / 1e7::double precision AS longitude,
    p.recorded_at, p.received_at, p.speed, p.heading, p.accuracy, p.altitude, p.battery, p.attributes,
    coalesce(d.name, '') AS name
FROM unnest($2::text[], $3::timestamptz[]) WITH ORDINALITY AS r (driver_id, recorded_at, n)
JOIN positions AS p ON p.fleet = $1 AND p.driver_id = r.driver_id AND p.recorded_at = r.recorded_at
LEFT JOIN drivers AS d ON d.fleet = $1 AND d.driver_id = r.driver_id
ORDER BY r.n;

-- name: advance
-- The receiver of channel $1 has confirmed everything up to position $3 of row $2.
UPDATE position_cursors SET batch = $2, done = $3 WHERE channel_id = $1;

-- name: expire
-- Delete the rows that every channel of the fleet has passed, and those of before $1.
DELETE FROM position_batches AS b WHERE b.created_at < $1 OR NOT EXISTS (
    SELECT FROM position_cursors AS p JOIN channels AS c ON c.id = p.channel_id
    WHERE c.fleet = b.fleet AND p.batch <= b.id
) AND b.created_at < $2;

-- name: erase
-- Rows of fleet $1 name driver $2 no more for positions that were recorded or received up to $3. They keep their length,
-- by which cursors count.
UPDATE position_batches AS b SET drivers = ARRAY(
    SELECT CASE WHEN driver_id = $2 AND (recorded_at <= $3 OR b.created_at <= $3) THEN '' ELSE driver_id END
    FROM unnest(b.drivers, b.instants) WITH ORDINALITY AS r (driver_id, recorded_at, n) ORDER BY n
)
WHERE fleet = $1 AND $2 = ANY (drivers);
