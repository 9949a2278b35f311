"""Sends one notice through one channel, of whatever kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from hub.clock import SystemClock
from hub.notifier.send import nats_server, report, services
from hub.notifier.send.broker import Broker
from hub.notifier.send.results import Result
from hub.notifier.tally import Tally
from hub.settings import Settings
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.alerts.channels import Working
from hub.stores.postgres.alerts.streams import Forwarded
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.stores.seal import Seal, seal_of
from hub.stores.unsubscribing import PATH, token
from hub.wire.notices import mqtt, push, reports, subjects
from hub.wire.notices.addresses import networks
from hub.wire.notices.kinds import Email, Secrets, joined
from hub.wire.notices.notice import Notice
from hub.wire.notices.requests import request_of, traccar
from hub.wire.notices.traccar import batch
from hub.workbook import WorkbookFailed, Workbooks

if TYPE_CHECKING:
    from hub.notifier.send.http import Http

GONE = (404, 410)
"""Statuses of a push service for a browser that has unsubscribed."""


class Sender:
    """All that channels send with. Raises ``hub.stores.seal.Unreadable`` where the secrets cannot be opened, and
    ``DatabaseAway``."""

    def __init__(self, settings: Settings, pool: Pool, clock: SystemClock, tally: Tally) -> None:
        self._settings, self._pool, self._clock = settings, pool, clock
        self.tally = tally
        self._allowed = networks(settings.hooks_allow)
        self._workbooks = Workbooks()
        self._broker = Broker(settings.hook_timeout, self._allowed)
        self._seal: Seal | None = None
        self._http: Http | None = None

    async def send(self, channel: Working, notice: Notice) -> Result:
        result = await self._send(channel, notice)
        self.tally.add("sent" if result.ok else "failed", channel.kind)
        return result

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def forward(self, channel: Working, positions: Sequence[Forwarded]) -> Result:
        """Send positions in one request."""
        result = await self._forward(channel, positions)
        self.tally.add("sent" if result.ok else "failed", channel.kind)
        if result.ok:
            self.tally.add("positions", channel.kind, len(positions))
        return result

    async def _send(self, channel: Working, notice: Notice) -> Result:
        secrets = await self._secrets(channel)
        config = joined(channel.kind, channel.config, secrets)
        match channel.kind:
            case "email":
                return await self._mail(channel, config, notice)
            case "mqtt":
                return await self._broker.publish(config, [mqtt.event(config, notice)])
            case "nats":
                messages = [subjects.event(config, notice)]
                return await nats_server.publish(config, messages, self._settings.hook_timeout, self._allowed)
            case "apprise":
                return await services.send(self._settings, config, notice)
            case "webpush":
                return await self._push(channel, secrets, notice)
        return await self._client().post(request_of(channel.kind, config, secrets, notice, self._clock.now()))

    async def _forward(self, channel: Working, positions: Sequence[Forwarded]) -> Result:
        config = joined(channel.kind, channel.config, await self._secrets(channel))
        if channel.kind == "nats":
            messages = [subjects.location(config, channel.fleet, position) for position, _ in positions]
            return await nats_server.publish(config, messages, self._settings.hook_timeout, self._allowed)
        if channel.kind == "mqtt":
            return await self._broker.forward(config, channel.fleet, positions)
        return await self._client().post(traccar(config, batch(channel.fleet, positions)))

    def _client(self) -> Http:
        """Made for the first request: to import aiohttp takes 0.15 s, which a notifier without one does not spend."""
        if self._http is None:
            from hub.notifier.send.http import Http

            self._http = Http(self._settings.hook_timeout, self._allowed, self._clock)
        return self._http

    def _link_of(self, channel: Working) -> Callable[[str], str]:
        """Makes the links by which mailboxes of a channel unsubscribe; none without the URL of the hub."""
        start = self._settings.public_url.strip().rstrip("/")
        seal = self._opened()
        return lambda mailbox: start and f"{start}{PATH}{token(seal, channel.id, mailbox)}"

    async def _secrets(self, channel: Working) -> Secrets:
        seal = self._opened()
        plain, current = seal.opened(channel.sealed, str(channel.id))
        if not current:  # sealed before a rotation, after which the older secret will be unknown one day
            async with self._pool.connection() as connection:
                await channels.reseal(connection, channel.id, channel.sealed, seal.close(plain, str(channel.id)))
        return msgspec.json.decode(plain, type=Secrets)

    async def _mail(self, channel: Working, config: Email, notice: Notice) -> Result:
        from hub.notifier.send import smtp  # aiosmtplib takes 0.05 s

        link_of = self._link_of(channel)
        if notice.type != reports.TYPE:
            return await smtp.send(self._settings, config, notice, self._clock, link_of)
        try:
            letter = await report.letter(self._settings, self._pool, self._workbooks, notice)
        except (WorkbookFailed, DatabaseAway) as error:
            # Other channels must not wait for a report that takes too long.
            return Result(False, error=f"the report could not be made: {error}", unmade=True)
        return await smtp.send(self._settings, config, notice, self._clock, link_of, letter)

    def _opened(self) -> Seal:
        if self._seal is None:
            self._seal = seal_of(self._settings)
        return self._seal

    async def _push(self, channel: Working, secrets: Secrets, notice: Notice) -> Result:
        id = UUID(notice.lane)
        async with self._pool.connection() as connection:
            sealed = await channels.subscription(connection, channel.id, id)
        if sealed is None:
            return Result(False, error="the browser has unsubscribed", gone=True)
        browser = msgspec.json.decode(self._opened().open(sealed, str(id)), type=push.Browser)
        contact = f"mailto:{self._settings.smtp_from}" if self._settings.smtp_from else self._settings.public_url
        now = self._clock.now()
        result = await self._client().post(
            push.request(browser, secrets.private_key, contact or "mailto:hub@localhost", notice, now)
        )
        if result.status in GONE:
            async with self._pool.connection() as connection:
                await channels.drop_subscription(connection, channel.id, id)
            return result._replace(error="the browser has unsubscribed", gone=True)
        return result


@asynccontextmanager
async def senders(settings: Settings, pool: Pool, clock: SystemClock, tally: Tally) -> AsyncIterator[Sender]:
    """A sender and its connections."""
    sender = Sender(settings, pool, clock, tally)
    try:
        yield sender
    finally:
        await sender.close()
