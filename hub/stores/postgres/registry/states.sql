-- name: state
-- The state of driver $2 of fleet $1.
SELECT driver_id, state, version, changed_at FROM driver_states WHERE fleet = $1 AND driver_id = $2;

-- name: put_state
-- Set the state $4 of driver $2 of fleet $1, if it has version $3 (0: no state yet) or that is null. The same state again
-- changes nothing. Of two concurrent changes the second waits for the first, and finds another version.
INSERT INTO driver_states AS s (fleet, driver_id, state)
SELECT $1, $2, $4
WHERE $3::bigint IS NULL OR $3 = 0
    OR EXISTS (SELECT FROM driver_states WHERE fleet = $1 AND driver_id = $2)
ON CONFLICT (fleet, driver_id) DO UPDATE SET
    state = excluded.state,
    version = s.version + (s.state <> excluded.state)::integer,
    changed_at = CASE WHEN s.state <> excluded.state THEN now() ELSE s.changed_at END
WHERE $3::bigint IS NULL OR s.version = $3
RETURNING driver_id, state, version, changed_at, changed_at = now() AS changed;

-- name: all_states
-- All states of all fleets.
SELECT fleet, driver_id, state, version, changed_at FROM driver_states;
