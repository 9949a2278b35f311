-- Ways that a trip does not count as distance: jumps, and long silences such as a ferry.
ALTER TABLE trips ADD COLUMN IF NOT EXISTS gap_distance double precision NOT NULL DEFAULT 0;
-- The trip fold has new rules, and a state that older checkpoints do not have. The next point of a driver makes its trips
-- again from the stored positions; trips from before the first stored position stay.
DELETE FROM trip_checkpoints;
