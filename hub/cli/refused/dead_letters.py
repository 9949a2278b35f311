"""``hub dead-letters``: content of the log that the recorder could not store; whether a hub runs or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.actor import operator
from hub.cli.database import Answer, run, settings_of
from hub.cli.options import check_id, data_dir_option

if TYPE_CHECKING:
    import asyncpg
    from redis.asyncio import Redis

    from hub.settings import Settings
    from hub.stores.redis.log.writer import Again
    from hub.wire.layout import Layout

PATIENCE = 10.0
"""Seconds that ``send`` waits for the recorder to read what was sent."""

fleet_option = click.option("--fleet", help="Only dead letters of this fleet.  [default: all, and those without one]")
id_type = click.IntRange(1, 2**63 - 1)
"""Of a ``bigint``."""


@click.group("dead-letters")
def dead_letters() -> None:
    """Manage log entries that could not be stored."""


@dead_letters.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Most entries to list.")
@fleet_option
@data_dir_option
def list_(limit: int, fleet: str | None, data_dir: Path | None) -> None:
    """List dead letters, newest first."""
    _check(fleet)

    async def work(connection: asyncpg.Connection) -> None:
        from hub.stores.postgres.history.dead_letters import letters

        for one in await letters(connection, fleet, limit):
            when = f"{one.buried_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{one.id}  {when}  {one.fleet or '-':16} {one.size:6} bytes  {one.reason}")

    _run(data_dir, work)


@dead_letters.command("show")
@click.argument("id", type=id_type)
@data_dir_option
def show(id: int, data_dir: Path | None) -> None:
    """Print a dead letter: its entry in the log, fleet, reason and content."""

    async def work(connection: asyncpg.Connection) -> None:
        from hub.stores.postgres.history.dead_letters import letter

        found = await letter(connection, id)
        if found is None:
            raise _unknown(id)
        click.echo(f"entry {found.entry_id}, fleet {found.fleet or 'unknown'}: {found.reason}\n")
        click.echo(found.payload)

    _run(data_dir, work)


@dead_letters.command("clear")
@click.confirmation_option(prompt="Delete these dead letters?")
@fleet_option
@data_dir_option
def clear(fleet: str | None, data_dir: Path | None) -> None:
    """Delete dead letters."""
    _check(fleet)

    settings = settings_of(data_dir)

    async def work(connection: asyncpg.Connection) -> int:
        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.history.dead_letters import clear_letters

        cleared = await clear_letters(connection, fleet)
        for of, count in cleared.items():
            # Letters of an unknown fleet belong to the operator, whose fleet is the default one.
            where = settings.default_fleet if of is None else of
            await audit(connection, operator(where), Audited.DEAD_LETTERS_CLEARED, where, letters=count)
        return sum(cleared.values())

    click.echo(f"Deleted dead letters: {run(settings, 'dead-letters', work)}")


@dead_letters.command("send")
@click.argument("ids", nargs=-1, required=True, type=id_type, metavar="ID...")
@data_dir_option
def send(ids: tuple[int, ...], data_dir: Path | None) -> None:
    """Append dead letters to the log again.

    Each leaves the list when it is in the log. What still cannot be stored becomes a new dead letter, and the command
    ends with 1. Positions that are stored already are not stored twice.
    """
    import uvloop

    if not uvloop.run(_send(settings_of(data_dir), ids)):
        raise SystemExit(1)


async def _send(settings: Settings, ids: tuple[int, ...]) -> bool:
    """Send dead letters. Returns whether all were sent, and none came back. Raises ``click.ClickException``."""
    from hub.embedded.services import running
    from hub.stores.postgres.connection import AWAY, connect
    from hub.stores.reasons import reason
    from hub.stores.redis import connection as redis_connection
    from hub.stores.redis.layout import LayoutRefused, layout

    async with running(settings) as services:
        settings = services.settings
        redis = redis_connection.connect(settings.redis_url, settings.redis_timeout)
        try:
            connection = await connect(settings.database_url, role="dead-letters", patience=settings.database_timeout)
            try:
                found = await layout(redis, settings.partitions)
                sent = [(id, await _append(connection, redis, found, id)) for id in ids]
                outcomes = [await _outcome(connection, id, again) for id, again in sent]
            finally:
                await connection.close()
        except LayoutRefused as error:
            raise click.ClickException(str(error)) from error
        except (*AWAY, *redis_connection.UNAVAILABLE) as error:
            detail = str(error) or reason(error)
            raise click.ClickException(f"Redis or PostgreSQL does not answer: {detail}") from error
        finally:
            await redis.aclose()
    return all(outcomes)


async def _append(connection: asyncpg.Connection, redis: Redis, layout: Layout, id: int) -> Again | None:
    """Move a dead letter to the log. Returns where it is, None if it stays where it is."""
    from hub.stores.dead_letters import send_again
    from hub.stores.postgres.history.dead_letters import letter
    from hub.wire.log import BadEntry

    async with connection.transaction():
        found = await letter(connection, id)
        if found is None:
            click.echo(f"{id}  there is no such dead letter", err=True)
            return None
        if found.fleet is None:
            click.echo(f"{id}  not sent: its fleet is unknown", err=True)
            return None
        try:
            return await send_again(connection, redis, layout, id, found, operator(found.fleet))
        except BadEntry as error:
            click.echo(f"{id}  not sent: this version cannot read it: {error}", err=True)
            return None


async def _outcome(connection: asyncpg.Connection, id: int, again: Again | None) -> bool:
    """Print what became of a dead letter that was sent. Returns whether nothing of it came back."""
    import asyncio

    from hub.stores.postgres.history.dead_letters import is_read, letters_of

    if again is None:
        return False
    entry_id = again.entry_id
    for _ in range(int(PATIENCE / 0.1)):
        if await is_read(connection, again.log, entry_id):
            break
        await asyncio.sleep(0.1)
    else:
        click.echo(f"{id}  sent as {entry_id}, and not read yet: is the hub running?")
        return True
    back = await letters_of(connection, entry_id)
    for one in back:
        click.echo(f"{id}  sent as {entry_id}, and is the dead letter {one.id} now: {one.reason}")
    if not back:
        click.echo(f"{id}  sent as {entry_id}, and stored")
    return not back


def _unknown(id: int) -> click.ClickException:
    return click.ClickException(f"there is no dead letter {id}: `hub dead-letters list` lists all")


def _check(fleet: str | None) -> None:
    if fleet is not None:
        check_id(fleet, "--fleet")


def _run(data_dir: Path | None, work: Callable[[asyncpg.Connection], Awaitable[Answer]]) -> Answer:
    return run(settings_of(data_dir), "dead-letters", work)
