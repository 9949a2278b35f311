"""Notifiers under test, and what they work with: channels, rules, events."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import asyncpg
import msgspec

from hub.clock import SystemClock
from hub.core.alerts.rules import KINDS
from hub.environment import environment
from hub.notifier import loop
from hub.notifier.loop import Notifier
from hub.settings import Settings
from hub.stores.postgres.alerts import channels, deliveries
from hub.stores.postgres.alerts.deliveries import NewDelivery
from hub.stores.seal import seal_of
from hub.wire.notices.kinds import KINDS as CHANNELS
from hub.wire.notices.kinds import Secrets, SigningKey, split
from hub.wire.notices.push import new_private_key
from hub.wire.notices.signatures import secret_text
from tests.support.logbook import PATIENCE, fetch
from tests.support.notify.receivers import LOOPBACK

SECRET = secret_text(b"0" * 32)
CHANNEL_SECRET = "the secret that seals channels in tests"


class Shifted(SystemClock):
    """The clock of the machine, ahead by what a test added. ``jumped``: by how much the time of day was set."""

    def __init__(self) -> None:
        self.ahead = self.jumped = 0.0

    def advance(self, seconds: float) -> None:
        self.ahead += seconds

    def time(self) -> float:
        return super().time() + self.ahead + self.jumped

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


def for_channels(settings: Settings, **more: Any) -> Settings:
    """Settings with which channels reach receivers on loopback."""
    given = {"hooks_allow": LOOPBACK, "channel_secret": CHANNEL_SECRET, **more}
    return msgspec.structs.replace(settings, **given)


@asynccontextmanager
async def notifying(settings: Settings, clock: SystemClock | None = None) -> AsyncIterator[Notifier]:
    """A notifier in this process, with short pauses: tests wait for its rounds."""
    notifier = Notifier(settings, *([] if clock is None else [clock]))
    with patch.multiple(loop, POLL=0.05, ROUND=0.1):
        running = asyncio.create_task(notifier.run())
        try:
            yield notifier
            assert not running.done(), running
            notifier.stop()
            await asyncio.wait_for(running, PATIENCE)
        finally:
            running.cancel()
            await asyncio.wait([running])


@asynccontextmanager
async def notifier_process(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m hub.notifier``, killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.notifier", env={**os.environ, **environment(settings)}
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        yield connection
    finally:
        await connection.close()


async def channel(settings: Settings, kind: str = "webhook", config: dict[str, Any] | None = None, **more: Any) -> UUID:
    """A new channel, of the fleet ``default``; a webhook has the secret ``SECRET``."""
    id, fleet = uuid4(), more.pop("fleet", "default")
    shown, fields = split(kind, msgspec.convert(config or {}, CHANNELS[kind]))
    secrets = Secrets(fields)
    if kind == "webhook":
        secrets.keys = [SigningKey(SECRET)]
    if kind == "webpush":
        secrets.private_key = new_private_key()
    sealed = seal_of(settings).close(msgspec.json.encode(secrets), str(id))
    async with connected(settings) as connection:
        await channels.add(
            connection, fleet, id, name=more.get("name", kind), kind=kind,
            config=msgspec.json.encode(shown).decode(), events=more.get("events", []), sealed=sealed,
        )  # fmt: skip
    return id


async def rule(settings: Settings, kind: str, params: dict[str, Any] | None = None, **more: Any) -> UUID:
    """A new rule of the fleet ``default``; it was made an hour ago."""
    whole = msgspec.json.encode(msgspec.convert(params or {}, KINDS[kind])).decode()
    fields = {
        "fleet": "default", "name": f"rule {kind}", "watch": {}, "schedule": None, "channels": [],
        "severity": "warning",
        "cooldown": 0.0, "digest": 0.0, "max_age": 900.0, "tell_resolved": True, "enabled": True,
        "created_at": datetime.now(UTC) - timedelta(hours=1), **more,
    }  # fmt: skip
    schedule = None if fields["schedule"] is None else msgspec.json.encode(fields["schedule"]).decode()
    async with connected(settings) as connection:
        id: UUID = await connection.fetchval(
            "INSERT INTO rules (fleet, name, kind, params, watch, schedule, channels, severity, cooldown, digest, "
            "max_age, tell_resolved, enabled, created_at) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
            "RETURNING id",
            fields["fleet"], fields["name"], kind, whole, msgspec.json.encode(fields["watch"]).decode(), schedule,
            fields["channels"], fields["severity"], fields["cooldown"], fields["digest"], fields["max_age"],
            fields["tell_resolved"], fields["enabled"], fields["created_at"],
        )  # fmt: skip
    return id


async def put_events(settings: Settings, events: Iterable[dict[str, Any]], fleet: str = "default") -> None:
    """Events as the recorder writes them: objects with ``driverId``."""
    rows = [(fleet, event["driverId"], msgspec.json.encode(event).decode()) for event in events]
    async with connected(settings) as connection:
        await connection.executemany("INSERT INTO events (fleet, driver_id, payload) VALUES ($1, $2, $3)", rows)


async def put_deliveries(settings: Settings, channel_id: UUID, lanes: Iterable[str], text: str = "x") -> None:
    """A delivery in each lane, in the given order; a lane can be repeated."""
    now = datetime.now(UTC)
    data = msgspec.json.encode({"title": "t", "text": text}).decode()
    new = [NewDelivery(channel_id, lane, f"m_{uuid4().hex}", "hub.test", lane or None, now, data) for lane in lanes]
    async with connected(settings) as connection:
        await deliveries.put(connection, new, now)


async def states(settings: Settings) -> dict[str, int]:
    """State -> number of deliveries."""
    rows = await fetch(settings, "SELECT state, count(*) FROM deliveries GROUP BY state")
    return {row[0]: row[1] for row in rows}


async def alerts(settings: Settings) -> list[dict[str, Any]]:
    """All alerts in the order of insertion."""
    return [dict(row) for row in await fetch(settings, "SELECT * FROM alerts ORDER BY number")]
