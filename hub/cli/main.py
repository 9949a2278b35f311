"""The command ``hub``: commands that run and manage a hub. Those that connect to one are in ``clients``.

Only click is imported here. Each command imports its modules when it runs, so that ``hub --help`` is quick.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub import __version__
from hub.capacity.command import capacity_
from hub.cli.accounts.key import key
from hub.cli.accounts.token import token
from hub.cli.accounts.user import user
from hub.cli.audit import audit
from hub.cli.backup import backup, restore
from hub.cli.clients import CLIENT_COMMANDS
from hub.cli.config import config
from hub.cli.database import database
from hub.cli.driver import driver
from hub.cli.eta import eta
from hub.cli.ops.nodes import nodes
from hub.cli.ops.trace import trace
from hub.cli.options import data_dir_option
from hub.cli.refused.dead_letters import dead_letters
from hub.cli.refused.quarantine import quarantine
from hub.cli.report import report
from hub.cli.start import run, start
from hub.startup import StartupError

if TYPE_CHECKING:
    from hub.settings import Settings

EXIT_STARTUP = 3
"""Startup failed; the value of uvicorn. An invalid command line gives 2."""

EXIT_INTERRUPTED = 130
"""Ctrl-C; the value of shells."""


class Commands(click.Group):
    """The group of all commands. ``serve`` is the default; a failed start prints one line."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ("--help", "-h", "--version")):
            args = ["serve", *args]
        return super().parse_args(context, args)

    def invoke(self, context: click.Context) -> Any:
        from hub.settings import SettingsError

        try:
            return super().invoke(context)
        except (StartupError, SettingsError) as error:
            click.echo(f"hub: {error}", err=True)
            context.exit(EXIT_STARTUP)
        except KeyboardInterrupt:
            context.exit(EXIT_INTERRUPTED)

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.commands)  # in the order of use, not of the alphabet


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hub")
def cli() -> None:
    """A real-time location hub: drivers stream GPS, dispatchers see it live, no acknowledged position is lost.

    Without a command it runs the hub. Without HUB_REDIS_URL and HUB_DATABASE_URL it starts a private Valkey and
    PostgreSQL in the data directory. `hub config` prints all settings.
    """


host_option = click.option("--host", help="Address to listen on.  [HUB_HOST, default 127.0.0.1]")
port_option = click.option(
    "--port", type=click.IntRange(0, 65535), help="Port to listen on; 0 takes a free one.  [HUB_PORT, default 8080]"
)


@cli.command("serve")
@host_option
@port_option
@data_dir_option
@click.option("--workers", type=click.IntRange(1, 64), help="Processes that serve clients.  [HUB_WORKERS, default 1]")
def serve_(host: str | None, port: int | None, data_dir: Path | None, workers: int | None) -> None:
    """Run the hub (the default command).

    Ctrl-C or SIGTERM stops it. With several workers, SIGHUP replaces them one after the other.
    """
    settings = start(host=host, port=port, data_dir=data_dir, workers=workers)
    from hub.workers.parent import serve

    run(serve(settings, lambda address: click.echo(f"The hub listens on {address}")))


@cli.command("demo")
@click.option("--trucks", type=click.IntRange(1), default=500, show_default=True, help="Number of trucks.")
@host_option
@port_option
@data_dir_option
def demo_(trucks: int, host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Run the hub with simulated trucks, and print what to try."""
    # Log lines would hide the list of what to try and the simulator's status line.
    level = None if "HUB_LOG_LEVEL" in os.environ else "warning"
    # A demo sends webhooks to this machine: `hub listen` needs no further setting.
    allow = None if "HUB_HOOKS_ALLOW" in os.environ else "127.0.0.0/8,::1/128"
    settings = start(host=host, port=port, data_dir=data_dir, log_level=level, hooks_allow=allow)
    from hub.cli import demo

    if not (settings.redis_url and settings.database_url):
        click.echo(f"Starting a private Valkey and PostgreSQL in {settings.data_dir} …")
    run(demo.demo(settings, trucks))


@cli.command("notify")
@data_dir_option
def notify_(data_dir: Path | None) -> None:
    """Run a notifier: it makes alerts and sends them.

    `hub serve` runs one by itself. More of them, on other machines with the same HUB_REDIS_URL and HUB_DATABASE_URL,
    take over when one ends.
    """
    settings = start("notifier", data_dir=data_dir)
    from hub.notifier import __main__ as notifier

    if not (settings.redis_url and settings.database_url):
        raise StartupError("hub notify needs HUB_REDIS_URL and HUB_DATABASE_URL; `hub serve` runs a notifier by itself")
    run(notifier.serve(settings))


@cli.command("record")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port for /livez, /readyz and /metrics, at HUB_HOST; 0 takes a free one.  [default: none]",
)
@data_dir_option
def record_(port: int | None, data_dir: Path | None) -> None:
    """Run a recorder: it stores the log in PostgreSQL.

    `hub serve` runs one by itself, unless HUB_RECORDER is off. More of them, on other machines with the same
    HUB_REDIS_URL and HUB_DATABASE_URL, share the partitions of the log, and take over when one ends.
    """
    settings = start("recorder", data_dir=data_dir)
    from hub.recorder import __main__ as recorder

    if not (settings.redis_url and settings.database_url):
        raise StartupError("hub record needs HUB_REDIS_URL and HUB_DATABASE_URL; `hub serve` runs a recorder by itself")
    run(recorder.serve(settings, port))


for command in (*CLIENT_COMMANDS, capacity_):
    cli.add_command(command)


@cli.command("migrate")
@data_dir_option
def migrate_(data_dir: Path | None) -> None:
    """Upgrade the schema of the database.

    `hub serve` does this at its start.
    """
    settings = start(data_dir=data_dir)
    run(_migrate(settings))


async def _migrate(settings: Settings) -> None:
    import asyncpg

    from hub.stores.postgres.migrate import migrate
    from hub.stores.postgres.refusals import SchemaRefused

    async with database(settings) as url:
        try:
            steps = await migrate(url)
        except (SchemaRefused, OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            raise StartupError(f"HUB_DATABASE_URL: the database cannot be migrated: {error}") from error
    click.echo("\n".join(steps) or "nothing to do")


cli.add_command(backup)
cli.add_command(restore)
cli.add_command(token)
cli.add_command(key)
cli.add_command(driver)
cli.add_command(eta)
cli.add_command(user)
cli.add_command(report)
cli.add_command(quarantine)
cli.add_command(audit)
cli.add_command(dead_letters)
cli.add_command(nodes)
cli.add_command(trace)


cli.add_command(config)


def main() -> None:
    cli(prog_name="hub")
