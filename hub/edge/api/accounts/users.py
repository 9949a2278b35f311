"""The users of a fleet, for its admins.

GET, POST /api/v1/users                    the users in pages, or a new one with a one-time password
GET, PATCH, DELETE /api/v1/users/{id}      one of them; a change needs ``If-Match``
POST /api/v1/users/{id}/password           a new one-time password
DELETE /api/v1/users/{id}/totp             remove the second factor
DELETE /api/v1/users/{id}/provider         end the logins with the OpenID Connect provider
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.names import Groups, Username
from hub.edge.api.accounts.logins import require_logins
from hub.edge.api.pages import decode_cursor, encode_cursor, page
from hub.edge.api.registry.answers import answer, given, given_fields, no_content, refusal, taken, unstored
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem
from hub.edge.http.versions import etag
from hub.edge.node import Node
from hub.identity.passwords import Passwords, one_time_password
from hub.stores.postgres.accounts import identities, sessions, totp
from hub.stores.postgres.accounts.users import (
    LastAdmin,
    NameTaken,
    User,
    UserRole,
    add_user,
    change_user,
    delete_user,
    reset_password,
    user,
    users,
)
from hub.stores.postgres.audit import audit

PATH = "/api/v1/users"


class UsersQuery(Struct):
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 200
    cursor: str | None = None


class NewUser(Struct, rename="camel", forbid_unknown_fields=True):
    """``groups``: a dispatcher sees the drivers in these groups only; the whole fleet without."""

    username: Username
    role: UserRole
    groups: Groups | None = None


class UserChange(Struct, rename="camel", forbid_unknown_fields=True):
    """Absent fields do not change; ``groups`` of null are the whole fleet. A ``disabled`` user may not log in, and has
    no session."""

    username: Username | UnsetType = UNSET
    role: UserRole | UnsetType = UNSET
    groups: Groups | UnsetType | None = UNSET
    disabled: bool | UnsetType = UNSET


class UserPage(Struct, rename="camel", omit_defaults=True):
    """``next``: cursor of the following page."""

    users: list[User]
    next: str | None = None


class Welcome(Struct, rename="camel"):
    """``password`` is shown this once; the first login replaces it."""

    user: User
    password: str


def routes(node: Node, registry: Registry, passwords: Passwords) -> list[Operation]:

    async def list_users(call: Call[UsersQuery, None]) -> Response:
        query = call.query
        after = "" if query.cursor is None else decode_cursor(query.cursor, tuple[Username])[0]
        async with registry.transaction() as connection:
            found = await users(connection, call.fleet, query.limit, after=after)
        following = encode_cursor(found[-1].username) if len(found) == query.limit else None
        return unstored(await page(node.slices, call.request, "users", found, following))

    async def create(call: Call[None, NewUser]) -> Response:
        new = call.body
        password = one_time_password()
        hashed = await passwords.hash(password)
        username = new.username.lower()
        async with registry.transaction() as connection:
            try:
                made = await add_user(connection, call.fleet, username, new.role, hashed, groups_of(new.groups))
            except NameTaken as error:
                raise name_taken(username) from error
            await audit(connection, call.actor, Audited.USER_CREATED, made.user_id, role=made.role)
        return welcome(made, password, 201, {"location": f"{PATH}/{made.user_id}"})

    async def read(call: Plain) -> Response:
        user_id = call.ids["user_id"]
        async with registry.transaction() as connection:
            found = await user(connection, call.fleet, user_id)
        if found is None:
            raise refusal("user", None)
        return answer(found)

    async def change(call: Call[None, UserChange]) -> Response:
        user_id = call.ids["user_id"]
        version = call.version
        wanted = call.body
        username = None if isinstance(wanted.username, UnsetType) else wanted.username.lower()
        async with registry.transaction() as connection:
            try:
                changed = await change_user(
                    connection,
                    call.fleet,
                    user_id,
                    version,
                    username=username,
                    role=given(wanted.role),
                    disabled=given(wanted.disabled),
                    groups=groups_of(wanted.groups),
                )
            except NameTaken as error:
                raise name_taken(username or "") from error
            except LastAdmin as error:
                raise last_admin("disabled" if wanted.disabled is True else "role") from error
            if changed is None:
                raise refusal("user", await user(connection, call.fleet, user_id))
            said = given_fields(wanted, "role", "disabled")
            await audit(connection, call.actor, Audited.USER_CHANGED, user_id, **said)
        return answer(changed)

    async def delete(call: Plain) -> Response:
        user_id = call.ids["user_id"]
        version = call.version
        async with registry.transaction() as connection:
            try:
                deleted = await delete_user(connection, call.fleet, user_id, version)
            except LastAdmin as error:
                raise last_admin("userId") from error
            if not deleted:
                raise refusal("user", await user(connection, call.fleet, user_id))
            await audit(connection, call.actor, Audited.USER_DELETED, user_id)
        return no_content()

    async def reset(call: Plain) -> Response:
        user_id = call.ids["user_id"]
        password = one_time_password()
        hashed = await passwords.hash(password)
        async with registry.transaction() as connection:
            changed = await reset_password(connection, call.fleet, user_id, hashed)
            if changed is None:
                raise refusal("user", None)
            await audit(connection, call.actor, Audited.USER_PASSWORD_RESET, user_id)
        return welcome(changed, password)

    async def remove_totp(call: Plain) -> Response:
        user_id = call.ids["user_id"]
        async with registry.transaction() as connection:
            if not await totp.remove(connection, call.fleet, user_id):
                raise refusal("second factor of this user", None)
            await audit(connection, call.actor, Audited.USER_TOTP_REMOVED, user_id)
        return no_content()

    async def disconnect(call: Plain) -> Response:
        user_id = call.ids["user_id"]
        async with registry.transaction() as connection:
            if not await identities.disconnect(connection, call.fleet, user_id):
                raise refusal("connection of this user to a provider", None)
            await sessions.end_all(connection, user_id, "disconnected")
            await audit(connection, call.actor, Audited.USER_DISCONNECTED, user_id)
        return no_content()

    one = f"{PATH}/{{user_id}}"
    return [
        Operation(
            node.door,
            "GET",
            PATH,
            list_users,
            access=Access.MANAGE,
            summary="The fleet's users",
            query=UsersQuery,
            answer=UserPage,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            PATH,
            create,
            access=Access.MANAGE,
            summary="Add a user with a one-time password",
            body=NewUser,
            answer=Welcome,
            status=201,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "GET",
            one,
            read,
            access=Access.MANAGE,
            summary="One user",
            answer=User,
            versioned=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "PATCH",
            one,
            change,
            access=Access.MANAGE,
            summary="Rename a user, change the role, disable or enable",
            body=UserChange,
            answer=User,
            versioned=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "DELETE",
            one,
            delete,
            access=Access.MANAGE,
            summary="Delete a user and end the user's sessions",
            status=204,
            versioned=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{one}/password",
            reset,
            access=Access.MANAGE,
            summary="Give a user a new one-time password and end the user's sessions",
            answer=Welcome,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "DELETE",
            f"{one}/totp",
            remove_totp,
            access=Access.MANAGE,
            summary="Remove a user's second factor",
            status=204,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "DELETE",
            f"{one}/provider",
            disconnect,
            access=Access.MANAGE,
            summary="Disconnect a user from the OpenID Connect provider and end the user's sessions",
            status=204,
            requires=require_logins,
        ),
    ]


def groups_of(names: Any) -> Any:
    """Groups in order, each once; UNSET and None stay."""
    return sorted(set(names)) if isinstance(names, list) else names


def welcome(made: User, password: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return answer(Welcome(made, password), status, {"etag": etag(made.version), **(headers or {})})


def name_taken(username: str) -> Problem:
    return taken("username", f"there is a user {username} already, perhaps in another fleet")


def last_admin(field: str) -> Problem:
    return taken(field, "the user is the last enabled admin of the fleet; make another user an admin first")
