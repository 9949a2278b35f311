-- name: retention
-- The own retention of driver $2 of fleet $1.
SELECT months FROM retentions WHERE fleet = $1 AND driver_id = $2;

-- name: put
-- Keep positions of driver $2 of fleet $1 for $3 months.
INSERT INTO retentions (fleet, driver_id, months) VALUES ($1, $2, $3)
ON CONFLICT (fleet, driver_id) DO UPDATE SET months = excluded.months;

-- name: delete
-- Keep positions of driver $2 of fleet $1 as those of others.
DELETE FROM retentions WHERE fleet = $1 AND driver_id = $2 RETURNING months;

-- name: all
-- Every driver with a retention of its own.
SELECT fleet, driver_id, months FROM retentions;

-- name: end_older
-- The instant of the last of the first $4 positions of driver $2 of fleet $1 that were recorded before $3 and have a
-- partition.
SELECT max(recorded_at) FROM (
    SELECT recorded_at FROM positions
    WHERE fleet = $1 AND driver_id = $2 AND recorded_at < $3 AND tableoid <> 'positions_default'::regclass
    ORDER BY recorded_at LIMIT $4
) AS piece;

-- name: delete_older
-- Delete those up to $3.
DELETE FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at <= $3 AND tableoid <> 'positions_default'::regclass;

-- name: delete_default
-- The same for rows of the default partition, by received_at: recorded_at comes from a wrong clock.
DELETE FROM positions_default WHERE fleet = $1 AND driver_id = $2 AND received_at < $3;

-- name: delete_checkpoints
-- Delete checkpoints of driver $2 of fleet $1 before $3, except the newest (see expire_checkpoints of expiry.sql).
DELETE FROM trip_checkpoints
WHERE fleet = $1 AND driver_id = $2 AND recorded_at < (
    SELECT max(recorded_at) FROM trip_checkpoints WHERE fleet = $1 AND driver_id = $2 AND recorded_at < $3
);
