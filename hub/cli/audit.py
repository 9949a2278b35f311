"""``hub audit``: prints the audit log from the database, whether a hub runs or not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.database import run, settings_of
from hub.cli.options import check_id, data_dir_option, fleet_option

if TYPE_CHECKING:
    import asyncpg

PIECE = 1_000
"""Entries that are read at a time."""


@click.command()
@click.option("--since", type=click.DateTime(), help="First instant, in UTC, as 2026-07-14 or 2026-07-14T09:30:00.")
@click.option("--until", type=click.DateTime(), help="Instant, in UTC, before which entries are printed.")
@click.option("--actor", help="Id of a user or token, or name of a user.")
@click.option("--action", help="Action, such as driver.deleted.")
@click.option("--kind", help="Kind of the subject, such as driver.")
@click.option("--id", "subject_id", help="Id of the subject.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Most entries to print.")
@click.option("--json", "as_json", is_flag=True, help="Print each entry as JSON on one line.")
@fleet_option
@data_dir_option
def audit(
    since: datetime | None,
    until: datetime | None,
    actor: str | None,
    action: str | None,
    kind: str | None,
    subject_id: str | None,
    limit: int,
    as_json: bool,
    fleet: str | None,
    data_dir: Path | None,
) -> None:
    """Print who changed or exported what in a fleet, newest first."""
    from datetime import UTC

    from hub.core.audit import Audited

    _check("--action", action, sorted(Audited))
    _check("--kind", kind, sorted({one.kind for one in Audited}))
    settings = settings_of(data_dir)
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")
    begin, end = (None if one is None else one.replace(tzinfo=UTC) for one in (since, until))

    async def work(connection: asyncpg.Connection) -> None:
        from hub.stores.postgres.audit import AuditFilter, audit_entries

        wanted = AuditFilter(begin, end, actor, action, kind, subject_id)
        left, after = limit, None
        while left:
            page = await audit_entries(connection, fleet_id, min(PIECE, left), wanted, after)
            for entry in page:
                click.echo(_json(entry) if as_json else _line(entry))
            if len(page) < min(PIECE, left):
                return
            left -= len(page)
            after = page[-1].happened_at, page[-1].id

    run(settings, "audit", work)


def _check(option: str, value: str | None, allowed: list[str]) -> None:
    """Raises ``click.BadParameter`` for a value that is not in the list."""
    if value is not None and value not in allowed:
        raise click.BadParameter(f"must be one of: {', '.join(allowed)}", param_hint=option)


def _json(entry: object) -> str:
    import msgspec

    return msgspec.json.encode(entry).decode()


def _line(entry: object) -> str:
    from hub.stores.postgres.audit import AuditEntry

    assert isinstance(entry, AuditEntry)
    actor = " ".join(filter(None, (entry.actor_kind, entry.actor_name or entry.actor_id)))
    details = _json(entry.details) if entry.details else ""
    when = f"{entry.happened_at:%Y-%m-%dT%H:%M:%SZ}"
    return f"{when}  {actor:20} {entry.action:22} {entry.subject_id}  {details}".rstrip()
