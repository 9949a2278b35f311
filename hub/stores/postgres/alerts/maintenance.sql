-- name: driven
-- Of driver $2 of fleet $1: since when rule $3, made at $4, counts, whether maintenance was done then, and the metres of
-- the trips that began since.
SELECT c.since, c.done, coalesce((
    SELECT sum(distance) FROM trips WHERE fleet = $1 AND driver_id = $2 AND started_at >= c.since
), 0)::float8 AS driven
FROM (
    SELECT coalesce(m.done_at, greatest(d.created_at, $4)) AS since, m.done_at IS NOT NULL AS done
    FROM (VALUES ($2)) AS k (driver_id)
    LEFT JOIN drivers AS d ON d.fleet = $1 AND d.driver_id = k.driver_id
    LEFT JOIN maintenance_done AS m ON m.rule_id = $3 AND m.driver_id = k.driver_id
) AS c;

-- name: aged
-- As in driven, without the metres: drivers of fleet $1 for which, at $5, one more interval of $6 days has passed than the
-- alerts of rule $3 tell of those that are counted since the same instant. Of $2, or where it is null, of all that are
-- registered or have driven; these are found one after the other in the index.
WITH RECURSIVE driven (driver_id) AS (
    (SELECT driver_id FROM daily WHERE fleet = $1 AND $2::text[] IS NULL ORDER BY driver_id LIMIT 1)
    UNION ALL
    SELECT n.driver_id FROM driven AS k CROSS JOIN LATERAL (
        SELECT driver_id FROM daily WHERE fleet = $1 AND driver_id > k.driver_id ORDER BY driver_id LIMIT 1
    ) AS n
), known AS (
    SELECT driver_id FROM driven
    UNION SELECT driver_id FROM drivers WHERE fleet = $1 AND $2 IS NULL
    UNION SELECT unnest($2)
), counted AS (
    SELECT k.driver_id, coalesce(m.done_at, greatest(d.created_at, $4)) AS since, m.done_at IS NOT NULL AS done
    FROM known AS k
    LEFT JOIN drivers AS d ON d.fleet = $1 AND d.driver_id = k.driver_id
    LEFT JOIN maintenance_done AS m ON m.rule_id = $3 AND m.driver_id = k.driver_id
)
SELECT c.driver_id, c.since, c.done FROM counted AS c CROSS JOIN LATERAL (
    SELECT coalesce(max((data -> 'details' ->> 'number')::int), 0) AS told FROM alerts
    WHERE rule_id = $3 AND driver_id = c.driver_id AND (data -> 'details' ->> 'since')::timestamptz = c.since
) AS a
WHERE c.since <= $5::timestamptz - $6 * interval '24 h'
    AND c.since <= $5::timestamptz - (a.told + 1) * $6 * interval '24 h'
ORDER BY c.driver_id;

-- name: known
-- Whether driver $2 of fleet $1 is registered, or was heard.
SELECT EXISTS (SELECT FROM drivers WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM daily WHERE fleet = $1 AND driver_id = $2)
    OR EXISTS (SELECT FROM positions WHERE fleet = $1 AND driver_id = $2);

-- name: told
-- Whether rule $1 has an alert about driver $2 with the number $4, or a higher one, of those that are counted since $3.
SELECT EXISTS (
    SELECT FROM alerts WHERE rule_id = $1 AND driver_id = $2 AND data -> 'details' ->> 'since' = $3
        AND (data -> 'details' ->> 'number')::int >= $4
);

-- name: ahead
-- Episodes of open alerts of rule $1 about driver $2 for a distance that it has not driven: counted since $3, with a number
-- above $4.
SELECT episode FROM alerts WHERE rule_id = $1 AND driver_id = $2 AND state = 'open'
    AND data -> 'details' ->> 'since' = $3 AND (data -> 'details' ->> 'number')::int > $4
    AND data -> 'details' ->> 'days' IS NULL;

-- name: open_alerts
-- Episode and instant of the open alerts of rule $1 about driver $2.
SELECT episode, at FROM alerts WHERE rule_id = $1 AND driver_id = $2 AND state = 'open';

-- name: done
-- Maintenance by rule $1 of driver $3 of fleet $2 was done at $4.
INSERT INTO maintenance_done (rule_id, fleet, driver_id, done_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (rule_id, driver_id) DO UPDATE SET done_at = excluded.done_at;
