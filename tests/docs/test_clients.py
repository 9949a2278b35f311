"""docs/clients.md: its programs run, and its commands exist."""

from __future__ import annotations

import asyncio
import re
import shlex
import subprocess
import sys
import threading
from pathlib import Path

import click
import pytest

from clients.driver import DriverClient
from hub.cli.main import cli
from tests.support.hub_process import HubProcess
from tests.support.repository import ROOT

DOCUMENT = (ROOT / "docs/clients.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
COMMANDS = [
    line.split(" | ")[0]
    for block in re.findall(r"```console\n(.*?)```", DOCUMENT, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("hub ")
]

EXPECTED = [
    "1 durable, 0 waiting",
    r"van-lost latitude .*\n1000 durable, 1 refused",
    r"truck-1 25\.2048 55\.2708 13\.9",
    r"\d+ drivers within five kilometres\n(.*\n)*\d+ drivers within fifty",
]
"""What each program prints."""


def output_of(program: str, folder: Path, expected: str) -> str:
    """Output of a program until the expected text: a program that watches does not end."""
    child = subprocess.Popen(
        [sys.executable, "-u", "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    output = ""
    deadline = threading.Timer(60, child.kill)
    deadline.start()
    try:
        for line in child.stdout:
            output += line
            if re.search(expected, output):
                break
    finally:
        deadline.cancel()
        child.kill()
        child.communicate()
    return output


@pytest.mark.parametrize(("program", "expected"), list(zip(PROGRAMS, EXPECTED, strict=True)))
async def test_a_program_prints_the_expected_output(
    hub: HubProcess, tmp_path: Path, program: str, expected: str
) -> None:
    async with DriverClient(hub.url, "truck-1") as driver:
        await driver.send(25.2048, 55.2708, speed=13.9)
        await driver.flush()
    assert "ws://localhost:8080/ws" in program
    program = program.replace("ws://localhost:8080/ws", hub.url)
    assert re.search(expected, await asyncio.to_thread(output_of, program, tmp_path, expected))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_is_valid(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in re.findall(r"\S+\.(?:csv|gpx|kml|geojson|txt)", line):
        (tmp_path / name).touch()
    _, name, *arguments = shlex.split(line)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    command.make_context(name, arguments)


def test_there_is_something_to_test() -> None:
    assert len(PROGRAMS) == 4 and len(COMMANDS) > 6
