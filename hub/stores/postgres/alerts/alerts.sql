-- name: open_alerts
-- New alerts in the given order, with their messages for screens; none where the episode has one.
WITH new AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
        $8::timestamptz[], $9::text[], $10::json[], $11::json[]
    ) WITH ORDINALITY AS n (
        id, fleet, rule_id, driver_id, episode, at, noticed_at, sent_at, held, data, message, n
    )
), made AS (
    INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, sent_at, held, data)
    SELECT id, fleet, rule_id, driver_id, episode, 'open', at, noticed_at, sent_at, held, data FROM new ORDER BY n
    ON CONFLICT DO NOTHING
    RETURNING id
), told AS (
    INSERT INTO alert_messages (fleet, driver_id, payload)
    SELECT fleet, driver_id, message FROM new JOIN made USING (id) ORDER BY n
)
SELECT id FROM made;

-- name: last_sent
-- When rule $1 was last sent: about driver $2, and about any.
SELECT max(sent_at) FILTER (WHERE driver_id = $2) AS driver, max(sent_at) AS rule FROM alerts
WHERE rule_id = $1 AND sent_at >= $3;

-- name: resolve
-- The open alert $1 is over since $2.
UPDATE alerts SET state = 'resolved', resolved_at = $2, version = version + 1 WHERE id = $1 AND state = 'open'
RETURNING id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number;

-- name: channel_works
-- The alerts about channel $1 that is disabled are over since $2.
UPDATE alerts SET state = 'resolved', resolved_at = $2, version = version + 1
WHERE rule_id = $1 AND driver_id = '' AND state = 'open'
RETURNING id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number;

-- name: abandoned
-- The first $1 open alerts whose rule is switched off or deleted. Those about channels have none.
SELECT a.id, a.fleet, a.data, r.id IS NULL AS deleted
FROM alerts AS a LEFT JOIN rules AS r ON r.id = a.rule_id
WHERE a.state = 'open' AND r.enabled IS NOT TRUE AND a.driver_id <> '' ORDER BY a.number LIMIT $1;

-- name: rules_with_open
-- Rules with an open alert.
SELECT DISTINCT rule_id FROM alerts WHERE state = 'open';

-- name: unwatched
-- The first $4 open alerts of rule $1 about a driver that is none of $2 (null: all), or a fence that is none of $3
-- (empty: all).
SELECT id, fleet, data FROM alerts
WHERE rule_id = $1 AND state = 'open' AND (
    NOT driver_id = ANY ($2::text[])
    OR cardinality($3::text[]) > 0 AND NOT coalesce(data -> 'details' ->> 'fenceId', '') = ANY ($3 || '{""}')
)
ORDER BY number LIMIT $4;

-- name: of_deleted_fences
-- The first $1 open alerts about a fence that is deleted.
SELECT id, fleet, data FROM alerts AS a
WHERE state = 'open' AND data -> 'details' ->> 'fenceId' IS NOT NULL
    AND NOT EXISTS (SELECT FROM fences AS f WHERE f.id::text = a.data -> 'details' ->> 'fenceId')
    AND EXISTS (
        SELECT FROM fence_versions AS v WHERE v.fleet = a.fleet AND v.fence_id::text = a.data -> 'details' ->> 'fenceId'
    )
ORDER BY number LIMIT $1;

-- name: leave_deleted_fences
-- No driver is inside a deleted fence.
DELETE FROM presences AS p
WHERE NOT EXISTS (SELECT FROM fences AS f WHERE f.id::text = p.fence_id)
    AND EXISTS (SELECT FROM fence_versions AS v WHERE v.fleet = p.fleet AND v.fence_id::text = p.fence_id);

-- name: close
-- The open alert $1 is closed at $2, with the data $3.
UPDATE alerts SET state = 'resolved', resolved_at = $2, data = $3, version = version + 1 WHERE id = $1 AND state = 'open'
RETURNING id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number;

-- name: correct
-- Alert $1 did not happen.
UPDATE alerts SET state = 'corrected', version = version + 1 WHERE id = $1 AND state <> 'corrected'
RETURNING id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number;

-- name: open_of
-- Ids of the open alerts of rule $1 about driver $2 whose details name fence $3.
SELECT id FROM alerts
WHERE rule_id = $1 AND driver_id = $2 AND state = 'open' AND data -> 'details' ->> 'fenceId' IN ($3, '') ORDER BY number;

-- name: alert
-- Alert $2 of fleet $1.
SELECT id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number
FROM alerts WHERE fleet = $1 AND id = $2;

-- name: list_alerts
-- Alerts of fleet $1 before number $2, newest first, at most $3; where they are not null, of driver $4, rule $5, state $6,
-- that happened from $7 to before $8; with $9 only those that are not acknowledged; only of the
-- drivers $10, where that is not null.
SELECT id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number
FROM alerts
WHERE fleet = $1 AND number < $2 AND ($4::text IS NULL OR driver_id = $4) AND ($5::uuid IS NULL OR rule_id = $5)
    AND ($6::text IS NULL OR state = $6) AND ($7::timestamptz IS NULL OR at >= $7)
    AND ($8::timestamptz IS NULL OR at < $8) AND NOT ($9 AND acknowledged_at IS NOT NULL)
    AND ($10::text[] IS NULL OR driver_id = ANY ($10))
ORDER BY number DESC LIMIT $3;

-- name: acknowledge
-- User $4 has seen alert $2 of fleet $1, if it has version $3 or that is null. An alarm is over then.
UPDATE alerts SET
    acknowledged_at = $5, acknowledged_by = $4, version = version + 1,
    state = CASE WHEN state = 'open' AND data ->> 'kind' = 'alarm' THEN 'resolved' ELSE state END,
    resolved_at = CASE WHEN state = 'open' AND data ->> 'kind' = 'alarm' THEN $5 ELSE resolved_at END
WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) AND acknowledged_at IS NULL
RETURNING id, rule_id, driver_id, state, at, noticed_at, resolved_at, acknowledged_at, acknowledged_by, sent_at, held, data,
    version, number;

-- name: digests
-- Of these rules, those with gathered alerts that may be sent at $3: nothing was sent for their time $2.
SELECT r.id FROM unnest($1::uuid[], $2::float8[]) AS r (id, digest)
WHERE EXISTS (SELECT FROM alerts WHERE rule_id = r.id AND held = 'digest') AND NOT EXISTS (
    SELECT FROM alerts WHERE rule_id = r.id AND sent_at > $3::timestamptz - r.digest * interval '1 s'
);

-- name: take_digest
-- The gathered alerts of rule $1, oldest first; the newest counts as sent at $2.
WITH taken AS (
    UPDATE alerts AS a SET held = NULL, sent_at = CASE WHEN a.number = n.newest THEN $2::timestamptz END
    FROM (SELECT max(number) AS newest FROM alerts WHERE rule_id = $1 AND held = 'digest') AS n
    WHERE a.rule_id = $1 AND a.held = 'digest'
    RETURNING a.id, a.rule_id, a.driver_id, a.state, a.at, a.noticed_at, a.resolved_at, a.acknowledged_at,
        a.acknowledged_by, a.sent_at, a.held, a.data, a.version, a.number
)
SELECT * FROM taken ORDER BY number;

-- name: put_message
-- A message for the screens of fleet $1 about driver $2.
INSERT INTO alert_messages (fleet, driver_id, payload) VALUES ($1, $2, $3);

-- name: messages
-- The first $1 messages that are not in the stream.
SELECT id, fleet, driver_id, payload FROM alert_messages ORDER BY id LIMIT $1;

-- name: delete_messages
-- These messages are in the stream.
DELETE FROM alert_messages WHERE id = ANY($1::bigint[]);

-- name: expire_alerts
-- Delete at most $2 alerts that were noticed before $1.
DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE noticed_at < $1 ORDER BY noticed_at LIMIT $2);

-- name: enter
-- Driver $2 of fleet $1 is inside fence $3.
INSERT INTO presences (fleet, driver_id, fence_id, visit_id, fence_name, entered_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (fleet, driver_id, fence_id) DO UPDATE
SET visit_id = excluded.visit_id, fence_name = excluded.fence_name, entered_at = excluded.entered_at;

-- name: leave
-- Visit $3 of driver $2 of fleet $1 is over.
DELETE FROM presences WHERE fleet = $1 AND driver_id = $2 AND visit_id = $3;

-- name: inside
-- Who is inside the fences $2 of fleet $1 (empty: all), of the drivers $3 (null: all).
SELECT driver_id, fence_id, visit_id, fence_name, entered_at FROM presences
WHERE fleet = $1 AND (cardinality($2::text[]) = 0 OR fence_id = ANY($2)) AND ($3::text[] IS NULL OR driver_id = ANY($3));

-- name: dwelling
-- Who has been inside since before $4, as in inside, without an alert of rule $5 about the visit.
SELECT driver_id, fence_id, visit_id, fence_name, entered_at FROM presences AS p
WHERE fleet = $1 AND (cardinality($2::text[]) = 0 OR fence_id = ANY($2)) AND ($3::text[] IS NULL OR driver_id = ANY($3))
    AND entered_at <= $4
    AND NOT EXISTS (SELECT FROM alerts WHERE rule_id = $5 AND driver_id = p.driver_id AND episode = p.visit_id);

-- name: standing
-- Stops of fleet $1 that last since before $3 and began at or after $2, of the drivers $4 (null: all), without an alert
-- of rule $5. Late positions may move the begin of a stop: the alert is about it if it happened after the begin.
SELECT driver_id, started_at, latitude, longitude FROM stops AS s
WHERE fleet = $1 AND ended_at IS NULL AND started_at <= $3 AND started_at >= $2
    AND ($4::text[] IS NULL OR driver_id = ANY($4))
    AND NOT EXISTS (SELECT FROM alerts WHERE rule_id = $5 AND driver_id = s.driver_id AND at >= s.started_at);

-- name: stood
-- Open alerts of rule $1 about stops that are over: their driver, episode, and when it left; null if late positions show
-- that it did not stand at the time of the alert.
SELECT a.driver_id, a.episode, CASE WHEN s.ended_at >= a.at THEN s.ended_at END AS ended_at FROM alerts AS a
LEFT JOIN LATERAL (
    SELECT started_at, ended_at FROM stops
    WHERE fleet = a.fleet AND driver_id = a.driver_id AND started_at <= a.at ORDER BY started_at DESC LIMIT 1
) AS s ON true
WHERE a.rule_id = $1 AND a.state = 'open' AND (s.started_at IS NULL OR s.ended_at IS NOT NULL);


-- name: open_episodes
-- Driver and episode of the open alerts of rule $1.
SELECT driver_id, episode FROM alerts WHERE rule_id = $1 AND state = 'open';

-- name: ticked
-- Until when part $1 has been followed; null before the first round.
SELECT ticked_at FROM notifier_clock WHERE part = $1;

-- name: tick
-- Part $1 has been followed until $2.
INSERT INTO notifier_clock (part, ticked_at) VALUES ($1, $2)
ON CONFLICT (part) DO UPDATE SET ticked_at = excluded.ticked_at;
