"""``hub token``: signs tokens with the hub's secret, and revokes them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from hub.actor import operator
from hub.cli.options import check_id, data_dir_option, fleet_option, lifetime
from hub.startup import StartupError

if TYPE_CHECKING:
    import asyncpg


class TokenCommands(click.Group):
    """The group of ``hub token``; options without a command are those of ``add``."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h")):
            args = ["add", *args]
        return super().parse_args(context, args)


@click.group(cls=TokenCommands)
def token() -> None:
    """Sign, list and revoke tokens.

    `hub token --role …` is short for `hub token add --role …`.
    """


@token.command("add")
@click.option("--role", type=click.Choice(["driver", "dispatcher", "gateway", "admin"]), required=True)
@fleet_option
@click.option("--driver", help="Id of the driver; required with --role driver.")
@click.option(
    "--ttl", callback=lifetime, default="1d", show_default=True, help="Lifetime, such as 90s, 30m, 12h or 1d."
)
@click.option("--unregistered", is_flag=True, help="Do not use the database: the token cannot be revoked by itself.")
@data_dir_option
def add(
    role: str, fleet: str | None, driver: str | None, ttl: timedelta, unregistered: bool, data_dir: Path | None
) -> None:
    """Sign a token with HUB_JWT_SECRET and print it.

    Its id is registered in the database, so that it can be revoked.
    """
    from datetime import UTC, datetime
    from uuid import uuid4

    from hub.cli.database import run, settings_of
    from hub.identity.tokens import issue

    if driver is not None:
        check_id(driver, "--driver")
    if (role == "driver") != (driver is not None):
        raise click.UsageError("--driver is required with --role driver, and not allowed with another role")
    settings = settings_of(data_dir)
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")
    if ttl.total_seconds() > settings.jwt_max_lifetime:
        detail = f"must be at most {settings.jwt_max_lifetime:.0f} s (HUB_JWT_MAX_LIFETIME)"
        raise click.BadParameter(detail, param_hint="--ttl")
    if not settings.jwt_secret:
        raise StartupError("HUB_JWT_SECRET is not set: without it the hub has no tokens of its own")
    id = None if unregistered else uuid4()
    if id is not None:

        async def work(connection: asyncpg.Connection) -> None:
            from hub.core.audit import Audited
            from hub.stores.postgres.accounts.issued import add_issued
            from hub.stores.postgres.audit import audit

            until = datetime.now(UTC) + ttl
            await add_issued(connection, id, fleet_id, role, driver, until)
            said = {"role": role, "driverId": driver, "expiresAt": f"{until:%Y-%m-%dT%H:%M:%SZ}"}
            await audit(connection, operator(fleet_id), Audited.TOKEN_ISSUED, id, **said)

        try:
            run(settings, "token", work)
        except StartupError as error:
            raise StartupError(f"{error}; hub token add --unregistered needs no database") from error
    name = None if id is None else str(id)
    click.echo(issue(settings, fleet_id, role, driver or role, int(ttl.total_seconds()), driver=driver, id=name))


@token.command("list")
@fleet_option
@data_dir_option
def list_(fleet: str | None, data_dir: Path | None) -> None:
    """List the registered tokens that have not expired."""
    from hub.cli.database import run_for

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.stores.postgres.accounts.issued import issued_tokens

        for one in await issued_tokens(connection, fleet):
            state = "valid" if one.revoked_at is None else "revoked"
            until = f"{one.expires_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{one.id}  {one.role:10} {state:8} until {until}  {one.driver_id or ''}".rstrip())

    run_for(fleet, data_dir, "token", work)


@token.command("revoke")
@click.argument("id", metavar="ID")
@fleet_option
@data_dir_option
def revoke(id: str, fleet: str | None, data_dir: Path | None) -> None:
    """Revoke a token: refuse it and close its connections.

    ID is that of `hub token list`, or the token itself.
    """
    from hub.cli.database import run_for

    found = _id_of(id)

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.issued import revoke_issued
        from hub.stores.postgres.audit import audit

        if not await revoke_issued(connection, fleet, found):
            raise click.ClickException(
                f"the fleet {fleet} has no valid token {found}: `hub token list --fleet {fleet}` lists them"
            )
        await audit(connection, operator(fleet), Audited.TOKEN_REVOKED, found)

    run_for(fleet, data_dir, "token", work)
    click.echo(f"Revoked the token {found}.")


def _id_of(text: str) -> UUID:
    """The id that a text is, or that of the token that it is. Raises ``click.BadParameter``."""
    if text.count(".") == 2:
        import jwt

        try:
            claims = jwt.decode(text, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise click.BadParameter("must be an id of `hub token list`, or a token", param_hint="ID") from error
        if "jti" not in claims:
            detail = "the token has no id (jti), because it was not registered: it is valid until it expires"
            raise click.ClickException(f"{detail}, or until HUB_JWT_SECRET is replaced")
        text = str(claims["jti"])
    try:
        return UUID(text)
    except ValueError as error:
        raise click.BadParameter("must be an id of `hub token list`, or a token", param_hint="ID") from error
