"""The time of the last use of API keys: written in one statement, for requests and for open sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hub.edge.key_use import KeyUse
from hub.embedded.services import Services
from hub.stores.postgres.pool import DatabaseAway, Pool
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, execute, fetch, hub_with
from tests.support.peers import Peer
from tests.support.running import Edge, until


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "key_use") as running:
        yield running


def key(hub: Edge, name: str) -> str:
    made: str = post(hub, "/api/v1/keys", {"name": name, "role": "dispatcher"}, ADMIN).json["key"]
    until(lambda: get(hub, "/api/v1/auth/me", made).status == 200)
    return made


def last_use(hub: Edge, name: str) -> datetime | None:
    ((used,),) = fetch(hub, "SELECT last_used_at FROM api_keys WHERE name = $1", name)
    return used  # type: ignore[no-any-return]


def write(hub: Edge, url: str = "") -> None:
    async def run() -> None:
        pool = Pool(url or hub.settings.database_url, "test", connections=1, patience=20.0)
        await pool.open()
        try:
            await KeyUse(hub.node.identity.directory, hub.node.sockets, pool).write()
        finally:
            await pool.close()

    asyncio.run(run())


def test_requests_and_open_sockets_count(hub: Edge) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    asked, open_, idle = key(hub, "asked"), key(hub, "open"), key(hub, "idle")
    noted = hub.node.identity.directory.key_uses
    noted.clear()
    for _ in range(3):
        assert get(hub, "/api/v1/drivers", asked).status == 200
    assert len(noted) == 1
    write(hub)
    with Peer(hub.address, headers=[f"Authorization: Bearer {open_}"]) as peer:
        peer.say({"type": "ping"})
        peer.hear()
        noted.clear()  # of the handshake
        write(hub)
    for name in ("asked", "open"):
        used = last_use(hub, name)
        assert used is not None and used >= before
    assert last_use(hub, "idle") is None and idle
    assert noted == {}


def test_the_time_never_goes_back(hub: Edge) -> None:
    key(hub, "forward")
    write(hub)
    used = last_use(hub, "forward")
    directory = hub.node.identity.directory
    (name,) = [name for name in directory.key_credentials if name.endswith(id_of(hub, "forward"))]
    directory.key_uses[name] = 1.0
    write(hub)
    assert last_use(hub, "forward") == used is not None


def test_what_postgresql_does_not_take_is_written_later(hub: Edge) -> None:
    key(hub, "later")
    noted = dict(hub.node.identity.directory.key_uses)
    with pytest.raises(DatabaseAway):
        write(hub, "postgresql://127.0.0.1:1/none")
    assert hub.node.identity.directory.key_uses == noted
    write(hub)
    assert last_use(hub, "later") is not None


def test_writing_makes_no_hub_read_its_keys_again(hub: Edge) -> None:
    directory = hub.node.identity.directory
    key(hub, "quiet")
    keys = directory.keys
    write(hub)
    assert last_use(hub, "quiet") is not None
    # A later change of another table is read, and so a change of the keys would have been.
    asyncio.run(
        execute(hub.settings.database_url, "INSERT INTO drivers (fleet, driver_id, disabled) VALUES ('f', 'd', true)")
    )
    asyncio.run(execute(hub.settings.database_url, "UPDATE drivers SET name = 'x'"))
    until(lambda: ("f", "d") in directory.drivers)
    assert directory.keys is keys


def id_of(hub: Edge, name: str) -> str:
    ((id,),) = fetch(hub, "SELECT id::text FROM api_keys WHERE name = $1", name)
    return str(id)
