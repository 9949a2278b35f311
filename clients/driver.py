"""Client of a driver: publishes fixes without loss. They stay in an outbox until the hub has stored them."""

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
from clients.messages import Ack, Bye, Error, Fix, SetState, StateMessage, decode, encode
from clients.outbox import DiskOutbox, MemoryOutbox, Outbox
from clients.window import Window

log = logging.getLogger(__name__)

MAX_FIX_BYTES = 4096
"""A fix with 1 KiB of attributes has 1.5 KiB. A fix too long for a message would close each new connection."""

YIELD_EVERY = 500
"""Fixes after which ``send`` yields to the event loop: as many as fit a message, so that a tight loop of sends fills
its messages and does not block other tasks."""


class Rejection(Struct):
    """A fix refused for good; it is no longer in the outbox."""

    msg_no: int
    code: str
    field: str | None
    detail: str
    fix: Fix


def report(rejection: Rejection) -> None:
    """Default handler of rejections: logs a warning, without coordinates."""
    log.warning("fix %d rejected: %s: %s", rejection.msg_no, rejection.code, rejection.detail)


class DriverClient:
    """Publishes fixes over one connection, for one driver or, as a gateway, for many.

    ::

        async with DriverClient("ws://localhost:8080/ws", "truck-1", outbox="truck-1.db") as driver:
            await driver.send(25.2048, 55.2708, speed=13.9, heading=45)
            await driver.flush()

    ``outbox`` is a file that one process at a time may open (otherwise ``OutboxInUse``); None keeps the fixes in
    memory, and they are lost with the process. It holds at most ``max_fixes``; the default is a day at one fix a
    second, about 20 MB. ``send`` waits while it is full: an accepted fix is never dropped for a newer one.

    A fix refused for good is removed from the outbox and passed to ``on_rejected``. When the hub refuses the client
    (with an invalid token, for example), ``send`` and ``flush`` raise ``Refused``, and the outbox keeps its fixes.
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
        # Fixes sent (repetitions count), acknowledged, and refused.
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
        # The state that is to be stored, until the hub answers; whether it was sent on this connection.
        self._state: tuple[SetState, asyncio.Future[None]] | None = None
        self._state_sent = False
        self._one_state = asyncio.Lock()

    @property
    def pending(self) -> int:
        """Fixes in the outbox: accepted here and not yet durable at the hub."""
        return len(self._outbox)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run(), name="driver client")
        self._task.add_done_callback(self._stopped)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect without waiting for acks; ``flush`` waits. Unacknowledged fixes stay in the file."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self.pending and isinstance(self._outbox, MemoryOutbox):
            log.warning("closed with %d unacknowledged fixes in memory: they are lost", self.pending)
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
        """Publish a fix with these values; see ``publish``."""
        return await self.publish(
            Fix(latitude, longitude, driver_id, recorded_at, speed, heading, accuracy, altitude, battery, attributes)
        )

    async def publish(self, fix: Fix) -> int:
        """Put a fix into the outbox and return its ``msgNo``; a task sends it.

        A missing time becomes the present, a missing driver that of the client (a gateway sets the driver of each
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

    async def set_state(self, state: str, driver_id: str | None = None) -> None:
        """Set the state of the driver, ``free``, ``busy`` or ``off_duty``, and return when the hub has stored it, on
        another connection if necessary. It does not wait for fixes; on an open hub, and for a gateway, the driver must
        have a position.

        Raises ``ValueError`` for a state that the hub refuses, ``Refused`` when the client has stopped.
        """
        async with self._one_state:
            self._check()
            assert self._task is not None
            stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._state = SetState(state, driver_id or self.driver_id), stored
            self._state_sent = False
            self._wake.set()
            try:
                await asyncio.wait([stored, self._task], return_when=asyncio.FIRST_COMPLETED)
                if not stored.done():
                    self._check()
                stored.result()
            finally:
                self._state = None

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
        """Send and receive until the connection is lost, which raises."""
        self._window.restart()
        self._resume_at, self._leaving, self.connected, self._state_sent = 0.0, False, True, False
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
            if self._state is not None and not self._state_sent and not self._leaving:
                self._state_sent = True
                await socket.send(encode(self._state[0]), text=True)
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
                # A hub without its log refuses all clients at once; jitter spreads their return.
                pause = retry_ms / 1000 * random.uniform(1, 1.5)
                self._resume_at = asyncio.get_running_loop().time() + pause
            case Error(msg_no=int(msg_no)):
                self._reject(msg_no, message)
            case StateMessage(state=state) if self._state is not None and state == self._state[0].state:
                _settle(self._state[1], None)
            case Error(field="state", retry_ms=int(retry_ms)):
                self._resume_at = asyncio.get_running_loop().time() + retry_ms / 1000 * random.uniform(1, 1.5)
                self._state_sent = False
            case Error(field="state" | "driverId") if self._state is not None:
                _settle(self._state[1], ValueError(f"{message.field}: {message.detail}"))
            case Error():
                # The hub refuses a whole message: its fixes would never be acknowledged.
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


def _settle(future: asyncio.Future[None], error: Exception | None) -> None:
    """The call may have been cancelled meanwhile."""
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
