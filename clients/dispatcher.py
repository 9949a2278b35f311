"""Client of a dispatcher: typed events of a subscription, and the latest position of each driver."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Self, TypedDict, Unpack

from msgspec.structs import replace
from websockets.asyncio.client import ClientConnection

from clients.connection import LOST, Link, Refused
from clients.messages import (
    Bye,
    Circle,
    Error,
    FenceMessage,
    FencesMessage,
    Heartbeat,
    Left,
    Location,
    Message,
    StateMessage,
    Status,
    Subscribe,
    Subscribed,
    Synced,
    decode,
    encode,
)
from clients.view import View
from hub.wire.events import TripMessage
from hub.wire.notices.alerts import AlertMessage

log = logging.getLogger(__name__)

SILENCE = 2.5
"""Heartbeat intervals without a message after which positions may be old: two were lost, or the hub hangs."""


class State(StrEnum):
    """Whether the positions are current."""

    CONNECTING = "connecting"
    LIVE = "live"
    STALE = "stale"  # connected, but no message arrives
    RECONNECTING = "reconnecting"


class Area(TypedDict, total=False):
    """The subscribed area: exactly one of ``all``, ``drivers``, ``bbox`` and ``near``.

    ``bbox`` is (west, south, east, north), and crosses the antimeridian if west > east; ``near`` is (latitude,
    longitude, radius in metres). ``state`` (free, busy or off_duty) selects drivers of that state. ``max_hz`` limits
    the positions per driver, and never drops the last before a pause. ``groups``: only drivers in one of these.
    ``fences``: events of all fences (True), or of those with these ids. ``alerts``: with the alerts about these
    drivers. ``positions``: with their positions; False for fences and alerts alone.
    """

    all: bool
    drivers: Iterable[str]
    bbox: tuple[float, float, float, float]
    near: tuple[float, float, float]
    state: str
    max_hz: float
    groups: Iterable[str]
    fences: bool | Iterable[str]
    alerts: bool
    positions: bool


class Stale(Message, tag="stale"):
    """Event of the client: no message for ``seconds``. Any later event means that messages arrive again."""

    seconds: float


class Disconnected(Message, tag="disconnected"):
    """Event of the client: the connection to ``url`` was lost or refused; the next attempt is in ``retry_in`` seconds.

    ``url`` has no query, which may hold a ticket.
    """

    reason: str
    retry_in: float
    url: str = ""


Event = (
    Location
    | Left
    | StateMessage
    | Status
    | TripMessage
    | AlertMessage
    | FenceMessage
    | FencesMessage
    | Subscribed
    | Synced
    | Heartbeat
    | Stale
    | Disconnected
)


class DispatcherClient:
    """One subscription over one connection, which reconnects automatically and resumes without loss.

    ::

        async with DispatcherClient("ws://localhost:8080/ws") as dispatcher:
            async for event in dispatcher.subscribe(bbox=(55.0, 24.8, 55.6, 25.4)):
                match event:
                    case Location(driver_id=driver_id):
                        print(driver_id, event.latitude, event.longitude, len(dispatcher.latest))

    ``latest``, ``presence`` and ``inside`` are keyed by driver id; ``state`` tells whether they are current. The client
    reads nothing while the body of the loop runs. A slow body therefore gets the newest position of each driver instead
    of every position.
    """

    def __init__(self, url: str, token: str | None = None, *, heartbeat_interval: float = 10.0) -> None:
        self.link = Link(url, token)
        self.state = State.CONNECTING
        self._view = View()
        self._silence = SILENCE * heartbeat_interval
        self._wanted = Subscribe(id="")
        self._socket: ClientConnection | None = None
        self._closed = False

    @property
    def latest(self) -> dict[str, Location]:
        return self._view.latest

    @property
    def presence(self) -> dict[str, str]:
        """Driver id -> ``online``, ``stale`` or ``offline``."""
        return self._view.presence

    @property
    def inside(self) -> dict[str, dict[str, datetime]]:
        """Driver id -> the fences that it is inside of -> since when; for a subscription with ``fences``."""
        return self._view.inside

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        if self._socket is not None:
            await self._socket.close()

    async def subscribe(self, **area: Unpack[Area]) -> AsyncGenerator[Event, None]:
        """Iterate over the events of an area, snapshot first, across reconnections.

        Ends when the client is closed. Raises ``Refused`` when the hub refuses the client for good.
        """
        self._wanted = _request(area)
        while not self._closed:
            try:
                async with self.link.connect() as self._socket:
                    await self._ask(self._socket)
                    while True:
                        event = await self._next(self._socket)
                        if event is not None:
                            yield event
            except LOST as error:
                if self._closed:
                    return
                self.state = State.RECONNECTING
                delay = self.link.lost(error)
                yield Disconnected(str(error) or type(error).__name__, delay, self.link.address)
                await asyncio.sleep(delay)
            finally:
                self._socket = None
                self._view.lost()

    async def move(self, **area: Unpack[Area]) -> None:
        """Change the area. Drivers in both areas are not sent again; drivers outside the new area get a ``Left``."""
        self._wanted = _request(area)
        self._view.since = None  # it belongs to the previous area
        if self._socket is not None:
            # On a lost connection this fails; the next connection subscribes to the new area.
            with suppress(*LOST):
                await self._ask(self._socket)

    async def _ask(self, socket: ClientConnection) -> None:
        self._view.asked()
        await socket.send(encode(replace(self._wanted, since=self._view.since)), text=True)

    async def _next(self, socket: ClientConnection) -> Event | None:
        """The next event; None for a message that is not an event. Raises ``Refused``, or one of ``LOST``."""
        try:
            async with asyncio.timeout(self._silence):
                message = decode(await socket.recv(decode=False))
        except TimeoutError:
            self.state = State.STALE
            return Stale(self._silence)
        if self.state is State.STALE:
            self.state = State.LIVE
        match message:
            case Bye():
                self.link.bye(message.retry_ms)
            case Error():
                raise Refused(message.code, message.detail)
            case Synced():
                self.state = State.LIVE
                self.link.proved()
        return message if self._view.apply(message) and isinstance(message, Event) else None


def _request(area: Area) -> Subscribe:
    if sum(bool(area.get(kind)) for kind in ("all", "drivers", "bbox", "near")) != 1:
        raise ValueError("exactly one of all, drivers, bbox and near is required")
    drivers, near = area.get("drivers"), area.get("near")
    groups, fences = area.get("groups"), area.get("fences")
    return Subscribe(
        id="watch",
        all=area.get("all", False),
        drivers=None if drivers is None else list(drivers),
        bbox=area.get("bbox"),
        near=None if near is None else Circle(*near),
        state=area.get("state"),
        max_hz=area.get("max_hz"),
        groups=None if groups is None else list(groups),
        fences=fences if fences is None or isinstance(fences, bool) else list(fences),
    )
