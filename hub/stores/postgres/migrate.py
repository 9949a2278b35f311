"""Bring a database to the schema of this version: numbered steps, then the whole of ``schema.sql``."""

from __future__ import annotations

from pathlib import Path

import asyncpg

import hub

LOCK = 0x6875_6201
"""Advisory lock ("hub", 1) that two migrations at once queue on."""

STEPS = Path(__file__).parent
"""Where the steps are: ``step_0001_<what>.sql`` and so on, for changes that ``schema.sql`` cannot make to a table that
exists. A step is never edited once released; a new database never runs one: ``schema.sql`` is always the result."""


def schema_path() -> Path:
    """``schema.sql``: inside the package where it was built into a wheel, beside it in a source tree."""
    package = Path(hub.__file__).parent
    inside = package / "schema.sql"
    return inside if inside.exists() else package.parent / "schema.sql"


async def migrate(database_url: str, steps: Path = STEPS) -> list[str]:
    """Apply what is missing, all of it or nothing, and return what was done, one word for each thing.

    Safe to run at any time and from several processes at once. Raises ``asyncpg.PostgresError`` and ``OSError``.
    """
    numbered = sorted(steps.glob("step_[0-9]*.sql"))  # noqa: ASYNC240 (a handful of names, once)
    connection = await asyncpg.connect(database_url, server_settings={"application_name": "hub migrate"})
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            return await _migrate(connection, numbered)
    finally:
        await connection.close()


async def _migrate(connection: asyncpg.Connection, steps: list[Path]) -> list[str]:
    done: list[str] = []
    new = await connection.fetchval("SELECT to_regclass('schema_steps') IS NULL")
    had = set() if new else {row["step"] for row in await connection.fetch("SELECT step FROM schema_steps")}
    missing = [step for step in steps if step.stem not in had]
    if not new:
        for step in missing:
            await connection.execute(step.read_text())
            done.append(step.stem)
    await connection.execute("SET LOCAL client_min_messages = warning")  # "already exists, skipping" is the usual case
    await connection.execute(schema_path().read_text())
    if new:
        done.append("schema")
    await connection.executemany("INSERT INTO schema_steps (step) VALUES ($1)", [(step.stem,) for step in missing])
    return done
