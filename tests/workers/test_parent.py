"""``hub serve`` with several workers, as processes: who gets a connection, and what a restart of a worker costs."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from secrets import token_hex

import asyncpg
import msgspec
import pytest
import redis
from prometheus_client.parser import text_string_to_metric_families

from clients.driver import DriverClient
from hub import __version__
from hub.embedded.services import Services
from hub.settings import Settings
from tests.support.databases import TestDatabase
from tests.support.parts import children, command_of
from tests.support.peers import Peer, Raw, handshake
from tests.support.running import PATIENCE, Served, served, until

FULL = "/ws?subscribe=none"
WORKERS = 2


@pytest.fixture(scope="module")
def running(
    services: Services, empty_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """One hub for the tests that leave it running: to start its five processes takes seconds of processor time."""
    asyncio.run(empty_database.ready())
    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    settings = Settings(
        port=0,
        data_dir=tmp_path_factory.mktemp("workers"),
        redis_url=services.settings.redis_url,
        database_url=empty_database.url,
        redis_appendfsync="everysec",
        workers=WORKERS,
        drain_timeout=4.0,
    )
    with served(settings) as hub:
        yield hub
    asyncio.run(empty_database.release())


@pytest.fixture
def hub(running: Served) -> Served:
    """It serves as a whole."""
    until(lambda: ask(running, "/readyz") == (200, "ok\nappendfsync: everysec\n"))
    until(lambda: sum(loads(running)) == 1)
    return running


def ask(hub: Served, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{hub.address[0]}:{hub.address[1]}{path}", timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def figures(hub: Served) -> dict[tuple[str, ...], float]:
    """(name, label values …) -> value."""
    families = text_string_to_metric_families(ask(hub, "/metrics")[1])
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def loads(hub: Served) -> list[float]:
    found = figures(hub)
    return [found["hub_worker_connections", str(number)] for number in range(1, WORKERS + 1)]


def workers(hub: Served) -> list[int]:
    return [pid for pid in children(hub.process.pid) if "hub.workers" in command_of(pid)]


def test_metrics_are_those_of_all_and_survive_a_worker(hub: Served) -> None:
    count, before = 4 * WORKERS, figures(hub)
    with ExitStack() as open_sockets:
        for number in range(count):
            driver = open_sockets.enter_context(Peer(hub.address, FULL))
            driver.say({"latitude": 1, "longitude": 2, "driverId": f"d{number}", "msgNo": 1})
            while driver.hear() != {"type": "ack", "msgNo": 1}:
                pass
        until(lambda: figures(hub)[("hub_recorder_rows_total",)] == count)
        answers = [figures(hub) for _ in range(WORKERS)]  # each worker is asked once
        for found in answers:
            assert found[("hub_log_positions_total",)] - before[("hub_log_positions_total",)] == count
            assert found[("hub_connections",)] == count
            assert found[("hub_recorder_rows_total",)] == count
            assert found[("hub_log_seconds_bucket", "+Inf")] == found[("hub_log_seconds_count",)] >= WORKERS
            assert (found[("hub_log_up",)], found[("hub_build_info", __version__)]) == (1, 1)
        os.kill(workers(hub)[0], signal.SIGKILL)
        until(lambda: figures(hub)[("hub_connections",)] == count / WORKERS)
        for _ in range(WORKERS):
            assert figures(hub)[("hub_log_positions_total",)] == answers[0][("hub_log_positions_total",)]


def test_sockets_are_spread_evenly_also_after_workers_were_replaced(hub: Served) -> None:
    before = workers(hub)
    hub.process.send_signal(signal.SIGHUP)
    until(lambda: len(workers(hub)) == WORKERS and not set(before) & set(workers(hub)))
    with ExitStack() as open_sockets:
        for _ in range(20 * WORKERS):
            open_sockets.enter_context(Peer(hub.address, FULL))
        # The connection that asks is one of them.
        until(lambda: max(loads(hub)) - min(loads(hub)) <= 1 and sum(loads(hub)) == 20 * WORKERS + 1)


def test_each_worker_is_a_node_and_shows_what_comes_to_any(hub: Served) -> None:
    until(lambda: msgspec.json.decode(ask(hub, "/health")[1])["nodes"] == WORKERS)
    ids = {f"shown-{number}" for number in range(2 * WORKERS)}
    with ExitStack() as open_sockets:
        screens = [open_sockets.enter_context(Peer(hub.address, FULL)) for _ in range(WORKERS)]
        for screen in screens:
            screen.say({"type": "subscribe", "id": "s", "drivers": sorted(ids)})
            assert screen.hear()["type"] == "subscribed"
        for driver_id in ids:
            driver = open_sockets.enter_context(Peer(hub.address, FULL))
            driver.say({"latitude": 1, "longitude": 2, "driverId": driver_id, "msgNo": 1})
        for screen in screens:
            missing = set(ids)
            while missing:
                missing.discard(screen.hear().get("driverId"))


def test_a_worker_that_dies_is_reported_and_started_again_while_others_serve(hub: Served) -> None:
    killed = workers(hub)[0]
    os.kill(killed, signal.SIGKILL)
    said = [ask(hub, "/readyz")]
    deadline = time.monotonic() + PATIENCE
    while "is being restarted" not in said[-1][1]:
        said.append(ask(hub, "/readyz"))
        assert time.monotonic() < deadline
    assert {status for status, _ in said} == {200}
    assert "degraded: worker 1 was killed by SIGKILL; it is being restarted\n" in said[-1][1]
    assert msgspec.json.decode(ask(hub, "/health")[1])["checks"]["live"]["status"] == "degraded"
    until(lambda: ask(hub, "/readyz") == (200, "ok\nappendfsync: everysec\n"))
    assert len(workers(hub)) == WORKERS and killed not in workers(hub)


def test_connections_that_a_worker_did_not_take_before_it_was_killed_are_answered(hub: Served) -> None:
    frozen = workers(hub)[0]
    os.kill(frozen, signal.SIGSTOP)
    with ExitStack() as waiting:
        late = [waiting.enter_context(Raw(hub.address)) for _ in range(2 * WORKERS)]
        for client in late:
            client.send(handshake())
        time.sleep(0.1)
        os.kill(frozen, signal.SIGKILL)
        assert [client.response().status for client in late] == [101] * len(late)


def test_a_screen_goes_on_at_another_worker_without_starting_again(hub: Served) -> None:
    subscribe = {"type": "subscribe", "id": "s", "all": True}
    with Peer(hub.address, FULL) as screen:
        screen.say(subscribe)
        while (synced := screen.hear())["type"] != "synced":
            pass
        hub.process.send_signal(signal.SIGHUP)
        while screen.hear()["type"] != "bye":
            pass
        with Peer(hub.address, FULL) as driver:
            driver.say({"latitude": 1, "longitude": 2, "driverId": "meanwhile", "msgNo": 1})
            while driver.hear() != {"type": "ack", "msgNo": 1}:
                pass
        assert screen.closed() == (1012, "restart")
    with Peer(hub.address, FULL) as screen:
        screen.say(subscribe | {"since": {"resume": synced["resume"]}})
        answers = [screen.hear() for _ in range(2)]
        assert [answer.get("reset") for answer in answers if answer["type"] == "subscribed"] == [False]
        assert [answer["driverId"] for answer in answers if answer["type"] == "location"] == ["meanwhile"]


async def test_no_position_and_no_connection_is_lost_while_workers_are_replaced(hub: Served) -> None:
    async with driven(hub):
        before, answered = workers(hub), 0
        hub.process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(PATIENCE):
            while set(before) & set(workers(hub)):
                answered += await asyncio.to_thread(knock, hub)
        assert answered > WORKERS
    assert len(workers(hub)) == WORKERS


async def test_no_acked_position_is_lost_when_workers_are_killed(hub: Served) -> None:
    async with driven(hub):
        for place in range(WORKERS):
            os.kill(workers(hub)[place], signal.SIGKILL)
            async with asyncio.timeout(PATIENCE):
                while len(workers(hub)) < WORKERS:  # noqa: ASYNC110 - processes have no event
                    await asyncio.sleep(0.05)


def test_a_worker_that_has_come_back_gets_new_connections_first(hub: Served) -> None:
    with ExitStack() as open_sockets:

        def connect(count: int) -> None:
            for _ in range(count):
                open_sockets.enter_context(Peer(hub.address, FULL))

        connect(10 * WORKERS)
        killed = workers(hub)[0]
        os.kill(killed, signal.SIGKILL)
        until(lambda: killed not in workers(hub) and ask(hub, "/readyz") == (200, "ok\nappendfsync: everysec\n"))
        # Those of the killed one are closed.
        until(lambda: sorted(loads(hub))[1:] == [10.0] * (WORKERS - 1) and min(loads(hub)) <= 1)
        connect(10)
        # The connection that asks is one of them.
        until(lambda: max(loads(hub)) - min(loads(hub)) <= 1 and sum(loads(hub)) == 10 * WORKERS + 1)


def test_it_ends_with_all_workers_and_tells_clients_to_come_back(settings: Settings) -> None:
    with served(msgspec.structs.replace(settings, workers=WORKERS)) as hub:
        watching, pids = Peer(hub.address, FULL), workers(hub)
        assert len(pids) == WORKERS
        hub.process.send_signal(signal.SIGTERM)
        while watching.hear()["type"] != "bye":
            pass
        assert watching.closed() == (1012, "restart")
        assert hub.process.wait(PATIENCE) == 0
        assert not [pid for pid in pids if "hub.workers" in command_of(pid)]


def test_workers_end_when_the_parent_is_killed(running: Served) -> None:
    pids = workers(running)
    running.kill()
    until(lambda: not [pid for pid in pids if "hub.workers" in command_of(pid)])


def knock(hub: Served) -> int:
    """Open new connections, for a request and for a socket, and get their answers; returns their number."""
    status, _ = ask(hub, "/api/v1/drivers")
    assert status == 200
    with Raw(hub.address) as late:
        time.sleep(0.02)  # the request comes after the connection
        late.send(handshake())
        assert late.response().status == 101
    return 2


@contextlib.asynccontextmanager
async def driven(hub: Served) -> AsyncIterator[None]:
    """Drivers that send all the while. At the end all was acked, and PostgreSQL has each point once."""
    enough, name = asyncio.Event(), token_hex(4)
    drivers = [asyncio.create_task(drive(hub.url, name, number, enough)) for number in range(4 * WORKERS)]
    await asyncio.sleep(0.5)
    yield
    enough.set()
    sent = sum(await asyncio.wait_for(asyncio.gather(*drivers), PATIENCE))
    async with asyncio.timeout(PATIENCE):
        while (stored := await rows_of(hub, name)) < sent:  # noqa: ASYNC110 - it is in another process
            await asyncio.sleep(0.1)
    assert stored == sent


async def rows_of(hub: Served, name: str) -> int:
    """Rows in PostgreSQL of drivers whose names begin with ``name``, each of another driver or instant."""
    connection = await asyncpg.connect(hub.settings.database_url)
    try:
        query = "SELECT count(*), count(DISTINCT (driver_id, recorded_at)) FROM positions WHERE driver_id LIKE $1"
        rows, distinct = await connection.fetchrow(query, f"{name}-%")
    finally:
        await connection.close()
    assert rows == distinct
    return int(rows)


async def drive(url: str, name: str, number: int, enough: asyncio.Event) -> int:
    """One driver; returns how many points it sent, once all of them are acked."""
    sent = 0
    async with DriverClient(url, f"{name}-{number}") as client:
        client.link._longest = 0.2
        while not enough.is_set():
            sent += 1
            await client.send(25.0, 55 + sent / 1000)
            await asyncio.sleep(0.02)
        await client.flush()
        assert client.rejected == 0
    return sent
