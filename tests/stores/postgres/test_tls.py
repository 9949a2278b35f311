"""TLS to PostgreSQL by parameters of the URL: its certificate is verified, and the hub shows its own."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
import pytest

from hub.embedded.postgres import candidates
from hub.settings import Settings
from hub.stores.postgres.connection import AWAY, connect
from hub.stores.postgres.pool import DatabaseAway, Pool
from tests.support.notify.authority import Authority
from tests.support.standby import Server


def programs() -> Path:
    """The directory of a PostgreSQL with TLS, which the one of the Python package lacks."""
    for place in candidates(Settings()):
        config = place / "pg_config"
        built = subprocess.check_output([config, "--configure"], text=True) if config.exists() else ""
        if "--with-openssl" in built or "--with-ssl=openssl" in built:
            return place
    pytest.skip("there is no PostgreSQL with TLS: install the package postgresql of the system")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``CA.pem``; key and certificate of the server localhost and of the user hub; and ``other.pem``, another CA."""
    made = tmp_path_factory.mktemp("tls")
    authority = Authority(made)
    for name in ("localhost", "hub"):
        for file in authority.server(name):
            file.chmod(0o600)
            file.rename(made / f"{name}{file.suffix}")
    Authority(made, "other")
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Server]:
    """A server that takes connections with TLS only, and of the user `hub` only with a certificate of the CA."""
    made = Server(tmp_path_factory.mktemp("server"), programs=programs())
    try:
        made.make()
        made.value("CREATE ROLE plain LOGIN")
        files = {"ssl_ca_file": "CA.pem", "ssl_cert_file": "localhost.pem", "ssl_key_file": "localhost.key"}
        for setting, name in files.items():
            made.value(f"ALTER SYSTEM SET {setting} = '{folder / name}'")
        made.value("ALTER SYSTEM SET ssl = on")
        (made.data / "pg_hba.conf").write_text(
            "hostssl all hub all trust clientcert=verify-full\nhostssl all plain all trust\n"
        )
        made.kill()
        made.start()
        yield made
    finally:
        made.kill()


def url_of(server: Server, user: str, host: str = "localhost", **parameters: object) -> str:
    return f"postgresql://{user}@{host}:{server.port}/hub?{urlencode(parameters)}"


async def in_use(url: str) -> str:
    """The version of TLS of a connection, by both ways to connect."""
    Settings(redis_url="redis://127.0.0.1", database_url=url).check()
    connection = await connect(url, role="test", patience=10)
    await connection.close()
    pool = Pool(url, "test", connections=1, patience=10)
    await pool.open()
    try:
        async with pool.connection(quiet=True) as connection:
            query = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            return str(await connection.fetchval(query))
    finally:
        await pool.close()


async def test_the_certificate_of_the_server_is_verified(server: Server, folder: Path) -> None:
    assert (await in_use(url_of(server, "plain", sslmode="require"))).startswith("TLSv1.")
    verified = url_of(server, "plain", sslmode="verify-full", sslrootcert=folder / "CA.pem")
    assert (await in_use(verified)).startswith("TLSv1.")
    with pytest.raises(AWAY):
        await in_use(url_of(server, "plain", sslmode="verify-full", sslrootcert=folder / "other.pem"))
    # The name of another host: the certificate is of localhost.
    assert await in_use(url_of(server, "plain", "127.0.0.1", sslmode="verify-ca", sslrootcert=folder / "CA.pem"))
    with pytest.raises(AWAY):
        await in_use(url_of(server, "plain", "127.0.0.1", sslmode="verify-full", sslrootcert=folder / "CA.pem"))
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await in_use(url_of(server, "plain", sslmode="disable"))


async def test_the_hub_shows_its_own_certificate(server: Server, folder: Path) -> None:
    trust = {"sslmode": "verify-full", "sslrootcert": folder / "CA.pem"}
    own = {"sslcert": folder / "hub.pem", "sslkey": folder / "hub.key"}
    assert (await in_use(url_of(server, "hub", **trust, **own))).startswith("TLSv1.")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await in_use(url_of(server, "hub", **trust))


async def test_several_hosts_are_verified_one_by_one(server: Server, folder: Path) -> None:
    parameters = {"sslmode": "verify-full", "sslrootcert": folder / "CA.pem", "target_session_attrs": "read-write"}
    both = f"postgresql://plain@127.0.0.1:{server.port},localhost:{server.port}/hub?{urlencode(parameters)}"
    assert (await in_use(both)).startswith("TLSv1.")
    pool = Pool(url_of(server, "plain", "127.0.0.1", **parameters), "test", connections=1, patience=10)
    await pool.open()
    with pytest.raises(DatabaseAway):
        async with pool.connection(quiet=True):
            pass
    await pool.close()
