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
    LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', object.kind, object.name);
    END LOOP;
END
$do$;
