"""Errors that need an administrator say what to do."""

from __future__ import annotations

import asyncpg
import pytest

from hub.stores.postgres.refusals import SchemaRefused, refusal


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (asyncpg.InsufficientPrivilegeError("permission denied for table t"), "grant what docs/operations.md lists"),
        (asyncpg.InvalidPasswordError("no"), "correct HUB_DATABASE_URL or pg_hba.conf"),
        (asyncpg.InvalidCatalogNameError("no"), "create it or correct HUB_DATABASE_URL"),
        (asyncpg.ReadOnlySQLTransactionError("no"), "must name the primary server"),
        (asyncpg.UndefinedTableError("no"), "run `hub migrate`"),
        (SchemaRefused("the sentence"), "the sentence"),
    ],
)
def test_what_an_administrator_can_do(error: Exception, advice: str) -> None:
    assert advice in (refusal(error) or "")


@pytest.mark.parametrize("error", [asyncpg.DeadlockDetectedError("no"), OSError("no"), ValueError("no")])
def test_other_errors_pass_or_are_bugs(error: Exception) -> None:
    assert refusal(error) is None
