"""Positions from existing phone apps: one handler for every dialect, because an app only lets its user type a URL.

    /t/<token>                          a phone token, or any token of a driver: for apps that send no header
    /osmand, /owntracks, /traccar       any request on an open hub; else a token as ``Authorization: Bearer``, or as the
                                        password of a Basic credential

A point that cannot be read is answered 200 and quarantined: a phone would repeat it without end, and keep every later
point. A log that does not answer is 503, never 4xx, at which OwnTracks for iOS drops the point. The path of a request
is never logged, because it may hold a token.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.core.nouns import Fix
from hub.core.principal import Principal
from hub.edge.http.access import Access, authorize
from hub.edge.http.bearer import bearer
from hub.edge.http.problems import Problem
from hub.edge.http.requests import body_of
from hub.edge.node import Node
from hub.logs import Action, get_logger
from hub.wire.codec import BadMessage
from hub.wire.phones.heard import named_sender
from hub.wire.phones.owntracks import sender
from hub.wire.phones.report import OWNTRACKS, decode_report

log = get_logger()

OWNTRACKS_PATH = "/owntracks"
PATHS = ("/osmand", OWNTRACKS_PATH, "/traccar")


class Phones:
    """The handler of a node, and its counts by dialect: ``accepted`` and ``quarantined`` points."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.accepted: Counter[str] = Counter()
        self.quarantined: Counter[str] = Counter()

    async def by_path(self, request: Request) -> Response:
        """``/t/<token>``."""
        if self.node.settings.open:
            raise Problem(404, "an open hub has no tokens: use /osmand, /owntracks or /traccar")
        return await self._receive(request, request.path_params["token"], None)

    async def by_header(self, request: Request) -> Response:
        """The other paths."""
        user, password = _basic(request.headers.get("authorization", ""))
        return await self._receive(request, bearer(request.headers) or password, user)

    async def _receive(self, request: Request, token: str | None, user: str | None) -> Response:
        settings = self.node.settings
        principal = await self.node.door.principal_with(request, token)
        authorize(Access.PUBLISH, principal)
        body = await body_of(request, settings.max_body_bytes)
        query = request.scope["query_string"].decode("latin-1")
        dialect, fixes = decode_report(query, body)
        # The token of a driver names the driver; the id that the app sends does not count then.
        name = principal.driver
        if name is None and (dialect == OWNTRACKS or request.scope["path"].startswith(OWNTRACKS_PATH)):
            name = sender(user, request.headers, request.query_params)
        if name is not None:
            for fix in fixes:
                if isinstance(fix, Fix):
                    fix.driver_id = name
        outcome = await self.node.publisher.post(principal, fixes)
        bad = [one for one in outcome if one is not None]
        self.accepted[dialect] += len(outcome) - len(bad)
        if len(bad) == len(outcome):
            # No position, but the phone is there.
            self.node.publisher.hear(principal, name or named_sender(query, body))
        if bad:
            self._quarantine(principal, dialect, bad)
        if dialect == OWNTRACKS or request.scope["path"].startswith(OWNTRACKS_PATH):
            return Response(b"[]", media_type="application/json")
        # Empty: Traccar Client executes the body as a command.
        return Response()

    def _quarantine(self, principal: Principal, dialect: str, bad: list[BadMessage]) -> None:
        self.quarantined[dialect] += len(bad)
        first = bad[0]
        log.warning(
            Action.POINT_QUARANTINED,
            fleet=principal.fleet,
            driver_id=principal.driver,
            dialect=dialect,
            count=len(bad),
            code=first.code,
            field=first.field,
            detail=first.detail,
        )


def routes(phones: Phones) -> list[Route]:
    """The paths, with and without a slash at the end: apps do not follow the redirect of a POST."""
    paths = [(path, phones.by_header) for path in PATHS] + [("/t/{token}", phones.by_path)]
    methods = ["GET", "POST"]
    return [Route(path + slash, handle, methods=methods) for path, handle in paths for slash in ("", "/")]


def _basic(header: str) -> tuple[str | None, str | None]:
    """User and password of a Basic credential (RFC 7617)."""
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "basic":
        return None, None
    try:
        user, _, password = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    return user or None, password or None
