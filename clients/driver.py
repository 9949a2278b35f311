"""Publish fixes so that none is lost: they wait in an outbox until the hub has made them durable."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime
from os import PathLike
from typing import Any, Self

import msgspec
from msgspec import Struct
from websockets.asyncio.client import ClientConnection

from clients.connection import LOST, Link, Refused
from clients.messages import Ack, Bye, Error, Fix, decode, encode
from clients.outbox import DiskOutbox, MemoryOutbox, Outbox
from clients.window import Window

log = logging.getLogger(__name__)

MAX_FIX_BYTES = 4096
"""A fix with 1 KiB of attributes takes 1.5 KiB. One that fills a message would be closed upon, again and again."""

YIELD_EVERY = 500
"""Fixes after which ``send`` lets the loop run: a message's worth, so that a tight loop of sends is not one long turn
and its messages are full."""


class Rejection(Struct):
    """A fix that the hub refused for good; it is no longer in the outbox."""

    msg_no: int
    code: str
    field: str | None
    detail: str
    fix: Fix


def report(rejection: Rejection) -> None:
    """What happens to a rejection when nobody asks for it: a warning, without the place."""
    log.warning("fix %d rejected: %s: %s", rejection.msg_no, rejection.code, rejection.detail)


class DriverClient:
    """One connection that publishes fixes, for one driver or, as a gateway, for many.

    ::

        async with DriverClient("ws://localhost:8080/ws", "truck-1", outbox="truck-1.db") as driver:
            await driver.send(25.2048, 55.2708, speed=13.9, heading=45)
            await driver.flush()

    ``outbox`` is a file that one process at a time may open (else ``OutboxInUse``); None keeps the fixes in memory,
    and they end with the process. It holds at most ``max_fixes``; the default is a day at one fix a second, about
    20 MB. When it is full ``send`` waits: what was accepted is never dropped for what is newer.

    A fix that the hub refuses for good leaves the outbox and goes to ``on_rejected``. When the hub does not want this
    client back (a wrong token, say), ``send`` and ``flush`` raise ``Refused`` and the outbox keeps what it has.
    """

    def __init__(
        self,
        url: str,
        driver_id: str | None = None,
        token: str | None = None,
        outbox: str | PathLike[str] | None = None,
        *,
        max_fixes: int = 100_000,
        on_rejected: Callable[[Rejection], None] = report,
    ) -> None:
        self.driver_id = driver_id
        self.link = Link(url, token)
        self.connected = False
        # Fixes put on the wire (again counts again), settled by an ack, and refused.
        self.sent = self.acked = self.rejected = 0
        # Everything up to this ``msgNo`` is durable or refused.
        self.acked_through = 0
        self._published = 0
        self._max_fixes = max_fixes
        self._on_rejected = on_rejected
        self._outbox: Outbox = MemoryOutbox() if outbox is None else DiskOutbox(outbox)
        self._window = Window(self._outbox)
        self._task: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._resume_at = 0.0
        self._leaving = False

    @property
    def pending(self) -> int:
        """Fixes in the outbox: accepted here and not yet durable at the hub."""
        return len(self._outbox)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="driver client")
        self._task.add_done_callback(self._stopped)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect at once; call ``flush`` before to wait. What is not acked stays in the file."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self.pending and isinstance(self._outbox, MemoryOutbox):
            log.warning("closed with %d fixes that were not acked and are on no disk", self.pending)
        self._outbox.close()

    async def send(
        self,
        latitude: float,
        longitude: float,
        *,
        recorded_at: datetime | None = None,
        speed: float | None = None,
        heading: float | None = None,
        accuracy: float | None = None,
        altitude: float | None = None,
        battery: float | None = None,
        attributes: dict[str, Any] | None = None,
        driver_id: str | None = None,
    ) -> int:
        """Publish a fix made of these; see ``publish``."""
        return await self.publish(
            Fix(latitude, longitude, driver_id, recorded_at, speed, heading, accuracy, altitude, battery, attributes)
        )

    async def publish(self, fix: Fix) -> int:
        """Put a fix into the outbox and return its ``msgNo``; the rest happens behind the scenes.

        What it lacks is filled in: the time is now, the driver is the client's (a gateway names the driver of each
        fix). Raises ``ValueError`` for a naive time or a fix too large to send, ``Refused`` when the client has
        stopped.
        """
        if fix.driver_id is None:
            fix.driver_id = self.driver_id
        if fix.recorded_at is None:
            fix.recorded_at = datetime.now(UTC)
        elif fix.recorded_at.tzinfo is None:
            raise ValueError("recorded_at: has no time zone")
        encoded = encode(fix)
        if len(encoded) > MAX_FIX_BYTES:
            raise ValueError(f"a fix of {len(encoded)} bytes; the hub takes at most 1 KiB of attributes")
        self._published += 1
        if self._published % YIELD_EVERY == 0:
            await asyncio.sleep(0)
        self._check()
        while len(self._outbox) >= self._max_fixes:
            await self._settling()
        self._wake.set()
        return self._outbox.put(encoded)

    async def flush(self) -> None:
        """Wait until everything is acked or rejected. Raises ``Refused`` when the client has stopped."""
        while self.pending:
            await self._settling()

    async def _settling(self) -> None:
        self._check()
        self._settled.clear()
        await self._settled.wait()
        self._check()

    def _check(self) -> None:
        if self._task is None:
            raise RuntimeError("use the client in `async with`")
        if self._task.done():
            raise RuntimeError("the client is closed") if self._task.cancelled() else self._task.exception()  # type: ignore[misc]

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._settled.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("stopped with %d fixes waiting: %s", self.pending, error)

    async def _run(self) -> None:
        while True:
            try:
                async with self.link.connect() as socket:
                    await self._converse(socket)
            except LOST as error:
                delay = self.link.lost(error)
                log.info("not connected (%s); next attempt in %.1f s", error or type(error).__name__, delay)
                await asyncio.sleep(delay)

    async def _converse(self, socket: ClientConnection) -> None:
        """Until the connection is lost, which raises."""
        self._window.restart()
        self._resume_at, self._leaving, self.connected = 0.0, False, True
        jobs = [asyncio.create_task(self._write(socket)), asyncio.create_task(self._read(socket))]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            self.connected = False
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _write(self, socket: ClientConnection) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._wake.clear()
            if (pause := self._resume_at - loop.time()) > 0:
                await asyncio.sleep(pause)
                continue
            before = self._window.in_flight
            message = None if self._leaving else self._window.next_message()
            if message is None:
                await self._wake.wait()
                continue
            self.sent += self._window.in_flight - before
            await socket.send(message, text=True)

    async def _read(self, socket: ClientConnection) -> None:
        while True:
            self._handle(decode(await socket.recv(decode=False)))

    def _handle(self, message: object) -> None:
        match message:
            case Ack():
                self.acked += self._window.acked(message.msg_no)
                self.acked_through = message.msg_no
                self.link.proved()
            case Error(msg_no=int(msg_no), retry_ms=int(retry_ms)):
                self._window.nacked(msg_no)
                # A hub without its log refuses everybody at once; they should not all come back at once.
                pause = retry_ms / 1000 * random.uniform(1, 1.5)
                self._resume_at = asyncio.get_running_loop().time() + pause
            case Error(msg_no=int(msg_no)):
                self._reject(msg_no, message)
            case Error():
                # It is about a whole message, so none of its fixes will ever be acked.
                raise Refused(message.code, message.detail)
            case Bye():
                self._leaving = True
                self.link.bye(message.retry_ms)
            case _:
                return
        self._wake.set()
        self._settled.set()

    def _reject(self, msg_no: int, error: Error) -> None:
        fix = self._window.rejected(msg_no)
        if fix is not None:
            self.rejected += 1
            self._on_rejected(
                Rejection(msg_no, error.code, error.field, error.detail, msgspec.json.decode(fix, type=Fix))
            )
