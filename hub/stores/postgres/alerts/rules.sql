-- name: list_rules
-- Rules of fleet $1 after id $2, at most $3.
SELECT
    id, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, enabled, version,
    created_at, updated_at
FROM rules WHERE fleet = $1 AND id > $2 ORDER BY id LIMIT $3;

-- name: rule
-- Rule $2 of fleet $1.
SELECT
    id, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, enabled, version,
    created_at, updated_at
FROM rules WHERE fleet = $1 AND id = $2;

-- name: count_rules
-- How many rules fleet $1 has. The lock makes two that are added at once count each other.
SELECT count(*) FROM rules, (SELECT pg_advisory_xact_lock(hashtextextended('hub rules ' || $1, 0))) AS locked
WHERE fleet = $1;

-- name: add_rule
-- A new rule of fleet $1.
INSERT INTO rules (
    fleet, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, enabled
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
RETURNING
    id, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, enabled, version,
    created_at, updated_at;

-- name: put_rule
-- Replace what users can change of rule $2 of fleet $1, if it has version $3 or that is null.
UPDATE rules SET
    name = $4, params = $5, watch = $6, schedule = $7, channels = $8, severity = $9, cooldown = $10, digest = $11,
    max_age = $12, tell_resolved = $13, enabled = $14, version = version + 1, updated_at = now()
WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3)
RETURNING
    id, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, enabled, version,
    created_at, updated_at;

-- name: delete_rule
-- Delete rule $2 of fleet $1, if it has version $3 or that is null.
DELETE FROM rules WHERE fleet = $1 AND id = $2 AND ($3::bigint IS NULL OR version = $3) RETURNING id;

-- name: rules_digest
-- A text that changes with every change of a rule, and of the groups of drivers while a rule watches groups.
SELECT
    count(*) || ' ' || coalesce(sum(version), 0) || ' ' || coalesce(max(updated_at)::text, '') || CASE
        WHEN bool_or(json_array_length(watch -> 'groups') > 0)
            THEN (SELECT concat_ws(' ', '', count(*), max(since)) FROM driver_groups)
        ELSE ''
    END
FROM rules;

-- name: enabled_rules
-- The rules that make alerts, of all fleets; with $1 only those of these kinds.
SELECT
    id, fleet, name, kind, params, watch, schedule, channels, severity, cooldown, digest, max_age, tell_resolved, created_at
FROM rules WHERE enabled AND ($1::text[] IS NULL OR kind = ANY($1)) ORDER BY id;

-- name: conditions
-- Conditions of drivers that hold. n numbers the drivers from 1.
SELECT d.n, c.rule_id, c.state
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS d (fleet, driver_id, n)
JOIN conditions AS c USING (fleet, driver_id);

-- name: put_conditions
-- Insert or replace. A rule that was deleted meanwhile has none.
INSERT INTO conditions (rule_id, at, fleet, driver_id, state)
SELECT p.* FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::bytea[])
    AS p (rule_id, at, fleet, driver_id, state)
WHERE EXISTS (SELECT FROM rules WHERE id = p.rule_id)
ON CONFLICT (fleet, driver_id, rule_id) DO UPDATE SET at = excluded.at, state = excluded.state;

-- name: delete_conditions
-- These conditions hold no more.
DELETE FROM conditions AS c USING unnest($1::uuid[], $2::text[], $3::text[]) AS d (rule_id, fleet, driver_id)
WHERE c.rule_id = d.rule_id AND c.fleet = d.fleet AND c.driver_id = d.driver_id;

-- name: delete_disabled
-- What rules held that are switched off.
DELETE FROM conditions AS c USING rules AS r WHERE r.id = c.rule_id AND NOT r.enabled;

-- name: put_findings
-- Insert findings in the given order.
INSERT INTO findings (fleet, driver_id, payload)
SELECT fleet, driver_id, payload
FROM unnest($1::text[], $2::text[], $3::json[]) WITH ORDINALITY AS f (fleet, driver_id, payload, n) ORDER BY n;

-- name: take_findings
-- Take the first $1 findings, in their order.
WITH taken AS (
    DELETE FROM findings WHERE id IN (SELECT id FROM findings ORDER BY id LIMIT $1) RETURNING id, fleet, driver_id, payload
)
SELECT id, fleet, driver_id, payload FROM taken ORDER BY id;

-- name: erase_conditions
-- The conditions of driver $2 of fleet $1.
DELETE FROM conditions WHERE fleet = $1 AND driver_id = $2;

-- name: erase_findings
-- Its findings that the notifier has not taken.
DELETE FROM findings WHERE fleet = $1 AND driver_id = $2;
