"""``hub user``: manages the users in the database, whether a hub runs or not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.actor import operator
from hub.cli.database import run, settings_of
from hub.cli.options import check_id, data_dir_option, fleet_option

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

name_argument = click.argument("username", metavar="NAME")


@click.group()
def user() -> None:
    """Manage users and their one-time passwords."""


@user.command("add")
@name_argument
@click.option("--role", type=click.Choice(["admin", "dispatcher"]), required=True)
@fleet_option
@data_dir_option
def add(username: str, role: Any, fleet: str | None, data_dir: Path | None) -> None:
    """Add a user, and print a one-time password.

    The password is shown once. The first login replaces it.
    """
    import msgspec

    from hub.core.names import Username
    from hub.identity.passwords import hash_of, one_time_password

    settings = settings_of(data_dir)
    fleet = settings.default_fleet if fleet is None else fleet
    check_id(fleet, "--fleet")
    try:
        username = msgspec.convert(username, Username).lower()
    except msgspec.ValidationError as error:
        raise click.BadParameter("must be 1 to 64 letters, digits, or any of . _ @ + -", param_hint="NAME") from error
    password = one_time_password()

    async def work(connection: asyncpg.Connection) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.users import NameTaken, add_user
        from hub.stores.postgres.audit import audit

        try:
            added = await add_user(connection, fleet, username, role, hash_of(password))
        except NameTaken as error:
            raise click.ClickException(f"the user {username} already exists") from error
        await audit(connection, operator(fleet), Audited.USER_CREATED, added.user_id, role=role)

    run(settings, "user", work)
    click.echo(f"Added {username} as {role} of the fleet {fleet}. One-time password:\n\n  {password}\n")


@user.command("list")
@data_dir_option
def list_(data_dir: Path | None) -> None:
    """List the users of all fleets."""

    async def work(connection: asyncpg.Connection) -> None:
        from hub.stores.postgres.accounts.users import all_users

        for user in await all_users(connection):
            state = "disabled" if user.disabled else "one-time password" if user.password_once else ""
            click.echo(f"{user.username:24} {user.role:10} {user.fleet:16} {state}".rstrip())

    run(settings_of(data_dir), "user", work)


@user.command("reset")
@name_argument
@data_dir_option
def reset(username: str, data_dir: Path | None) -> None:
    """Set a new one-time password, and print it.

    This ends all sessions of the user.
    """
    from hub.identity.passwords import hash_of, one_time_password

    password = one_time_password()

    async def work(connection: asyncpg.Connection) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.users import reset_password
        from hub.stores.postgres.audit import audit

        fleet, user_id = await _place_of(connection, username)
        if await reset_password(connection, fleet, user_id, hash_of(password)) is None:
            raise _unknown(username)  # deleted a moment ago
        await audit(connection, operator(fleet), Audited.USER_PASSWORD_RESET, user_id)

    run(settings_of(data_dir), "user", work)
    click.echo(f"New one-time password of {username.lower()}:\n\n  {password}\n")


@user.command("disable")
@name_argument
@data_dir_option
def disable(username: str, data_dir: Path | None) -> None:
    """Disable a user: refuse logins and end all sessions."""
    _set_disabled(username, data_dir, disabled=True)


@user.command("enable")
@name_argument
@data_dir_option
def enable(username: str, data_dir: Path | None) -> None:
    """Enable a disabled user."""
    _set_disabled(username, data_dir, disabled=False)


@user.command("totp-off")
@name_argument
@data_dir_option
def totp_off(username: str, data_dir: Path | None) -> None:
    """Remove a user's second factor, after a phone was lost."""

    async def work(connection: asyncpg.Connection) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.totp import remove
        from hub.stores.postgres.audit import audit

        fleet, user_id = await _place_of(connection, username)
        if not await remove(connection, fleet, user_id):
            raise click.ClickException(f"the user {username.lower()} has no second factor")
        await audit(connection, operator(fleet), Audited.USER_TOTP_REMOVED, user_id)

    run(settings_of(data_dir), "user", work)
    click.echo(f"The user {username.lower()} has no second factor any more.")


@user.command("disconnect")
@name_argument
@data_dir_option
def disconnect(username: str, data_dir: Path | None) -> None:
    """End a user's logins with the OpenID Connect provider, and all sessions."""

    async def work(connection: asyncpg.Connection) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts import identities
        from hub.stores.postgres.accounts.sessions import end_all
        from hub.stores.postgres.audit import audit

        fleet, user_id = await _place_of(connection, username)
        if not await identities.disconnect(connection, fleet, user_id):
            raise click.ClickException(f"the user {username.lower()} is connected to no provider")
        await end_all(connection, user_id, "disconnected")
        await audit(connection, operator(fleet), Audited.USER_DISCONNECTED, user_id)

    run(settings_of(data_dir), "user", work)
    click.echo(f"The user {username.lower()} is disconnected from the provider.")


def _set_disabled(username: str, data_dir: Path | None, *, disabled: bool) -> None:
    async def work(connection: asyncpg.Connection) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.accounts.users import LastAdmin, change_user
        from hub.stores.postgres.audit import audit

        fleet, user_id = await _place_of(connection, username)
        try:
            await change_user(connection, fleet, user_id, None, disabled=disabled)
        except LastAdmin as error:
            detail = f"{username} is the last enabled admin of the fleet {fleet}: add another admin first"
            raise click.ClickException(detail) from error
        actor = operator(fleet)
        await audit(connection, actor, Audited.USER_CHANGED, user_id, fields=["disabled"], disabled=disabled)

    run(settings_of(data_dir), "user", work)
    click.echo(f"The user {username.lower()} is {'disabled' if disabled else 'enabled'}.")


async def _place_of(connection: asyncpg.Connection, username: str) -> tuple[str, UUID]:
    from hub.stores.postgres.accounts.users import place_of

    place = await place_of(connection, username.lower())
    if place is None:
        raise _unknown(username)
    return place


def _unknown(username: str) -> click.ClickException:
    return click.ClickException(f"the user {username} does not exist: `hub user list` lists all users")
