"""Publishing to a NATS server. Needs the extra ``nats``."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from hub.extras import missing
from hub.notifier.send import guard
from hub.notifier.send.results import Result
from hub.wire.notices.addresses import Network, Refused, check_url
from hub.wire.notices.kinds import Nats
from hub.wire.notices.subjects import Published

PORT = 4222

CLOSING = 0.5
"""Seconds for closing the connection: after a failure of TLS the library waits for an end that has already been."""


REFUSED = re.compile("authoriz|authenti", re.IGNORECASE)
"""In errors of a server that refuses a login."""


class NotEncrypted(ConnectionError):
    """A server of ``tls://`` does not offer TLS."""


def _client(*, secure: bool) -> Any:
    """A client. If ``secure``, it sends a login and messages over TLS only: the library would leave that to the server,
    so that a program between them could read both."""
    from nats.aio.client import Client

    class Secure(Client):
        def _connect_command(self) -> bytes:
            if secure and not self._server_info.get("tls_required"):
                raise NotEncrypted("TLS fails: the server does not offer it")
            return super()._connect_command()

    return Secure()


async def publish(config: Nats, messages: Sequence[Published], patience: float, allowed: Sequence[Network]) -> Result:
    """Publish in order, and wait until the server, or its stream, has confirmed everything."""
    try:
        import nats.errors
        import nats.js.errors
    except ImportError:
        return Result(False, error=f"NATS {missing('nats')}")
    told: list[Exception] = []
    connected = False

    async def note(error: Exception) -> None:
        """What the server refuses later, such as a subject. Before it is connected, the library would try again."""
        told.append(error)
        if not connected:
            raise error

    try:
        check_url(config.url, allowed, "tls")
        parts = urlsplit(config.url)
        host, port = parts.hostname or "", parts.port or PORT
        async with asyncio.timeout(patience):
            address = await guard.resolved(host, port, parts.scheme, allowed)
            literal = f"[{address}]" if ":" in address else address
            client = _client(secure=parts.scheme == "tls")
            try:
                # Without reconnects it never uses the addresses of other servers that a server names. A server of
                # nats:// may require TLS, too.
                await client.connect(
                    f"{parts.scheme}://{literal}:{port}", allow_reconnect=False, connect_timeout=patience,
                    error_cb=note, user=config.user, password=config.password, token=config.token, tls_hostname=host,
                )  # fmt: skip
                connected = True
                if config.jet_stream:
                    stream = client.jetstream(timeout=patience)
                    for one in messages:
                        await stream.publish(one.subject, one.payload, headers={"Nats-Msg-Id": one.id})
                else:
                    for one in messages:
                        await client.publish(one.subject, one.payload)
                    # The library writes the first ping at once, and perhaps before the messages; the second is after.
                    await client.flush()
                    await client.flush()
            finally:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(CLOSING):
                        await client.close()
    except Refused as error:
        return Result(False, error=str(error))
    except (nats.errors.Error, OSError, ValueError) as error:  # with TimeoutError
        return Result(False, error=_words(told[0] if told else error))
    return Result(False, error=_words(told[0])) if told else Result(True)


def _words(error: Exception) -> str:
    from nats.js.errors import NoStreamResponseError

    match error:
        case NotEncrypted():
            return str(error)
        case TimeoutError():
            return "the server did not answer in time"
        case NoStreamResponseError():
            return "no stream of the server stores the subject"
    if REFUSED.search(str(error)):
        return "the server refuses the user and password, or the token, or requires them"
    if "permissions violation" in str(error).lower():
        return f"the server does not permit the subject: {str(error).removeprefix('nats: ')[:200]}"
    return guard.words(error) or f"the server cannot be used: {str(error)[:200] or type(error).__name__}"
