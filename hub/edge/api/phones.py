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
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.core.nouns import Fix
from hub.core.principal import Principal
from hub.edge.api.phone_bodies import body_of_phone
from hub.edge.direct.calls import Taken
from hub.edge.http.access import Access, authorize
from hub.edge.http.bearer import bearer
from hub.edge.http.problems import Problem, unavailable
from hub.edge.http.requests import DirectRequest, raw_body_of, raw_whole_body_of
from hub.edge.node import Node
from hub.edge.quarantine import Quarantine
from hub.logs import REQUEST_ID, Action, get_logger
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


class Credentials(NamedTuple):
    """The ``path`` without a token, the token, and the user of a Basic credential."""

    path: str
    token: str | None
    user: str | None


class Phones:
    """The handler of a node, and its counts by dialect: ``accepted`` and ``quarantined`` points."""

    def __init__(self, node: Node, quarantine: Quarantine) -> None:
        self.node, self.quarantine = node, quarantine
        self.accepted: Counter[str] = Counter()
        self.quarantined: Counter[str] = Counter()

    def by_path(self, request: Request) -> Credentials:
        """``/t/<token>``. Raises ``Problem``."""
        if self.node.settings.open:
            raise Problem(404, "an open hub has no tokens: use /osmand, /owntracks or /traccar")
        return Credentials("/t", request.path_params["token"], None)

    def by_header(self, request: Request) -> Credentials:
        """The other paths."""
        user, password = _basic(request.headers.get("authorization", ""))
        return Credentials(request.scope["path"].rstrip("/"), bearer(request.headers) or password, user)

    async def publish_again(
        self, principal: Principal, sent: Sent, received_at: datetime
    ) -> tuple[str, int, list[BadMessage]]:
        """Decode and publish what a phone sent at ``received_at``, which is the time of points without one. The
        dialect, how many points were accepted, and what was refused.

        Raises ``Problem`` 413, and 503 as ``Publisher.post`` does.
        """
        _, (dialect, fixes) = self._decoded(principal, sent)
        for fix in fixes:
            if isinstance(fix, Fix) and fix.recorded_at is None:
                fix.recorded_at = received_at
        await self.node.needs.of(principal.fleet)
        refuse_zeros(fixes, partial(self._latest, principal.fleet))
        outcome = await self.node.publisher.post(principal, fixes)
        bad = [one for one in outcome if one is not None]
        return dialect, len(outcome) - len(bad), bad

    async def receive(self, request: Request, credentials: Credentials) -> Response:
        """Publish, and answer when the log has it."""
        principal = await self.node.door.principal_with(request, credentials.token)
        authorize(Access.PUBLISH, principal)
        await self.node.needs.of(principal.fleet)
        try:
            body = await raw_body_of(request, self.node.settings.max_body_bytes)
            taken = self._published(request, credentials, principal, body)
        except Problem as problem:
            self._count_lost(principal, problem)
            raise
        if taken.when_logged is not None:
            await self.node.publisher.logged()
        return taken.answer()

    def take(self, request: DirectRequest, credentials: Credentials) -> Taken | None:
        """The same without a task (``hub.edge.direct.calls.Taken``)."""
        principal = self.node.door.known_principal(request, credentials.token)
        if principal is None:
            return None
        authorize(Access.PUBLISH, principal)
        if not self.node.needs.ready(principal.fleet):
            return None
        try:
            body = raw_whole_body_of(request, self.node.settings.max_body_bytes)
            return self._published(request, credentials, principal, body)
        except Problem as problem:
            self._count_lost(principal, problem)
            raise

    def _published(self, request: Request, credentials: Credentials, principal: Principal, body: bytes) -> Taken:
        """Decode and publish. Raises ``Problem`` 413, and 503 as ``Publisher.take`` does."""
        path, _, user = credentials
        query = request.scope["query_string"].decode("latin-1")
        # A request without a body has the driver in its query, in the words of OsmAnd.
        named = body or path == OWNTRACKS_PATH
        name = sender(user, request.headers, request.query_params if query else {}) if named else None
        sent = Sent(path, query, name, request.headers.get("content-encoding", ""), body)
        unpacked, (dialect, fixes) = self._decoded(principal, sent)
        refuse_zeros(fixes, partial(self._latest, principal.fleet))
        publisher = self.node.publisher
        outcome, waits = publisher.take(principal, fixes)
        answer = partial(self._answer, principal, sent, unpacked, dialect, outcome)
        return Taken(answer, publisher.when_logged if waits else None)

    def _answer(
        self, principal: Principal, sent: Sent, body: bytes, dialect: str, outcome: list[BadMessage | None]
    ) -> Response:
        """Count what was accepted, keep what was not, and answer. ``body`` is unpacked."""
        bad = [one for one in outcome if one is not None]
        accepted = len(outcome) - len(bad)
        if not accepted:
            # No position, but the phone is there.
            self.node.publisher.hear(principal, sent.sender or named_sender(sent.query, body))
        self.accepted[dialect] += accepted
        if bad:
            self._count(principal, dialect, bad)
            kept = self._keep(principal, sent, dialect, bad)
            if not kept and not accepted and dialect == UNKNOWN and sent.coding:
                raise unavailable("the body is not readable and the quarantine has no room", AWAY_RETRY)
        if dialect == GEOJSON:
            return _GEOJSON
        if dialect == OWNTRACKS or sent.to_owntracks:
            return _OWNTRACKS
        return _EMPTY

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

    def _latest(self, fleet: str, driver_id: str | None) -> tuple[float, float] | None:
        """The latest place of a driver."""
        found = self.node.hub.fleet(fleet).latest.get(driver_id or "")
        return (found.latitude, found.longitude) if found is not None else None

    def _count_lost(self, principal: Principal, problem: Problem) -> None:
        """Count a request that is too large: the phone keeps its points, and their number is unknown."""
        if problem.status == 413:
            self._count(principal, UNKNOWN, [BadMessage(ErrorCode.TOO_MANY, problem.detail)])

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
            request_id=REQUEST_ID.get(),
        )
        return self.quarantine.keep(payload)


AWAY_RETRY = 60.0
"""Seconds until a phone should repeat a body that is neither readable nor kept."""


_GEOJSON = Response(ANSWER, media_type="application/json")
_OWNTRACKS = Response(b"[]", media_type="application/json")
# Traccar Client executes the body as a command.
_EMPTY = Response()


class PhoneRoute(Route):
    """A path of phones. ``read`` finds the credentials in a request."""

    def __init__(self, path: str, phones: Phones, read: Callable[[Request], Credentials]) -> None:
        super().__init__(path, self._respond, methods=["GET", "POST"])
        self.phones, self.read = phones, read

    async def _respond(self, request: Request) -> Response:
        return await self.phones.receive(request, self.read(request))

    def take(self, request: DirectRequest) -> Taken | None:
        return self.phones.take(request, self.read(request))


def routes(phones: Phones) -> list[Route]:
    """The paths, with and without a slash at the end: apps do not follow the redirect of a POST."""
    paths = [(path, phones.by_header) for path in PATHS] + [("/t/{token}", phones.by_path)]
    return [PhoneRoute(path + slash, phones, read) for path, read in paths for slash in ("", "/")]


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
