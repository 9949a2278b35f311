-- Alerts about maintenance have since when it is counted, and the number since then, by which the notifier knows what it
-- has told. Those of earlier hubs have only the odometer that was reached, counted since the rule was made.
DO $$
BEGIN
    IF to_regclass('alerts') IS NULL THEN
        RETURN;  -- the database is from before alerts
    END IF;
    WITH old AS (
        SELECT a.id, a.data, timezone('UTC', greatest(d.created_at, r.created_at)) AS since,
            floor((a.data -> 'details' ->> 'due')::float8 / (r.params ->> 'every')::float8)
            - floor(coalesce((r.params ->> 'start')::float8, 0) / (r.params ->> 'every')::float8) AS number
        FROM alerts AS a JOIN rules AS r ON r.id = a.rule_id
        LEFT JOIN drivers AS d ON d.fleet = a.fleet AND d.driver_id = a.driver_id
        WHERE r.kind = 'maintenance' AND r.params ->> 'every' IS NOT NULL
            AND a.data -> 'details' ->> 'due' IS NOT NULL AND a.data -> 'details' ->> 'since' IS NULL
    )
    UPDATE alerts AS a SET data = jsonb_set(
        old.data::jsonb, '{details}', (old.data -> 'details')::jsonb || jsonb_build_object(
            'number', old.number::bigint,
            -- as Python writes it: without a fraction where that is zero
            'since', replace(to_char(old.since, 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'), '.000000', '')
        )
    )::json
    FROM old WHERE a.id = old.id;
END
$$;
