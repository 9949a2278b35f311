"""A standby answers requests for history; the primary does while the standby is behind, frozen, or gone."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from hub.edge.ops import health
from hub.settings import Settings
from hub.stores.postgres.connection import connect, hosts_of
from hub.stores.postgres.migrate import migrate
from hub.stores.postgres.pool import Pool
from hub.stores.postgres.replica import Replica, ReplicaUnusable
from tests.fault.database.test_postgres_gone import frozen
from tests.support.api.calls import Answer, call, get
from tests.support.running import Edge, edge, until
from tests.support.standby import Server, pair

DAY = "2026-10-05"
TRIPS = f"/api/v1/trips?from={DAY}T00:00:00Z&to={DAY}T12:00:00Z&limit=500"
DRIVER = "/api/v1/drivers/d"

SLEEPS = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND wait_event = 'PgSleep')
"""

ADD = f"""
INSERT INTO trips (id, started_at, ended_at, counted_to, latitude, longitude, end_latitude, end_longitude, distance,
    moving_time, max_speed, points, fleet, driver_id, path)
SELECT gen_random_uuid(), at, at + interval '1 min', at + interval '1 min', 1, 2, 3, 4, 6000, 540, 20, 60,
    'default', 'd', '_p~iF~ps|U'
FROM (SELECT timestamptz '{DAY} 00:00:00Z' + count(*) * interval '1 min' FROM trips) AS t (at)
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    # Replay gives way to no read: it cancels those that it conflicts with.
    with pair(tmp_path_factory.mktemp("pair"), of_standby=["max_standby_streaming_delay=0"]) as both:
        asyncio.run(migrate(both[0].url))
        yield both


@pytest.fixture
def hub(
    servers: tuple[Server, Server], redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Edge]:
    monkeypatch.setattr(health, "FRESH", 0.0)
    primary, standby = servers
    settings = Settings(
        port=0,
        data_dir=tmp_path,
        redis_url=redis_url,
        redis_appendfsync="everysec",
        database_url=primary.url,
        database_replica_url=standby.url,
        database_replica_lag=1.5,
    )
    with edge(settings) as running:
        until(lambda: by_replica(get(running, TRIPS)))
        yield running


def by_replica(answer: Answer) -> bool:
    assert answer.status == 200, answer
    return "x-as-of" in answer.headers


def told(hub: Edge) -> dict[str, object]:
    answer = get(hub, "/health").json["checks"]["database"]
    assert isinstance(answer, dict)
    return answer


def figure(hub: Edge, name: str) -> float:
    text = get(hub, "/metrics").body.decode()
    return sum(float(value) for value in re.findall(rf"^{re.escape(name)} (.*)$", text, re.MULTILINE))


def trips(hub: Edge) -> tuple[int, datetime | None]:
    """The number of trips, and as of when the standby has told it; None if the primary did."""
    answer = get(hub, TRIPS)
    as_of = datetime.fromisoformat(answer.headers["x-as-of"]) if by_replica(answer) else None
    return len(answer.json["trips"]), as_of


def test_the_standby_answers_and_says_as_of_when(servers: tuple[Server, Server], hub: Edge) -> None:
    count, first = trips(hub)
    assert first is not None
    for _ in range(3):
        before = datetime.now(UTC)
        servers[0].value(ADD)
        count += 1
        # An answer that is as of a time after a commit has what was committed.
        until(lambda: (found := trips(hub))[1] is not None and found[1] > before)  # noqa: B023
        assert trips(hub)[0] == count
    assert told(hub) == {"status": "ok"}
    assert figure(hub, "hub_replica_up") == 1 and figure(hub, "hub_replica_reads_total") > 3


def test_an_idle_primary_is_not_taken_for_a_lag(hub: Edge) -> None:
    """Nothing is committed for longer than the lag that is allowed."""
    _, began = trips(hub)
    assert began is not None
    while True:
        _, as_of = trips(hub)
        assert as_of is not None and as_of >= began
        if (as_of - began).total_seconds() > 3:
            return


def test_the_primary_answers_while_the_standby_is_behind(servers: tuple[Server, Server], hub: Edge) -> None:
    primary, standby = servers
    count = trips(hub)[0]
    standby.value("SELECT pg_wal_replay_pause()")
    try:
        primary.value(ADD)
        until(lambda: not by_replica(get(hub, TRIPS)))
        assert trips(hub) == (count + 1, None)
        state = told(hub)
        assert state["status"] == "degraded"
        assert re.fullmatch(
            r"\['the replica is \d+ s behind; the primary answers in its place'\]", str(state["details"])
        )
        assert get(hub, "/health").status == 200
        assert "degraded: the replica is" in get(hub, "/readyz").body.decode()
        assert figure(hub, "hub_replica_up") == 0 and figure(hub, "hub_replica_lag_seconds") > 1.5
        assert figure(hub, 'hub_replica_fallbacks_total{cause="lag"}') >= 1
    finally:
        standby.value("SELECT pg_wal_replay_resume()")
    until(lambda: by_replica(get(hub, TRIPS)))
    assert trips(hub)[0] == count + 1 and told(hub) == {"status": "ok"}


def test_an_erasure_is_seen_by_its_author_at_once(servers: tuple[Server, Server], hub: Edge) -> None:
    """Until the standby has it, the primary answers for this fleet: after the request, and after its end was told."""
    primary, standby = servers
    primary.value(ADD)
    standby.value("SELECT pg_wal_replay_pause()")
    try:
        assert by_replica(get(hub, TRIPS))
        asked = call(hub, "DELETE", f"{DRIVER}/history")
        assert asked.status == 202
        primary.value("DELETE FROM trips")
        assert trips(hub) == (0, None)
        assert figure(hub, 'hub_replica_fallbacks_total{cause="written"}') == 1
        standby.value("SELECT pg_wal_replay_resume()")
        until(lambda: by_replica(get(hub, TRIPS)))
        assert trips(hub)[0] == 0
        standby.value("SELECT pg_wal_replay_pause()")
        primary.value("UPDATE erasures SET finished_at = now()")
        assert by_replica(get(hub, TRIPS))
        assert get(hub, asked.headers["location"]).json["finishedAt"] is not None
        assert not by_replica(get(hub, TRIPS))
    finally:
        standby.value("SELECT pg_wal_replay_resume()")
    until(lambda: by_replica(get(hub, TRIPS)))


def test_a_frozen_standby_costs_seconds_and_no_answer(servers: tuple[Server, Server], hub: Edge) -> None:
    pid = servers[1].pid
    with frozen(pid):
        # The first request waits for the standby until the check has noticed.
        assert trips(hub)[1] is None
        until(
            lambda: (
                told(hub)["details"]
                == ["the replica does not answer: no answer in time; the primary answers in its place"]
            )
        )
        assert figure(hub, 'hub_replica_fallbacks_total{cause="away"}') >= 1
    until(lambda: by_replica(get(hub, TRIPS)))


def test_a_killed_standby_comes_back(servers: tuple[Server, Server], hub: Edge) -> None:
    servers[1].kill()
    try:
        for _ in range(20):
            assert trips(hub)[1] is None
        until(lambda: told(hub)["status"] == "degraded")
    finally:
        servers[1].start()
    until(lambda: by_replica(get(hub, TRIPS)))
    # Restarted beside an idle primary it has replayed no transaction, and yet lacks nothing.
    assert told(hub) == {"status": "ok"}


def test_the_standby_answers_while_the_primary_is_gone(servers: tuple[Server, Server], hub: Edge) -> None:
    with frozen(servers[0].pid):
        until(lambda: told(hub)["status"] == "unavailable")
        assert by_replica(get(hub, TRIPS))
    until(lambda: told(hub)["status"] == "ok")


@pytest.fixture
async def replica(servers: tuple[Server, Server], hub: Edge) -> Replica:
    """One that the test itself asks; the hub has made sure that the standby is current."""
    primary, standby = servers
    pool = Pool(primary.url, "test", connections=1, patience=5)
    await pool.open()
    made = Replica(standby.url, pool, connections=2, patience=5, most_lag=10)
    await made.pool.open()
    return made


async def test_a_read_that_replay_cancels_is_repeated(servers: tuple[Server, Server], replica: Replica) -> None:
    while replica.problem is not None:
        await replica.check()
    primary, standby = [await asyncpg.connect(server.url) for server in servers]
    with pytest.raises(ReplicaUnusable) as raised:
        async with replica.connection(float("-inf")) as connection, connection.transaction():
            await connection.fetchval("SELECT count(*) FROM trips")
            read = asyncio.create_task(connection.execute("SELECT pg_sleep(60)"))
            async with asyncio.timeout(30):
                while not await standby.fetchval(SLEEPS):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            await primary.execute("BEGIN; LOCK TABLE trips IN ACCESS EXCLUSIVE MODE; COMMIT")
            await read
    await primary.close()
    await standby.close()
    assert raised.value.cause == "conflict" and replica.fallbacks == {"conflict": 1}
    assert replica.problem is None
    assert replica.problems() == ["replay on the replica cancelled a read, which the primary answered"]
    async with replica.connection(float("-inf")) as connection:
        assert await connection.fetchval("SELECT 1") == 1
    await replica.pool.close()


async def test_a_server_that_is_no_standby_of_the_primary_is_not_asked(
    servers: tuple[Server, Server], replica: Replica, database_url: str
) -> None:
    await replica.pool.close()
    pool = Pool(servers[0].url, "test", connections=1, patience=5)
    await pool.open()
    for url, problem in (
        (servers[0].url, "the server of HUB_DATABASE_REPLICA_URL is not a standby"),
        (database_url, "the server of HUB_DATABASE_REPLICA_URL belongs to another primary"),
    ):
        other = Replica(url, pool, connections=1, patience=5, most_lag=10)
        await other.check()
        assert other.problem == problem
        with pytest.raises(ReplicaUnusable):
            async with other.connection(float("-inf")):
                pass
    await pool.close()


async def test_the_host_that_accepts_writes_is_found_beside_a_frozen_one(servers: tuple[Server, Server]) -> None:
    """In less than the time that the connection has for all hosts."""
    primary, standby = servers
    began = asyncio.get_running_loop().time()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        places = f"127.0.0.1:{silent.getsockname()[1]},{standby.place},{primary.place}"
        url = f"postgresql://hub@{places}/hub?target_session_attrs=read-write"
        connection = await connect(url, role="test", patience=30)
        try:
            assert not await connection.fetchval("SELECT pg_is_in_recovery()")
        finally:
            await connection.close()
        assert asyncio.get_running_loop().time() - began < 30
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            await connect(f"{standby.url}?target_session_attrs=read-write", role="test", patience=30)
        both = f"postgresql://hub@{standby.place},{standby.place}/hub?target_session_attrs=read-write"
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
            await connect(both, role="test", patience=30)
        assert hosts_of(url) == [
            f"postgresql://hub@{place}/hub?target_session_attrs=read-write" for place in places.split(",")
        ]
    assert hosts_of("postgresql://a,b/hub?target_session_attrs=prefer-standby") == [
        "postgresql://a,b/hub?target_session_attrs=prefer-standby"
    ]


def test_a_killed_standby_is_noticed_by_a_read(servers: tuple[Server, Server], hub: Edge) -> None:
    """Without waiting for a check."""
    before = figure(hub, 'hub_replica_fallbacks_total{cause="away"}')
    servers[1].signal(signal.SIGKILL)
    try:
        assert trips(hub)[1] is None
        assert figure(hub, 'hub_replica_fallbacks_total{cause="away"}') == before + 1
    finally:
        servers[1].kill()
        servers[1].start()
    until(lambda: by_replica(get(hub, TRIPS)))
