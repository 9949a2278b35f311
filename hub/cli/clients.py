"""Commands that connect to a hub over its public protocol."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import click

from hub.cli.options import check_id
from hub.startup import StartupError

TOKEN_LIFETIME = 86_400
"""Seconds."""

SECURE = {"http": "", "ws": "", "https": "s", "wss": "s"}
"""Scheme of a URL -> the end of the other schemes for the same hub."""

Command = TypeVar("Command", bound=Callable[..., Any])

TOKEN_HINT = "set HUB_TOKEN, or use --token; `hub key add` makes an API key, `hub token` signs a token"
"""Added to an answer of 401."""


class Target(NamedTuple):
    """The hub that a command talks to. ``url`` of its socket ends with ``/ws``, ``base`` of its API has no path."""

    url: str
    base: str
    token: str | None


def hub_options(command: Command) -> Command:
    """``--url``, ``--token`` and ``--fleet``: the same for every command that talks to a hub."""
    options = [
        click.option(
            "--url", metavar="URL", help="The hub, http://… or ws://…/ws.  [default: the hub with these settings]"
        ),
        click.option(
            "--token",
            envvar="HUB_TOKEN",
            help="Token for the hub; by default signed with HUB_JWT_SECRET, if set.  [HUB_TOKEN]",
        ),
        click.option(
            "--fleet",
            help="Fleet of the token that is signed with HUB_JWT_SECRET.  [HUB_DEFAULT_FLEET, default default]",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def target(url: str | None, token: str | None, fleet: str | None, role: str) -> Target:
    """By default the hub with these settings, and a token of ``role`` in ``fleet`` if it has a secret.

    Raises ``click.BadParameter``, and ``click.UsageError`` for a fleet that nothing could put into effect."""
    from hub.environment import load

    settings = load()
    if fleet is not None:
        check_id(fleet, "--fleet")
        if token is not None or not settings.jwt_secret:
            reason = "the token names its fleet" if token is not None else "a hub without a secret has one fleet"
            raise click.UsageError(f"--fleet is for tokens signed with HUB_JWT_SECRET: {reason}")
    if token is None and settings.jwt_secret:
        from hub.identity.tokens import issue

        token = issue(settings, fleet or settings.default_fleet, role, role, TOKEN_LIFETIME)
    if url is None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
        url = f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"
    parts = urlsplit(url)
    if parts.scheme not in SECURE or not parts.hostname:
        raise click.BadParameter(f"{url} must begin with http://, https://, ws:// or wss://", param_hint="--url")
    secure, path = SECURE[parts.scheme], parts.path.rstrip("/").removesuffix("/ws")
    socket = parts._replace(scheme=f"ws{secure}", path=f"{path}/ws").geturl()
    return Target(socket, f"http{secure}://{parts.netloc}{path}", token)


def no_answer(base: str, error: Exception) -> click.ClickException:
    """What to say where the hub at ``base`` did not answer a request at all."""
    cause = getattr(error, "reason", error)
    words = str(getattr(cause, "strerror", None) or cause)
    if isinstance(cause, ConnectionRefusedError):
        words = "connection refused. Is `hub serve` running?"
    return click.ClickException(f"no answer from {base}: {words}")


@click.command("simulate")
@click.argument("address", required=False, metavar="[URL]")
@click.option("--trucks", type=click.IntRange(1), default=500, show_default=True, help="Number of trucks.")
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the random trucks; the same seed gives the same trucks."
)
@click.option("--factor", default=1.0, show_default=True, help="Speed as a multiple of real time, at most 10.")
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two fixes of a truck.")
@click.option(
    "--connections",
    type=click.IntRange(1),
    help="Number of connections shared by the trucks.  [default: one per truck]",
)
@click.option("--duration", type=float, help="Seconds until it ends.  [default: until Ctrl-C]")
@hub_options
def simulate_(
    address: str | None,
    trucks: int,
    seed: int,
    factor: float,
    interval: float,
    connections: int | None,
    duration: float | None,
    url: str | None,
    token: str | None,
    fleet: str | None,
) -> None:
    """Send positions of simulated trucks to a hub.

    The trucks drive around Dubai. URL is the same as --url.
    """
    import logging

    from clients.simulator.simulate import simulate

    # Warnings about unsent fixes at the end are of no use for simulated trucks.
    logging.getLogger("clients.driver").setLevel(logging.ERROR)
    hub = target(_one(address, url), token, fleet, "gateway")
    run(
        hub.url,
        simulate(
            hub.url,
            trucks,
            seed=seed,
            factor=factor,
            interval=interval,
            connections=connections,
            token=hub.token,
            duration=duration,
        ),
    )


@click.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--factor", type=float, help="Speed as a multiple of the recorded one.  [default: as fast as possible]")
@click.option(
    "--shift", is_flag=True, help="Shift the times so that the first point has the present time; needs --factor."
)
@click.option("--driver", metavar="ID", help="Driver of all points.  [default: the file's driver ids, else its name]")
@click.option(
    "--columns",
    metavar="FIELD=COLUMN,…",
    help="Columns of a CSV file by name, or by number from 1 where it has no header: time=Datum,latitude=Breite.",
)
@hub_options
def replay_(
    files: tuple[Path, ...],
    factor: float | None,
    shift: bool,
    driver: str | None,
    columns: str | None,
    url: str | None,
    token: str | None,
    fleet: str | None,
) -> None:
    """Send recorded tracks (CSV, GPX, KML, GeoJSON, FIT) to a hub.

    The command ends when each point of FILES is acknowledged or rejected. The exit code is 1 if no point was stored.
    """
    from clients.replay.names import DRIVER_ID
    from clients.replay.replay import Replayed, replay
    from clients.replay.tables import columns as parsed

    if driver is not None and not DRIVER_ID.match(driver):
        raise click.BadParameter("must be 1 to 64 letters, digits and . _ : -", param_hint="--driver")
    try:
        named = parsed(columns) if columns is not None else {}
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--columns") from error
    hub = target(url, token, fleet, "gateway")
    done: list[Replayed] = []

    async def client() -> None:
        paths = list(files)
        done.append(
            await replay(hub.url, paths, factor=factor, shift=shift, driver=driver, columns=named, token=hub.token)
        )

    run(hub.url, client())
    if not done[0].acked:
        raise click.ClickException("no point was stored")


def numbers(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """Comma-separated numbers, as many as the option's metavar has words."""
    if value is None:
        return None
    pattern = str(parameter.metavar)
    try:
        parts = tuple(float(part) for part in value.split(","))
    except ValueError:
        parts = ()
    if len(parts) != len(pattern.split(",")):
        raise click.BadParameter(f"must be numbers: {pattern.lower()}")
    return parts


@click.command("watch")
@click.argument("address", required=False, metavar="[URL]")
@click.option("--driver", "drivers", metavar="ID", multiple=True, help="Only this driver; can be repeated.")
@click.option("--bbox", callback=numbers, metavar="WEST,SOUTH,EAST,NORTH", help="Only drivers inside this box.")
@click.option("--near", callback=numbers, metavar="LATITUDE,LONGITUDE,METRES", help="Only drivers inside this circle.")
@click.option("--max-hz", type=float, help="Most positions per second of each driver.")
@hub_options
def watch_(
    address: str | None,
    drivers: tuple[str, ...],
    bbox: tuple[float, float, float, float] | None,
    near: tuple[float, float, float] | None,
    max_hz: float | None,
    url: str | None,
    token: str | None,
    fleet: str | None,
) -> None:
    """Show a fleet live in the terminal.

    URL is the same as --url. Without a terminal, each event is printed as a line of JSON.
    """
    from clients.dispatcher import Area
    from clients.terminal.watch import watch

    area: Area = {}
    if drivers:
        area["drivers"] = drivers
    if bbox is not None:
        area["bbox"] = bbox
    if near is not None:
        area["near"] = near
    if len(area) > 1:
        raise click.UsageError("--driver, --bbox and --near cannot be combined")
    if not area:
        area["all"] = True
    if max_hz is not None:
        area["max_hz"] = max_hz
    hub = target(_one(address, url), token, fleet, "dispatcher")
    run(hub.url, watch(hub.url, token=hub.token, **area))


def _one(argument: str | None, option: str | None) -> str | None:
    """The URL as an argument, which older scripts give, or as ``--url``."""
    if argument is not None and option is not None:
        raise click.UsageError("the URL is given twice: as an argument and with --url")
    return option if argument is None else argument


BENCH_PARTS = ("fanout", "idle", "slow", "ingest", "http", "load")
BENCH_PEERS = ("starlette", "socketio", "express")


@click.command("bench")
@click.argument("parts", nargs=-1, type=click.Choice(BENCH_PARTS), metavar="[PARTS]...")
@click.option(
    "--peer",
    "peers",
    multiple=True,
    type=click.Choice(BENCH_PEERS),
    help="Server to compare with; can be repeated.  [default: all; with --workers none]",
)
@click.option("--rate", type=click.IntRange(1, 100_000), help="load: fixes per second.  [default: 1000]")
@click.option("--users", type=click.IntRange(16, 20_000), help="load: users that the ramp ends with.  [default: 4000]")
@click.option(
    "--workers", type=click.IntRange(2, 64), help="Compare with the hub with this many workers; on the same cores."
)
@click.option("--quick", is_flag=True, help="Small sizes: a check that it works, not a measurement.")
@click.option("--json", is_flag=True, help="Print the figures as JSON.")
def bench_(
    parts: tuple[str, ...],
    peers: tuple[str, ...],
    rate: int | None,
    users: int | None,
    workers: int | None,
    quick: bool,
    json: bool,
) -> None:
    """Measure this hub and compare it with alternatives.

    PARTS are fanout, idle, slow, ingest, http and load; all by default. The command starts each server itself, on a
    free loopback port, and takes several minutes.
    """
    from clients.bench.run import main
    from clients.bench.websocket import BrokenServer

    try:
        compared = peers or (() if workers else BENCH_PEERS)
        main(parts, peers=compared, quick=quick, json=json, rate=rate, users=users, workers=workers or 1)
    except BrokenServer as error:
        raise StartupError(str(error)) from error


def run(url: str, client: Coroutine[Any, Any, Any]) -> None:
    """Run a client of the hub at ``url`` to its end. Invalid arguments become a usage error, a refusal by the hub a
    startup error with the URL."""
    import uvloop

    from clients.connection import Link, Refused
    from hub.wire.errors import Close

    try:
        uvloop.run(client)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except Refused as error:
        hint = f"; {TOKEN_HINT}" if error.code in (401, Close.REVOKED) else ""
        raise StartupError(f"{Link(url).address}: {error}{hint}") from error


@click.command("listen")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--secret", envvar="HUB_HOOK_SECRET", help="Secret of the channel, whsec_…; verifies signatures.  [HUB_HOOK_SECRET]"
)
@click.option("--status", type=click.IntRange(200, 599), default=204, show_default=True, help="Status to answer with.")
@click.option("--json", is_flag=True, help="Print each body as a line of JSON.")
def listen_(host: str, port: int, secret: str | None, status: int, json: bool) -> None:
    """Receive webhooks in the terminal, verify and print them.

    Create a channel of the kind webhook with the URL that is printed (docs/webhooks.md).
    """
    import uvloop

    from clients.receiver.listen import listen

    try:
        uvloop.run(listen(host, port, secret=secret, status=status, as_json=json))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


CLIENT_COMMANDS = [simulate_, replay_, watch_, listen_, bench_]
