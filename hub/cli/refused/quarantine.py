"""``hub quarantine``: payloads of phones with refused points. ``send`` asks the running hub, which publishes them; the
other commands read the database, whether a hub runs or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import click

from hub.actor import operator
from hub.cli.clients import TOKEN_HINT, hub_options, no_answer, target
from hub.cli.database import Answer, run, settings_of
from hub.cli.options import check_id, data_dir_option, fleet_option

if TYPE_CHECKING:
    import asyncpg

Command = TypeVar("Command", bound=Callable[..., Any])

PATIENCE = 30.0
"""Seconds for the hub's answer."""


@click.group()
def quarantine() -> None:
    """Manage refused payloads of phones."""


def _of_fleet(command: Command) -> Command:
    return fleet_option(data_dir_option(command))


@quarantine.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help="Most payloads to list.")
@_of_fleet
def list_(limit: int, fleet: str | None, data_dir: Path | None) -> None:
    """List the fleet's payloads, newest first."""

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.stores.postgres.history.quarantine import payloads

        for one in await payloads(connection, fleet, limit):
            reason = f"{one.field}: {one.detail}" if one.field else one.detail
            when = f"{one.received_at:%Y-%m-%dT%H:%M:%SZ}"
            click.echo(f"{one.id}  {when}  {one.driver_id or '-':16} {one.dialect:10} {one.points:5} points  {reason}")

    _run(fleet, data_dir, work)


@quarantine.command("show")
@click.argument("id", type=click.UUID)
@_of_fleet
def show(id: UUID, fleet: str | None, data_dir: Path | None) -> None:
    """Print a payload: its query and its body."""

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.stores.postgres.history.quarantine import payload

        found = await payload(connection, fleet, id)
        if found is None:
            raise click.ClickException(f"the fleet {fleet} has no payload {id} in the quarantine")
        _, kept = found
        click.echo(f"{kept.path}?{kept.query}" if kept.query else kept.path)
        if kept.coding:
            click.echo(f"Content-Encoding: {kept.coding}")
        click.echo()
        click.echo(kept.body)

    _run(fleet, data_dir, work)


@quarantine.command("clear")
@click.confirmation_option(prompt="Delete all payloads of the fleet?")
@_of_fleet
def clear(fleet: str | None, data_dir: Path | None) -> None:
    """Delete the fleet's payloads."""

    async def work(connection: asyncpg.Connection, fleet: str) -> int:
        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.history.quarantine import clear_payloads

        count = await clear_payloads(connection, fleet)
        await audit(connection, operator(fleet), Audited.QUARANTINE_CLEARED, fleet, payloads=count)
        return count

    click.echo(f"Deleted payloads: {_run(fleet, data_dir, work)}")


@quarantine.command("send")
@click.argument("ids", nargs=-1, required=True, type=click.UUID, metavar="ID...")
@hub_options
def send(ids: tuple[UUID, ...], url: str | None, token: str | None, fleet: str | None) -> None:
    """Decode payloads again and publish their points.

    The hub must run, and the token must be an admin's. A payload without refused points leaves the quarantine; the
    command ends with 1 if one stays.
    """
    hub = target(url, token, fleet, "admin")
    refused = 0
    for id in ids:
        answer = _post(f"{hub.base}/api/v1/quarantine/{id}/send", hub.token)
        refused += answer["refused"]
        reason = f": {answer.get('field') or ''} {answer.get('detail', '')}".rstrip() if answer["refused"] else ""
        click.echo(f"{id}  accepted {answer['accepted']}, refused {answer['refused']}{reason}")
    if refused:
        raise SystemExit(1)


def _post(url: str, token: str | None) -> dict[str, Any]:
    """The JSON answer to a POST without a body. Raises ``click.ClickException``."""
    import json
    import urllib.error
    import urllib.request

    headers = {"authorization": f"Bearer {token}"} if token else {}
    try:
        request = urllib.request.Request(url, b"", headers, method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            found: dict[str, Any] = json.load(response)
            return found
    except urllib.error.HTTPError as error:
        detail = error.read().decode("utf-8", "replace")
        try:
            detail = json.loads(detail)["detail"]
        except (ValueError, KeyError, TypeError):
            detail = error.reason
        hint = f"; {TOKEN_HINT}" if error.code == 401 else ""
        raise click.ClickException(f"the hub answers {error.code}: {detail}{hint}") from error
    except (OSError, ValueError) as error:
        raise no_answer(url, error) from error


def _run(
    fleet: str | None, data_dir: Path | None, work: Callable[[asyncpg.Connection, str], Awaitable[Answer]]
) -> Answer:
    """The result of ``work`` for a fleet, in one transaction on the database."""
    settings = settings_of(data_dir)
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")
    return run(settings, "quarantine", lambda connection: work(connection, fleet_id))
