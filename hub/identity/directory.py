"""A node's copy of the access data: disabled drivers and users, ended sessions, phone tokens. PostgreSQL notifies it of
changes.

Each handshake, each request and, after a change, each open socket takes a few look-ups in memory. While PostgreSQL is
unavailable the last copy is used; without any copy ``Directory.phone`` raises ``Undecided``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable

import asyncpg

from hub.core.audit import PHONE
from hub.core.principal import Principal, Role
from hub.identity.tokens import CLOCKS, Unauthenticated, Undecided
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts import access
from hub.stores.postgres.connection import AWAY, connect
from hub.stores.tokens import token_hash

log = get_logger()

DELETED_USER = "deleted user "
"""Beginning of the notification of a deletion; the id follows."""

PAUSE_FACTOR = 4
"""The pause after reading the tables, as a multiple of the time that it took: while many phone tokens are created,
reading them repeatedly takes a fifth of a core at most."""

SHORTEST_PAUSE = 0.05
LONGEST_RETRY_PAUSE = 5.0
"""Seconds."""


START_GRACE = 10.0
"""Seconds after the start without a warning: PostgreSQL is started, and its schema created, at the same time."""


class Directory:
    """The copy and its look-ups. ``run`` keeps it current."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._patience = settings.history_timeout
        self.loaded = False
        self.current = False
        self.drivers: set[tuple[str, str]] = set()
        self.users: dict[str, bool] = {}
        self.departed: set[str] = set()
        self.sessions: set[str] = set()
        self.phones: dict[bytes, access.PhoneToken] = {}
        self.phone_subjects: set[str] = set()
        self.changed = asyncio.Event()
        self._outdated: set[str] = set()
        self._woken = asyncio.Event()
        self._read: dict[str, Callable[[asyncpg.Connection], Awaitable[None]]] = {
            "drivers": self._read_drivers,
            "users": self._read_users,
            "sessions": self._read_sessions,
            "phone_tokens": self._read_phone_tokens,
        }

    # Look-ups --------------------------------------------------------------------------------------------------

    def phone(self, token: str) -> Principal:
        """The principal of a phone token. Raises ``Unauthenticated``, or ``Undecided`` before the tokens are loaded: a
        phone gives up after 401."""
        phone = self.phones.get(token_hash(token))
        if phone is not None:
            return Principal(phone.fleet, Role.DRIVER, PHONE + phone.id, phone.driver_id)
        if not self.loaded:
            raise Undecided("phone tokens are not loaded yet")
        raise Unauthenticated("the phone token is not valid")

    def refusal(self, principal: Principal) -> str | None:
        """Why a valid token is refused; None when it is not."""
        if principal.driver is not None:
            if (principal.fleet, principal.driver) in self.drivers:
                return "the driver is disabled"
            if self.loaded and principal.subject.startswith(PHONE) and principal.subject not in self.phone_subjects:
                return "the phone token was deleted"
        elif principal.session is not None and principal.session in self.sessions:
            return "the session has ended"
        elif principal.subject in self.departed:
            return "the user is disabled or deleted"
        return None

    # Updates ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Read all tables, then each that PostgreSQL reports as changed, until cancelled."""
        pause, started = 0.2, time.monotonic()
        while True:
            try:
                await self._follow()
            except AWAY as error:
                pause = 0.2 if self.current else min(LONGEST_RETRY_PAUSE, pause * 2)
                self.current = False
                if self.loaded or time.monotonic() - started > START_GRACE:
                    log.warning(Action.ACCESS_STALE, error=type(error).__name__, detail=str(error)[:200])
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        """Follow the changes over one connection. Ends with one of ``AWAY``."""
        connection = await connect(self._settings.database_url, role="access", patience=self._patience)
        # Otherwise a lost connection would be noticed at the next query only.
        connection.add_termination_listener(lambda _: self._woken.set())
        try:
            self._outdated = set(self._read)
            # Listen before reading, so that no change is missed in between.
            await access.listen(connection, self._notified)
            while True:
                started = asyncio.get_running_loop().time()
                await self._read_outdated(connection)
                if not self.current:
                    self.loaded = self.current = True
                    log.info(
                        Action.ACCESS_LOADED,
                        drivers=len(self.drivers),
                        users=len(self.users),
                        sessions=len(self.sessions),
                        phone_tokens=len(self.phones),
                    )
                took = asyncio.get_running_loop().time() - started
                await asyncio.sleep(max(SHORTEST_PAUSE, PAUSE_FACTOR * took))
                await self._wait(connection)
        finally:
            connection.terminate()

    async def _wait(self, connection: asyncpg.Connection) -> None:
        """Wait for a change. An empty query every few seconds shows that the server still answers."""
        while not self._outdated:
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._woken.wait()
            if not self._outdated:
                await connection.execute("SELECT")

    def _notified(self, table: str) -> None:
        if table.startswith(DELETED_USER):
            # The user may not be in our copy yet.
            self.departed.add(table.removeprefix(DELETED_USER))
        elif table in self._read:
            self._outdated.add(table)
            self._woken.set()

    async def _read_outdated(self, connection: asyncpg.Connection) -> None:
        while self._outdated:
            # A table reported during its reading is read again: the rows may be older than the change.
            await self._read[self._outdated.pop()](connection)
            self.changed.set()

    async def _read_drivers(self, connection: asyncpg.Connection) -> None:
        self.drivers = await access.disabled_drivers(connection)

    async def _read_users(self, connection: asyncpg.Connection) -> None:
        users = await access.users(connection)
        # A deleted user has no row: the previous copy shows the deletion.
        self.departed |= self.users.keys() - users.keys()
        self.departed -= {id for id, disabled in users.items() if not disabled}
        self.departed |= {id for id, disabled in users.items() if disabled}
        self.users = users

    async def _read_sessions(self, connection: asyncpg.Connection) -> None:
        self.sessions = await access.ended_sessions(connection, self._settings.access_lifetime + 2 * CLOCKS)

    async def _read_phone_tokens(self, connection: asyncpg.Connection) -> None:
        # In place: freeing a hundred thousand old entries at once would block the loop as long as reading them.
        gone = set(self.phones)
        async for chunk in access.phone_tokens(connection):
            for hash, phone in chunk:
                gone.discard(hash)
                if hash not in self.phones:
                    self.phones[hash] = phone
                    self.phone_subjects.add(PHONE + phone.id)
        for hash in gone:
            self.phone_subjects.discard(PHONE + self.phones.pop(hash).id)
