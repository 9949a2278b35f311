"""TLS and logins of brokers, Debian's mosquitto and nats-server: what is sent, and the words of each failure."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hub.notifier.send.broker import Broker
from hub.notifier.send.nats_server import publish
from hub.notifier.send.results import Result
from hub.settings import Settings
from hub.wire.notices.addresses import networks
from hub.wire.notices.kinds import Mqtt, Nats
from hub.wire.notices.mqtt import Publication
from hub.wire.notices.subjects import Published
from tests.support.logbook import fetch, until
from tests.support.notify.authority import Authority
from tests.support.notify.notifiers import channel, for_channels, notifying, put_deliveries
from tests.support.notify.receivers import LOOPBACK
from tests.support.notify.servers import listening, program
from tests.support.running import free_port

USER, PASSWORD, WRONG = "hub", "correct-horse", "battery-staple"
ALLOWED = networks(LOOPBACK)

Files = tuple[Path, Path]
Send = Callable[[int, str, str | None, str], Coroutine[Any, Any, Result]]


@asynccontextmanager
async def mosquitto(folder: Path, files: Files | None) -> AsyncIterator[int]:
    """The port of a broker that requires the login, with TLS if it has a certificate."""
    port, users, config = free_port(), folder / "users", folder / "mosquitto.conf"
    users.touch(0o600)
    make = [program("mosquitto_passwd"), "-b", users, USER, PASSWORD]
    await asyncio.to_thread(subprocess.run, make, check=True)
    tls = "" if files is None else f"keyfile {files[0]}\ncertfile {files[1]}\n"
    config.write_text(
        f"listener {port} 127.0.0.1\n{tls}allow_anonymous false\npassword_file {users}\npersistence false\nuser root\n"
    )
    async with listening(port, program("mosquitto"), "-c", str(config)):
        yield port


@asynccontextmanager
async def nats_server(folder: Path, files: Files | None) -> AsyncIterator[int]:
    """The port of a server that requires the login and permits ``hub.>``, with TLS if it has a certificate."""
    port, config = free_port(), folder / "nats.conf"
    tls = "" if files is None else f'tls {{ key_file: "{files[0]}", cert_file: "{files[1]}" }}\n'
    login = f'{{ user: "{USER}", password: "{PASSWORD}", permissions: {{ publish: "hub.>" }} }}'
    config.write_text(f'listen: "127.0.0.1:{port}"\n{tls}authorization {{ users: [{login}] }}\n')
    async with listening(port, program("nats-server"), "-c", str(config)):
        yield port


async def to_mosquitto(port: int, scheme: str = "mqtts", password: str | None = PASSWORD, topic: str = "hub") -> Result:
    login = {} if password is None else {"username": USER, "password": password}
    config = Mqtt(f"{scheme}://localhost:{port}", **login)  # type: ignore[arg-type]
    return await Broker(5.0, ALLOWED).publish(config, [Publication(topic, b"{}")])


async def to_nats(port: int, scheme: str = "tls", password: str | None = PASSWORD, subject: str = "hub") -> Result:
    login = {} if password is None else {"user": USER, "password": password}
    config = Nats(f"{scheme}://localhost:{port}", **login)  # type: ignore[arg-type]
    return await publish(config, [Published(f"{subject}.x", b"{}", "1")], 5.0, ALLOWED)


BOTH = pytest.mark.parametrize(("serving", "send"), [(mosquitto, to_mosquitto), (nats_server, to_nats)])
Serving = Callable[[Path, Files | None], AbstractAsyncContextManager[int]]


@BOTH
async def test_each_failure_of_tls_and_login_has_its_words(
    serving: Serving, send: Send, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, other = Authority(tmp_path), Authority(tmp_path, "another CA")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with serving(tmp_path, authority.server("localhost")) as port:
        assert await send(port) == Result(True)  # type: ignore[call-arg]
        for password in (WRONG, None):
            refused = await send(port, password=password)  # type: ignore[call-arg]
            assert not refused.ok and "refuses the user" in refused.error and "or requires" in refused.error
        monkeypatch.setenv("SSL_CERT_FILE", str(other.file))
        unknown = await send(port)  # type: ignore[call-arg]
        assert unknown.error == "TLS fails: the certificate is not from a CA that this machine trusts"
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    for files, why in [
        (authority.server("broker.example"), "is for another host"),
        (authority.server("localhost", -1), "has expired, or is not valid yet"),
    ]:
        async with serving(tmp_path, files) as port:
            assert (await send(port)).error == f"TLS fails: the certificate {why}"  # type: ignore[call-arg]


async def test_nats_sends_a_login_over_tls_only(tmp_path: Path) -> None:
    """A program in between could say that the server has no TLS."""
    heard = bytearray()

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.10.0","max_payload":1048576}\r\n')
        heard.extend(await reader.read(4096))
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        result = await to_nats(server.sockets[0].getsockname()[1])
    assert result.error == "TLS fails: the server does not offer it"
    assert not heard
    async with nats_server(tmp_path, None) as port:
        assert (await to_nats(port)).error == result.error
        assert await to_nats(port, "nats") == Result(True)


async def test_a_server_of_ones_own_may_require_tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    async with nats_server(tmp_path, authority.server("localhost")) as port:
        assert await to_nats(port, "nats") == Result(True)


async def test_a_subject_that_the_server_does_not_permit_is_not_sent(tmp_path: Path) -> None:
    async with nats_server(tmp_path, None) as port:
        result = await to_nats(port, "nats", subject="other")
    assert not result.ok and "does not permit the subject" in result.error and "other.x" in result.error


@pytest.mark.parametrize(("kind", "scheme", "serving"), [("mqtt", "mqtt", mosquitto), ("nats", "nats", nats_server)])
async def test_a_wrong_password_is_in_the_log_of_deliveries_without_the_password(
    kind: str, scheme: str, serving: Serving, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, printed = for_channels(settings), ""
    async with serving(tmp_path, None) as port:
        login = {"username" if kind == "mqtt" else "user": USER, "password": WRONG}
        id = await channel(settings, kind, {"url": f"{scheme}://localhost:{port}", **login})
        async with notifying(settings):
            await put_deliveries(settings, id, ["truck-1"])

            async def told() -> bool:
                nonlocal printed
                printed += "".join(capsys.readouterr())
                return "delivery_failed" in printed

            await until(told)
    ((error,),) = await fetch(settings, "SELECT last_error FROM deliveries")
    assert "refuses the user" in error
    stored = str([await fetch(settings, f"SELECT * FROM {table}") for table in ("deliveries", "channels", "audit")])
    printed += "".join(capsys.readouterr())
    assert WRONG not in stored and WRONG not in printed
