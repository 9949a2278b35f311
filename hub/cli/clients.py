"""The commands of ``hub`` that connect to a hub as anybody can."""

from __future__ import annotations

from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from hub.startup import StartupError

TOKEN_LIFETIME = timedelta(days=1)

url_argument = click.argument("url", required=False)
token_option = click.option(
    "--token", envvar="HUB_TOKEN", help="Token for the hub; signed here when HUB_JWT_SECRET is set.  [HUB_TOKEN]"
)


def target(url: str | None, token: str | None, role: str) -> tuple[str, str | None]:
    """Where to connect and with which token: by default our own hub, with a token of ``role`` where it has a secret."""
    from hub.cli.token import sign
    from hub.settings import load

    settings = load()
    if token is None and settings.jwt_secret:
        token = sign(settings, role, settings.default_fleet, None, TOKEN_LIFETIME)
    if url is None:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
        url = f"ws://[{host}]:{settings.port}/ws" if ":" in host else f"ws://{host}:{settings.port}/ws"
    return url, token


@click.command("simulate")
@url_argument
@click.option("--trucks", type=click.IntRange(1), default=500, show_default=True, help="How many trucks drive.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same trucks.")
@click.option("--factor", default=1.0, show_default=True, help="How much faster than real time, at most 10.")
@click.option("--interval", default=1.0, show_default=True, help="Seconds between two fixes of a truck.")
@click.option("--connections", type=click.IntRange(1), help="Connections that the trucks share.  [default: one each]")
@click.option("--duration", type=float, help="Seconds.  [default: until Ctrl-C]")
@token_option
def simulate_(
    url: str | None,
    trucks: int,
    seed: int,
    factor: float,
    interval: float,
    connections: int | None,
    duration: float | None,
    token: str | None,
) -> None:
    """Let simulated trucks report to a hub.

    They drive around Dubai. URL is ws://…/ws, by default that of our own hub.
    """
    import logging

    from clients.simulator.simulate import simulate

    # Nobody minds the last second of a truck that does not exist.
    logging.getLogger("clients.driver").setLevel(logging.ERROR)
    url, token = target(url, token, "gateway")
    run(
        simulate(
            url,
            trucks,
            seed=seed,
            factor=factor,
            interval=interval,
            connections=connections,
            token=token,
            duration=duration,
        )
    )


@click.command("replay")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="The hub, ws://…/ws.  [default: our own]")
@click.option(
    "--factor", type=float, help="How many times as fast as recorded.  [default: as fast as the hub takes it]"
)
@click.option("--shift", is_flag=True, help="Move the times so that the first point is of now; needs --factor.")
@token_option
def replay_(files: tuple[Path, ...], url: str | None, factor: float | None, shift: bool, token: str | None) -> None:
    """Send recorded tracks, CSV or GPX, to a hub.

    It ends when each point of the FILES is acknowledged or rejected.
    """
    from clients.replay.replay import replay

    url, token = target(url, token, "gateway")
    run(replay(url, list(files), factor=factor, shift=shift, token=token))


def numbers(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[float, ...] | None:
    """As many numbers, separated by commas, as the option's metavar names."""
    if value is None:
        return None
    wanted = str(parameter.metavar)
    try:
        found = tuple(float(part) for part in value.split(","))
    except ValueError:
        found = ()
    if len(found) != len(wanted.split(",")):
        raise click.BadParameter(f"write {wanted.lower()}")
    return found


@click.command("watch")
@url_argument
@click.option("--driver", "drivers", multiple=True, help="Only this driver; may be given several times.")
@click.option("--bbox", callback=numbers, metavar="WEST,SOUTH,EAST,NORTH", help="Only what is inside.")
@click.option("--near", callback=numbers, metavar="LATITUDE,LONGITUDE,METRES", help="Only what is inside the circle.")
@click.option("--max-hz", type=float, help="At most so many positions a second of each driver.")
@token_option
def watch_(
    url: str | None,
    drivers: tuple[str, ...],
    bbox: tuple[float, float, float, float] | None,
    near: tuple[float, float, float] | None,
    max_hz: float | None,
    token: str | None,
) -> None:
    """Show a fleet live.

    URL is ws://…/ws, by default that of our own hub. Where there is no terminal each event is a line of JSON.
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
        raise click.UsageError("--driver, --bbox and --near exclude each other")
    if not area:
        area["all"] = True
    if max_hz is not None:
        area["max_hz"] = max_hz
    url, token = target(url, token, "dispatcher")
    run(watch(url, token=token, **area))


BENCH_PARTS = ("fanout", "idle", "slow", "ingest")
BENCH_PEERS = ("starlette", "socketio")


@click.command("bench")
@click.argument("parts", nargs=-1, type=click.Choice(BENCH_PARTS), metavar="[PARTS]...")
@click.option(
    "--peer", "peers", multiple=True, type=click.Choice(BENCH_PEERS), help="Only beside this one.  [default: all]"
)
@click.option("--quick", is_flag=True, help="Small sizes: whether it works, not how fast it is.")
@click.option("--json", is_flag=True, help="Print the figures as JSON.")
def bench_(parts: tuple[str, ...], peers: tuple[str, ...], quick: bool, json: bool) -> None:
    """Measure this hub beside its alternatives.

    PARTS are fanout, idle, slow and ingest; all by default. It starts each server itself, on a free port of the
    loopback, and takes some minutes.
    """
    from clients.bench.run import main
    from clients.bench.websocket import BrokenServer

    try:
        main(parts, peers=peers or BENCH_PEERS, quick=quick, json=json)
    except BrokenServer as error:
        raise StartupError(str(error)) from error


def run(client: Coroutine[Any, Any, Any]) -> None:
    """Run a client to its end. What it was called wrongly for is a usage error, being refused a startup error."""
    import uvloop

    from clients.connection import Refused

    try:
        uvloop.run(client)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except Refused as error:
        raise StartupError(str(error)) from error


CLIENT_COMMANDS = [simulate_, replay_, watch_, bench_]
