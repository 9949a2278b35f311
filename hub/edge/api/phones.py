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
from datetime import datetime
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.core.nouns import Fix
from hub.core.principal import Principal
from hub.edge.api.phone_bodies import body_of_phone
from hub.edge.http.access import Access, authorize
from hub.edge.http.bearer import bearer
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import raw_body_of
from hub.edge.node import Node
from hub.edge.quarantine import Quarantine
from hub.logs import Action, get_logger
from hub.stores.postgres.history.quarantine import Payload
from hub.wire.codec import BadMessage
from hub.wire.errors import ErrorCode
from hub.wire.phones.geojson import ANSWER
from hub.wire.phones.heard import named_sender
from hub.wire.phones.owntracks import sender
from hub.wire.phones.redact import redacted
from hub.wire.phones.report import GEOJSON, OWNTRACKS, UNKNOWN, Report, decode_report
from hub.wire.phones.zeros import refuse_zeros

log = get_logger()

OWNTRACKS_PATH = "/owntracks"
PATHS = ("/osmand", OWNTRACKS_PATH, "/traccar")


class Sent(NamedTuple):
    """What a phone sent, as far as decoding needs it: ``path`` without a token, ``sender`` as headers or query name
    it, ``body`` as it was sent."""

    path: str
    query: str
    sender: str | None
    coding: str
    body: bytes

    @property
    def to_owntracks(self) -> bool:
        return self.path == OWNTRACKS_PATH


class Phones:
    """The handler of a node, and its counts by dialect: ``accepted`` and ``quarantined`` points."""

    def __init__(self, node: Node, quarantine: Quarantine) -> None:
        self.node, self.quarantine = node, quarantine
        self.accepted: Counter[str] = Counter()
        self.quarantined: Counter[str] = Counter()

    async def by_path(self, request: Request) -> Response:
        """``/t/<token>``."""
        if self.node.settings.open:
            raise Problem(404, "an open hub has no tokens: use /osmand, /owntracks or /traccar")
        return await self._receive(request, "/t", request.path_params["token"], None)

    async def by_header(self, request: Request) -> Response:
        """The other paths."""
        user, password = _basic(request.headers.get("authorization", ""))
        path = request.scope["path"].rstrip("/")
        return await self._receive(request, path, bearer(request.headers) or password, user)

    async def publish(
        self, principal: Principal, sent: Sent, received_at: datetime | None = None
    ) -> tuple[str, int, list[BadMessage]]:
        """Decode and publish. The dialect, how many points were accepted, and what was refused.

        ``received_at`` is the instant of points without a time, by default now. Raises ``Problem`` 413, and 503 as
        ``Publisher.post`` does.
        """
        body, (dialect, fixes) = self._decoded(principal, sent)
        if received_at is not None:
            for fix in fixes:
                if isinstance(fix, Fix) and fix.recorded_at is None:
                    fix.recorded_at = received_at
        refuse_zeros(fixes, partial(self._latest, principal.fleet))
        outcome = await self.node.publisher.post(principal, fixes)
        bad = [one for one in outcome if one is not None]
        if len(bad) == len(outcome) and received_at is None:
            # No position, but the phone is there.
            self.node.publisher.hear(principal, sent.sender or named_sender(sent.query, body))
        return dialect, len(outcome) - len(bad), bad

    def _decoded(self, principal: Principal, sent: Sent) -> tuple[bytes, Report]:
        """The unpacked body (empty if it cannot be unpacked), and what it says."""
        body, damage = body_of_phone(sent.body, sent.coding, self.node.settings.max_body_bytes)
        if body is None:
            assert damage is not None
            return b"", Report(UNKNOWN, [damage])
        dialect, fixes = decode_report(sent.query, body)
        if damage is not None:
            fixes.append(damage)
        # The token of a driver names the driver; the id that the app sends does not count then.
        name = principal.driver
        if name is None and (dialect == OWNTRACKS or sent.to_owntracks):
            name = sent.sender
        if name is not None:
            for fix in fixes:
                if isinstance(fix, Fix):
                    fix.driver_id = name
        return body, Report(dialect, fixes)

    async def _receive(self, request: Request, path: str, token: str | None, user: str | None) -> Response:
        principal = await self.node.door.principal_with(request, token)
        authorize(Access.PUBLISH, principal)
        query = request.scope["query_string"].decode("latin-1")
        coding = request.headers.get("content-encoding", "")
        try:
            body = await raw_body_of(request, self.node.settings.max_body_bytes)
            # A request without a body has the driver in its query, in the words of OsmAnd.
            named = body or path == OWNTRACKS_PATH
            name = sender(user, request.headers, request.query_params if query else {}) if named else None
            sent = Sent(path, query, name, coding, body)
            dialect, accepted, bad = await self.publish(principal, sent)
        except Problem as problem:
            if problem.status == 413:  # The phone keeps its points; their number is unknown.
                self._count(principal, UNKNOWN, [BadMessage(ErrorCode.TOO_MANY, problem.detail)])
            raise
        self.accepted[dialect] += accepted
        if bad:
            self._count(principal, dialect, bad)
            if not self._keep(principal, sent, dialect, bad) and not accepted and dialect == UNKNOWN and coding:
                raise unavailable("the body is not readable and the quarantine has no room", AWAY_RETRY)
        if dialect == GEOJSON:
            return Response(ANSWER, media_type="application/json")
        if dialect == OWNTRACKS or sent.to_owntracks:
            return Response(b"[]", media_type="application/json")
        # Empty: Traccar Client executes the body as a command.
        return Response()

    def _latest(self, fleet: str, driver_id: str | None) -> tuple[float, float] | None:
        """The latest place of a driver."""
        found = self.node.hub.fleet(fleet).latest.get(driver_id or "")
        return (found.latitude, found.longitude) if found is not None else None

    def _count(self, principal: Principal, dialect: str, bad: list[BadMessage]) -> None:
        """Count and log refused points."""
        points = sum(one.points for one in bad)
        self.quarantined[dialect] += points
        first = bad[0]
        log.warning(
            Action.POINT_QUARANTINED,
            fleet=principal.fleet,
            driver_id=principal.driver,
            dialect=dialect,
            count=points,
            code=first.code,
            field=first.field,
            detail=first.detail,
        )

    def _keep(self, principal: Principal, sent: Sent, dialect: str, bad: list[BadMessage]) -> bool:
        """Put a request with refused points into the quarantine; False if it has no room."""
        first = bad[0]
        body, damage = body_of_phone(sent.body, sent.coding, self.node.settings.max_body_bytes)
        packed = body is None or damage is not None
        payload = Payload(
            fleet=principal.fleet,
            driver_id=principal.driver,
            received_at=self.node.clock.now(),
            dialect=dialect,
            code=first.code,
            field=first.field,
            detail=first.detail,
            points=sum(one.points for one in bad),
            path=sent.path,
            query=redacted(sent.query.encode()).decode(),
            sender=sent.sender,
            coding=sent.coding if packed else "",
            body=sent.body if packed else redacted(body or b""),
        )
        return self.quarantine.keep(payload)


AWAY_RETRY = 60.0
"""Seconds until a phone should repeat a body that is neither readable nor kept."""


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
