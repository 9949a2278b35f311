"""The first admin, created when a hub with a secret starts and its default fleet has no user."""

from __future__ import annotations

import asyncio

from hub.core.audit import Actor, ActorKind, Audited
from hub.identity.passwords import Passwords, one_time_password
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts.users import add_first_admin, has_user
from hub.stores.postgres.audit import audit
from hub.stores.postgres.connection import AWAY, connect

log = get_logger()

USERNAME = "admin"

WORDS = """
The fleet {fleet} had no user. Its first admin was created:

  username   {username}
  password   {password}

The password is valid once: the first login replaces it. It is shown only here; `hub user reset {username}` creates
another one.
"""

PAUSE = 2.0
"""Seconds between two attempts while PostgreSQL is unavailable."""


async def first_admin(settings: Settings) -> str | None:
    """Create the first admin; the text for the terminal, with the password.

    None when the hub has no secret, and so no logins, or when the default fleet has a user. When several hubs start at
    once, one of them creates it. Needs the schema, and waits while PostgreSQL is unavailable.
    """
    if not settings.jwt_secret:
        return None
    while True:
        try:
            return await _first_admin(settings)
        except AWAY as error:
            log.warning(Action.DATABASE_UNAVAILABLE, pool="first admin", error=type(error).__name__)
            await asyncio.sleep(PAUSE)


async def _first_admin(settings: Settings) -> str | None:
    fleet = settings.default_fleet
    connection = await connect(settings.database_url, role="first admin", patience=settings.history_timeout)
    try:
        if await has_user(connection, fleet):
            return None
        password = one_time_password()
        hashed = await Passwords().hash(password)
        async with connection.transaction():
            added = await add_first_admin(connection, fleet, USERNAME, hashed)
            if added is None:
                return None
            await audit(connection, Actor(fleet, ActorKind.HUB), Audited.USER_CREATED, added, role="admin")
    finally:
        await connection.close()
    log.info(Action.FIRST_ADMIN_CREATED, fleet=fleet)
    return WORDS.format(fleet=fleet, username=USERNAME, password=password)
