"""URLs of Sentinels: logins and certificates; ``fault/log/test_failover.py`` has what they are for."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import redis

from hub.stores.reasons import reason
from hub.stores.redis.connection import UNAVAILABLE, connect
from tests.support.notify.authority import Authority
from tests.support.running import until
from tests.support.valkeys import NAME, Relay, Server, start_sentinels

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Options of a URL."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority(folder)
    key, certificate = authority.server(HOST)
    return f"ssl_ca_certs={quote(str(authority.file))}&ssl_certfile={certificate}&ssl_keyfile={key}"


@pytest.fixture(scope="module")
def relays(certificates: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Relay]]:
    """A primary with a user, and its Sentinel with a password, both behind TLS that asks for certificates."""
    files = {name: Path(path) for name, _, path in (part.partition("=") for part in certificates.split("&"))}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files["ssl_ca_certs"])
    context.load_cert_chain(files["ssl_certfile"], files["ssl_keyfile"])
    context.verify_mode = ssl.CERT_REQUIRED
    folder = tmp_path_factory.mktemp("sentinel")
    primary, sentinel = Server(folder / "primary"), Server(folder / "sentinel")
    made = [Relay(primary, context), Relay(sentinel, context)]
    try:
        primary.start()
        until(lambda: answers(primary))
        primary.call("ACL", "SETUSER", "hub", "on", ">p@ss", "~*", "&*", "+@all")
        start_sentinels([sentinel], made[0], replicas=0, options="requirepass word\n", password="word")
        yield made
    finally:
        for relay in made:
            relay.close()
        primary.kill()
        sentinel.kill()


def answers(server: Server) -> bool:
    try:
        return bool(server.call("PING"))
    except redis.ConnectionError:
        return False


async def test_logins_and_certificates(relays: list[Relay], certificates: str) -> None:
    primary, sentinel = relays
    place = f"hub:p%40ss@{HOST}:{sentinel.port}/{NAME}/2"
    url = f"rediss+sentinel://{place}?sentinel_password=word&{certificates}"
    async with connect(url, 10.0) as client:
        assert await client.execute_command("ACL", "WHOAMI") == b"hub"
        assert b" db=2 " in await client.execute_command("CLIENT", "INFO")
    assert primary.encrypted >= 1 and sentinel.encrypted >= 1


async def test_connections_ask_at_the_same_time(relays: list[Relay], certificates: str) -> None:
    """As those of all partitions do after a failover. None closes the connection with which another one asks."""
    place = f"hub:p%40ss@{HOST}:{relays[1].port}/{NAME}"
    async with connect(f"rediss+sentinel://{place}?sentinel_password=word&{certificates}", 10.0) as client:
        assert all(await asyncio.gather(*(client.ping() for _ in range(12))))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("=word", "=wrong"), "no Sentinel names a primary that runs"),
        (("p%40ss", "wrong"), "the server refuses the login"),
        (("ssl_certfile", "ssl_ciphers=ALL&unused"), ""),
    ],
)
async def test_a_wrong_login_is_refused(
    change: tuple[str, str], words: str, relays: list[Relay], certificates: str
) -> None:
    url = f"rediss+sentinel://hub:p%40ss@{HOST}:{relays[1].port}/{NAME}?sentinel_password=word&{certificates}"
    if not words:
        with pytest.raises(ValueError, match="an option of the URL is unknown"):
            connect(url.replace(*change), 10.0)
        return
    async with connect(url.replace(*change), 10.0) as client:
        with pytest.raises(UNAVAILABLE) as error:
            await client.ping()
    assert reason(error.value) == words


async def test_without_a_certificate_nothing_is_answered(relays: list[Relay], certificates: str) -> None:
    ca = certificates.partition("&")[0]
    url = f"rediss://hub:p%40ss@{HOST}:{relays[0].port}"
    async with connect(f"{url}?{certificates}", 10.0) as client:
        assert await client.ping()
    for options in (ca, ""):
        async with connect(f"{url}?{options}", 10.0) as client:
            with pytest.raises(UNAVAILABLE):
                await client.ping()


@pytest.mark.parametrize("url", ["redis+sentinel://a:26379", "redis+sentinel:///mymaster", "redis+sentinel://u:p@/m"])
def test_sentinels_and_the_primary_have_to_be_named(url: str) -> None:
    with pytest.raises(ValueError, match="must name Sentinels and their primary") as error:
        connect(url, 1.0)
    assert "u:p" not in str(error.value)
