"""``/socket.io``: sessions of Engine.IO, over WebSocket and polling, whose clients become clients of the hub.

python-socketio speaks both protocols. What it does not bound is bounded here: the sessions of an address and of the
node, those that never connect, bodies, attachments, and the rate of messages.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import msgspec
import socketio
from socketio.exceptions import ConnectionRefusedError
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from hub.core.limits import TokenBucket
from hub.core.messages import Error
from hub.core.network import network_of
from hub.core.nouns import Fix
from hub.edge.http.problems import Problem, answer_of, unavailable
from hub.edge.node import Node
from hub.edge.socketio.connection import PING_INTERVAL, PING_TIMEOUT, Connection
from hub.edge.ws.admission import admit
from hub.edge.ws.handshake import STAY
from hub.logs import Action, get_logger
from hub.wire.codec import BadMessage, decode
from hub.wire.errors import Close, ErrorCode

log = get_logger()

REQUESTS = ("subscribe", "unsubscribe", "ping", "auth", "state")
"""Events that are the messages of ``/ws`` of this ``type``."""

BINARY = ("5", "6")
"""First characters of Socket.IO packets with attachments, of which a client could announce any number."""


class Session:
    """A session of Engine.IO, from its handshake to its end."""

    def __init__(self, gateway: Gateway, sid: str, scope: Scope, network: str | None) -> None:
        self.gateway, self.sid, self.scope, self.network = gateway, sid, scope, network
        self.socket = gateway.server.eio.sockets[sid]
        self.connection: Connection | None = None
        self.abort: Callable[[], None] | None = scope.get(ABORT)
        settings = gateway.node.settings
        self.controls = TokenBucket(settings.max_control_rate, settings.max_control_rate * 2, time.monotonic())
        loop = asyncio.get_running_loop()
        self.late = loop.call_later(settings.handshake_timeout, self._late)

    def _late(self) -> None:
        if self.connection is None:
            self.end(True)

    def end(self, at_once: bool) -> None:
        """Close the session after what is queued, or at once."""
        self.gateway.close(self, at_once)

    def close(self, code: Close) -> None:
        if self.connection is None:
            self.end(True)
        else:
            self.connection.close(code)


ABORT = "hub.abort"
"""Key of a scope: what cuts the WebSocket's connection."""


class Gateway:
    """The ASGI application of ``/socket.io``."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.sessions: dict[str, Session] = {}
        self._closing: set[asyncio.Task[None]] = set()
        # The library's own handler would write to stderr, and it logs as errors what clients do wrong, in their words.
        logger = logging.getLogger("socketio")
        logger.setLevel(logging.CRITICAL)
        self.server = server = socketio.AsyncServer(
            async_mode="asgi",
            async_handlers=False,  # in order, and a client that is not answered is not read
            namespaces=["/"],
            # The requests of a polling session come over several connections, which several workers would get.
            transports=["websocket"] if node.settings.workers > 1 else None,
            cors_allowed_origins=[],  # the middleware of all routes answers CORS; admit() checks origins
            ping_interval=PING_INTERVAL,
            ping_timeout=PING_TIMEOUT,
            max_http_buffer_size=node.settings.max_message_bytes,
            http_compression=False,
            monitor_clients=False,  # Connection.look_after
            logger=logger,
            engineio_logger=logger,
        )
        server.on("connect", self._connect)
        server.on("disconnect", self._disconnect)
        server.on("*", self._event)
        self._library = dict(server.eio.handlers)
        server.eio.on("connect", self._open)
        server.eio.on("message", self._message)
        server.eio.on("disconnect", self._ended)

    # ASGI ------------------------------------------------------------------------------------------------------

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        handshake = HTTPConnection(scope)
        sid = handshake.query_params.get("sid")
        try:
            if sid is None:
                self._check_room()
            if scope["type"] == "http" and scope["method"] == "POST":
                _check_length(handshake.headers.get("content-length"), self.node.settings.max_message_bytes)
        except Problem as refused:
            log.info(Action.HANDSHAKE_REFUSED, status=refused.status)
            await _refuse(answer_of(refused), scope, receive, send)
            return
        if scope["type"] == "websocket":
            scope[ABORT] = scope["extensions"][STAY](self.node.settings.write_high_water)
            if sid in self.sessions:
                self.sessions[sid].abort = scope[ABORT]

        async def heard() -> Message:
            message = await receive()
            session = self.sessions.get(sid or scope.get("hub.sid", ""))
            if session is not None and session.connection is not None:
                session.connection.heard = asyncio.get_running_loop().time()
            if message["type"] == "websocket.receive" and message.get("bytes") is not None:
                return {"type": "websocket.disconnect", "code": int(Close.UNSUPPORTED_DATA)}
            return message

        await self.server.handle_request(scope, heard, send)

    def _check_room(self) -> None:
        """Raises ``Problem`` 503."""
        node, settings = self.node, self.node.settings
        opening = sum(session.connection is None for session in self.sessions.values())
        if node.draining or node.sockets.count + opening >= settings.max_connections:
            detail = "the hub is shutting down" if node.draining else "the hub has no room for another connection"
            raise unavailable(f"{detail}, come back shortly", settings.retry_after)

    # Engine.IO -------------------------------------------------------------------------------------------------

    async def _open(self, sid: str, environ: dict[str, Any]) -> bool | str:
        scope, addresses = environ["asgi.scope"], self.node.addresses
        host = scope["client"][0] if scope.get("client") else ""
        network = None if addresses.exempt(host) else network_of(host)
        if network is not None:
            try:
                addresses.enter(network)
            except Problem as refused:
                log.info(Action.HANDSHAKE_REFUSED, status=refused.status)
                return refused.detail
        scope["hub.sid"] = sid
        self.sessions[sid] = Session(self, sid, scope, network)
        await self._library["connect"](sid, environ)
        return True

    async def _message(self, sid: str, data: object) -> None:
        session = self.sessions.get(sid)
        if session is None:
            return
        if not isinstance(data, str) or data[:1] in BINARY:
            session.close(Close.UNSUPPORTED_DATA)
            return
        if data[:1] != "2" and session.controls.spend(1, time.monotonic()):
            session.close(Close.ABUSE)
            return
        try:
            await self._library["message"](sid, data)
        except Exception:
            # Handlers of the hub raise nothing: the packet is not one of Socket.IO.
            session.close(Close.PROTOCOL_ERROR)

    async def _ended(self, sid: str, reason: str) -> None:
        session = self.sessions.pop(sid, None)
        if session is not None:
            # First the steps that cannot fail: a session that stays counted would block the shutdown.
            session.late.cancel()
            if session.connection is not None:
                session.connection.ended()
            if session.network is not None:
                self.node.addresses.leave(session.network)
        await self._library["disconnect"](sid, reason)

    def close(self, session: Session, at_once: bool) -> None:
        """End a session: after what is queued, or at once."""
        task = asyncio.create_task(self._close(session, at_once))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _close(self, session: Session, at_once: bool) -> None:
        socket = session.socket
        try:
            await socket.close(wait=False, abort=at_once)
            self.server.eio.sockets.pop(session.sid, None)
            socket.queue.put_nowait(None)  # ends the library's writer
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="socketio")
        finally:
            if at_once and session.abort is not None:
                session.abort()

    # Socket.IO -------------------------------------------------------------------------------------------------

    def _session(self, sid: str) -> Session | None:
        return self.sessions.get(self.server.manager.eio_sid_from_sid(sid, "/"))

    async def _connect(self, sid: str, _environ: object, auth: object = None) -> None:
        """Admit a client. An event named ``connect`` comes here too, with arguments of the client."""
        session = self._session(sid)
        if session is None or session.connection is not None:
            raise ValueError("connected already")
        try:
            principal = await admit(self.node, HTTPConnection(session.scope), _token(auth))
        except Problem as refused:
            log.info(Action.HANDSHAKE_REFUSED, status=refused.status)
            raise ConnectionRefusedError(refused.detail, {"status": refused.status}) from refused
        if session.sid not in self.sessions:  # it ended meanwhile
            return
        session.late.cancel()
        connection = session.connection = Connection(self.node.sockets, principal, session.socket.queue, session.end)
        # Revocation may have run during the admission; check again.
        if self.node.identity.directory.refusal(principal) is not None:
            connection.close(Close.REVOKED)

    async def _disconnect(self, sid: str, _reason: object = None) -> None:
        session = self._session(sid)
        if session is not None:
            session.end(False)

    async def _event(self, name: str, sid: str, *arguments: object) -> object:
        """The acknowledgement of an event."""
        session = self._session(sid)
        if session is None or session.connection is None or session.connection.closing:
            return None
        connection, body = session.connection, arguments[0] if arguments else {}
        try:
            if name == "location":
                return await self._location(connection, body)
            if session.controls.spend(1, time.monotonic()):
                connection.close(Close.ABUSE)
                return None
            await self._request(connection, name, body)
        except BadMessage as bad:
            connection.limit(1)
            return self._error(bad)
        except Exception:
            log.exception(Action.INTERNAL_ERROR, where="socketio")
            connection.close(Close.INTERNAL)
        return None

    async def _location(self, connection: Connection, body: object) -> object:
        """Publish a fix or an array of them: how many are durable, and why others are refused. Raises ``BadMessage``
        if there is one fix and it is refused."""
        node, client = self.node, connection.client
        message = decode(_json(body), node.settings.max_batch)
        if not isinstance(message, Fix | list):
            raise BadMessage(ErrorCode.INVALID, "must be location, or absent", "type")
        fixes: list[Fix | BadMessage] = [message] if isinstance(message, Fix) else message
        now = connection.loop.time()
        wait = 0.0 if client.principal.driver else connection.fixes.spend(len(fixes), now)
        if wait:
            await asyncio.sleep(wait)  # reads the connection more slowly
        try:
            outcome = await node.publisher.post(client.principal, fixes, client.origin)
        except Problem as problem:
            retry_after = float((problem.headers or {}).get("retry-after", node.settings.retry_after))
            return _object(Error(ErrorCode.UNAVAILABLE, problem.detail, None, None, int(retry_after * 1000)))
        refused = [(index, bad) for index, bad in enumerate(outcome) if bad is not None]
        if refused and isinstance(message, Fix):
            raise refused[0][1]
        connection.limit(len(refused))
        return {
            "accepted": len(outcome) - len(refused),
            "rejected": [{"index": index, **self._error(bad)} for index, bad in refused],
        }

    async def _request(self, connection: Connection, name: str, body: object) -> None:
        """A message of ``/ws`` whose ``type`` is the event's name; its answers are events. Raises ``BadMessage``."""
        if name not in REQUESTS:
            raise BadMessage(ErrorCode.UNKNOWN_TYPE, f"must be one of: location, {', '.join(REQUESTS)}", "type")
        if not isinstance(body, dict):
            raise BadMessage(ErrorCode.MALFORMED, "the event must carry one object")
        await connection.caught_up()
        if connection.closing:
            return
        payload = _json({**body, "type": name})
        counts = self.node.ingest.receive(connection.client, payload, self.node.clock.now())
        connection.limit(counts.errors)

    def _error(self, bad: BadMessage) -> dict[str, Any]:
        return _object(Error(bad.code, bad.detail, bad.field, bad.msg_no))


def _token(auth: object) -> str | None:
    """The token of a connection's ``auth``. Raises ``Problem`` 401."""
    if auth is None or auth == {}:
        return None
    token = auth.get("token") if isinstance(auth, dict) else None
    if not isinstance(token, str) or not token:
        raise Problem(401, "auth: must be an object with the text token")
    return token


def _check_length(text: str | None, most: int) -> None:
    """Raises ``Problem`` 411 or 413: the library would read any number of bytes."""
    if text is None or not text.isdecimal():
        raise Problem(411, "the request needs the header Content-Length")
    if int(text) > most:
        raise Problem(413, f"a body may have at most {most} bytes")


def _json(body: object) -> bytes:
    """Raises ``BadMessage``."""
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except (ValueError, RecursionError) as error:
        raise BadMessage(ErrorCode.MALFORMED, "not JSON in UTF-8") from error


def _object(error: Error) -> dict[str, Any]:
    built: dict[str, Any] = msgspec.to_builtins(error)
    return built


async def _refuse(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await answer(scope, receive, send)
