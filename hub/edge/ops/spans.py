"""Spans of requests and of messages that are acknowledged. Used only with ``HUB_OTLP_URL``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.core.live.client import Client
from hub.core.nouns import Fix
from hub.edge.publish import Publisher
from hub.logs import TRACEPARENT
from hub.tracing.spans import Tracing
from hub.wire.codec import BadMessage


class Traced:
    """The application, with a span for each request that belongs to a trace. Log lines and positions of the request
    get the ``traceparent`` of the span."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self.app, self.tracing = app, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope.get("method", "")
        span = None
        if scope["type"] == "http":
            span = self.tracing.begin(method, "server", TRACEPARENT.get(), http_request_method=method)
        if span is None:
            await self.app(scope, receive, send)
            return
        TRACEPARENT.set(span.traceparent)
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, answer)
        finally:
            # The template of the path: paths have ids, and tokens of phones.
            route = getattr(scope.get("route"), "path", "none")
            error = f"status {status}" if status >= 500 else ""
            span.end(f"{method} {route}", error, http_route=route, http_response_status__code=status)


class TracedPublisher(Publisher):
    """Publishes with a span for each fix of a socket that has a number: until its ack is due."""

    def __init__(self, tracing: Tracing, *args: Any) -> None:
        super().__init__(*args)
        self.tracing = tracing

    def publish(self, client: Client, fix: Fix, now: datetime) -> None:
        span = None
        if fix.msg_no is not None:
            span = self.tracing.begin("publish /ws", "consumer", fix.traceparent, messaging_operation_type="receive")
        if span is None:
            super().publish(client, fix, now)
            return
        fix.traceparent = span.traceparent
        before = self.unlogged.size
        try:
            super().publish(client, fix, now)
        except BadMessage as bad:
            span.end(error=f"{bad.code}: {bad.detail}")
            raise
        if self.unlogged.size == before:
            span.end(error="unavailable")
            return
        driver_id = client.principal.driver or fix.driver_id or ""
        self.unlogged.of(client.principal.fleet, driver_id).when_logged(span.end)
