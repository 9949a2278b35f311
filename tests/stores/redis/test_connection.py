"""The connection to Redis: every error is seen once, and soon."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub.embedded.services import Services
from hub.stores.redis.connection import UNAVAILABLE, connect, disconnect
from tests.support.notify.authority import Authority


async def test_a_server_that_does_not_answer_is_waited_for_as_long_as_it_was_said(redis_url: str) -> None:
    async with connect(redis_url, 0.2) as client:
        await client.ping()
        started = time.monotonic()
        with pytest.raises(UNAVAILABLE):
            # Blocks on the server's side for longer than we wait.
            await client.blpop("nothing", timeout=5)  # type: ignore[misc]
        assert 0.1 < time.monotonic() - started < 4


async def test_a_command_whose_answer_is_cut_is_not_sent_again(redis_url: str) -> None:
    async def relay(client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        """Between client and server, until an answer to XADD would pass."""
        server_in, server_out = await asyncio.open_unix_connection(urlsplit(redis_url).path)
        while data := await client_in.read(65536):
            server_out.write(data)
            answer = await server_in.read(65536)
            if b"XADD" in data:
                break
            client_out.write(answer)
        client_out.close()
        server_out.close()

    async with await asyncio.start_server(relay, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with connect(f"redis://127.0.0.1:{port}", 2.0) as client:
            with pytest.raises(UNAVAILABLE):
                await client.xadd("log", {"a": "b"})
    async with connect(redis_url, 2.0) as client:
        assert await client.xlen("log") == 1


async def test_every_way_to_name_a_server(services: Services) -> None:
    assert services.settings.redis_url.startswith("unix://")
    async with connect(services.settings.redis_url, 1.0) as client:
        assert await client.ping()
    with pytest.raises(ValueError, match="scheme"):
        connect("http://127.0.0.1", 1.0)


async def test_who_is_told_to_stop_does(redis_url: str) -> None:
    """At whichever turn of the loop that is: while it connects, writes or waits for an answer."""

    async def ask_for_ever() -> None:
        async with connect(redis_url, 5.0) as client:
            while True:
                await client.xread({"nothing": "$"}, block=10)

    for turns in range(60):
        task = asyncio.create_task(ask_for_ever())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        _, pending = await asyncio.wait([task], timeout=5.0)
        assert not pending, f"it went on after {turns} turns"


async def test_a_server_that_stands_still_ends_nobody_who_closes_its_connections(
    redis_url: str, tmp_path: Path
) -> None:
    """To close a connection with TLS waits for the other side, which may be gone without a word."""
    authority, context = Authority(tmp_path), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key, certificate = authority.server("127.0.0.1")
    context.load_cert_chain(certificate, key)

    async def relay(client_in: asyncio.StreamReader, client_out: asyncio.StreamWriter) -> None:
        server_in, server_out = await asyncio.open_unix_connection(urlsplit(redis_url).path)
        while b"PING" not in (data := await client_in.read(65536)):
            server_out.write(data)
            client_out.write(await server_in.read(65536))
        server_out.write(data)
        client_out.write(await server_in.read(65536))
        client_out.transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.sleep(30)

    async with await asyncio.start_server(relay, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        client = connect(f"rediss://127.0.0.1:{port}?ssl_ca_certs={authority.file}", 0.5)
        await client.ping()
        await disconnect(client)
