"""Persons of an OpenID Connect provider as users: who may log in, as which user, with which role."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from msgspec import UNSET

from hub.core.audit import Actor, ActorKind, Audited
from hub.edge.api.registry.database import Registry
from hub.edge.http.operations import request_id
from hub.identity.oidc.id_token import Person
from hub.identity.passwords import NO_PASSWORD
from hub.settings import Settings
from hub.stores.postgres.accounts import identities, sessions
from hub.stores.postgres.accounts.identities import Holder
from hub.stores.postgres.accounts.sessions import Session
from hub.stores.postgres.accounts.users import LastAdmin, change_user
from hub.stores.postgres.audit import audit


class Outcome(StrEnum):
    """How a login or a connection ended, as the page gets it in ``?login=``. docs/identity.md explains each."""

    LOGGED_IN = "ok"
    CONNECTED = "connected"
    EXPIRED = "expired"  # no attempt of this browser, or one of more than ten minutes ago
    CANCELLED = "cancelled"  # the person said no at the provider
    INVALID = "invalid"  # the answer or the ID token is not valid
    UNAVAILABLE = "unavailable"  # the provider does not answer
    HUB_UNAVAILABLE = "hub_unavailable"  # PostgreSQL does not answer
    LIMIT = "limit"  # too many wrong logins of this address
    UNKNOWN = "unknown"  # the person belongs to no user, and none is created
    NOT_ADMITTED = "not_admitted"  # the role claim has no value that the settings name
    NAME_TAKEN = "name_taken"  # a new user would have the name of another one
    DISABLED = "disabled"  # the user is disabled
    LAST_ADMIN = "last_admin"  # the provider would take the role from the last admin
    BELONGS_TO_OTHER = "belongs_to_other"  # the person is connected to another user
    SESSION_ENDED = "session_ended"  # the session ended while the account was being connected


class Left(Exception):
    """A login or a connection ends without success; nothing has changed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Persons:
    """The persons of one provider."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self._settings, self._registry = settings, registry
        self._issuer = settings.oidc_issuer

    async def log_in(self, person: Person) -> tuple[Session, str]:
        """A session of the user that a person belongs to, and its refresh token. The user is found by issuer and
        subject alone: names and addresses may be given to another person, and be unverified. Raises ``Left``."""
        if not person.admitted:
            raise Left(Outcome.NOT_ADMITTED)
        async with self._registry.transaction() as connection:
            holder = await identities.holder(connection, self._issuer, person.subject)
            if holder is None:
                holder = await self._create(connection, person)
            elif holder.disabled:
                raise Left(Outcome.DISABLED)
            else:
                await self._follow(connection, person, holder)
            lifetime = self._settings.session_lifetime
            started = await sessions.start(connection, holder.id, holder.password_hash, lifetime, provider=True)
            if started is None:  # the user was disabled, or got another password, while we looked
                raise Left(Outcome.DISABLED)
            await identities.used(connection, self._issuer, person.subject)
            await sessions.remove_over(connection, max(sessions.KEPT, 2 * self._settings.access_lifetime))
        return started

    async def connect(self, person: Person, user_id: UUID, session: UUID) -> None:
        """Connect a person to the user of a session that lasts. Raises ``Left``."""
        if not person.admitted:
            raise Left(Outcome.NOT_ADMITTED)
        async with self._registry.transaction() as connection:
            fleet = await identities.fleet_of_active(connection, session, user_id)
            if fleet is None:
                raise Left(Outcome.SESSION_ENDED)
            if not await identities.connect(connection, self._issuer, person.subject, user_id):
                raise Left(Outcome.BELONGS_TO_OTHER)
            actor = Actor(fleet, ActorKind.USER, str(user_id), request_id())
            await audit(connection, actor, Audited.USER_CONNECTED, user_id, provider=self._host)

    async def _create(self, connection: asyncpg.Connection, person: Person) -> Holder:
        if self._settings.oidc_unknown_users == "refuse" or person.role is None:
            raise Left(Outcome.UNKNOWN)
        fleet = self._settings.default_fleet
        holder = await identities.add_user(
            connection, fleet, person.name, person.role, _groups(person, person.role), NO_PASSWORD
        )
        if holder is None:
            raise Left(Outcome.NAME_TAKEN)
        await identities.connect(connection, self._issuer, person.subject, holder.id)
        await audit(
            connection, self._hub(fleet), Audited.USER_CREATED, holder.id, role=holder.role, provider=self._host
        )
        return holder

    async def _follow(self, connection: asyncpg.Connection, person: Person, holder: Holder) -> None:
        """Give a user the role and groups that the provider says, where the settings have a claim for them."""
        role = person.role if person.role != holder.role else None
        wanted = _groups(person, person.role or holder.role)
        regroup = person.groups is not None and wanted != holder.groups
        if role is None and not regroup:
            return
        try:
            await change_user(
                connection,
                holder.fleet,
                holder.id,
                None,
                role=role,  # type: ignore[arg-type]
                groups=wanted if regroup else UNSET,
            )
        except LastAdmin as error:
            raise Left(Outcome.LAST_ADMIN) from error
        fields = [name for name, changed in (("role", role), ("groups", regroup)) if changed]
        said = {} if role is None else {"role": role}
        actor, host = self._hub(holder.fleet), self._host
        await audit(connection, actor, Audited.USER_CHANGED, holder.id, fields=fields, provider=host, **said)

    @property
    def _host(self) -> str:
        return urlsplit(self._issuer).hostname or ""

    def _hub(self, fleet: str) -> Actor:
        return Actor(fleet, ActorKind.HUB, "", request_id())


def _groups(person: Person, role: str) -> list[str] | None:
    """Groups of a dispatcher; an admin has none."""
    return None if person.groups is None or role == "admin" else list(person.groups)
