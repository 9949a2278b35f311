"""Checking a password in a request: limited, and equally slow whether the user exists or not."""

from __future__ import annotations

from redis.asyncio import Redis
from starlette.requests import Request

from hub.edge.api.registry.database import Registry
from hub.edge.http.problems import Problem
from hub.edge.http.requests import CHALLENGE
from hub.identity.attempts import TooManyAttempts
from hub.identity.passwords import Passwords
from hub.identity.shared_attempts import SharedLogins
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts.users import Credentials, credentials

log = get_logger()


class PasswordCheck:
    """The passwords of a hub. ``logins`` counts attempts, also those with other credentials."""

    def __init__(self, settings: Settings, registry: Registry, passwords: Passwords, redis: Redis) -> None:
        self.settings, self.registry, self.passwords = settings, registry, passwords
        self.logins = SharedLogins(settings, redis)

    async def user(self, request: Request, username: str, password: str) -> Credentials | None:
        """The user of a password. An unknown username takes as long, and counts as an attempt. Raises
        ``TooManyAttempts``."""
        try:
            await self.logins.attempt(username, address_of(request))
        except TooManyAttempts:
            log.info(Action.LOGIN_REFUSED, reason="limit")
            raise
        known = None
        if "\0" not in username:  # PostgreSQL cannot store NUL
            async with self.registry.transaction() as connection:
                known = await credentials(connection, username)
        right = await self.passwords.matches(password, None if known is None else known.password_hash)
        return known if right else None

    async def login(self, request: Request, username: str, password: str) -> Credentials:
        """The user that a password logs in. Raises ``Problem`` 401 with one answer for a wrong name, a wrong password,
        a disabled user, and a password that is not a one-time password where only those are accepted."""
        known = await self.user(request, username, password)
        off = self.settings.password_login == "off"
        if known is None or known.disabled or (off and not known.password_once):
            log.info(Action.LOGIN_REFUSED, reason="credentials")
            raise wrong_credentials(self.settings)
        return known

    async def right(self, request: Request, username: str) -> None:
        """Withdraw an attempt that logged in, and remember its address."""
        await self.logins.right(username, address_of(request))

    async def withdraw(self, request: Request, username: str) -> None:
        """Withdraw an attempt with the right password that lacks something else."""
        await self.logins.withdraw(username, address_of(request))


def wrong_credentials(settings: Settings) -> Problem:
    """401 for a login with a password."""
    only = "; this hub accepts one-time passwords only" if settings.password_login == "off" else ""
    return refused(f"the username or the password is wrong{only}")


def refused(detail: str, headers: dict[str, str] | None = None) -> Problem:
    """401: the credentials are refused."""
    return Problem(401, detail, headers={**CHALLENGE, **(headers or {})})


def address_of(request: Request) -> str:
    """The address of a request; empty on a Unix socket."""
    return "" if request.client is None else request.client.host
