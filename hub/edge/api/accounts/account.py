"""The caller's own account: how it logs in, and its second factor.

GET  /api/v1/auth/account         the account
POST /api/v1/auth/totp            a new secret for an authenticator app; needs the password, and no token
POST /api/v1/auth/totp/confirm    switch the second factor on, with a code of the app
POST /api/v1/auth/totp/remove     switch it off, with a code
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from hub.core.audit import Audited
from hub.core.principal import Principal
from hub.edge.api.accounts.logins import PATH, GivenCode, Password, require_logins, user_of
from hub.edge.api.accounts.passwords import PasswordCheck
from hub.edge.api.accounts.second_factor import SecondFactors
from hub.edge.api.registry.answers import answer, no_content
from hub.edge.api.registry.database import Registry
from hub.edge.api.registry.phone_tokens import qr_code
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.problems import Problem
from hub.edge.node import Node
from hub.identity.passwords import NO_PASSWORD
from hub.identity.totp import uri, written
from hub.stores.postgres.accounts import identities, sessions, totp
from hub.stores.postgres.accounts.users import Credentials, credentials_of
from hub.stores.postgres.audit import audit


class Account(Struct, rename="camel"):
    """``password``: has one. ``connected``: to the OpenID Connect provider. ``totp``: has a second factor, with
    ``recoveryCodes`` left; ``totpRequired``: may not be without."""

    username: str
    role: str
    password: bool
    connected: bool
    totp: bool
    recovery_codes: int
    totp_required: bool


class Proof(Struct, rename="camel", forbid_unknown_fields=True):
    """The password again: a stolen token alone must not change how its user logs in."""

    username: Annotated[str, Meta(max_length=200)]
    password: Password


class NewFactor(Struct, rename="camel"):
    """``secret`` in base32, and as the ``otpauth`` ``uri`` that apps read; ``qr`` is its QR code, a whole SVG."""

    secret: str
    uri: str
    qr: str


class CodeGiven(Struct, rename="camel", forbid_unknown_fields=True):
    code: GivenCode


class RecoveryCodes(Struct, rename="camel"):
    """Each replaces a code once. They are shown this once."""

    recovery_codes: list[str]


def routes(node: Node, registry: Registry, check: PasswordCheck, factors: SecondFactors) -> list[Operation]:
    settings = node.settings

    async def own(principal: Principal) -> Credentials:
        """The user of a session. Raises ``Problem`` 403 for other tokens."""
        user_id = user_of(principal)
        if user_id is not None:
            async with registry.transaction() as connection:
                user = await credentials_of(connection, principal.fleet, user_id)
            if user is not None:
                return user
        raise Problem(403, "the token belongs to no user that logged in")

    async def show(call: Plain) -> Response:
        user = await own(call.principal)
        async with registry.transaction() as connection:
            factor = await totp.factor(connection, user.id)
            connected = await identities.connected(connection, settings.oidc_issuer, user.id)
        confirmed = factor is not None and factor.confirmed
        left = factor.recovery_codes if factor is not None and confirmed else 0
        has_password = user.password_hash != NO_PASSWORD
        required = factors.required(user.role)
        return answer(Account(user.username, user.role, has_password, connected, confirmed, left, required))

    async def begin(call: Call[None, Proof]) -> Response:
        username = call.body.username.strip().lower()
        user = await check.login(call.request, username, call.body.password)
        await check.withdraw(call.request, username)
        secret = await factors.begin(user.id)
        link = uri(secret, user.username)
        return answer(NewFactor(written(secret), link, qr_code(link)), 201)

    async def confirm(call: Call[None, CodeGiven]) -> Response:
        user = await own(call.principal)
        nothing = Problem(409, "there is no second factor to confirm; make a secret first")
        # Before the code is checked, which counts.
        if await factors.confirmed(user.id) is not False:
            raise nothing
        accepted = await factors.check(user.id, call.body.code)
        if accepted is None or not accepted.first:
            raise nothing
        async with registry.transaction() as connection:
            codes = await factors.use(connection, user.id, accepted)
            await sessions.end_all(connection, user.id, "totp", keep=UUID(call.principal.session))
            await audit(connection, call.actor, Audited.USER_TOTP_ENABLED, user.id)
        return answer(RecoveryCodes(codes or []))

    async def remove(call: Call[None, CodeGiven]) -> Response:
        user = await own(call.principal)
        if factors.required(user.role):
            raise Problem(409, "users of this role need a second factor on this hub (HUB_TOTP_REQUIRED)")
        nothing = Problem(409, "there is no second factor")
        if not await factors.confirmed(user.id):
            raise nothing
        accepted = await factors.check(user.id, call.body.code)
        if accepted is None or accepted.first:
            raise nothing
        async with registry.transaction() as connection:
            await factors.use(connection, user.id, accepted)
            await totp.remove(connection, user.fleet, user.id)
            await audit(connection, call.actor, Audited.USER_TOTP_REMOVED, user.id)
        return no_content()

    return [
        Operation(
            node.door,
            "GET",
            f"{PATH}/account",
            show,
            access=Access.TOKEN,
            summary="How the user of the token logs in",
            answer=Account,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/totp",
            begin,
            access=Access.PUBLIC,
            summary="A secret for a second factor, by username and password; counts once a code confirms it",
            body=Proof,
            answer=NewFactor,
            status=201,
            problems=(401, 409),
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/totp/confirm",
            confirm,
            access=Access.TOKEN,
            summary="Switch on the second factor with a code, which ends one's other sessions",
            body=CodeGiven,
            answer=RecoveryCodes,
            problems=(409,),
            json_only=True,
            requires=require_logins,
        ),
        Operation(
            node.door,
            "POST",
            f"{PATH}/totp/remove",
            remove,
            access=Access.TOKEN,
            summary="Switch off one's own second factor with a code or a recovery code",
            body=CodeGiven,
            status=204,
            problems=(409,),
            json_only=True,
            requires=require_logins,
        ),
    ]
