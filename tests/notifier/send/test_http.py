"""Answers of receivers, and what they mean (N8)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

import pytest
from aiohttp import web

from hub.clock import SYSTEM
from hub.notifier.send.http import READ_BYTES, Http
from hub.wire.notices.addresses import networks
from hub.wire.notices.requests import Request
from tests.support.notify.receivers import LOOPBACK, Receiver, receiver
from tests.support.running import free_port


@pytest.fixture
async def found() -> AsyncIterator[Receiver]:
    async with receiver() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    sender = Http(0.5, networks(LOOPBACK), SYSTEM)
    yield sender
    await sender.close()


def request(found: Receiver) -> Request:
    return Request(found.url, {"content-type": "text/plain"}, b"hello")


def answering(found: Receiver, response: int | web.StreamResponse) -> None:
    async def answer(path: str, event: Any) -> int | web.StreamResponse:
        return response

    found.answer = answer


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_confirms(found: Receiver, http: Http, status: int) -> None:
    answering(found, status)
    result = await http.post(request(found))
    assert (result.ok, result.status) == (True, status)
    assert found.arrived[0].body == b"hello"


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
async def test_all_else_fails(found: Receiver, http: Http, status: int) -> None:
    answering(found, web.Response(status=status, headers={"location": f"{found.url}other"}))
    result = await http.post(request(found))
    assert (result.ok, result.status, result.gone) == (False, status, False)
    assert str(status) in result.error or "redirects" in result.error
    assert [one.path for one in found.arrived] == ["/"]


async def test_410_is_gone(found: Receiver, http: Http) -> None:
    answering(found, 410)
    assert (await http.post(request(found))).gone


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        (formatdate(SYSTEM.time() + 1_000, usegmt=True), 100, 1_001),
        (formatdate(SYSTEM.time() - 60, usegmt=True), 0, 0),
    ],
    ids=["seconds", "a date", "a past date"],
)
async def test_retry_after_in_seconds_or_as_a_date(
    found: Receiver, http: Http, header: str, least: float, most: float
) -> None:
    answering(found, web.Response(status=503, headers={"retry-after": header}))
    asked = (await http.post(request(found))).asked
    assert asked is not None and least <= asked <= most


@pytest.mark.parametrize("header", ["", "soon", "-1", "1.5", "9" * 400])
async def test_an_invalid_retry_after_has_no_effect(found: Receiver, http: Http, header: str) -> None:
    answering(found, web.Response(status=503, headers={"retry-after": header}))
    assert (await http.post(request(found))).asked in (None, 999_999_999)


async def test_an_answer_after_the_time_out_fails(found: Receiver, http: Http) -> None:
    async def late(path: str, event: Any) -> int | web.StreamResponse:
        await asyncio.sleep(5)
        return 200

    found.answer = late
    result = await http.post(request(found))
    assert (result.ok, result.status, result.error) == (False, None, "the receiver did not answer in time")


async def test_of_a_large_answer_a_part_is_read(http: Http) -> None:
    taken = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        await reader.readuntil(b"hello")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n")
        try:
            for _ in range(500):
                writer.write(b"x" * 100_000)
                await writer.drain()
                taken += 100_000
        except ConnectionError:
            pass

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    result = await http.post(Request(f"http://127.0.0.1:{port}/", {}, b"hello"))
    server.close()
    assert result.ok
    # What fits into the buffers of the kernel was sent, too.
    assert taken < 20_000_000 and READ_BYTES < 100_000


async def test_a_content_that_never_ends_does_not_matter(http: Http) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"hello")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nx")
        await writer.drain()
        await asyncio.sleep(5)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert (await http.post(Request(f"http://127.0.0.1:{port}/", {}, b"hello"))).ok
    server.close()


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 999999 x\r\n\r\n", b"\x00" * 100_000])
async def test_an_answer_that_is_not_http_fails(http: Http, answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"hello")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    result = await http.post(Request(f"http://127.0.0.1:{port}/", {}, b"hello"))
    server.close()
    assert not result.ok and result.error


async def test_a_port_that_is_closed(http: Http) -> None:
    result = await http.post(Request(f"http://127.0.0.1:{free_port()}/secret-path", {}, b""))
    assert not result.ok and "cannot connect" in result.error
    assert "secret-path" not in result.error


async def test_a_host_that_does_not_exist(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = await http.post(Request("https://receiver.invalid/", {}, b""))
    assert (result.ok, result.error) == (False, "the host is not known to DNS")
