"""The second factor of logins with a password: which user needs it, and whether a code is right."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from hub.edge.api.registry.database import Registry
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import CHALLENGE
from hub.identity.attempts import TooManyAttempts
from hub.identity.totp import cleaned, is_code, new_secret, recovery_codes, recovery_hash, step_of
from hub.logs import Action, get_logger
from hub.permissions import Exposed
from hub.settings import Settings
from hub.stores.postgres.accounts import totp
from hub.stores.postgres.accounts.users import Credentials
from hub.stores.seal import Seal, Unreadable, seal_of
from hub.wire.validation import Code

log = get_logger()


class Accepted(Struct, frozen=True):
    """A right code, to be used up in the transaction that it permits. ``step`` and ``secret`` (sealed) of a code of an
    app, ``recovery`` the hash of a recovery code. ``first``: the code confirms a new secret."""

    step: int | None = None
    secret: bytes = b""
    resealed: bytes = b""
    recovery: bytes = b""
    first: bool = False


class SecondFactors:
    """The second factors of users. Codes are counted in PostgreSQL, so that guesses at all nodes count."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings, self._registry = settings, registry
        self._kept: Seal | None = None

    async def missing(self, user: Credentials, code: str | None) -> list[dict[str, Any]]:
        """The error of a login without the code that it needs; empty if there is none."""
        async with self._registry.transaction() as connection:
            factor = await totp.factor(connection, user.id)
        if factor is None and self.required(user.role):
            return [_required("totp", "required: set up a second factor first, at /api/v1/auth/totp")]
        needed = factor is not None and (factor.confirmed or self.required(user.role))
        if needed and code is None:
            return [CODE_NEEDED]
        return []

    async def confirmed(self, user_id: UUID) -> bool | None:
        """Whether a code has confirmed the second factor of a user; None for a user without one."""
        async with self._registry.transaction() as connection:
            factor = await totp.factor(connection, user_id)
        return None if factor is None else factor.confirmed

    def required(self, role: str) -> bool:
        """Whether users of a role need a second factor."""
        wanted = self._settings.totp_required
        return wanted == "all" or (wanted == "admins" and role == "admin")

    async def begin(self, user_id: UUID) -> bytes:
        """A new secret, which counts once a code confirms it. Raises ``Problem`` 409 for a user that has one."""
        secret = new_secret()
        async with self._registry.transaction() as connection:
            begun = await totp.begin(connection, user_id, self._seal().close(secret, _context(user_id)))
        if not begun:
            raise Problem(409, "the user has a second factor already; remove it first")
        return secret

    async def check(self, user_id: UUID, code: str) -> Accepted | None:
        """A right code; None if the user has no second factor. Every code of an app counts before it is checked. Raises
        ``Problem`` 401 for a wrong or used code, and ``TooManyAttempts``."""
        given = cleaned(code)
        if not is_code(given):
            return Accepted(recovery=recovery_hash(given))
        async with self._registry.transaction() as connection:
            found = await totp.attempt(connection, user_id)
        if found is None:
            return None
        if isinstance(found, int):
            log.info(Action.LOGIN_REFUSED, reason="limit")
            raise TooManyAttempts(found)
        seal, context = self._seal(), _context(user_id)
        try:
            secret, present = seal.opened(found.secret, context)
        except Unreadable as error:
            raise unavailable("the second factor was stored with another secret of the hub", 60) from error
        step = step_of(secret, given, time.time(), found.last_step)
        if step is None:
            raise self.wrong()
        resealed = found.secret if present else seal.close(secret, context)
        return Accepted(step, found.secret, resealed, first=not found.confirmed)

    async def use(self, connection: asyncpg.Connection, user_id: UUID, accepted: Accepted) -> list[str] | None:
        """Use a right code up; the recovery codes if it confirmed a new secret. Raises ``Problem`` 401 if it was used
        meanwhile."""
        if accepted.step is None:
            if not await totp.use_recovery(connection, user_id, accepted.recovery):
                raise self.wrong()
            return None
        if not await totp.accept(connection, user_id, accepted.secret, accepted.step, accepted.resealed):
            raise self.wrong()
        if not accepted.first:
            return None
        codes, hashes = recovery_codes()
        await totp.keep_recovery(connection, user_id, hashes)
        return codes

    def wrong(self) -> Problem:
        """401 for a code."""
        log.info(Action.LOGIN_REFUSED, reason="code")
        detail = "is wrong, was used before, or is too old"
        errors = [{"field": "code", "detail": detail, "code": Code.INVALID}]
        return Problem(401, f"code: {detail}", errors=errors, headers=CHALLENGE)

    def _seal(self) -> Seal:
        if self._kept is None:
            try:
                self._kept = seal_of(self._settings)
            except (OSError, Exposed) as error:
                raise unavailable(f"secrets cannot be encrypted: {error}", 60) from error
        return self._kept


CODE_NEEDED = {"field": "code", "detail": "required, because the user has a second factor", "code": Code.REQUIRED}
"""The error of a request without the code that it needs."""


def _required(field: str, detail: str) -> dict[str, Any]:
    return {"field": field, "detail": detail, "code": Code.REQUIRED}


def _context(user_id: UUID) -> str:
    return f"totp {user_id}"
