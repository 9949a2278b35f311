"""The command line, run as a process and in this one."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner, Result

from hub.cli import clients as cli_clients
from hub.cli.main import cli
from hub.core.principal import Role
from hub.embedded.services import Services
from hub.identity.tokens import authenticate
from hub.settings import Settings
from tests.support.databases import of_database

PATIENCE = 60
"""Seconds until a test gives up on a busy machine."""

SECRET = "a secret of at least thirty-two bytes"
COMMANDS = [
    "serve",
    "demo",
    "notify",
    "record",
    "simulate",
    "replay",
    "watch",
    "listen",
    "bench",
    "capacity",
    "migrate",
    "backup",
    "restore",
    "token",
    "key",
    "driver",
    "eta",
    "user",
    "report",
    "quarantine",
    "audit",
    "dead-letters",
    "nodes",
    "trace",
    "config",
]
SLOW_IMPORTS = ["asyncpg", "redis", "rich", "starlette", "structlog", "uvicorn", "uvloop", "websockets", "jwt"]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The developer's own settings do not count here."""
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)


def hub(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environ)


@contextmanager
def started(*arguments: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """``hub`` as a process; killed at the end where the test has not stopped it."""
    command = [sys.executable, "-m", "hub", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environ}
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line_with(process: subprocess.Popen[str], text: str) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if text in line:
            return line
    raise AssertionError(f"the process ended: {process.communicate()[1]}")


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_help_lists_every_command_and_imports_nothing_slow() -> None:
    code = f"""
import sys
from hub.cli import clients
from hub.cli import clients as cli_clients
from hub.cli.main import cli
from hub.core.principal import Role
cli(["--help"], standalone_mode=False)
print([name for name in {SLOW_IMPORTS} if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert [line.split()[0] for line in said.split("Commands:\n")[1].splitlines() if line.startswith("  ")] == COMMANDS
    assert "..." not in said.split("Commands:")[1]  # each has a short description that fits
    assert said.splitlines()[-1] == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    result = hub(command, "--help")
    assert result.exit_code == 0
    assert f"Usage: cli {command}" in result.output


@pytest.mark.parametrize(
    ("url", "socket", "base"),
    [
        (None, "ws://127.0.0.1:8080/ws", "http://127.0.0.1:8080"),
        ("http://localhost:81", "ws://localhost:81/ws", "http://localhost:81"),
        ("ws://[::1]:81/ws", "ws://[::1]:81/ws", "http://[::1]:81"),
        ("https://hub.example/", "wss://hub.example/ws", "https://hub.example"),
        ("wss://hub.example/fleet/ws", "wss://hub.example/fleet/ws", "https://hub.example/fleet"),
        ("ws://a/ws?subscribe=none", "ws://a/ws?subscribe=none", "http://a"),
    ],
)
def test_the_url_of_a_hub_may_be_that_of_its_page_or_of_its_socket(url: str | None, socket: str, base: str) -> None:
    assert cli_clients.target(url, "t", None, "admin") == (socket, base, "t")


def test_a_token_of_the_named_fleet_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_JWT_SECRET", SECRET)
    for fleet, expected in ((None, "default"), ("north", "north")):
        signed = cli_clients.target(None, None, fleet, "gateway").token
        assert signed is not None
        principal = authenticate(Settings(jwt_secret=SECRET), signed)
        assert (principal.fleet, principal.role) == (expected, Role.GATEWAY)


@pytest.mark.parametrize("command", ["simulate", "replay", "watch"])
def test_commands_that_talk_to_a_hub_name_it_by_the_same_options(command: str) -> None:
    said = hub(command, "--help").output
    assert all(f"--{name} " in said for name in ("url", "token", "fleet"))


def test_without_a_command_it_serves() -> None:
    result = hub("--port", "70000")
    assert result.exit_code == 2
    assert "Usage: cli serve" in result.output
    assert "70000 is not in the range" in result.output


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "message"),
    [
        (["sevre"], {}, 2, "No such command 'sevre'"),
        (["config"], {"HUB_PROT": "1"}, 3, "hub: HUB_PROT: unknown setting; `hub config` lists all settings"),
        (["serve", "--host", "0.0.0.0"], {}, 3, "hub: HUB_HOST: 0.0.0.0 is reachable from other machines and HUB_JWT"),
        (["migrate"], {"HUB_DATABASE_URL": "postgresql://hub@127.0.0.1:1/x"}, 3, "hub: HUB_DATABASE_URL: the database"),
        (["token", "--role", "admin", "--fleet", "f"], {}, 3, "hub: HUB_JWT_SECRET is not set: without it the hub has"),
        (["watch", "--bbox", "1,2,3"], {}, 2, "Invalid value for '--bbox': must be numbers: west,south"),
        (["watch", "--driver", "a", "--near", "1,2,3"], {}, 2, "--driver, --bbox and --near cannot be combined"),
        (["simulate", "--factor", "99"], {}, 2, "factor: must be more than 0 and at most 10"),
        (["replay", __file__, "--driver", "a b"], {}, 2, "Invalid value for --driver: must be 1 to 64 letters, digits"),
        (["replay", __file__, "--columns", "time"], {}, 2, "Invalid value for --columns: 'time' must be a field and a"),
        (["watch", "localhost:8080"], {}, 2, "Invalid value for --url: localhost:8080 must begin with"),
        (["watch", "ws://a/ws", "--url", "ws://a/ws"], {}, 2, "the URL is given twice: as an argument and with --url"),
        (["simulate", "--fleet", "f"], {}, 2, "--fleet is for tokens signed with HUB_JWT_SECRET: a hub without a"),
        (["simulate", "--fleet", "a b"], {}, 2, "Invalid value for --fleet: must be 1 to 64 letters"),
        (
            ["watch", "--fleet", "f"],
            {"HUB_TOKEN": "t"},
            2,
            "--fleet is for tokens signed with HUB_JWT_SECRET: the token names",
        ),
        (["replay", "nothing.csv"], {}, 2, "Invalid value for 'FILES...': File 'nothing.csv' does not exist"),
    ],
)
def test_an_error_is_reported_in_one_line(
    arguments: list[str], environ: dict[str, str], code: int, message: str
) -> None:
    result = hub(*arguments, **environ)
    assert result.exit_code == code
    assert result.output.splitlines()[-1].removeprefix("Error: ").startswith(message)
    assert code == 2 or len(result.output.splitlines()) == 1


def test_a_port_in_use_is_reported_before_services_start(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = hub("serve", "--port", str(port), "--data-dir", str(tmp_path / "hub"))
    assert result.exit_code == 3
    assert result.output == f"hub: cannot listen on 127.0.0.1:{port}: Address already in use\n"
    assert not (tmp_path / "hub").exists()


def test_config_prints_each_value_and_its_source(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    result = hub("config", HUB_PORT="9000", HUB_JWT_SECRET_FILE=str(secret))
    lines = result.output.splitlines()
    assert "HUB_PORT=9000  # from HUB_PORT" in lines
    assert "HUB_JWT_SECRET=********  # from HUB_JWT_SECRET_FILE" in lines
    assert "HUB_HOST=127.0.0.1" in lines
    assert len(lines) == len(Settings.__struct_fields__)


def test_the_options_of_bench_name_its_parts_and_peers() -> None:
    from clients.bench.run import PARTS, PEERS

    assert set(PARTS) == set(cli_clients.BENCH_PARTS)
    assert set(PEERS) == set(cli_clients.BENCH_PEERS)


async def test_migrate_prints_its_steps(services: Services) -> None:
    connection = await asyncpg.connect(services.settings.database_url)
    await connection.execute("CREATE DATABASE to_migrate")
    await connection.close()
    environ = {"HUB_DATABASE_URL": of_database(services.settings.database_url, "to_migrate")}
    await asyncio.to_thread(migrate_twice, environ)


def migrate_twice(environ: dict[str, str]) -> None:
    with started("migrate", **environ) as first:
        assert first.communicate()[0] == "schema\n"
    with started("migrate", **environ) as second:
        assert second.communicate()[0] == "nothing to do\n"


def test_serve_starts_everything_and_stops_it_on_sigterm(tmp_path: Path) -> None:
    with started("--port", "0", "--data-dir", str(tmp_path), HUB_LOG_FORMAT="json") as process:
        url = line_with(process, "The hub listens on ").split()[-1]
        assert get(f"{url}/livez")[0] == 200
        deadline = time.monotonic() + PATIENCE
        while get(f"{url}/readyz") != (200, "ok\nappendfsync: always\n"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    lines = [json.loads(line) for line in said.splitlines()]
    for action in ("service_started", "service_stopped"):
        assert {line["service"] for line in lines if line["action"] == action} == {
            "valkey",
            "postgresql",
            "recorder",
            "notifier",
        }
    assert not list((tmp_path / "run").iterdir())


@pytest.mark.thorough
@pytest.mark.parametrize("secret", ["", SECRET])
def test_the_demo_prints_what_to_try_and_its_trucks_move(tmp_path: Path, secret: str) -> None:
    environ = {"HUB_JWT_SECRET": secret} if secret else {}
    with started("demo", "--trucks", "5", "--port", "0", "--data-dir", str(tmp_path), **environ) as process:
        url = line_with(process, "hub watch").split()[-1]
        with started("watch", url, **environ) as watch:
            seen: set[str] = set()
            while len(seen) < 5:
                seen.add(json.loads(line_with(watch, '"location"'))["driverId"])
        assert line_with(process, "fences and").startswith("4 fences and 2 rules")
        assert "hub listen --secret whsec_" in line_with(process, "hub listen")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
        # On a busy machine PostgreSQL takes longer to start than the hub waits with this warning.
        said = [line for line in said.splitlines() if '"access_stale"' not in line]
        assert (process.returncode, said) == (0, [])
