-- Ways that a trip does not count as distance: jumps, and long silences such as a ferry.
ALTER TABLE trips ADD COLUMN IF NOT EXISTS gap_distance double precision NOT NULL DEFAULT 0;
-- The trip fold has new rules, and a state that older checkpoints do not have. The next point of a driver makes its trips
-- again from the stored positions; trips from before the first stored position stay.
DELETE FROM trip_checkpoints;
-- Days are summed up by the time zone of their fleet; those of earlier releases are UTC days.
CREATE TABLE IF NOT EXISTS day_zones (fleet text COLLATE "C" PRIMARY KEY, time_zone text NOT NULL);
INSERT INTO day_zones (fleet, time_zone) SELECT DISTINCT fleet, 'UTC' FROM daily ON CONFLICT DO NOTHING;
