"""A node's copy of the access data: disabled drivers and users, ended sessions, phone tokens, API keys, revoked tokens.
PostgreSQL notifies it of changes. Other copies of the registry follow over the same connection (``follow``).

Each handshake, each request and, after a change, each open socket takes a few look-ups in memory. While PostgreSQL is
unavailable the last copy is used; without any copy ``Directory.phone`` and ``key`` raise ``Undecided``.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Protocol

import asyncpg

from hub.core.audit import ISSUED, KEY, PHONE
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


class Copy(Protocol):
    """A copy of tables that the directory keeps current."""

    async def read(self, connection: asyncpg.Connection, changes: list[str] | None) -> None:
        """Read everything (None), or what the notifications since the last call say, without the table's name. Raises
        one of ``AWAY``; the next call then is for everything."""


class Directory:
    """The copy and its look-ups. ``run`` keeps it current."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._patience = settings.history_timeout
        self.loaded = False
        self.current = False
        self.drivers: set[tuple[str, str]] = set()
        self.users: dict[str, bool] = {}
        self.limits: dict[str, frozenset[str] | None] = {}
        """User -> the groups that it is limited to."""
        self.departed: set[str] = set()
        self.sessions: set[str] = set()
        self.phones: dict[bytes, access.PhoneToken] = {}
        self.phone_subjects: set[str] = set()
        self.keys: dict[bytes, Principal] = {}
        self.key_credentials: set[str] = set()
        self.revoked: set[str] = set()
        # Credential of an API key -> time of its last use, in epoch seconds; taken by ``KeyUse``.
        self.key_uses: dict[str, float] = {}
        self.changed = asyncio.Event()
        self._outdated: set[str] = set()
        self._woken = asyncio.Event()
        self._read: dict[str, Callable[[asyncpg.Connection], Awaitable[None]]] = {
            "drivers": self._read_drivers,
            "users": self._read_users,
            "sessions": self._read_sessions,
            "phone_tokens": self._read_phone_tokens,
            "api_keys": self._read_api_keys,
            "issued_tokens": self._read_revoked_tokens,
        }
        self._copies: dict[str, Copy] = {}
        # Table -> its notifications that its copy has not read; None: it has to read everything.
        self._changes: dict[str, list[str] | None] = {}

    def follow(self, table: str, copy: Copy) -> None:
        """Keep another copy current, from before ``run`` on. Notifications of its table are the table's name, and
        behind a space what has changed."""
        self._copies[table] = copy

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

    def key(self, key: str) -> Principal:
        """The principal of an API key. Raises ``Unauthenticated``, or ``Undecided`` before the keys are loaded."""
        principal = self.keys.get(token_hash(key))
        if principal is None:
            if not self.loaded:
                raise Undecided("API keys are not loaded yet")
            raise Unauthenticated("the API key is not valid")
        now = time.time()
        if principal.expires is not None and principal.expires <= now:
            raise Unauthenticated("the API key has expired")
        self.key_uses[principal.subject] = now
        return principal

    def refusal(self, principal: Principal) -> str | None:
        """Why a valid token is refused; None when it is not."""
        if principal.credential is not None and self._withdrawn(principal.credential):
            return "the API key or token was revoked"
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

    def _withdrawn(self, credential: str) -> bool:
        if credential.startswith(KEY):
            return self.loaded and credential not in self.key_credentials
        return credential in self.revoked

    def groups(self, principal: Principal) -> frozenset[str] | None:
        """The groups that a principal is limited to now: those of the user, else those of its token; None for all."""
        if principal.role is not Role.DISPATCHER:
            return None
        return self.limits.get(principal.subject, principal.groups)

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
            self._changes = dict.fromkeys(self._copies)
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
                        api_keys=len(self.keys),
                    )
                took = asyncio.get_running_loop().time() - started
                await asyncio.sleep(max(SHORTEST_PAUSE, PAUSE_FACTOR * took))
                await self._wait(connection)
        finally:
            connection.terminate()

    async def _wait(self, connection: asyncpg.Connection) -> None:
        """Wait for a change. An empty query every few seconds shows that the server still answers."""
        while not self._outdated and not self._changes:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._woken.wait()
            # Not before: the connection may have been lost during the pause before this call.
            self._woken.clear()
            if not self._outdated and not self._changes:
                await connection.execute("SELECT")

    def _notified(self, table: str) -> None:
        if table.startswith(DELETED_USER):
            # The user may not be in our copy yet.
            self.departed.add(table.removeprefix(DELETED_USER))
        elif table in self._read:
            self._outdated.add(table)
            self._woken.set()
        else:
            name, _, change = table.partition(" ")
            if name in self._copies:
                changes = self._changes.setdefault(name, [])
                if changes is not None:
                    changes.append(change)
                self._woken.set()

    async def _read_outdated(self, connection: asyncpg.Connection) -> None:
        while self._outdated:
            # A table reported during its reading is read again: the rows may be older than the change.
            await self._read[self._outdated.pop()](connection)
            self.changed.set()
        while self._changes:
            name, changes = self._changes.popitem()
            await self._copies[name].read(connection, changes)

    async def _read_drivers(self, connection: asyncpg.Connection) -> None:
        self.drivers = await access.disabled_drivers(connection)

    async def _read_users(self, connection: asyncpg.Connection) -> None:
        limits = await access.limits(connection)
        users = await access.users(connection)
        # A deleted user has no row: the previous copy shows the deletion.
        self.departed |= self.users.keys() - users.keys()
        self.departed -= {id for id, disabled in users.items() if not disabled}
        self.departed |= {id for id, disabled in users.items() if disabled}
        self.users, self.limits = users, limits

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

    async def _read_api_keys(self, connection: asyncpg.Connection) -> None:
        found = await access.api_keys(connection)
        self.keys = {hash: self._principal_of(key) for hash, key in found.items()}
        self.key_credentials = {principal.subject for principal in self.keys.values()}

    def _principal_of(self, key: access.ApiKey) -> Principal:
        name = KEY + key.id
        return Principal(key.fleet, Role(key.role), name, expires=key.expires_at, credential=name)

    async def _read_revoked_tokens(self, connection: asyncpg.Connection) -> None:
        self.revoked = {ISSUED + id for id in await access.revoked_tokens(connection, 2 * CLOCKS)}
