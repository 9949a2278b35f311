"""``hub listen``: a receiver of webhooks that verifies and prints what arrives."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from aiohttp import web

from hub.wire.notices.signatures import BadSignature, secret_key, verify

LONGEST_BODY = 1_048_576
"""Bytes; the hub's notices are some kilobytes."""

SEEN = 10_000
"""Ids that are remembered, to tell repeats."""


class Receiver:
    """Answers ``status`` to each valid webhook. Raises ``ValueError`` for a secret that is not base64."""

    def __init__(self, secret: str | None, status: int, as_json: bool) -> None:
        if secret is not None:
            secret_key(secret)
        self._secret, self._status, self._as_json = secret, status, as_json
        self._seen: dict[str, None] = {}

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        verdict = "unsigned" if "webhook-signature" not in headers else "not verified, no --secret"
        if self._secret is not None:
            try:
                verify(self._secret, headers, body, time.time())
            except BadSignature as error:
                say(f"REFUSED  {error}")
                return web.Response(status=401, text=f"{error}\n")
            verdict = "signature valid"
        id = headers.get("webhook-id", "")
        if id in self._seen:
            verdict += ", repeated"
        elif id:
            self._seen[id] = None
            if len(self._seen) > SEEN:
                del self._seen[next(iter(self._seen))]
        self._print(body, verdict)
        return web.Response(status=self._status)

    def _print(self, body: bytes, verdict: str) -> None:
        try:
            event: Any = json.loads(body)
        except ValueError:
            say(f"{len(body)} bytes that are not JSON ({verdict})")
            return
        if self._as_json:
            say(json.dumps(event, ensure_ascii=False))
            return
        if not isinstance(event, dict):
            say(f"{json.dumps(event)[:200]} ({verdict})")
            return
        data = event.get("data")
        words = data.get("text", "") if isinstance(data, dict) else ""
        say(f"{event.get('time', '')}  {event.get('type', '')}  {event.get('subject', '')}  {words}".rstrip())
        number = f"{event.get('lane', '')} #{str(event.get('sequence', '')).lstrip('0')}"
        missed = f", {event['missed']} before it were not delivered" if event.get("missed") else ""
        say(f"    {event.get('id', '')}  {number}{missed}  ({verdict})")


async def listen(host: str, port: int, *, secret: str | None = None, status: int = 204, as_json: bool = False) -> None:
    """Receive until Ctrl-C. Raises ``ValueError`` for an invalid secret, ``OSError`` for a port that is in use."""
    receiver = Receiver(secret, status, as_json)
    app = web.Application(client_max_size=LONGEST_BODY)
    app.router.add_route("POST", "/{path:.*}", receiver.receive)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        print(f"Listening for webhooks at http://{shown}:{bound}/", file=sys.stderr, flush=True)
        await stopping.wait()
    finally:
        await runner.cleanup()


def say(line: str) -> None:
    """Print a line without control characters, which a sender could use on the terminal."""
    print("".join(character for character in line if character.isprintable() or character == "\t"), flush=True)
