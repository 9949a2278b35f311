-- name: export_snapshot
-- Name by which pg_dump sees exactly what this transaction sees.
SELECT pg_export_snapshot();

-- name: tables
-- Tables of the hub's schema, without partitions.
SELECT relname FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
ORDER BY relname;

-- name: schema_version
-- Version of the hub's schema.
SELECT version FROM schema_version;

-- name: other_hubs
-- Applications of hubs that are connected to this database, besides this session.
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'hub %' AND pid <> pg_backend_pid()
ORDER BY application_name;

-- name: drop_objects
-- Drop the tables, views and functions of the hub's schema, except those of extensions. `pg_restore --clean` cannot: it
-- drops the constraints of partitions one by one, which PostgreSQL refuses.
DO $do$
DECLARE
    object record;
BEGIN
    FOR object IN
        SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
            quote_ident(relname) AS name
        FROM pg_class AS c
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm') AND NOT relispartition
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
        UNION ALL
        SELECT 'ROUTINE', p.oid::regprocedure::text
        FROM pg_proc AS p
        WHERE pronamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
        -- Sorted, so that all names are read before the first object is dropped: a function that went with a table has
        -- only a number.
        ORDER BY 1
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', object.kind, object.name);
    END LOOP;
END
$do$;

-- name: keep_erasures
-- Keep the erasures that the database knows in a temporary table, before its objects are dropped, and the name of the schema,
-- since the script of pg_restore empties the search path.
SELECT set_config('hub.restored_schema', current_schema(), false);
CREATE TEMPORARY TABLE kept_erasures (
    id uuid, fleet text, driver_id text, until timestamptz, history boolean, requested_at timestamptz
) ON COMMIT DROP;
DO $do$
BEGIN
    IF to_regclass('erasures') IS NOT NULL THEN
        INSERT INTO kept_erasures SELECT id, fleet, driver_id, until, history, requested_at FROM erasures;
    END IF;
END
$do$;

-- name: take_erasures
-- Add the kept erasures to the restored ones, as not finished. A dump of an earlier release has no table for them.
SELECT set_config('search_path', quote_ident(current_setting('hub.restored_schema')), false);
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM kept_erasures) THEN
        RETURN;
    END IF;
    IF to_regclass('erasures') IS NULL THEN
        RAISE EXCEPTION 'the backup comes from a release without erasures, and the target has some: restore it into an '
            'empty database, and erase again what `hub audit --action history.erased` lists';
    END IF;
    INSERT INTO erasures (id, fleet, driver_id, until, history, requested_at)
    SELECT id, fleet, driver_id, until, history, requested_at FROM kept_erasures
    ON CONFLICT (id) DO NOTHING;
END
$do$;

-- name: has_erasures
-- Whether the table exists.
SELECT to_regclass('erasures') IS NOT NULL;

-- name: reopen_erasures
-- Erasures that were finished after $1 are to be carried out again: what they erased may be in a copy that began before.
UPDATE erasures SET finished_at = NULL WHERE finished_at > $1;
