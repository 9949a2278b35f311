-- name: request
-- Ask for the removal of driver $2 of fleet $1 up to $3, with its history if $4.
INSERT INTO erasures (fleet, driver_id, until, history) VALUES ($1, $2, $3, $4)
RETURNING id, driver_id, until, history, requested_at, finished_at, positions;

-- name: erasure
-- Erasure $2 of fleet $1.
SELECT id, driver_id, until, history, requested_at, finished_at, positions FROM erasures WHERE fleet = $1 AND id = $2;

-- name: open
-- Erasures that are not finished, oldest first.
SELECT id, fleet, driver_id, until, history FROM erasures WHERE finished_at IS NULL ORDER BY requested_at, id;

-- name: deleted
-- How many positions erasure $1 has deleted, once it is done.
SELECT positions FROM erasures WHERE id = $1 AND finished_at IS NOT NULL;

-- name: finish
-- Erasure $1 is done.
UPDATE erasures SET finished_at = clock_timestamp() WHERE id = $1;

-- name: removals
-- Every driver that was removed or erased: the last instant of either, and the last up to which its history was erased.
SELECT fleet, driver_id, max(until) AS until, max(until) FILTER (WHERE history) AS history
FROM erasures
GROUP BY fleet, driver_id;

-- name: expire
-- Forget removals from the live fleet that were finished before $1. Erasures of history hold for ever.
DELETE FROM erasures WHERE NOT history AND finished_at < $1;

-- name: has_data
-- Whether fleet $1 has anything of driver $2.
SELECT EXISTS (SELECT FROM drivers WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM positions WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM trips WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM daily WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM shares WHERE fleet = $1 AND (driver_id = $2 OR $2 = ANY (driver_ids)))
    OR EXISTS (SELECT FROM driver_states WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM vehicle_assignments WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM quarantine WHERE fleet = $1 AND (driver_id = $2 OR sender = $2));

-- name: end_ahead
-- The instant of the last of the first $4 positions of driver $2 of fleet $1 that were received up to $3 and recorded later.
SELECT max(recorded_at) FROM (
    SELECT recorded_at FROM positions
    WHERE fleet = $1 AND driver_id = $2 AND recorded_at > $3 AND received_at <= $3
    ORDER BY recorded_at LIMIT $4
) AS piece;

-- name: delete_ahead
-- Delete those up to $4.
DELETE FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at > $3 AND recorded_at <= $4 AND received_at <= $3;

-- name: end_past
-- The instant of the last of the first $4 positions of driver $2 of fleet $1 that were recorded up to $3.
SELECT max(recorded_at) FROM (
    SELECT recorded_at FROM positions WHERE fleet = $1 AND driver_id = $2 AND recorded_at <= $3
    ORDER BY recorded_at LIMIT $4
) AS piece;

-- name: delete_past
-- Delete those up to $3.
DELETE FROM positions WHERE fleet = $1 AND driver_id = $2 AND recorded_at <= $3;

-- name: count
-- Note that erasure $1 has deleted $2 more positions.
UPDATE erasures SET positions = positions + $2 WHERE id = $1;

-- name: first_after
-- The first position of driver $2 of fleet $1 that was recorded after $3, the most exact one of its instant (as in
-- positions_after of trips.sql).
SELECT recorded_at, latitude_e7, longitude_e7, speed, accuracy FROM positions
WHERE fleet = $1 AND driver_id = $2 AND recorded_at > $3
ORDER BY recorded_at, latitude_e7, longitude_e7 LIMIT 1;

-- name: erase_events
-- Events of driver $2 of fleet $1 but removals, which have no place.
DELETE FROM events WHERE fleet = $1 AND driver_id = $2 AND payload ->> 'type' <> 'removed';

-- name: erase_shares
-- Share links of driver $2 of fleet $1 that were created up to $3; those of several drivers go on without it.
WITH unshared AS (
    DELETE FROM shares
    WHERE fleet = $1 AND created_at <= $3 AND (driver_id = $2 OR array_remove(driver_ids, $2) = '{}')
)
UPDATE shares SET driver_ids = array_remove(driver_ids, $2)
WHERE fleet = $1 AND created_at <= $3 AND $2 = ANY (driver_ids) AND array_remove(driver_ids, $2) <> '{}';

-- name: erase_alerts
-- The alerts about driver $2 of fleet $1.
DELETE FROM alerts WHERE fleet = $1 AND driver_id = $2;

-- name: erase_alert_messages
-- Messages about them that are not sent yet.
DELETE FROM alert_messages WHERE fleet = $1 AND driver_id = $2;

-- name: erase_presences
-- The fences that driver $2 of fleet $1 is inside of, as the notifier knows them.
DELETE FROM presences WHERE fleet = $1 AND driver_id = $2;

-- name: erase_maintenance
-- When maintenance of driver $2 of fleet $1 was done.
DELETE FROM maintenance_done WHERE fleet = $1 AND driver_id = $2;

-- name: erase_deliveries
-- What was sent, or is to be sent, about driver $2 through the channels of fleet $1.
DELETE FROM deliveries USING channels
WHERE deliveries.channel_id = channels.id AND channels.fleet = $1 AND deliveries.driver_id = $2;

-- name: digests
-- Deliveries of the type $2 of fleet $1 whose data contain a word ($3, as $4 of erase_payloads).
SELECT d.id, d.data FROM deliveries AS d JOIN channels AS c ON c.id = d.channel_id
WHERE c.fleet = $1 AND d.type = $2 AND d.data::text ~ $3
FOR UPDATE OF d;

-- name: change_digest
-- Delivery $1 has other data.
UPDATE deliveries SET data = $2 WHERE id = $1;

-- name: delete_digest
-- Delivery $1 has nothing else to say.
DELETE FROM deliveries WHERE id = $1;

-- name: erase_traced
-- Traces of positions of driver $2 of fleet $1 that were stored, or recorded, up to $3.
DELETE FROM traced_positions WHERE fleet = $1 AND driver_id = $2 AND (recorded_at <= $3 OR stored_at <= $3);

-- name: erase_state
-- The state of driver $2 of fleet $1, if it was set up to $3. The trigger of the table tells the hubs.
DELETE FROM driver_states WHERE fleet = $1 AND driver_id = $2 AND changed_at <= $3;

-- name: erase_assignments
-- Assignments of driver $2 of fleet $1 that ended up to $3.
DELETE FROM vehicle_assignments WHERE fleet = $1 AND driver_id = $2 AND until <= $3;

-- name: cut_assignments
-- Those that ended later begin at $3.
UPDATE vehicle_assignments SET since = $3 WHERE fleet = $1 AND driver_id = $2 AND since < $3 AND until > $3;

-- name: cut_present_assignment
-- The present one, too: the trigger of the table changes it with the vehicle, and tells the hubs.
UPDATE vehicles SET assigned_at = $3, version = version + 1, updated_at = now()
WHERE fleet = $1 AND driver_id = $2 AND assigned_at < $3;

-- name: erase_payloads
-- Payloads received up to $3 in fleet $1 that name driver $2 by their token or sender, or whose query or body contains its
-- id as a word; $4 is the regular expression of that. Compressed bodies are not searched.
DELETE FROM quarantine
WHERE fleet = $1 AND received_at <= $3
    AND (driver_id = $2 OR sender = $2 OR query ~ $4 OR encode(body, 'escape') ~ $4);

-- name: erase_dead_letters
-- Dead letters of fleet $1, or of none, that contain the id of a driver as a word ($2 as above).
DELETE FROM dead_letters WHERE (fleet = $1 OR fleet IS NULL) AND encode(payload, 'escape') ~ $2;
