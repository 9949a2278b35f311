"""A hub opens what released versions left behind: it brings the database up to date, and stores the rest of the log.

``tests/stores/postgres/upgrade`` has a folder for each version, written by that version.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import redis

from hub.embedded.services import Services
from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import call, get, post
from tests.support.databases import of_database
from tests.support.hub_process import HubProcess
from tests.support.running import until

FOLDER = Path(__file__).parent / "upgrade"
VERSIONS = sorted(path.name for path in FOLDER.iterdir() if (path / "database.sql").exists())

ADMIN = {"role": "admin", "fleet": "default"}
JSON = {"content-type": "application/json"}
DAY = "from=2026-10-30T00:00:00Z&to=2026-10-31T00:00:00Z"

STORED, UNREAD = 90, 4
"""Positions in the database, and those that only the log has."""


async def load_database(url: str, name: str, statements: str) -> None:
    server = await asyncpg.connect(url)
    try:
        await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.execute(f"CREATE DATABASE {name}")
    finally:
        await server.close()
    connection = await asyncpg.connect(of_database(url, name))
    try:
        await connection.execute(statements)
        # The version wrote these some time ago.
        await connection.execute("UPDATE public.shares SET expires_at = now() + interval '1 hour'")
        await connection.execute("UPDATE public.sessions SET expires_at = now() + interval '1 hour'")
    finally:
        await connection.close()


def load_keys(url: str, lines: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushall()
        for line in lines.splitlines():
            key, kind, value = json.loads(line).values()
            match kind:
                case "stream":
                    for entry_id, fields in value:
                        client.xadd(key, fields, id=entry_id)
                case "hash":
                    client.hset(key, mapping=value)
                case "set":
                    client.sadd(key, *value)
                case "zset":
                    client.zadd(key, dict(value))
                case _:
                    client.set(key, value)


@pytest.fixture(scope="module", params=VERSIONS)
def opened(
    request: pytest.FixtureRequest, services: Services, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[HubProcess, dict[str, str]]]:
    """A hub of the current version on the data of an older one, and the credentials that the older one issued."""
    version = FOLDER / request.param
    name = f"upgrade_{request.param.replace('.', '_')}"
    asyncio.run(load_database(services.settings.database_url, name, (version / "database.sql").read_text()))
    load_keys(services.settings.redis_url, (version / "keys.json").read_text())
    folder = tmp_path_factory.mktemp("upgrade")
    hub = HubProcess(
        Settings(
            port=0,
            data_dir=folder,
            redis_url=services.settings.redis_url,
            database_url=of_database(services.settings.database_url, name),
            jwt_secret=SECRET,
        ),
        folder,
    )
    hub.start()
    yield hub, json.loads((version / "credentials.json").read_text())
    hub.stop()


def ask(hub: HubProcess, path: str) -> Any:
    """The answer to an admin, once the tables are there."""
    until(lambda: get(hub, f"/api/v1/{path}", token(**ADMIN)).status == 200)
    return get(hub, f"/api/v1/{path}", token(**ADMIN)).json


def track(hub: HubProcess) -> list[dict[str, Any]]:
    positions = ask(hub, f"drivers/truck-1/track?{DAY}")["positions"]
    assert isinstance(positions, list)
    return positions


def test_there_is_a_released_version() -> None:
    assert VERSIONS


def test_latest_positions_are_shown_at_once(opened: tuple[HubProcess, dict[str, str]]) -> None:
    hub, _ = opened
    latest = {driver["driverId"]: driver["position"] for driver in ask(hub, "drivers")["drivers"]}
    assert set(latest) == {"truck-1", "truck-2"}
    assert (latest["truck-1"]["longitude"], latest["truck-1"]["recordedAt"]) == (55.33, "2026-10-30T08:16:02Z")


def test_the_rest_of_the_log_is_stored_once(opened: tuple[HubProcess, dict[str, str]]) -> None:
    hub, _ = opened
    until(lambda: len(track(hub)) >= STORED + UNREAD - 1)
    positions = track(hub)
    assert len(positions) == len({position["recordedAt"] for position in positions}) == STORED + UNREAD - 1
    assert {json.dumps(position["attributes"], sort_keys=True) for position in positions} == {
        json.dumps({"note": "ä\0", "satellites": 9})
    }
    assert len(ask(hub, f"drivers/truck-2/track?{DAY}")["positions"]) == 1


def test_trips_are_kept_and_go_on(opened: tuple[HubProcess, dict[str, str]]) -> None:
    hub, _ = opened
    trips = ask(hub, f"drivers/truck-1/trips?{DAY}")["trips"]
    assert [(trip["startedAt"], trip["endedAt"]) for trip in trips] == [
        ("2026-10-30T08:00:00Z", "2026-10-30T08:05:00Z")
    ]
    days = ask(hub, "analytics/daily?from=2026-10-30&to=2026-10-30&driverId=truck-1")["days"]
    assert [day["trips"] for day in days] == [1]
    late = {"driverId": "truck-1", "latitude": 25.2, "longitude": 55.271, "recordedAt": "2026-10-30T08:00:05Z"}
    assert post(hub, "/api/v1/location", [late], token(role="gateway", fleet="default")).json["accepted"] == 1
    until(lambda: ask(hub, f"drivers/truck-1/trips?{DAY}")["trips"][0]["points"] > trips[0]["points"])


def test_the_registry_can_be_edited(opened: tuple[HubProcess, dict[str, str]]) -> None:
    hub, _ = opened
    assert ask(hub, "fleet/vehicles/van-1")["driverId"] == "truck-1"
    span = "from=2026-11-26T00:00:00Z&to=2026-11-27T00:00:00Z"
    (assignment,) = ask(hub, f"vehicles/van-1/assignments?{span}")["assignments"]
    assert (assignment["driverId"], assignment["since"][:19]) == ("truck-1", "2026-11-26T17:36:33")
    before = ask(hub, "fleet/drivers/truck-1")
    assert (before["name"], before["version"]) == ("Truck One", 1)
    headers = {**JSON, "if-match": '"1"'}
    changed = call(hub, "PATCH", "/api/v1/fleet/drivers/truck-1", {"name": "One"}, headers, token(**ADMIN))
    assert (changed.status, changed.json["version"]) == (200, 2)


def test_credentials_still_work(opened: tuple[HubProcess, dict[str, str]]) -> None:
    hub, issued = opened
    ask(hub, "users")
    login = {"username": "desk", "password": issued["password"]}
    assert post(hub, "/api/v1/auth/token", login, **JSON).status == 200
    assert post(hub, "/api/v1/auth/refresh", {"refreshToken": issued["refresh"]}, **JSON).status == 200
    assert get(hub, f"/api/v1/share/{issued['share']}").json["label"] == "Your delivery"
    assert call(hub, "POST", f"/t/{issued['phone']}?lat=25.21&lon=55.34").status == 200
