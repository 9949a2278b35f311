"""Redis or PostgreSQL is away when the hub starts: the hub says which, where, and what it does."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from hub.environment import environment
from hub.settings import Settings
from tests.cli.test_main import started
from tests.support.peers import Peer
from tests.support.running import free_port, served, until

SECRET_PART = "a-very-secret-word"


@contextmanager
def silent() -> Iterator[int]:
    """The port of a server that takes connections and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


def lines(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stderr is not None
    for line in process.stderr:
        assert SECRET_PART not in line
        if line.startswith("{"):
            yield json.loads(line)


def reports(process: subprocess.Popen[str], count: int) -> dict[str, dict[str, Any]]:
    """The first reports of servers that are not reached, by server."""
    found: dict[str, dict[str, Any]] = {}
    for line in lines(process):
        if line["action"] == "server_unreached":
            found[line["server"]] = line
            if len(found) == count:
                break
    return found


@pytest.mark.parametrize("kind", ["refused", "silent"])
def test_both_are_named_with_their_address_and_what_is_tried(settings: Settings, kind: str) -> None:
    with silent() as port:
        port = free_port() if kind == "refused" else port
        environ = environment(
            msgspec.structs.replace(
                settings,
                redis_url=f"redis://:{SECRET_PART}@127.0.0.1:{port}/0",
                database_url=f"postgresql://hub:{SECRET_PART}@127.0.0.1:{port}/hub",
                log_format="json",
            )
        )
        with started("serve", **environ) as process:
            found = reports(process, 2)
        redis, postgres = found["Redis"], found["PostgreSQL"]
        assert {redis["level"], postgres["level"]} == {"warning"}
        assert redis["problem"].startswith(f"Redis at 127.0.0.1:{port} (HUB_REDIS_URL) is not reached: ")
        assert redis["problem"].endswith(
            "The hub tries again for 30 s and then ends, because it needs the latest positions."
        )
        assert postgres["problem"].startswith(f"PostgreSQL at 127.0.0.1:{port} (HUB_DATABASE_URL) is not reached: ")
        assert "The hub tries again every few seconds" in postgres["problem"]
        if kind == "silent":
            assert "no answer within 1 s" in postgres["problem"]


def test_the_hub_serves_without_postgresql_and_says_so_once(settings: Settings) -> None:
    away = msgspec.structs.replace(settings, database_url=f"postgresql://127.0.0.1:{free_port()}/hub")
    with served(away) as hub, Peer(hub.address) as peer:
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
        until(lambda: hub.log.read_text().count("recorder_retrying") >= 3)
        said = hub.log.read_text()
    assert said.count("server_unreached") == 1
    assert "server_reached" not in said


@pytest.mark.thorough
def test_servers_that_answer_are_not_mentioned(settings: Settings) -> None:
    with served(settings) as hub:
        until(lambda: "recorder_started" in hub.log.read_text())
        assert "server_" not in hub.log.read_text()


@pytest.mark.parametrize(
    ("variable", "url", "message"),
    [
        ("HUB_REDIS_URL", "http://127.0.0.1:6379", "must begin with redis://, rediss://, redis+sentinel://, "),
        ("HUB_REDIS_URL", "127.0.0.1:6379", "must begin with redis://, rediss://, redis+sentinel://, "),
        ("HUB_REDIS_URL", "redis:127.0.0.1", "must begin with redis://, rediss://, redis+sentinel://, "),
        ("HUB_REDIS_URL", f"redis://:a/{SECRET_PART}@h", "host and port cannot be read"),
        ("HUB_REDIS_URL", f"redis://:[{SECRET_PART}]@h", "host and port cannot be read"),
        (
            "HUB_DATABASE_URL",
            f"mysql://hub:{SECRET_PART}@127.0.0.1/hub",
            "must begin with postgresql:// or postgres://",
        ),
        ("HUB_DATABASE_URL", "host=127.0.0.1 dbname=hub", "must begin with postgresql:// or postgres://"),
        ("HUB_DATABASE_URL", f"postgresql://hub:1#{SECRET_PART}@h/hub", "host and port cannot be read"),
        ("HUB_DATABASE_URL", "postgresql://h:port/hub", "host and port cannot be read"),
    ],
)
@pytest.mark.parametrize("command", ["serve", pytest.param("migrate", marks=pytest.mark.thorough)])
def test_a_wrong_url_is_one_line_without_the_url(command: str, variable: str, url: str, message: str) -> None:
    with started(command, **{variable: url}) as process:
        said, wrong = process.communicate()
    assert (process.returncode, said) == (3, "")
    assert wrong.startswith(f"hub: {variable}: {message}")
    assert wrong.count("\n") == 1 and SECRET_PART not in wrong


@pytest.mark.parametrize(
    "url",
    [
        "redis://127.0.0.1:1/0?foo=bar",
        "redis://127.0.0.1:1/0?max_connections=x",
        "redis+sentinel://127.0.0.1:1",
        "redis+sentinel://127.0.0.1:1/mymaster?foo=bar",
    ],
)
def test_a_wrong_option_of_redis_is_one_line(settings: Settings, url: str) -> None:
    environ = environment(msgspec.structs.replace(settings, redis_url=url, log_level="error"))
    with started("serve", **environ) as process:
        said, wrong = process.communicate()
    assert (process.returncode, said) == (3, "")
    assert [line for line in wrong.splitlines() if line.startswith("hub: HUB_REDIS_URL is not valid: ")]
    assert "Traceback" not in wrong
