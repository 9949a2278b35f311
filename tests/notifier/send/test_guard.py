"""No URL, spelling or answer of DNS leads into the hub's own network (N5): a listener on loopback hears nothing."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from hub.clock import SYSTEM
from hub.notifier.send import guard, http
from hub.notifier.send.http import Http
from hub.wire.notices.requests import Request
from tests.support.notify.receivers import listener
from tests.wire.notices.test_addresses import HOSTS


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_spelling_of_loopback_is_connected(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Http(2.0, [], SYSTEM)
    async with listener() as heard:
        port = int(heard[0])
        for checked in (True, False):
            if not checked:  # the check of the URL is for users; that of the connection has to do alone
                monkeypatch.setattr(http, "check_url", lambda url, allowed: None)
            for host in HOSTS:
                result = await sender.post(Request(f"{scheme}://{host}:{port}/", {}, b"x"))
                assert not result.ok, host
        await asyncio.sleep(0.05)
        assert heard == [str(port).encode()]
    await sender.close()


async def test_a_name_that_becomes_loopback_is_not_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when the channel is made, private when it is used."""

    def private(host: Any, port: Any, *arguments: Any, **more: Any) -> Any:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", private)
    sender = Http(2.0, [], SYSTEM)
    async with listener() as heard:
        result = await sender.post(Request(f"https://receiver.example:{int(heard[0])}/", {}, b"x"))
        direct = await sender.post(Request("https://receiver.example/", {}, b"x"))
        await asyncio.sleep(0.05)
        assert len(heard) == 1
    await sender.close()
    assert not result.ok
    assert "not public" in direct.error


async def test_without_the_guard_the_listener_hears(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would prove nothing."""
    monkeypatch.setattr(http, "check_url", lambda url, allowed: None)
    monkeypatch.setattr(guard, "check_connection", lambda host, port, secure, allowed: None)
    sender = Http(1.0, [], SYSTEM)
    async with listener() as heard:
        await sender.post(Request(f"http://127.0.0.1:{int(heard[0])}/", {}, b"x"))
        await sender.post(Request(f"http://localhost:{int(heard[0])}/", {}, b"x"))
        assert heard.count(b"connected") == 2
    await sender.close()


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = Http(2.0, [], SYSTEM)
    async with listener() as heard:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{int(heard[0])}")
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{int(heard[0])}")
        await sender.post(Request("https://192.0.2.1/", {}, b"x"))
        assert len(heard) == 1
    await sender.close()
