"""The first person who can log in: made at the start of a guarded hub whose fleet has no user yet."""

from __future__ import annotations

import asyncio

from hub.identity.passwords import Passwords, one_time_password
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts.users import add_first_admin, has_user
from hub.stores.postgres.connection import AWAY, connect

log = get_logger()

USERNAME = "admin"

WORDS = """
The fleet {fleet} has no user yet, so here is its first admin:

  username   {username}
  password   {password}

The password is good once: the first login replaces it. It is shown only here, and `hub user reset {username}` makes
another one.
"""

PAUSE = 2.0
"""Seconds between two attempts while PostgreSQL is away."""


async def first_admin(settings: Settings) -> str | None:
    """What to tell the person at the terminal, with the password in it; None where there is nothing to tell: the hub
    has no secret, and so no logins, or its default fleet has a user. Of several hubs that start at once one has
    something to tell.

    Needs the schema, and waits for a PostgreSQL that is away.
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
        if not await add_first_admin(connection, fleet, USERNAME, await Passwords().hash(password)):
            return None
    finally:
        await connection.close()
    log.info(Action.FIRST_ADMIN_CREATED, fleet=fleet)
    return WORDS.format(fleet=fleet, username=USERNAME, password=password)
