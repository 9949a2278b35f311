"""Logins with an OpenID Connect provider. A browser goes through them; the page only links there.

GET  /api/v1/auth/oidc/login       to the provider
GET  /api/v1/auth/oidc/callback    back from it: starts a session, or connects an account
GET  /api/v1/auth/oidc/logout      ends the session at the provider, if it has a page for that
POST /api/v1/auth/oidc/connect     the address at which the caller connects the account to a person of the provider

All redirects lead to the provider's endpoints or to the page of this hub: no parameter decides a target.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from hub.edge.api.accounts import logins
from hub.edge.api.accounts.logins import PATH, GivenCode, Password, require_logins, user_of
from hub.edge.api.accounts.passwords import PasswordCheck, address_of
from hub.edge.api.accounts.persons import Left, Outcome, Persons
from hub.edge.api.accounts.second_factor import CODE_NEEDED, SecondFactors
from hub.edge.api.registry.answers import NO_STORE, answer
from hub.edge.api.registry.database import Registry
from hub.edge.http.access import Access
from hub.edge.http.operations import Call, Operation, Plain
from hub.edge.http.origins import foreign
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import public_url
from hub.edge.node import Node
from hub.identity.attempts import TooManyAttempts
from hub.identity.oidc.attempt import LIFETIME, Attempt, Cookies, new_attempt
from hub.identity.oidc.client import ERROR, Client, Unavailable
from hub.identity.oidc.id_token import Refused
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.accounts.users import Credentials, credentials_of

log = get_logger()

OIDC = f"{PATH}/oidc"
ATTEMPT, HINT = "hub_oidc", "hub_oidc_hint"
"""Cookies: of a login under way, and of the ID token that the provider wants back at a logout."""

LONGEST_COOKIE = 3_800
"""Bytes of a value; browsers keep cookies of 4,096 bytes with their attributes. A longer hint is left out: the provider
then asks its user whether to log out."""

ONCE = ("code", "state", "iss", "error")
"""Parameters of an answer that may stand once (RFC 6749, section 3.1)."""


class ConnectionProof(Struct, rename="camel", forbid_unknown_fields=True):
    """The password again, and ``code`` of the second factor, or a recovery code, if the user has one: a stolen token
    alone must not change how its user logs in."""

    password: Password
    code: GivenCode | None = None


class ConnectionBegun(Struct, rename="camel"):
    """``url``: where the browser goes on, at the provider."""

    url: str


def routes(node: Node, registry: Registry, check: PasswordCheck, factors: SecondFactors) -> list[Operation]:
    settings = node.settings
    client, persons = Client(settings), Persons(settings, registry)

    async def begin(call: Plain) -> Response:
        # Another site must not replace the session of a browser by beginning a login.
        if foreign(settings, call.request.headers):
            return to_page(None)
        attempt = new_attempt(_callback(settings, call.request), time.time())
        try:
            url = await client.authorization_url(attempt)
        except Unavailable:
            return to_page(Outcome.UNAVAILABLE)
        return redirect(url, attempt_cookie(call.request, attempt))

    async def connect(call: Call[None, ConnectionProof]) -> Response:
        user_id = user_of(call.principal)
        async with registry.transaction() as connection:
            user = None if user_id is None else await credentials_of(connection, call.fleet, user_id)
        if user is None or user_id is None:
            raise Problem(403, "the token belongs to no user that logged in")
        if await check.user(call.request, user.username, call.body.password) is None:
            errors = [{"field": "password", "detail": "is not the present one"}]
            raise Problem(403, "the password is wrong", errors=errors)
        if await factors.confirmed(user_id):
            await use_code(call, user)
        await check.right(call.request, user.username)
        session = UUID(call.principal.session)
        attempt = new_attempt(_callback(settings, call.request), time.time(), user_id=user_id, session=session)
        try:
            url = await client.authorization_url(attempt)
        except Unavailable as error:
            raise unavailable(f"the provider is unavailable: {error}", settings.retry_after) from error
        return answer(ConnectionBegun(url), headers={"set-cookie": attempt_cookie(call.request, attempt)})

    async def use_code(call: Call[None, ConnectionProof], user: Credentials) -> None:
        """Use the code of a request up. Raises ``Problem`` 401 and 403, and ``TooManyAttempts``."""
        code = call.body.code
        if code is None:
            await check.withdraw(call.request, user.username)
            raise Problem(403, f"code: {CODE_NEEDED['detail']}", errors=[CODE_NEEDED])
        # Before the attempt is withdrawn: a wrong code is an attempt like a wrong password.
        accepted = await factors.check(user.id, code)
        if accepted is None or accepted.first:  # it was removed meanwhile
            raise factors.wrong()
        async with registry.transaction() as connection:
            await factors.use(connection, user.id, accepted)

    async def callback(call: Plain) -> Response:
        request = call.request
        try:
            # The cookie goes whatever the outcome is: an attempt has one answer.
            return await finished(request, forget(request, ATTEMPT))
        except Left as left:
            outcome = left.outcome
        except Refused as error:
            log.warning(Action.LOGIN_REFUSED, reason="provider", problem=str(error))
            outcome = Outcome.INVALID
        except Unavailable:
            outcome = Outcome.UNAVAILABLE
        except TooManyAttempts:
            outcome = Outcome.LIMIT
        except Problem as error:
            if error.status != 503:
                raise
            outcome = Outcome.HUB_UNAVAILABLE
        node.logins["provider", outcome] += 1
        if outcome is not Outcome.INVALID:
            log.info(Action.LOGIN_REFUSED, reason=outcome)
        return to_page(outcome, forget(request, ATTEMPT))

    async def finished(request: Request, gone: str) -> Response:
        """The answer after a login or a connection. Raises ``Left``, ``Refused``, ``Unavailable``, ``TooManyAttempts``
        and ``Problem``."""
        given = request.query_params
        if any(len(given.getlist(name)) > 1 for name in ONCE):
            raise Refused("a parameter of the answer stands twice")
        attempt = cookies().attempt(request.cookies.get(ATTEMPT))
        if attempt is None or not attempt.answered(given.get("state"), time.time()):
            raise Left(Outcome.EXPIRED)
        await client.check_issuer(given.get("iss"))
        if (error := given.get("error")) is not None:
            if error == "access_denied":
                raise Left(Outcome.CANCELLED)
            raise Refused(f"the provider answers with the error {error if ERROR.match(error) else 'of unknown form'}")
        code = given.get("code")
        if not code:
            raise Refused("the answer has no code")
        address = address_of(request)
        # Each code costs a request to the provider, and is a guess.
        await check.logins.attempt_of_address(address)
        try:
            person, id_token = await client.person(code, attempt)
        except Unavailable:
            await check.logins.withdraw_of_address(address)  # nothing was guessed
            raise
        await check.logins.withdraw_of_address(address)
        if attempt.user_id is not None and attempt.session is not None:
            await persons.connect(person, attempt.user_id, attempt.session)
            return to_page(Outcome.CONNECTED, gone)
        session, token = await persons.log_in(person)
        node.logins["provider", "granted"] += 1
        rest = max(1, int((session.expires_at - datetime.now(UTC)).total_seconds()))
        hint = cookies().of_hint(id_token)
        kept = own_cookie(request, HINT, hint, rest, "Strict") if len(hint) <= LONGEST_COOKIE else forget(request, HINT)
        return to_page(Outcome.LOGGED_IN, gone, kept, logins.cookie(settings, request, token, rest))

    async def log_out(call: Plain) -> Response:
        request = call.request
        if foreign(settings, request.headers):
            return to_page(None)
        hint = cookies().hint(request.cookies.get(HINT))
        try:
            url = await client.logout_url(public_url(settings, request) + "/", hint)
        except Unavailable:
            url = None
        gone = forget(request, HINT)
        return to_page(None, gone) if url is None else redirect(url, gone)

    def cookies() -> Cookies:
        return Cookies(settings)

    def attempt_cookie(request: Request, attempt: Attempt) -> str:
        # Lax: the browser comes back from another site.
        return own_cookie(request, ATTEMPT, cookies().of_attempt(attempt), LIFETIME, "Lax")

    def own_cookie(request: Request, name: str, value: str, lifetime: int, same_site: str) -> str:
        path = urlsplit(settings.public_url).path.rstrip("/") + OIDC
        secure = "; Secure" if request.url.scheme == "https" else ""
        return f"{name}={value}; Path={path}; Max-Age={lifetime}; HttpOnly; SameSite={same_site}{secure}"

    def forget(request: Request, name: str) -> str:
        return own_cookie(request, name, "", 0, "Lax")

    def to_page(outcome: Outcome | None, *cookies: str) -> Response:
        """To the page of this hub, which says an outcome in words."""
        page = urlsplit(settings.public_url).path.rstrip("/") + "/"
        return redirect(page if outcome is None else f"{page}?login={outcome}", *cookies)

    summaries = {
        "login": ("Log in with the OpenID Connect provider: redirects a browser to it", begin),
        "callback": ("The answer of the OpenID Connect provider, by way of the browser", callback),
        "logout": ("Log out at the OpenID Connect provider: redirects a browser to it, or to the page", log_out),
    }
    return [
        *(
            Operation(
                node.door,
                "GET",
                f"{OIDC}/{name}",
                handler,
                access=Access.PUBLIC,
                summary=summary,
                status=303,
                requires=require_provider,
            )
            for name, (summary, handler) in summaries.items()
        ),
        Operation(
            node.door,
            "POST",
            f"{OIDC}/connect",
            connect,
            access=Access.TOKEN,
            summary="Connect one's account to a person of the OpenID Connect provider; needs password and code",
            body=ConnectionProof,
            answer=ConnectionBegun,
            json_only=True,
            requires=require_provider,
        ),
    ]


def require_provider(settings: Settings) -> None:
    """Raises ``Problem`` 409 on a hub without logins, or without a provider."""
    require_logins(settings)
    if not settings.oidc_issuer:
        raise Problem(409, "this hub has no OpenID Connect provider; it needs HUB_OIDC_ISSUER")


def redirect(url: str, *cookies: str) -> Response:
    response = Response(status_code=303, headers={**NO_STORE, "location": url})
    for cookie in cookies:
        response.headers.append("set-cookie", cookie)
    return response


def _callback(settings: Settings, request: Request) -> str:
    """The redirect URI, as it is registered at the provider."""
    return public_url(settings, request) + f"{OIDC}/callback"
