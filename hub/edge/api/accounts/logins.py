"""Logins: start, renew and end a session.

POST /api/v1/auth/token      a username, a password and a code for an access and a refresh token
POST /api/v1/auth/refresh    a refresh token, or the cookie that holds it, for the next of both
POST /api/v1/auth/logout     end the session
POST /api/v1/auth/password   replace one's own password
GET  /api/v1/auth/me         role, fleet and user of a token
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from math import ceil
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from hub.core.audit import Actor, ActorKind, Audited
from hub.core.principal import Principal
from hub.core.time_zones import TimeZones
from hub.edge.api.accounts.passwords import PasswordCheck, refused, wrong_credentials
from hub.edge.api.accounts.second_factor import SecondFactors
from hub.edge.api.registry.answers import answer, no_content
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain, request_id
from hub.edge.http.origins import require_own_page
from hub.edge.http.problems import Problem, invalid
from hub.edge.http.requests import document_of
from hub.edge.node import Node
from hub.identity.attempts import TooManyAttempts
from hub.identity.passwords import LONGEST, NO_PASSWORD, SHORTEST
from hub.identity.tokens import issue
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts import sessions
from hub.stores.postgres.accounts.sessions import Reused, Session
from hub.stores.postgres.accounts.users import credentials_of, rehash_password, replace_password
from hub.stores.postgres.audit import audit
from hub.wire.validation import Code

log = get_logger()

PATH = "/api/v1/auth"
COOKIE = "hub_refresh"

Password = Annotated[str, Meta(max_length=LONGEST)]
NewPassword = Annotated[str, Meta(min_length=SHORTEST, max_length=LONGEST)]
GivenCode = Annotated[str, Meta(min_length=1, max_length=40)]
"""A code of an app, or a recovery code, also with spaces and signs between."""


class Login(Struct, rename="camel", forbid_unknown_fields=True):
    """``newPassword`` replaces the password; with a one-time password it is needed. ``code``: of the second factor, or
    a recovery code; needed if the user has a second factor. ``cookie``: put the refresh token into a cookie that no
    script can read, instead of into the answer."""

    username: Annotated[str, Meta(max_length=200)]
    password: Password
    new_password: NewPassword | None = None
    code: GivenCode | None = None
    cookie: bool = False


class Renewal(Struct, rename="camel", forbid_unknown_fields=True):
    """Without ``refreshToken`` the cookie counts."""

    refresh_token: Annotated[str, Meta(max_length=200)] | None = None


class PasswordChange(Struct, rename="camel", forbid_unknown_fields=True):
    password: Password
    new_password: NewPassword


class LoggedIn(Struct, rename="camel"):
    """``timeZone``: of the fleet, by its IANA name. ``provider``: the login was by the OpenID Connect provider."""

    user_id: UUID
    username: str
    role: str
    fleet: str
    time_zone: str
    provider: bool


class Tokens(Struct, rename="camel"):
    """``expiresIn`` in seconds. ``refreshToken`` is absent if it is in the cookie, or if the given one had been
    exchanged a moment before. ``recoveryCodes`` are shown once, by the login that sets up a second factor."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    user: LoggedIn
    refresh_token: str | UnsetType = UNSET
    recovery_codes: list[str] | UnsetType = UNSET


class Me(Struct, rename="camel"):
    """``open``: this hub has no secret, requires no token, and has no logins. ``username``: of the user that logged in.
    ``expiresAt``: end of the token's validity."""

    open: bool
    role: str
    fleet: str
    username: str | None = None
    expires_at: datetime | None = None


def routes(node: Node, registry: Registry, check: PasswordCheck, factors: SecondFactors) -> list[Operation]:
    settings, passwords = node.settings, check.passwords
    zones = TimeZones(settings.time_zone)

    async def log_in(call: Call[None, Login]) -> Response:
        try:
            response = await log_in_with_password(call)
        except (Problem, TooManyAttempts) as error:
            if isinstance(error, TooManyAttempts) or error.status == 401:
                node.logins["password", "refused"] += 1
            raise
        node.logins["password", "granted"] += 1
        return response

    async def log_in_with_password(call: Call[None, Login]) -> Response:
        login = call.body
        if login.cookie:
            require_own_page(settings, call.request)
        username = login.username.strip().lower()
        if login.new_password is not None:
            check_new(login.new_password, login.password, username)
        known = await check.login(call.request, username, login.password)
        missing = await factors.missing(known, login.code)
        if known.password_once and login.new_password is None:
            detail = "required, because the password is a one-time password"
            missing.insert(0, {"field": "newPassword", "detail": detail, "code": Code.REQUIRED})
        if missing:
            await check.withdraw(call.request, username)
            raise Problem(403, f"{missing[0]['field']}: {missing[0]['detail']}", errors=missing)
        # Before the attempt is withdrawn: a wrong code is an attempt like a wrong password.
        accepted = None if login.code is None else await factors.check(known.id, login.code)
        new_hash = None if login.new_password is None else await passwords.hash(login.new_password)
        recovery = None
        async with registry.transaction() as connection:
            actor = Actor(known.fleet, ActorKind.USER, str(known.id), request_id())
            if accepted is not None:
                recovery = await factors.use(connection, known.id, accepted)
                if recovery is not None:
                    await sessions.end_all(connection, known.id, "totp")
                    await audit(connection, actor, Audited.USER_TOTP_ENABLED, known.id)
            holds = new_hash is None or await replace_password(connection, known.id, known.password_hash, new_hash)
            started = (
                await sessions.start(connection, known.id, new_hash or known.password_hash, settings.session_lifetime)
                if holds
                else None
            )
            if started is None:  # the password was changed, or the user disabled, while we looked
                raise wrong_credentials(settings)
            if new_hash is not None:
                await audit(connection, actor, Audited.USER_PASSWORD_CHANGED, known.id)
            await sessions.remove_over(connection, max(sessions.KEPT, 2 * settings.access_lifetime))
        await check.right(call.request, username)
        if new_hash is None and passwords.outdated(known.password_hash):
            again = await passwords.hash(login.password)
            async with registry.transaction() as connection:
                await rehash_password(connection, known.id, known.password_hash, again)
        session, token = started
        return granted(call.request, session, token, in_cookie=login.cookie, recovery=recovery)

    async def refresh(call: Call[None, Renewal]) -> Response:
        token, in_cookie = given_token(call)
        if token is None:
            raise refused("a refresh token is needed")
        async with registry.transaction() as connection:
            outcome = await sessions.refresh(connection, token)
        if isinstance(outcome, Reused):
            log.warning(Action.REFRESH_REUSED, user=str(outcome.user_id), session=str(outcome.session))
        if outcome is None or isinstance(outcome, Reused):
            forget = {"set-cookie": cookie(settings, call.request, "", 0)} if in_cookie else {}
            raise refused("the session has ended, log in again", forget)
        return granted(call.request, outcome.session, outcome.token, in_cookie=in_cookie)

    async def log_out(call: Call[None, Renewal]) -> Response:
        token, _ = given_token(call)
        if token is not None:
            async with registry.transaction() as connection:
                await sessions.end(connection, token, "logout")
        response = no_content()
        response.headers["set-cookie"] = cookie(settings, call.request, "", 0)
        return response

    def given_token(call: Call[None, Renewal]) -> tuple[str | None, bool]:
        """The refresh token of a request, and whether the cookie held it. Raises ``Problem`` 403 for a cookie that a
        page of another site sends."""
        if call.body.refresh_token is not None:
            return call.body.refresh_token, False
        held = call.request.cookies.get(COOKIE)
        if held is not None:
            require_own_page(settings, call.request)
        return held, held is not None

    def granted(
        request: Request, session: Session, token: str | None, *, in_cookie: bool, recovery: list[str] | None = None
    ) -> Response:
        access, expires_in = access_token(settings, session)
        zone = zones.of(session.fleet)
        user = LoggedIn(session.user_id, session.username, session.role, session.fleet, zone, session.provider)
        in_body = token if token is not None and not in_cookie else UNSET
        headers = {}
        if token is not None and in_cookie:
            rest = max(1, int((session.expires_at - datetime.now(UTC)).total_seconds()))
            headers["set-cookie"] = cookie(settings, request, token, rest)
        codes = UNSET if recovery is None else recovery
        return answer(Tokens(access, "Bearer", expires_in, user, in_body, codes), headers=headers)

    async def change_password(call: Call[None, PasswordChange]) -> Response:
        change = call.body
        user_id = user_of(call.principal)
        async with registry.transaction() as connection:
            user = None if user_id is None else await credentials_of(connection, call.fleet, user_id)
        if user is None or user.password_hash == NO_PASSWORD:
            raise Problem(403, "the token belongs to no user with a password")
        check_new(change.new_password, change.password, user.username)
        wrong = Problem(
            403,
            "the password is wrong",
            errors=[{"field": "password", "detail": "is not the present one"}],
        )
        if await check.user(call.request, user.username, change.password) is None:
            raise wrong
        await check.right(call.request, user.username)
        new_hash = await passwords.hash(change.new_password)
        keep = UUID(call.principal.session)
        async with registry.transaction() as connection:
            replaced = await replace_password(connection, user.id, user.password_hash, new_hash, keep=keep)
            if replaced:
                await audit(connection, call.actor, Audited.USER_PASSWORD_CHANGED, user.id)
        if not replaced:
            raise wrong
        return no_content()

    async def me(call: Plain) -> Response:
        user_id, username = user_of(call.principal), None
        if user_id is not None:
            async with registry.transaction() as connection:
                user = await credentials_of(connection, call.fleet, user_id)
            username = None if user is None else user.username
        expires_at = None if call.principal.expires is None else datetime.fromtimestamp(call.principal.expires, UTC)
        return answer(Me(settings.open, call.principal.role, call.fleet, username, expires_at))

    return [
        Operation(
            node.door,
            "POST",
            f"{PATH}/token",
            log_in,
            access=Access.PUBLIC,
            summary="Log in with a username and password",
            body=Login,
            answer=Tokens,
            problems=(401,),
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/refresh",
            refresh,
            access=Access.PUBLIC,
            summary="Exchange a refresh token, or the cookie, for new tokens",
            body=Renewal,
            decode=renewal,
            answer=Tokens,
            problems=(401,),
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/logout",
            log_out,
            access=Access.PUBLIC,
            summary="End the session of a refresh token, or of the cookie",
            body=Renewal,
            decode=renewal,
            status=204,
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/password",
            change_password,
            access=Access.TOKEN,
            summary="Replace one's own password, which ends one's other sessions",
            body=PasswordChange,
            status=204,
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "GET",
            f"{PATH}/me",
            me,
            access=Access.TOKEN,
            summary="Role, fleet and user of the token, and whether the hub is open",
            answer=Me,
        ),
    ]


def renewal(body: bytes) -> Renewal:
    """The body of a refresh or logout; an empty body is an empty object. Raises ``Problem`` 400 or 422."""
    return document_of(body, Renewal) if body else Renewal()


def require_logins(settings: Settings) -> None:
    """Raises ``Problem`` 409 on an open hub, which requires no token, and on one that accepts tokens of an identity
    provider only, which has no secret to sign its own."""
    if not settings.jwt_secret:
        kind = "an open hub" if settings.open else "a hub that only takes tokens of an identity provider"
        raise Problem(409, f"{kind} has no logins; they need HUB_JWT_SECRET")


def check_new(new: str, old: str, username: str) -> None:
    """Raises ``Problem`` 422 for a password that cannot follow another."""
    if new.strip().lower() == username:
        raise invalid("newPassword", "must not be the username")
    if new == old:
        raise invalid("newPassword", "must not be the present one")


def user_of(principal: Principal) -> UUID | None:
    """The id of the user that logged in here; None for every other token."""
    if principal.session is None:
        return None
    try:
        UUID(principal.session)
        return UUID(principal.subject)
    except ValueError:  # a session of another system that signs with the same secret
        return None


def access_token(settings: Settings, session: Session) -> tuple[str, int]:
    """A token for a session, and how many seconds it lives: not longer than the session."""
    left = ceil(session.expires_at.timestamp() - time.time())
    lifetime = max(1, min(int(settings.access_lifetime), left))
    user, sid = str(session.user_id), str(session.id)
    return issue(settings, session.fleet, session.role, user, lifetime, session=sid, groups=session.groups), lifetime


def cookie(settings: Settings, request: Request, token: str, lifetime: int) -> str:
    """``Set-Cookie`` for a refresh token; ``lifetime`` 0 deletes it. Browsers send it to the paths of logins only, hide
    it from scripts, and do not send it with requests of other sites."""
    path = urlsplit(settings.public_url).path.rstrip("/") + PATH  # as the browser sees it
    secure = "; Secure" if request.url.scheme == "https" else ""
    return f"{COOKIE}={token}; Path={path}; Max-Age={lifetime}; HttpOnly; SameSite=Strict{secure}"
