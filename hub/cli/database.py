"""The hub's database for commands, whether a hub runs or not."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from hub.cli.start import start
from hub.startup import StartupError

if TYPE_CHECKING:
    import asyncpg

    from hub.settings import Settings

Answer = TypeVar("Answer")


def settings_of(data_dir: Path | None) -> Settings:
    """Settings of a command whose output must not mix with log lines of the services that it starts. Raises
    ``SettingsError``."""
    return start(data_dir=data_dir, log_level=None if "HUB_LOG_LEVEL" in os.environ else "warning")


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """URL of the hub's database; starts the embedded one if no hub runs. Raises ``StartupError``."""
    import msgspec

    from hub.embedded.services import running

    # Any URL keeps the embedded Valkey, which is not needed, from starting.
    async with running(msgspec.structs.replace(settings, redis_url=settings.redis_url or "unused:")) as services:
        yield services.settings.database_url


@contextmanager
def ended_readers() -> Iterator[None]:
    """A reader of the output that ends early, as ``head`` does, ends the command; the database is not blamed."""
    import click

    try:
        yield
    except BrokenPipeError:
        # Without this Python reports an error when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(1) from None


def run_for(
    fleet: str | None, data_dir: Path | None, role: str, work: Callable[[asyncpg.Connection, str], Awaitable[Answer]]
) -> Answer:
    """The result of ``work`` for a fleet (None: the default one), in one transaction. Raises ``StartupError``."""
    from hub.cli.options import check_id

    settings = settings_of(data_dir)
    fleet_id = settings.default_fleet if fleet is None else fleet
    check_id(fleet_id, "--fleet")
    return run(settings, role, lambda connection: work(connection, fleet_id))


def run(settings: Settings, role: str, work: Callable[[asyncpg.Connection], Awaitable[Answer]]) -> Answer:
    """The result of ``work`` in one transaction on the hub's database, as the application ``hub <role>``. Raises
    ``StartupError``."""
    import uvloop

    from hub.stores.postgres.connection import AWAY, connect
    from hub.stores.postgres.migrate import migrate
    from hub.stores.postgres.refusals import SchemaRefused, refusal
    from hub.stores.reasons import reason

    async def main() -> Answer:
        async with database(settings) as url:
            try:
                connection = await connect(url, role=role, patience=settings.database_timeout)
                try:
                    # The newest table that a command may need: an earlier release has the others.
                    if await connection.fetchval("SELECT to_regclass('audit') IS NULL"):
                        await migrate(url)
                    async with connection.transaction():
                        with ended_readers():
                            return await work(connection)
                finally:
                    await connection.close()
            except SchemaRefused as error:
                raise StartupError(f"HUB_DATABASE_URL: {error}") from error
            except AWAY as error:
                detail = refusal(error) or f"the database does not answer: {str(error) or reason(error)}"
                raise StartupError(f"HUB_DATABASE_URL: {detail}") from error

    return uvloop.run(main())
