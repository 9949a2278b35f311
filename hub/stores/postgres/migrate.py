"""Bring a database to the schema of this version: numbered steps, then the whole of ``schema.sql``."""

from __future__ import annotations

import hashlib
from pathlib import Path

import asyncpg

import hub
from hub.stores.postgres.connection import connect
from hub.stores.postgres.refusals import SchemaRefused, refusal

VERSION = 3
"""Version of the schema, increased when older hubs must no longer write to the database."""

PASSING = ("08", "40", "53", "55", "57", "42501")
"""Beginnings of SQLSTATEs that a step does not cause: connection, resources, locks, shutdown, rights."""

LOCK = 0x6875_6201
"""Advisory lock ("hub", 1) for which a second migration waits."""

STEPS = Path(__file__).parent
"""Folder of the steps ``step_0001_<what>.sql`` and so on, for changes of existing tables that ``schema.sql`` cannot
express. A released step is never edited. A new database never runs a step: ``schema.sql`` is always the result."""


def schema_path() -> Path:
    """``schema.sql``: inside the package in a wheel, next to it in a source tree."""
    package = Path(hub.__file__).parent
    inside = package / "schema.sql"
    return inside if inside.exists() else package.parent / "schema.sql"


async def migrate(database_url: str, steps: Path = STEPS) -> list[str]:
    """Apply the missing changes, all or none, and return their names.

    Safe to run at any time and from several processes at once. A complete database is only read, so that a role without
    the right CREATE can use it. Raises ``SchemaRefused`` for errors that need an administrator, otherwise
    ``asyncpg.PostgresError`` and ``OSError``.
    """
    numbered = sorted(steps.glob("step_[0-9]*.sql"))  # noqa: ASYNC240 (a handful of names, once)
    try:
        connection = await connect(database_url, role="migrate", patience=None)
    except asyncpg.PostgresError as error:
        if (sentence := refusal(error)) is None:
            raise
        raise SchemaRefused(sentence) from error
    try:
        if await _complete(connection, numbered):
            return []
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            return await _migrate(connection, numbered)
    except asyncpg.InsufficientPrivilegeError as error:
        raise SchemaRefused(await _missing_right(connection, error)) from error
    except asyncpg.PostgresError as error:
        if (sentence := refusal(error)) is None:
            raise
        raise SchemaRefused(sentence) from error
    finally:
        await connection.close()


async def check(connection: asyncpg.Connection) -> None:
    """Raise ``SchemaRefused`` if the schema is newer than this hub."""
    if await connection.fetchval("SELECT to_regclass('schema_version') IS NULL"):
        return
    version = await connection.fetchval("SELECT version FROM schema_version")
    if version is not None and version > VERSION:
        raise SchemaRefused(
            f"the database has schema version {version}, this hub knows up to {VERSION}: start the newer hub, "
            "or restore the backup from before its migration"
        )


def digest() -> str:
    """SHA-256 of ``schema.sql``."""
    return hashlib.sha256(schema_path().read_bytes()).hexdigest()


async def _complete(connection: asyncpg.Connection, steps: list[Path]) -> bool:
    await check(connection)
    if await connection.fetchval("SELECT to_regclass('schema_version') IS NULL"):
        return False
    had = {row["step"] for row in await connection.fetch("SELECT step FROM schema_steps")}
    known = await connection.fetchval("SELECT digest FROM schema_version")
    return bool(known == digest() and all(step.stem in had for step in steps))


async def _missing_right(connection: asyncpg.Connection, error: asyncpg.PostgresError) -> str:
    role, database, schema = await connection.fetchrow(
        "SELECT quote_ident(current_user), quote_ident(current_database()), "
        "quote_ident(coalesce(current_schema(), 'public'))"
    )
    return (
        f"role {role} may not bring database {database} to this hub's schema ({error.args[0]}): run `hub migrate` as "
        f"the tables' owner and grant what docs/operations.md lists, or, for a database without the hub's tables, "
        f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {role}"
    )


async def _migrate(connection: asyncpg.Connection, steps: list[Path]) -> list[str]:
    done: list[str] = []
    await check(connection)
    new = await connection.fetchval("SELECT to_regclass('schema_steps') IS NULL")
    had = set() if new else {row["step"] for row in await connection.fetch("SELECT step FROM schema_steps")}
    missing = [step for step in steps if step.stem not in had]
    if not new:
        for step in missing:
            await _step(connection, step)
            done.append(step.stem)
    await connection.execute("SET LOCAL client_min_messages = warning")  # without "already exists, skipping"
    await connection.execute(schema_path().read_text())
    if new:
        done.append("schema")
    await connection.executemany("INSERT INTO schema_steps (step) VALUES ($1)", [(step.stem,) for step in missing])
    await connection.execute("DELETE FROM schema_version")
    await connection.execute("INSERT INTO schema_version (version, digest) VALUES ($1, $2)", VERSION, digest())
    return done


async def _step(connection: asyncpg.Connection, step: Path) -> None:
    try:
        await connection.execute(step.read_text())  # noqa: ASYNC240 (a small file, once)
    except asyncpg.PostgresError as error:
        if (error.sqlstate or "").startswith(PASSING):
            raise
        raise SchemaRefused(f"the migration step {step.stem} fails, nothing was changed: {error.args[0]}") from error
