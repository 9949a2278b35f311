"""``hub key``: manages API keys in the database, whether a hub runs or not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from hub.actor import operator
from hub.cli.database import run, run_for, settings_of
from hub.cli.options import check_id, data_dir_option, fleet_option, lifetime

if TYPE_CHECKING:
    import asyncpg


@click.group()
def key() -> None:
    """Manage API keys of programs."""


@key.command("add")
@click.argument("name", metavar="NAME")
@click.option("--role", type=click.Choice(["admin", "dispatcher", "gateway"]), required=True)
@click.option("--ttl", callback=lifetime, help="Lifetime, such as 12h or 90d.  [default: valid until it is revoked]")
@fleet_option
@data_dir_option
def add(name: str, role: Any, ttl: timedelta | None, fleet: str | None, data_dir: Path | None) -> None:
    """Make an API key, and print it.

    NAME says which program it is for. The key is shown once.
    """
    from datetime import UTC, datetime

    import msgspec

    from hub.core.names import KeyName

    try:
        msgspec.convert(name, KeyName)
    except msgspec.ValidationError as error:
        raise click.BadParameter("must be one line of 1 to 100 characters", param_hint="NAME") from error
    try:
        until = None if ttl is None else datetime.now(UTC) + ttl
    except OverflowError as error:
        raise click.BadParameter("must end before the year 10000", param_hint="--ttl") from error
    settings = settings_of(data_dir)
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")

    async def work(connection: asyncpg.Connection) -> str:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.keys import add_key
        from hub.stores.postgres.audit import audit

        made = await add_key(connection, fleet_id, role, name, until, settings.max_keys)
        if made is None:
            detail = f"the fleet {fleet_id} has {settings.max_keys} API keys, the most allowed (HUB_MAX_KEYS)"
            raise click.ClickException(f"{detail}: `hub key revoke` revokes one")
        key, kept = made
        said = {"name": name, "role": role, "expiresAt": f"{until:%Y-%m-%dT%H:%M:%SZ}" if until else None}
        await audit(connection, operator(fleet_id), Audited.API_KEY_CREATED, kept.id, **said)
        return key

    made = run(settings, "key", work)
    end = f"until {until:%Y-%m-%dT%H:%M:%SZ}" if until else "until it is revoked"
    click.echo(f"API key of {name} as {role} of the fleet {fleet_id}, valid {end}. It is shown once:\n\n  {made}\n")


@key.command("list")
@fleet_option
@data_dir_option
def list_(fleet: str | None, data_dir: Path | None) -> None:
    """List the fleet's API keys."""

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from datetime import UTC, datetime

        from hub.stores.postgres.accounts.keys import keys
        from hub.stores.postgres.registry.shares import BEFORE_ALL

        after = BEFORE_ALL
        while page := await keys(connection, fleet, 1_000, after):
            for one in page:
                expired = one.expires_at is not None and one.expires_at <= datetime.now(UTC)
                used = "never used" if one.last_used_at is None else f"used {one.last_used_at:%Y-%m-%dT%H:%MZ}"
                end = "" if one.expires_at is None else f"{'expired' if expired else 'until'} {one.expires_at:%Y-%m-%d}"
                click.echo(f"{one.id}  {one.prefix}…  {one.role:10} {used:22} {end:18} {one.name}")
            after = page[-1].created_at, page[-1].id

    run_for(fleet, data_dir, "key", work)


@key.command("revoke")
@click.argument("name", metavar="KEY")
@fleet_option
@data_dir_option
def revoke(name: str, fleet: str | None, data_dir: Path | None) -> None:
    """Revoke an API key: refuse it and close its connections.

    KEY is its name, its first characters as in `hub key list`, or its id.
    """

    async def work(connection: asyncpg.Connection, fleet: str) -> UUID:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.keys import SHOWN, delete_key, keys_named
        from hub.stores.postgres.audit import audit

        found = await keys_named(connection, fleet, name)
        shown = name[:SHOWN] if name.startswith("hub_") else name  # of a key itself no more than lists show
        if not found:
            raise click.ClickException(f"the fleet {fleet} has no API key {shown}: `hub key list` lists them")
        if len(found) > 1:
            ids = ", ".join(map(str, found))
            raise click.ClickException(f"the fleet {fleet} has several API keys {shown}: use one of the ids {ids}")
        await delete_key(connection, fleet, found[0])
        await audit(connection, operator(fleet), Audited.API_KEY_REVOKED, found[0])
        return found[0]

    click.echo(f"Revoked the API key {run_for(fleet, data_dir, 'key', work)}.")
