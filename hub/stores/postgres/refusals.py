"""Errors of PostgreSQL that need an administrator, in words that say what to do."""

from __future__ import annotations

import asyncpg


class SchemaRefused(Exception):
    """The database cannot be used as it is. The message tells the administrator what to do."""


def refusal(error: BaseException) -> str | None:
    """The remedy for an error that needs an administrator; None for other errors."""
    if isinstance(error, SchemaRefused):
        return str(error)
    if not isinstance(error, asyncpg.PostgresError):
        return None
    code, message = error.sqlstate or "", str(error.args[0] if error.args else error)
    if code == "42501":
        return f"PostgreSQL refuses the hub's role: {message}; as the owner, grant what docs/operations.md lists"
    if code.startswith("28"):
        return f"PostgreSQL refuses the login: {message}; correct HUB_DATABASE_URL or pg_hba.conf"
    if code in ("3D000", "3F000"):
        return f"PostgreSQL has no such database or schema: {message}; create it or correct HUB_DATABASE_URL"
    if code == "25006":
        return f"PostgreSQL is read-only: {message}; HUB_DATABASE_URL must name the primary server"
    if code in ("42P01", "42703", "42883"):
        return f"the schema is not the one that this hub expects: {message}; run `hub migrate` as the tables' owner"
    return None
