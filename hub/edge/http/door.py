"""Authentication of HTTP requests, with the checks that come before and the rate limit that comes after."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request

from hub.core.principal import Principal
from hub.edge.http.bearer import bearer
from hub.edge.http.limits import Addresses
from hub.edge.http.origins import origin_allowed
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import CHALLENGE, check_host
from hub.edge.http.writes import Writes
from hub.edge.log.needs import Needs
from hub.identity.identity import Identity
from hub.identity.tokens import Unauthenticated, Undecided


class Door:
    """Authenticates the requests of one node."""

    def __init__(
        self,
        identity: Identity,
        addresses: Addresses,
        check_driver: Callable[[Principal, str], None],
        writes: Writes,
        needs: Needs,
    ) -> None:
        """``check_driver`` raises ``Problem`` 404 for a driver that a principal does not see."""
        self.settings, self.identity, self.addresses = identity.settings, identity, addresses
        self.check_driver, self.writes, self.needs = check_driver, writes, needs

    async def principal(self, request: Request) -> Principal:
        """The principal of ``Authorization: Bearer``; on an open hub the role open. Raises ``Problem`` 401, 403, 429
        or 503."""
        return await self.principal_with(request, bearer(request.headers))

    async def principal_with(self, request: Request, token: str | None) -> Principal:
        """The principal of a token from another place in the request. Raises the same."""
        principal = self.known_principal(request, token)
        if principal is not None:
            return principal
        try:
            principal = await self.identity.principal(token)
        except (Unauthenticated, Undecided) as error:
            raise self._problem(error) from error
        self.addresses.spend_for_user(principal, request.scope["path"], time.monotonic())
        return principal

    def known_principal(self, request: Request, token: str | None) -> Principal | None:
        """The same without waiting; None, and nothing was counted, if a key of the identity provider is needed."""
        if self.settings.open:
            self._check_page(request)
        try:
            principal = self.identity.known_principal(token)
        except (Unauthenticated, Undecided) as error:
            raise self._problem(error) from error
        if principal is not None:
            self.addresses.spend_for_user(principal, request.scope["path"], time.monotonic())
        return principal

    def _check_page(self, request: Request) -> None:
        """Raises ``Problem`` 403 for what a page of another site may have sent to an open hub."""
        check_host(self.settings, request)
        # Browsers send Sec-Fetch-Site also where they send no Origin, as for the source of an image.
        headers = request.headers
        cross_site = headers.get("sec-fetch-site") == "cross-site" and "origin" not in headers
        if cross_site or not origin_allowed(self.settings, headers):
            raise Problem(403, "an open hub refuses requests from pages of other sites")

    def _problem(self, error: Unauthenticated | Undecided) -> Problem:
        if isinstance(error, Undecided):
            return unavailable(str(error), self.settings.retry_after)
        return Problem(401, str(error), headers=CHALLENGE)
