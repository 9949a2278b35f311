"""What a node remembers of who may not come in any more, and whose phone tokens are; PostgreSQL says when it changes.

It is asked for each handshake and request and, after a change, for each open socket: a few look-ups in memory. Without
PostgreSQL it goes on with what it knows. What it has never known it does not decide: see ``Directory.phone``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import asyncpg

from hub.core.principal import Principal, Role
from hub.identity.tokens import CLOCKS, Unauthenticated, Undecided
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts import access
from hub.stores.postgres.connection import AWAY, connect
from hub.stores.postgres.registry.drivers import hash_of

log = get_logger()

PHONE = "phone:"
"""What the subject of a phone token's principal begins with; its id follows."""

REST = 4
"""After a table was read, the next reading rests this many times as long as that took: while many phone tokens are
made, reading all of them again and again takes a fifth of a core at most."""

SHORTEST_REST = 0.05
LONGEST_PAUSE = 5.0


class Directory:
    """Disabled drivers and users, ended sessions, phone tokens. ``run`` keeps it current."""

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
        self._told: set[str] = set()
        self._woken = asyncio.Event()
        self._read: dict[str, Callable[[asyncpg.Connection], Awaitable[None]]] = {
            "drivers": self._read_drivers,
            "users": self._read_users,
            "sessions": self._read_sessions,
            "phone_tokens": self._read_phone_tokens,
        }

    # Asking ----------------------------------------------------------------------------------------------------

    def phone(self, token: str) -> Principal:
        """The principal of a phone token. Raises ``Unauthenticated``, or ``Undecided`` while no token is known yet: a
        phone that is told 401 gives up."""
        found = self.phones.get(hash_of(token))
        if found is not None:
            return Principal(found.fleet, Role.DRIVER, PHONE + found.id, found.driver_id)
        if not self.loaded:
            raise Undecided("phone tokens are not known yet")
        raise Unauthenticated("there is no such phone token")

    def refusal(self, principal: Principal) -> str | None:
        """Why somebody whose token is good may not be here; None when that is not so."""
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

    # Keeping up ------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Read everything, then what PostgreSQL says has changed, until cancelled."""
        pause, failures = 0.2, 0
        while True:
            try:
                await self._follow()
            except AWAY as error:
                failures = 1 if self.current else failures + 1
                pause = 0.2 if self.current else min(LONGEST_PAUSE, pause * 2)
                self.current = False
                # The first time at a start it is most often the schema that is not there yet.
                if self.loaded or failures > 1:
                    log.warning(Action.ACCESS_STALE, error=type(error).__name__, detail=str(error)[:200])
            await asyncio.sleep(pause)

    async def _follow(self) -> None:
        """One connection's life. Ends with one of ``AWAY``."""
        connection = await connect(self._settings.database_url, role="access", patience=self._patience)
        # Else it would be noticed at the next word only.
        connection.add_termination_listener(lambda _: self._woken.set())
        try:
            self._told = set(self._read)
            # First listening, then reading: nothing falls between the two.
            await access.listen(connection, self._hear)
            while True:
                started = asyncio.get_running_loop().time()
                await self._read_told(connection)
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
                await asyncio.sleep(max(SHORTEST_REST, REST * took))
                await self._wait(connection)
        finally:
            connection.terminate()

    async def _wait(self, connection: asyncpg.Connection) -> None:
        """Until something has changed. A word now and then shows whether the server is still there, and that we are."""
        while not self._told:
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._woken.wait()
            if not self._told:
                await connection.execute("SELECT")

    def _hear(self, table: str) -> None:
        if table in self._read:
            self._told.add(table)
            self._woken.set()

    async def _read_told(self, connection: asyncpg.Connection) -> None:
        while self._told:
            # Told again meanwhile, it is read again: the answer may be older than the change.
            await self._read[self._told.pop()](connection)
            self.changed.set()

    async def _read_drivers(self, connection: asyncpg.Connection) -> None:
        self.drivers = await access.disabled_drivers(connection)

    async def _read_users(self, connection: asyncpg.Connection) -> None:
        users = await access.users(connection)
        # A deleted user leaves no row that says so: what we knew before does.
        self.departed |= self.users.keys() - users.keys()
        self.departed -= {id for id, disabled in users.items() if not disabled}
        self.departed |= {id for id, disabled in users.items() if disabled}
        self.users = users

    async def _read_sessions(self, connection: asyncpg.Connection) -> None:
        self.sessions = await access.ended_sessions(connection, self._settings.access_lifetime + 2 * CLOCKS)

    async def _read_phone_tokens(self, connection: asyncpg.Connection) -> None:
        # In place: to drop a hundred thousand old ones at once would hold the loop up for as long as to read them.
        gone = set(self.phones)
        async for chunk in access.phone_tokens(connection):
            for hash, phone in chunk:
                gone.discard(hash)
                if hash not in self.phones:
                    self.phones[hash] = phone
                    self.phone_subjects.add(PHONE + phone.id)
        for hash in gone:
            self.phone_subjects.discard(PHONE + self.phones.pop(hash).id)
