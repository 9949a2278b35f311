-- name: list_partitions
-- Months since year 0 that have a partition.
SELECT (split_part(relname, '_', 2)::integer * 12 + split_part(relname, '_', 3)::integer - 1) AS month
FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'positions'::regclass AND relname ~ '^positions_[0-9]{4}_[0-9]{2}$';

-- name: list_default_months
-- Months since year 0 of the rows in the default partition.
SELECT DISTINCT
    (extract(year FROM recorded_at) * 12 + extract(month FROM recorded_at) - 1)::integer AS month
FROM positions_default;

-- name: lock_months
-- Until the end of the transaction no other recorder creates a partition.
SELECT pg_advisory_xact_lock(hashtextextended('hub positions', 0));

-- name: create_month
-- Create the partition of month $1, move its rows there from the default partition, and return their number; the function
-- is in schema.sql.
SELECT create_positions_month($1);

-- name: drop_month
-- Drop the partition of month $1.
SELECT drop_positions_month($1);

-- name: has_others
-- Whether there are positions from $1 to before $2 of other drivers than the fleets $3 and drivers $4 name.
SELECT EXISTS (
    SELECT FROM positions AS p
    WHERE recorded_at >= $1 AND recorded_at < $2 AND NOT EXISTS (
        SELECT FROM unnest($3::text[], $4::text[]) AS k (fleet, driver_id)
        WHERE k.fleet = p.fleet AND k.driver_id = p.driver_id
    )
);

-- name: keep_month
-- Drop the partition of month $1 but for the rows of the drivers of $2 and $3, and return the number of their rows; the
-- function is in schema.sql.
SELECT keep_positions_month($1, $2, $3);

-- name: expire_default
-- Retention of the default partition, without drivers that have a retention of their own. By received_at ($1), because
-- recorded_at of these rows comes from a wrong clock.
DELETE FROM positions_default AS p
WHERE received_at < $1
    AND NOT EXISTS (SELECT FROM driver_retentions AS r WHERE r.fleet = p.fleet AND r.driver_id = p.driver_id);
