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

-- name: effective
-- The retention of driver $2 of fleet $1 by itself or by a group.
SELECT months FROM driver_retentions WHERE fleet = $1 AND driver_id = $2;

-- name: all
-- Every driver with a retention of its own or by a group.
SELECT fleet, driver_id, months FROM driver_retentions;

-- name: ends_older
-- For drivers (fleets $1, ids $2): the instant of the last of the first $4 positions that were recorded before $3 and have
-- a partition; without drivers that have none.
SELECT d.fleet, d.driver_id, piece.ends_at
FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, before), LATERAL (
    SELECT max(recorded_at) AS ends_at FROM (
        SELECT recorded_at FROM positions AS p
        WHERE p.fleet = d.fleet AND p.driver_id = d.driver_id AND p.recorded_at < d.before
            AND p.tableoid <> 'positions_default'::regclass
        ORDER BY recorded_at LIMIT $4
    ) AS first_ones
) AS piece
WHERE piece.ends_at IS NOT NULL;

-- name: delete_older
-- Delete those up to $3.
DELETE FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at <= $3 AND tableoid <> 'positions_default'::regclass;

-- name: delete_default
-- The same for rows of the default partition, by received_at: recorded_at comes from a wrong clock.
DELETE FROM positions_default AS p USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, before)
WHERE p.fleet = d.fleet AND p.driver_id = d.driver_id AND p.received_at < d.before;

-- name: delete_checkpoints
-- Delete the checkpoints of drivers before $3, except the newest (see expire_checkpoints of expiry.sql).
DELETE FROM trip_checkpoints AS c USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, before)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.recorded_at < (
    SELECT max(recorded_at) FROM trip_checkpoints AS o
    WHERE o.fleet = d.fleet AND o.driver_id = d.driver_id AND o.recorded_at < d.before
);

-- name: delete_fence_checkpoints
-- The same for the fold of fences.
DELETE FROM fence_checkpoints AS c USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS d (fleet, driver_id, before)
WHERE c.fleet = d.fleet AND c.driver_id = d.driver_id AND c.recorded_at < (
    SELECT max(recorded_at) FROM fence_checkpoints AS o
    WHERE o.fleet = d.fleet AND o.driver_id = d.driver_id AND o.recorded_at < d.before
);
