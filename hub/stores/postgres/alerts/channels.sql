-- name: list_channels
-- Channels of fleet $1 after id $2, at most $3.
SELECT id, name, kind, config, events, state, reason, failing_since, retry_at, version, created_at, updated_at
FROM channels WHERE fleet = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: channel
-- Channel $2 of fleet $1.
SELECT id, name, kind, config, events, state, reason, failing_since, retry_at, version, created_at, updated_at
FROM channels WHERE fleet = $1 AND id = $2;

-- name: sealed
-- Kind and sealed secrets of channel $2 of fleet $1.
SELECT kind, sealed FROM channels WHERE fleet = $1 AND id = $2 FOR UPDATE;

-- name: count_channels
-- How many channels fleet $1 has. The lock makes two that are added at once count each other.
SELECT count(*) FROM channels, (SELECT pg_advisory_xact_lock(hashtextextended('hub channels ' || $1, 0))) AS locked
WHERE fleet = $1;

-- name: add_channel
-- A new channel: id $1, fleet $2, name $3, kind $4, config $5, events $6, sealed secrets $7.
INSERT INTO channels (id, fleet, name, kind, config, events, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, name, kind, config, events, state, reason, failing_since, retry_at, version, created_at, updated_at;

-- name: change_channel
-- Give channel $2 of fleet $1 a name $4, config $5, events $6, sealed secrets $7, where they are not null, if it has
-- version $3 or that is null. $8: active or paused; a channel that is set active forgets its failures.
UPDATE channels SET
    name = coalesce($4, name), config = coalesce($5, config), events = coalesce($6, events),
    sealed = coalesce($7, sealed), state = coalesce($8, state), reason = CASE WHEN $8 IS NULL THEN reason END,
    failures = CASE WHEN $8 IS NULL THEN failures ELSE 0 END,
    failing_since = CASE WHEN $8 IS NULL THEN failing_since END, retry_at = CASE WHEN $8 IS NULL THEN retry_at END,
    version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING id, name, kind, config, events, state, reason, failing_since, retry_at, version, created_at, updated_at;

-- name: delete_channel
-- Delete channel $2 of fleet $1 with its deliveries, if it has version $3 or that is null.
DELETE FROM channels WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: reseal
-- Replace what is sealed, without another version: $2 is the same as before, $3 is sealed with the present secret.
UPDATE channels SET sealed = $3 WHERE id = $1 AND sealed = $2;

-- name: receivers
-- Channels that events and alerts are handed to, of all fleets.
SELECT id, fleet, kind, events, state FROM channels;

-- name: subscribers
-- The browsers of webpush channels $1.
SELECT channel_id, id FROM push_subscriptions WHERE channel_id = ANY($1::uuid[]) ORDER BY channel_id, id;

-- name: working
-- What a sender needs of channel $1.
SELECT id, fleet, name, kind, config, sealed, state, failures, failing_since, retry_at FROM channels WHERE id = $1;

-- name: due
-- Channels with a delivery that may be sent at $1, and whose pause is over.
SELECT c.id FROM channels AS c
WHERE c.state IN ('active', 'failing') AND coalesce(c.retry_at <= $1, true) AND EXISTS (
    SELECT FROM deliveries AS d WHERE d.channel_id = c.id AND d.state = 'pending' AND d.next_at <= $1
);

-- name: lock
-- Whether this session now sends the notices of channel $1. The server releases the lock at the end of the session.
SELECT pg_try_advisory_lock(hashtextextended('hub channel ' || $1::text, 0));

-- name: unlock
-- Let another session send the notices of channel $1.
SELECT pg_advisory_unlock(hashtextextended('hub channel ' || $1::text, 0));

-- name: succeeded
-- A delivery of channel $1 was confirmed.
UPDATE channels SET
    failures = 0, failing_since = NULL, retry_at = NULL, reason = NULL,
    state = CASE WHEN state = 'failing' THEN 'active' ELSE state END
WHERE id = $1 AND (failures > 0 OR state = 'failing');

-- name: failed
-- A delivery of channel $1 failed at $2, for the reason $3. With $4 everything fails: the next try is at $4. Without, it
-- was noted late perhaps, and does not end the pause.
UPDATE channels SET
    failures = failures + 1, failing_since = coalesce(failing_since, $2), reason = $3,
    retry_at = coalesce($4, retry_at),
    state = CASE WHEN state = 'active' AND $4::timestamptz IS NOT NULL THEN 'failing' ELSE state END
WHERE id = $1;

-- name: try_now
-- Channel $1, if it is failing, is tried again at $2.
UPDATE channels SET retry_at = $2 WHERE id = $1 AND state = 'failing';

-- name: one_disables
-- One transaction at a time disables a channel: it then adds deliveries to others.
SELECT pg_advisory_xact_lock(hashtextextended('hub disabling', 0));

-- name: disable
-- Stop sending through channel $1, for the reason $2, if it is not disabled yet. What waits is skipped.
WITH disabled AS (
    UPDATE channels SET state = 'disabled', reason = $2, retry_at = NULL WHERE id = $1 AND state <> 'disabled' RETURNING id
), skipped AS (
    UPDATE deliveries SET state = 'skipped' FROM disabled WHERE channel_id = disabled.id AND deliveries.state = 'pending'
    RETURNING lane
), noted AS (
    UPDATE delivery_lanes AS l SET missed = l.missed + s.skipped
    FROM (SELECT lane, count(*) AS skipped FROM skipped GROUP BY lane) AS s
    WHERE l.channel_id = $1 AND l.lane = s.lane
)
SELECT id FROM disabled;

-- name: mailboxes
-- Fleet, name and config of the channel $1 of the kind email, which no other transaction changes meanwhile.
SELECT fleet, name, config FROM channels WHERE id = $1 AND kind = 'email' FOR UPDATE;

-- name: unsubscribe
-- Channel $1 has the config $2.
UPDATE channels SET config = $2, version = version + 1, updated_at = now() WHERE id = $1;

-- name: add_subscription
-- Browser with digest $3 for channel $2 of fleet $1, of user $4, with id $5 and sealed keys $6. A browser that subscribes
-- again keeps its id.
INSERT INTO push_subscriptions (channel_id, digest, user_id, id, sealed)
SELECT id, $3, $4, $5, $6 FROM channels WHERE fleet = $1 AND id = $2 AND kind = 'webpush'
ON CONFLICT ON CONSTRAINT push_subscriptions_once DO NOTHING
RETURNING id;

-- name: subscription_of
-- Id of the browser with digest $2 in channel $1.
SELECT id FROM push_subscriptions WHERE channel_id = $1 AND digest = $2;

-- name: delete_subscription
-- Remove browser $3 from channel $2 of fleet $1, if it is of user $4 or that is null.
DELETE FROM push_subscriptions AS s USING channels AS c
WHERE c.fleet = $1 AND c.id = $2 AND s.channel_id = c.id AND s.id = $3 AND ($4::text IS NULL OR s.user_id = $4)
RETURNING s.id;

-- name: subscription
-- What is sealed of browser $2 of channel $1.
SELECT sealed FROM push_subscriptions WHERE channel_id = $1 AND id = $2;

-- name: drop_subscription
-- Browser $2 of channel $1 takes no more messages.
DELETE FROM push_subscriptions WHERE channel_id = $1 AND id = $2;
