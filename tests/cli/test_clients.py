"""Commands that connect to a hub: their words for a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from click.testing import CliRunner, Result

from hub.cli.clients import no_answer
from hub.cli.main import cli
from hub.embedded.services import Services
from tests.cli.test_main import no_settings
from tests.support.api.fleets import GATEWAY, hub_with
from tests.support.running import Edge

__all__ = ["no_settings"]  # an autouse fixture


@pytest.fixture(scope="module")
def running(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "cli_clients") as edge:
        yield edge


def command(*arguments: str, **environ: str) -> Result:
    return CliRunner().invoke(cli, arguments, env=environ)


@pytest.mark.parametrize("token", ["", "rubbish"])
def test_an_answer_of_401_names_hub_token(running: Edge, tmp_path: Path, token: str) -> None:
    track = tmp_path / "track.csv"
    track.write_text("time,latitude,longitude\n2026-11-01T00:00:00Z,1,2\n")
    environ = {"HUB_TOKEN": token} if token else {}
    payload = "00000000-0000-0000-0000-000000000000"
    http = running.url.replace("ws", "http", 1).removesuffix("/ws")
    for arguments in (
        ("watch", running.url),
        ("simulate", running.url, "--trucks", "1"),
        ("replay", str(track), "--url", running.url),
        ("quarantine", "send", payload, "--url", http),
    ):
        result = command(*arguments, **environ)
        assert result.exit_code != 0
        last = result.output.splitlines()[-1]
        assert "401: " in last and "set HUB_TOKEN, or use --token; `hub key add` makes an API key" in last
        assert "{" not in last  # words, not the JSON of the answer


def test_another_refusal_does_not(running: Edge) -> None:
    result = command("watch", running.url, HUB_TOKEN=GATEWAY)
    assert result.exit_code == 3
    assert "forbidden" in result.output and "HUB_TOKEN" not in result.output


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (URLError(ConnectionRefusedError(111, "Connection refused")), "connection refused. Is `hub serve` running?"),
        (URLError(OSError(113, "No route to host")), "No route to host"),
        (URLError("unknown url type: x"), "unknown url type: x"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_no_answer_is_said_in_words(error: Exception, words: str) -> None:
    assert no_answer("http://hub", error).message == f"no answer from http://hub: {words}"
