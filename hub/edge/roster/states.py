"""Keeps the states of drivers in the hub current, and sets them for drivers on a socket."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg

from hub.core.live.client import Client
from hub.core.live.facts.states import Change
from hub.core.live.hub import Hub
from hub.core.messages import Error, Message, StateMessage
from hub.core.principal import Principal
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.stores.postgres.registry.states import StoredState, all_states, notified, put_state
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode

log = get_logger()

TABLE = "driver_states"
"""The table whose notifications have the fleet, the driver and its new state."""

AT_ONCE = 2
"""Requests of sockets that are written at a time: the registry keeps its other connections."""

MOST_WAITING = 1_000
"""Requests of sockets that wait; with more, further ones are ``unavailable``."""

DELETED = Change(None, 0, datetime(1970, 1, 1, tzinfo=UTC))


class StateCopy:
    """Passes what PostgreSQL has to the hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """As ``Copy.read``."""
        if changes is None:
            await self._read_all(connection)
            return
        for change in changes:
            try:
                fleet, driver_id, state = notified(change)
            except ValueError:
                log.error(Action.INTERNAL_ERROR, where="driver_states", error=change[:200])
                continue
            self.hub.set_state(fleet, driver_id, state or DELETED)

    async def _read_all(self, connection: asyncpg.Connection) -> None:
        stored: set[tuple[str, str]] = set()
        async for rows in all_states(connection):
            for fleet, driver_id, change in rows:
                stored.add((fleet, driver_id))
                self.hub.set_state(fleet, driver_id, change)
        for live in list(self.hub.fleets.values()):
            gone = [driver_id for driver_id in live.states if (live.id, driver_id) not in stored]
            for driver_id in gone:
                self.hub.set_state(live.id, driver_id, DELETED)
        self.hub.states.current = True


class StateRequests:
    """States that drivers set over their sockets. They are stored before they are sent to subscribers."""

    def __init__(self, settings: Settings, hub: Hub, pool: Pool) -> None:
        self.settings, self.hub, self.pool = settings, hub, pool
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()

    def request(self, client: Client, driver_id: str | None, state: str) -> None:
        """Set the state of the driver of a socket, and answer with the state when it is stored. Raises
        ``BadMessage``."""
        driver_id = _driver_of(client.principal, driver_id)
        # Other clients could invent drivers.
        if client.principal.driver is None and driver_id not in self.hub.fleet(client.principal.fleet).latest:
            detail = "the driver has no position yet: send one first"
            raise BadMessage(ErrorCode.INVALID, detail, "driverId")
        if len(self._tasks) >= MOST_WAITING:
            client.send(self.hub.message(self._unavailable("too many states wait to be stored")))
            return
        task = asyncio.create_task(self._set(client, driver_id, state))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _set(self, client: Client, driver_id: str, state: str) -> None:
        try:
            answer = await self._answer(client.principal.fleet, driver_id, state)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="driver_states")
            answer = self._unavailable("the state could not be stored")
        if client.id in self.hub.clients:
            client.send(self.hub.message(answer))

    async def _answer(self, fleet: str, driver_id: str, state: str) -> Message:
        try:
            async with self._turn, self.pool.connection() as connection:
                put = await put_state(connection, fleet, driver_id, None, state)
        except DatabaseAway as error:
            return self._unavailable(f"the registry does not answer: {error}")
        assert put is not None  # any version matches
        stored, _ = put
        apply(self.hub, fleet, stored)
        return StateMessage(driver_id, stored.state, stored.changed_at)

    def _unavailable(self, detail: str) -> Error:
        return Error(ErrorCode.UNAVAILABLE, detail, "state", None, int(self.settings.retry_after * 1000))


def apply(hub: Hub, fleet: str, stored: StoredState) -> None:
    """Take a state that was just stored; the notification comes a moment later."""
    hub.set_state(fleet, stored.driver_id, stored.change())


def _driver_of(principal: Principal, driver_id: str | None) -> str:
    """The driver of a request: named by the token, else by the request. Raises ``BadMessage``."""
    if principal.driver is not None:
        if driver_id is not None and driver_id != principal.driver:
            raise BadMessage(ErrorCode.FORBIDDEN, "the token names another driver", "driverId")
        return principal.driver
    if not principal.publishes:
        raise BadMessage(ErrorCode.FORBIDDEN, f"the role {principal.role} sets states by the REST API only", "type")
    if driver_id is None:
        raise BadMessage(ErrorCode.INVALID, "required: the token names no driver", "driverId")
    return driver_id
