"""Real servers for the tests: one Valkey and one PostgreSQL per pytest process, a clean state per test.

Their modules are imported by the fixtures: the tests of the core need none of them.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Images of Python set PYTHONDONTWRITEBYTECODE. Without compiled modules each process of pytest rewrites the assertions
# of all files and of hypothesis, half of its collection, and each hub that a test starts compiles itself.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from hub.settings import Settings  # noqa: E402
from tests.support import laws  # noqa: E402

if TYPE_CHECKING:
    from hub.embedded.services import Services
    from tests.support.databases import TestDatabase


LONG_FIRST = (
    "edge/documents/test_schema", "web/test_live_map", "web/test_manage", "web/test_units", "web/test_fences",
    "web/test_panel", "web/test_recovery", "web/test_rules", "web/test_reports", "web/test_share", "web",
    "fault/processes", "fault/peers", "clients/js/test_package", "clients/test_driver", "clients", "edge/documents",
    "fault", "backup", "embedded", "recorder",
)  # fmt: skip
"""Beginnings of paths in ``tests``, by their processor time. pytest-xdist gives whole files to processes: a long one
must not be last. The files of the web stay together, since they share a browser and hubs, and so do those of the
clients: a hub that waits for nothing still takes a fiftieth of a core."""

ALONE = ("tests/core", "tests/wire")
"""Folders whose tests have nothing to wait for: to start more processes costs more than it saves."""

PROCESSES = 3

laws.use()

# Collection makes a million objects that stay. Looking through them for garbage is a quarter of its processor time.
gc.disable()

# Under `nohup … &` SIGINT is ignored. A child inherits that, and tests would wait for children that they interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """A test that configured logging, by a command for instance, leaves nothing of it to the next. A fixture for all
    tests would cost a tenth of the time of a short one."""
    if structlog := sys.modules.get("structlog"):
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The servers of this pytest process. Tests that stop or freeze a server start their own with ``running``."""
    from hub.embedded.services import running

    with asyncio.Runner() as runner:
        context = running(Settings(data_dir=tmp_path_factory.mktemp("services"), redis_appendfsync="everysec"))
        started = runner.run(context.__aenter__())
        try:
            yield started
        finally:
            runner.run(context.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def template(services: Services) -> str:
    """Name of a database with the schema, to be copied for each test."""
    from tests.support.databases import TEMPLATE

    asyncio.run(make_template(services.settings.database_url))
    return TEMPLATE


async def make_template(url: str) -> None:
    import asyncpg

    from hub.stores.postgres.migrate import migrate
    from tests.support.databases import TEMPLATE, of_database

    connection = await asyncpg.connect(url)
    try:
        # What the tests write is thrown away; production keeps both on.
        await connection.execute("ALTER SYSTEM SET fsync = off")
        await connection.execute("ALTER SYSTEM SET full_page_writes = off")
        await connection.execute("SELECT pg_reload_conf()")
        await connection.execute(f"CREATE DATABASE {TEMPLATE}")
    finally:
        await connection.close()
    await migrate(of_database(url, TEMPLATE))


@pytest.fixture
def redis_url(services: Services) -> str:
    """An empty Valkey."""
    import redis

    with redis.Redis.from_url(services.settings.redis_url) as client:
        client.flushall()
    return services.settings.redis_url


@pytest.fixture(scope="session")
def empty_database(services: Services, template: str) -> TestDatabase:
    from tests.support.databases import TestDatabase

    return TestDatabase(services.settings.database_url)


@pytest.fixture
async def database_url(empty_database: TestDatabase) -> AsyncIterator[str]:
    """A database with the schema and no rows."""
    await empty_database.ready()
    yield empty_database.url
    await empty_database.release()


@pytest.fixture
def settings(redis_url: str, database_url: str, tmp_path: Path) -> Settings:
    """Settings of a hub on the test's servers, with a port that the system chooses."""
    return Settings(
        port=0, data_dir=tmp_path, redis_url=redis_url, database_url=database_url, redis_appendfsync="everysec"
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Processes for ``-n auto``, the default. One file is never divided."""
    paths = [(config.invocation_params.dir / name.partition("::")[0]).resolve() for name in config.args]
    alone = [config.rootpath / folder for folder in ALONE]
    if (len(paths) == 1 and paths[0].is_file()) or all(any(map(path.is_relative_to, alone)) for path in paths):
        return 0
    return PROCESSES


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files come first. Slow tests take longer than the time-out of the others."""
    places = {path: _place(path.relative_to(config.rootpath / "tests").as_posix()) for path in {i.path for i in items}}
    items.sort(key=lambda item: places[item.path])
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(3_600))


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Short ids for bytes, the same in every worker: compressed ones contain the time."""
    if not isinstance(val, bytes) or (len(val) <= 40 and val.isascii()):
        return None
    return f"{argname}-{len(val)}-bytes"


def _place(path: str) -> int:
    """Of a file of ``tests`` in ``LONG_FIRST``."""
    return next((place for place, long in enumerate(LONG_FIRST) if path.startswith(long)), len(LONG_FIRST))
