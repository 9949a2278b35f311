"""The parts of a hub that its nodes share: the schema, the recorder and the notifier, and the problems of all."""

from __future__ import annotations

import asyncio
import sys

from msgspec import Struct

from hub.embedded.child import Child
from hub.embedded.services import Services
from hub.environment import environment
from hub.logs import Action, get_logger
from hub.startup import StartupError
from hub.stores.postgres.connection import AWAY
from hub.stores.postgres.migrate import migrate
from hub.stores.postgres.refusals import SchemaRefused
from hub.stores.reasons import reason

log = get_logger()

REFUSED_PAUSE = 3.0
"""Seconds between two tries at a schema that needs an administrator: a GRANT is noticed without a restart."""

RECORDER_NICENESS = 10
"""The live path goes first when CPU is scarce; history catches up from the log."""


class Parts(Struct, tag=True):
    """The problems of the shared parts, as text. ``workers`` are those that do not serve."""

    valkey: list[str] = []
    postgresql: list[str] = []
    recorder: str | None = None
    notifier: str | None = None
    workers: list[str] = []


class History:
    """The recorder and the notifier of a hub, which start when PostgreSQL serves and has the schema."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.migrated = asyncio.Event()
        env = environment(services.settings)
        self.recorder, self.notifier = (
            Child(name, [sys.executable, "-m", f"hub.{name}"], env=env, niceness=RECORDER_NICENESS)
            for name in ("recorder", "notifier")
        )

    async def start(self) -> None:
        """Start both. Problems are in ``parts``: live positions continue without history."""
        await self.services.served("postgresql")
        await self._migrate()
        wanted = self.services.settings.recorder == "on"
        if not wanted:
            self.recorder.problem = None
        for child in (self.recorder, self.notifier) if wanted else (self.notifier,):
            try:
                await child.start()
            except StartupError as error:
                log.error(Action.SERVICE_EXITED, service=child.name, problem=str(error))

    async def stop(self) -> None:
        await asyncio.gather(self.recorder.stop(), self.notifier.stop())

    def parts(self) -> Parts:
        """The problems now."""
        found = self.services.problems
        return Parts(found("valkey"), found("postgresql"), self.recorder.problem, self.notifier.problem)

    async def _migrate(self) -> None:
        """Bring the schema up to date. The live path does not wait for PostgreSQL."""
        recorder, pause = self.recorder, 0.2
        while True:
            try:
                done = await migrate(self.services.settings.database_url)
                break
            except SchemaRefused as error:
                if recorder.problem != str(error):  # logged once, retried: an administrator may correct it meanwhile
                    log.error(Action.SCHEMA_REFUSED, problem=str(error))
                recorder.problem = str(error)
                await asyncio.sleep(REFUSED_PAUSE)
            except AWAY as error:
                recorder.problem = f"PostgreSQL does not answer: {reason(error)}"
                log.warning(Action.RECORDER_RETRYING, error=repr(error)[:200], pause=pause)
                await asyncio.sleep(pause)
                pause = min(5.0, pause * 2)
        self.migrated.set()
        if done:
            log.info(Action.SCHEMA_MIGRATED, steps=done)
