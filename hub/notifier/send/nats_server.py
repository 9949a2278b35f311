"""Publishing to a NATS server. Needs the extra ``nats``."""

from __future__ import annotations

import asyncio
import ssl
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


async def publish(config: Nats, messages: Sequence[Published], patience: float, allowed: Sequence[Network]) -> Result:
    """Publish in order, and wait until the server, or its stream, has confirmed everything."""
    try:
        import nats
        import nats.errors
        import nats.js.errors
    except ImportError:
        return Result(False, error=f"NATS {missing('nats')}")

    async def ignore(error: Exception) -> None:
        """Errors of the connection are raised by what waits for it."""

    try:
        check_url(config.url, allowed, "tls")
        parts = urlsplit(config.url)
        host, port = parts.hostname or "", parts.port or PORT
        async with asyncio.timeout(patience):
            address = await guard.resolved(host, port, parts.scheme, allowed)
            literal = f"[{address}]" if ":" in address else address
            options: dict[str, Any] = {}
            if parts.scheme == "tls":
                options = {"tls": ssl.create_default_context(), "tls_hostname": host}
            # Without reconnects it never uses the addresses of other servers that a server names.
            client = await nats.connect(
                f"{parts.scheme}://{literal}:{port}", allow_reconnect=False, connect_timeout=patience, error_cb=ignore,
                user=config.user, password=config.password, token=config.token, **options,
            )  # fmt: skip
            try:
                if config.jet_stream:
                    stream = client.jetstream(timeout=patience)
                    for one in messages:
                        await stream.publish(one.subject, one.payload, headers={"Nats-Msg-Id": one.id})
                else:
                    for one in messages:
                        await client.publish(one.subject, one.payload)
                    await client.flush()
            finally:
                await client.close()
    except Refused as error:
        return Result(False, error=str(error))
    except (TimeoutError, nats.errors.TimeoutError):
        return Result(False, error="the server did not answer in time")
    except ssl.SSLError:
        return Result(False, error="TLS fails: the certificate is not valid for the host")
    except nats.js.errors.NoStreamResponseError:
        return Result(False, error="no stream of the server stores the subject")
    except (nats.errors.Error, OSError, ValueError) as error:
        return Result(False, error=f"the server cannot be used: {str(error)[:200] or type(error).__name__}")
    return Result(True)
