"""deploy/haproxy and deploy/nginx.conf: valid, and in front of real hubs that drain, are killed and freeze."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.settings import Settings
from tests.deploy.certificates import certificate
from tests.deploy.fronts import DEPLOY, Front, front, haproxy, nginx_command
from tests.deploy.load import SOCKETS, Load
from tests.deploy.pairs import Pair
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import get, post
from tests.support.peers import Raw, handshake
from tests.support.running import PATIENCE, Edge, edge, until

KINDS = ["haproxy", "nginx"]


@pytest.mark.parametrize("servers", ["hubs.cfg", "hubs-dns.cfg"])
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_haproxy_takes_the_configuration(servers: str, tls: bool, tmp_path: Path) -> None:
    folder = DEPLOY / "haproxy"
    environment = {"HAPROXY_CERTIFICATES": str(certificate(tmp_path)[0])} if tls else {}
    command = [haproxy(), "-c", "-f", str(folder / "haproxy.cfg"), "-f", str(folder / servers)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


def test_haproxy_refuses_a_misspelt_configuration(tmp_path: Path) -> None:
    text = (DEPLOY / "haproxy/hubs.cfg").read_text()
    (tmp_path / "hubs.cfg").write_text(text.replace("stick on", "stik on"))
    command = [haproxy(), "-c", "-f", str(DEPLOY / "haproxy/haproxy.cfg"), "-f", str(tmp_path / "hubs.cfg")]
    assert subprocess.run(command, capture_output=True, timeout=PATIENCE).returncode != 0


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    _, whole, key = certificate(tmp_path)
    text = (DEPLOY / "nginx.conf").read_text()
    for name, path in (("fullchain.pem", whole), ("privkey.pem", key)):
        assert name in text
        text = text.replace(f"/etc/letsencrypt/live/hub.example/{name}", str(path))
    (tmp_path / "nginx.conf").write_text(text)
    command = [*nginx_command(tmp_path, tmp_path / "nginx.conf"), "-t"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


async def connected(pair: Pair, *wanted: int) -> None:
    """Wait until the hubs have so many sockets; less than none is any number but none."""
    async with asyncio.timeout(PATIENCE):
        for hub, count in enumerate(wanted):
            if count:
                while (found := await asyncio.to_thread(pair.connections, hub)) != count and (count > 0 or not found):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)


# With nginx 45 s, most of it waiting.
@pytest.mark.parametrize("kind", ["haproxy", pytest.param("nginx", marks=pytest.mark.slow)])
async def test_nothing_is_lost_while_hubs_end(pair: Pair, kind: str, tmp_path: Path) -> None:
    """One hub drains and one is killed: clients connect to the other one, rows are what was acknowledged, and the
    screen shows the last position of each driver."""
    with front(kind, pair.addresses, tmp_path) as proxy:
        async with Load.through(proxy, kind) as load:
            await connected(pair, -1, -1)
            await asyncio.sleep(1)
            await asyncio.to_thread(pair.stop, 0)
            await connected(pair, 0, SOCKETS)
            # The proxy repeats what the hub that drains refuses.
            assert set(load.statuses) == {200}
            await asyncio.to_thread(pair.start, 0)
            # New sockets go to the hub that has none.
            await asyncio.to_thread(until, lambda: reaches(proxy, kind, pair, 0))
            pair.hubs[1].kill()
            await connected(pair, SOCKETS)
            before = len(load.posted)
            await asyncio.to_thread(until, lambda: len(load.posted) > before + 20)
            await asyncio.to_thread(pair.start, 1)
        wanted = load.sent + len(load.posted)
        assert await pair.stored(kind, wanted) == (wanted, wanted)


def reaches(proxy: Front, fleet: str, pair: Pair, hub: int) -> bool:
    """Whether a new socket is one of a hub that had none."""
    with Raw(proxy.address) as raw:
        raw.send(handshake(headers=[f"Authorization: Bearer {token(fleet=fleet)}"]))
        return raw.response().status == 101 and pair.connections(hub) > 0


@pytest.mark.slow
async def test_sockets_of_a_frozen_hub_are_closed(pair: Pair, tmp_path: Path) -> None:
    with front("haproxy", pair.addresses, tmp_path) as proxy:
        async with Load.through(proxy, "frozen") as load:
            await connected(pair, -1, -1)
            pair.freeze(0)
            try:
                await connected(pair, 0, SOCKETS)
            finally:
                await asyncio.to_thread(pair.start, 0)
        wanted = load.sent + len(load.posted)
        rows, distinct = await pair.stored("frozen", wanted)
        # A post that the frozen hub took may be stored though it was not answered.
        assert rows == distinct >= wanted


@pytest.fixture
def one(settings: Settings) -> Iterator[Edge]:
    """A hub that allows two sockets of an address."""
    own = {"max_address_connections": 2, "trusted_proxies": "127.0.0.1", "jwt_secret": SECRET}
    with edge(msgspec.structs.replace(settings, **own)) as running:
        yield running


def sockets_of(proxy: Front, source: str) -> list[int]:
    """Statuses of three handshakes from one address, each of which claims another one."""
    statuses = []
    with contextlib.ExitStack() as stack:
        for number in range(3):
            connection = stack.enter_context(socket.create_connection(proxy.address, PATIENCE, (source, 0)))
            lines = [f"X-Forwarded-For: 10.1.1.{number}", f"Authorization: Bearer {token()}"]
            connection.sendall(handshake(headers=lines))
            statuses.append(int(connection.recv(4096).split()[1]))
    return statuses


@pytest.mark.parametrize("kind", KINDS)
def test_the_hub_limits_addresses_of_clients(one: Edge, kind: str, tmp_path: Path) -> None:
    with front(kind, [one.address], tmp_path) as proxy:
        assert sockets_of(proxy, "127.0.0.5") == sockets_of(proxy, "127.0.0.6") == [101, 101, 429]


@pytest.mark.parametrize("kind", KINDS)
def test_metrics_are_not_served_through_it(one: Edge, kind: str, tmp_path: Path) -> None:
    with front(kind, [one.address], tmp_path) as proxy:
        assert get(proxy, "/metrics").status == 404
        assert get(proxy, "/livez").body == b"ok\n"


def test_hubs_that_are_all_unready_still_serve(one: Edge, tmp_path: Path) -> None:
    """Without the log none is ready; live positions and the screen go on."""
    with front("haproxy", [one.address], tmp_path) as proxy:
        until(lambda: post(proxy, "/api/v1/location", b"").status == 401)
        one.problems.append("Redis does not answer")
        down = b'haproxy_server_status{proxy="hubs",server="hub-1",state="DOWN"} 1'
        until(lambda: down in get(proxy.metrics, "/metrics").body)
        assert get(proxy, "/").status == 200
        assert get(proxy, "/readyz").status == 503
