"""One database for the tests of a process: emptied after each where that is enough, else made again.

To copy the template takes 80 ms of processor time, to delete the rows of a test 15 ms.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import asyncpg

TEMPLATE = "template_hub"
NAME = "test"

MOST_ROWS = 5_000
"""Rows that are deleted. More of them would leave files that a query of a later test reads."""

KEPT = ("schema_steps", "schema_version")
"""Tables whose rows the template has."""

FILLED = """
SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""

SCHEMA = f"""
SELECT md5(string_agg(concat_ws(' ', line), ',' ORDER BY line)) FROM (
    SELECT ('relation', oid, relname, relkind, relrowsecurity, reloptions, relacl, reltuples)::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT ('column', attrelid, attname, atttypid, attnotnull, atthasdef, attacl)::text
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0
    UNION ALL SELECT ('constraint', oid, convalidated)::text FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT ('index', indexrelid, indisvalid)::text FROM pg_index WHERE indexrelid >= 16384
    UNION ALL SELECT ('trigger', oid, tgenabled)::text FROM pg_trigger
    UNION ALL SELECT ('function', oid, xmin)::text FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT ('type', oid)::text FROM pg_type WHERE oid >= 16384 AND typnamespace = 'public'::regnamespace
    UNION ALL SELECT ('schema', oid, nspacl)::text FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_t%'
    UNION ALL SELECT ('extension', oid)::text FROM pg_extension
    UNION ALL SELECT ('setting', setrole, setconfig)::text FROM pg_db_role_setting WHERE setdatabase <> 0
    UNION ALL SELECT ('database', datacl, datconnlimit)::text FROM pg_database WHERE datname = current_database()
    {" ".join(f"UNION ALL SELECT ('{table}', kept)::text FROM {table} kept" for table in KEPT)}
) found (line)
"""
"""What a database is besides its rows. ``reltuples`` changes with ANALYZE, whose statistics lead to other plans."""

EMPTY = f"""
DO $$
DECLARE
    name regclass;
    deleted bigint;
    rows bigint := 0;
BEGIN
    -- Without triggers and foreign keys.
    SET LOCAL session_replication_role = replica;
    FOR name IN
        SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> ALL (ARRAY{list(KEPT)}) AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || name;
        GET DIAGNOSTICS deleted = ROW_COUNT;
        rows := rows + deleted;
    END LOOP;
    IF rows > {MOST_ROWS} THEN
        RAISE program_limit_exceeded;
    END IF;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
END $$
"""


def of_database(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


class TestDatabase:
    """The database of a server, from ``ready`` to ``release`` for one test."""

    __test__ = False

    def __init__(self, server: str) -> None:
        self._server = server
        self.url = of_database(server, NAME)
        self._schema = ""
        """Of the database as it was made; empty while there is none."""

    async def ready(self) -> None:
        if self._schema:
            return
        server = await asyncpg.connect(self._server)
        try:
            await server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            await server.execute(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
        finally:
            await server.close()
        connection = await asyncpg.connect(self.url)
        try:
            assert await connection.fetchval(FILLED) == list(KEPT)
            self._schema = await connection.fetchval(SCHEMA)
        finally:
            await connection.close()

    async def release(self) -> None:
        """End connections that the test left, and delete its rows. What a test did to the schema or to the server's
        settings of the database needs a new one."""
        made, self._schema = self._schema, ""
        try:
            connection = await asyncpg.connect(self.url)
        except (asyncpg.PostgresError, OSError):
            return
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            if await connection.fetchval(SCHEMA) == made:
                await connection.execute(EMPTY)
                self._schema = made
        except (asyncpg.ProgramLimitExceededError, asyncpg.UndefinedTableError):  # too many rows, or a table is gone
            pass
        finally:
            await connection.close()
