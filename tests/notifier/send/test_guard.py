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

HOSTS = [
    "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "017700000001", "0x7f000001", "0x7f.1", "0177.0.0.1",
    "0", "0.0.0.0", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "app.localhost", "[::1]",
    "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2001:0:4136:e378:8000:63bf:80ff:fffe]", "[fe80::1]", "[fec0::1]",
    "[fc00::1]", "[::ffff:0:127.0.0.1]", "169.254.169.254", "[fd00:ec2::254]", "10.0.0.1", "172.16.0.1", "192.168.0.1",
    "100.64.0.1", "192.88.99.1", "224.0.0.1", "255.255.255.255", "127。0。0。1", "①②⑦.0.0.1",
]  # fmt: skip


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
