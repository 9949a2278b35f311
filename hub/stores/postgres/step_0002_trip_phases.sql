-- The stored state of the trip fold has one struct per phase: older checkpoints are not readable. The next point of a
-- driver makes its trips again from the stored positions.
DELETE FROM trip_checkpoints;
