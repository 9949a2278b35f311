"""``hub driver``: manages drivers and their phone tokens in the database, whether a hub runs or not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hub.actor import operator
from hub.cli.database import Answer, run, settings_of
from hub.cli.options import check_id, data_dir_option, fleet_option

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from hub.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def driver() -> None:
    """Manage drivers, their phone tokens and their data."""


def _of_fleet(command: Command) -> Command:
    """Options of every command in this group."""
    return fleet_option(data_dir_option(command))


@driver.command("add")
@click.argument("driver_id", metavar="ID")
@click.option("--name", help="Name of the driver.")
@click.option(
    "--base-url",
    help="Start of the phone's URL.  [HUB_PUBLIC_URL, else an address of this machine and the port]",
)
@_of_fleet
def add(driver_id: str, name: str | None, base_url: str | None, fleet: str | None, data_dir: Path | None) -> None:
    """Register a driver, and print a URL for its phone.

    For a registered driver it prints another URL, and --name replaces the name. The URL contains a phone token: it is
    shown once, and works until it is revoked.
    """
    import msgspec

    from hub.core.names import Name

    settings = settings_of(data_dir)
    check_id(driver_id, "ID")
    try:
        msgspec.convert(name or "", Name)
    except msgspec.ValidationError as error:
        raise click.BadParameter("must be one line of at most 100 characters", param_hint="--name") from error
    base = _base(settings, base_url)

    async def work(connection: asyncpg.Connection, fleet: str) -> str | None:
        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.registry.drivers import MAX_TOKENS, TooManyTokens, add_driver, add_token, change_driver

        actor = operator(fleet)
        if await add_driver(connection, fleet, driver_id, name or "") is not None:
            await audit(connection, actor, Audited.DRIVER_CREATED, driver_id)
            click.echo(f"Registered the driver {driver_id}.")
        elif name is not None:
            await change_driver(connection, fleet, driver_id, None, name=name)
            await audit(connection, actor, Audited.DRIVER_CHANGED, driver_id, fields=["name"])
        if settings.open:
            return None
        try:
            new = await add_token(connection, fleet, driver_id)
        except TooManyTokens as error:
            detail = f"the driver {driver_id} has {MAX_TOKENS} phone tokens, the most allowed"
            raise click.ClickException(f"{detail}: `hub driver revoke` revokes them all") from error
        assert new is not None, "the driver exists in this transaction"
        token, kept = new
        await audit(connection, actor, Audited.PHONE_TOKEN_CREATED, kept.id, driverId=driver_id)
        return token

    token = _run(settings, fleet, work)
    if token is None:
        click.echo(f"The hub is open and has no tokens. URL for the phone's app: {base}/osmand?id={driver_id}")
        return
    url = f"{base}/t/{token}"
    click.echo(f"URL for the phone's app, to type or to scan. It is shown once:\n\n{url}\n\n{_qr_code(url)}")
    if _loopback(url):
        click.echo(
            "The URL works on this machine only. For a phone, set HUB_HOST or HUB_PUBLIC_URL, or use --base-url."
        )


@driver.command("list")
@_of_fleet
def list_(fleet: str | None, data_dir: Path | None) -> None:
    """List the fleet's registered drivers."""

    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.stores.postgres.registry.drivers import drivers

        after = ""
        while page := await drivers(connection, fleet, 1_000, after=after):
            for driver in page:
                state = "disabled" if driver.disabled else "enabled"
                click.echo(f"{driver.driver_id:24} {state:8} {driver.name}".rstrip())
            after = page[-1].driver_id

    _run(settings_of(data_dir), fleet, work)


@driver.command("disable")
@click.argument("driver_id", metavar="ID")
@_of_fleet
def disable(driver_id: str, fleet: str | None, data_dir: Path | None) -> None:
    """Disable a driver: refuse its tokens."""
    _set_disabled(driver_id, fleet, data_dir, disabled=True)


@driver.command("enable")
@click.argument("driver_id", metavar="ID")
@_of_fleet
def enable(driver_id: str, fleet: str | None, data_dir: Path | None) -> None:
    """Enable a disabled driver."""
    _set_disabled(driver_id, fleet, data_dir, disabled=False)


@driver.command("revoke")
@click.argument("driver_id", metavar="ID")
@_of_fleet
def revoke(driver_id: str, fleet: str | None, data_dir: Path | None) -> None:
    """Revoke all phone tokens of a driver."""

    async def work(connection: asyncpg.Connection, fleet: str) -> int:
        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.registry.drivers import delete_tokens
        from hub.stores.postgres.registry.drivers import driver as driver_of

        if await driver_of(connection, fleet, driver_id) is None:
            raise _unknown(driver_id, fleet)
        revoked = await delete_tokens(connection, fleet, driver_id)
        for id in revoked:
            await audit(connection, operator(fleet), Audited.PHONE_TOKEN_REVOKED, id, driverId=driver_id)
        return len(revoked)

    click.echo(f"Revoked phone tokens: {_run(settings_of(data_dir), fleet, work)}")


@driver.command("remove")
@click.argument("driver_id", metavar="ID")
@_of_fleet
def remove(driver_id: str, fleet: str | None, data_dir: Path | None) -> None:
    """Remove a driver from the live fleet until its next position.

    The driver leaves the map, lists and feeds; its history stays. A hub that runs does it within two seconds, another
    at its start.
    """
    check_id(driver_id, "ID")
    _request(driver_id, fleet, data_dir, history=False)
    click.echo(f"Requested: a hub that runs removes the driver {driver_id} from the live fleet within two seconds.")


@driver.command("erase")
@click.argument("driver_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=60.0,
    show_default=True,
    help="Seconds to wait until a running hub has erased everything.",
)
@_of_fleet
def erase(driver_id: str, yes: bool, wait: float, fleet: str | None, data_dir: Path | None) -> None:
    """Erase everything that was recorded or received of a driver until now.

    Positions, trips, stops, days, share links, the state, past assignments of vehicles, payloads in the quarantine, and
    the position on the map. The entry of the registry and phone tokens stay. A hub that runs erases at once, another at
    its start. The command ends with 1 if the erasure is not complete.
    """
    check_id(driver_id, "ID")
    if not yes:
        click.confirm(f"Erase the history of the driver {driver_id}? It cannot be restored.", abort=True)
    id, recorded = _request(driver_id, fleet, data_dir, history=True)
    if not recorded:
        click.echo("Requested. No hub runs on this database: the next one erases at its start.")
        raise SystemExit(1)
    count = run(settings_of(data_dir), "driver", lambda connection: _finished(connection, id, wait))
    if count is None:
        click.echo(f"Requested, and not complete after {wait:g} s: the hub goes on.")
        raise SystemExit(1)
    click.echo(f"Erased the history of the driver {driver_id}: {count} positions.")


def _request(driver_id: str, fleet: str | None, data_dir: Path | None, *, history: bool) -> tuple[UUID, bool]:
    """Ask for a removal or an erasure: its id, and whether a recorder runs that carries it out."""

    async def work(connection: asyncpg.Connection, fleet: str) -> tuple[UUID, bool]:
        from datetime import UTC, datetime

        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.history.erasures import has_data, request_erasure
        from hub.stores.postgres.history.offsets import held

        if history and not await has_data(connection, fleet, driver_id):
            raise click.ClickException(f"the fleet {fleet} has nothing of a driver {driver_id}")
        made = await request_erasure(connection, fleet, driver_id, datetime.now(UTC), history=history)
        if history:
            await audit(connection, operator(fleet), Audited.HISTORY_ERASED, driver_id, erasureId=str(made.id))
        else:
            await audit(connection, operator(fleet), Audited.DRIVER_REMOVED, driver_id)
        return made.id, await held(connection)

    return _run(settings_of(data_dir), fleet, work)


async def _finished(connection: asyncpg.Connection, id: UUID, wait: float) -> int | None:
    """How many positions an erasure has deleted, once it is done; None if that takes longer than ``wait`` seconds."""
    import asyncio
    import time

    from hub.stores.postgres.history.erasures import deleted

    deadline = time.monotonic() + wait
    while True:
        count = await deleted(connection, id)
        if count is not None or time.monotonic() >= deadline:
            return count
        await asyncio.sleep(0.2)


def _set_disabled(driver_id: str, fleet: str | None, data_dir: Path | None, *, disabled: bool) -> None:
    async def work(connection: asyncpg.Connection, fleet: str) -> None:
        from hub.core.audit import Audited
        from hub.stores.postgres.audit import audit
        from hub.stores.postgres.registry.drivers import change_driver

        if await change_driver(connection, fleet, driver_id, None, disabled=disabled) is None:
            raise _unknown(driver_id, fleet)
        actor = operator(fleet)
        await audit(connection, actor, Audited.DRIVER_CHANGED, driver_id, fields=["disabled"], disabled=disabled)

    _run(settings_of(data_dir), fleet, work)
    click.echo(f"The driver {driver_id} is {'disabled' if disabled else 'enabled'}.")


def _unknown(driver_id: str, fleet: str) -> click.ClickException:
    return click.ClickException(
        f"the fleet {fleet} has no registered driver {driver_id}: `hub driver add` registers it"
    )


def _run(settings: Settings, fleet: str | None, work: Callable[[asyncpg.Connection, str], Awaitable[Answer]]) -> Answer:
    """The result of ``work`` for a fleet, in one transaction on the database."""
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")
    return run(settings, "driver", lambda connection: work(connection, fleet_id))


def _base(settings: Settings, base_url: str | None) -> str:
    """Start of a phone's URL, without a final slash. Raises ``click.UsageError``."""
    import re

    if base_url is not None and not re.match(r"https?://[^\s/?#]+(/[^\s?#]*)?\Z", base_url):
        raise click.BadParameter("must be an HTTP URL, such as https://hub.example", param_hint="--base-url")
    if base_url or settings.public_url:
        return (base_url or settings.public_url).rstrip("/")
    if settings.port == 0:
        raise click.UsageError("HUB_PORT is 0, so the hub's port is unknown: use --base-url")
    host = _address() if settings.host in ("0.0.0.0", "::") else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _address() -> str:
    """Address of this machine in the local network; loopback without a network."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Sends nothing: the kernel selects the local address of a route to this test address (RFC 5737).
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _loopback(url: str) -> bool:
    from urllib.parse import urlsplit

    from hub.settings import is_loopback

    return is_loopback(urlsplit(url).hostname or "")


def _qr_code(text: str) -> str:
    """QR code of half blocks, for a dark terminal; phones also read it inverted."""
    import io

    import segno

    picture = io.StringIO()
    segno.make(text, micro=False).terminal(picture, compact=True)
    return picture.getvalue()
