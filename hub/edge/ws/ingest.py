"""One text message of a socket: decode, publish the fixes, answer the requests."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hub.core.live.client import Client
from hub.core.live.hub import Hub
from hub.core.messages import Error, Pong
from hub.core.nouns import Fix
from hub.edge.publish import Publisher
from hub.edge.roster.states import StateRequests
from hub.edge.ws.renewal import Renewals
from hub.settings import Settings
from hub.wire.codec import (
    Authenticate,
    BadMessage,
    Ping,
    Request,
    SetState,
    Subscribe,
    Unsubscribe,
    decode,
    since_of,
    subscription,
)
from hub.wire.errors import ErrorCode


class Counts(NamedTuple):
    """The content of a message, for the limits of its connection."""

    fixes: int
    requests: int
    errors: int


ONE_FIX, ONE_REQUEST, ONE_ERROR = Counts(1, 0, 0), Counts(0, 1, 0), Counts(0, 0, 1)


class Ingest:
    """Takes the messages of all sockets of a node."""

    def __init__(
        self, settings: Settings, hub: Hub, publisher: Publisher, renewals: Renewals, states: StateRequests
    ) -> None:
        self.settings, self.hub, self.publisher, self.renewals = settings, hub, publisher, renewals
        self.states = states

    def receive(self, client: Client, payload: bytes, now: datetime) -> Counts:
        """Process a text message."""
        try:
            message = decode(payload, self.settings.max_batch)
            if type(message) is Fix:
                self.publisher.publish(client, message, now)
                return ONE_FIX
            if type(message) is list:
                return self._publish_all(client, message, now)
            self._request(client, message)  # type: ignore[arg-type]
            return ONE_REQUEST
        except BadMessage as bad:
            self._refuse(client, bad)
            return ONE_ERROR

    def _publish_all(self, client: Client, fixes: list[Fix | BadMessage], now: datetime) -> Counts:
        errors = 0
        for fix in fixes:
            try:
                if isinstance(fix, BadMessage):
                    raise fix
                self.publisher.publish(client, fix, now)
            except BadMessage as bad:
                self._refuse(client, bad)
                errors += 1
        # An empty array counts as a request, so that a flood of them is limited.
        return Counts(len(fixes) - errors, 0 if fixes else 1, errors)

    def _request(self, client: Client, message: Request) -> None:
        """Answer a ``subscribe``, ``unsubscribe``, ``ping``, ``auth`` or ``state``. Raises ``BadMessage``."""
        match message:
            case Ping():
                client.send(self.hub.message(Pong()))
            case Subscribe():
                if not client.principal.subscribes:
                    raise BadMessage(
                        ErrorCode.FORBIDDEN, f"the role {client.principal.role} does not subscribe", "type"
                    )
                most, held = self.settings.max_subscriptions, client.held
                if message.id not in held and len(held) >= most:
                    raise BadMessage(ErrorCode.TOO_MANY, f"a connection has at most {most} subscriptions", "id")
                new = subscription(message, self.settings.max_subscription_drivers)
                self.hub.subscribe(client, new, since_of(message))
            case Unsubscribe(id=id):
                if not self.hub.unsubscribe(client, id):
                    raise BadMessage(ErrorCode.INVALID, "there is no such subscription", "id")
            case Authenticate(token=token):
                self.renewals.renew(client, token)
            case SetState(state=state, driver_id=driver_id):
                self.states.request(client, driver_id, state)

    def _refuse(self, client: Client, bad: BadMessage) -> None:
        client.send(self.hub.message(Error(bad.code, bad.detail, bad.field, bad.msg_no)))
