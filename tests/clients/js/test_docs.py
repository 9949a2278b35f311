"""The JavaScript programs of docs/clients.md and of the package's README run, with the packed client."""

from __future__ import annotations

import asyncio
import re

import pytest

from clients.driver import DriverClient
from tests.clients.js.programs import Program, Project
from tests.support.hub_process import HubProcess
from tests.support.node import node
from tests.support.repository import ROOT

PROGRAMS = [
    *re.findall(r"```js\n(.*?)```", (ROOT / "docs/clients.md").read_text(), re.DOTALL),
    *re.findall(r"```js\n(.*?)```", (ROOT / "clients/js/README.md").read_text(), re.DOTALL),
]

EXPECTED = [
    r"1 durable, 0 waiting",
    r"(.*\n)*truck-1 25\.2048 55\.2708 13\.9\n(.*\n)*\d+ drivers",
    r"(.*\n)*truck-1 25\.2048 55\.2708",
]
"""What each program prints."""


@pytest.mark.parametrize(("source", "expected"), list(zip(PROGRAMS, EXPECTED, strict=True)))
async def test_a_program_prints_the_expected_output(
    hub: HubProcess, project: Project, source: str, expected: str
) -> None:
    async with DriverClient(hub.url, "truck-1") as driver:
        await driver.send(25.2048, 55.2708, speed=13.9)
        await driver.flush()
    assert "ws://localhost:8080/ws" in source
    (project.folder / "example.mjs").write_text(source.replace("ws://localhost:8080/ws", hub.url))
    with Program([node(), "example.mjs"], project.folder) as program:
        printed = ""
        # A program that watches does not end.
        while not re.match(expected, printed):
            line = await asyncio.to_thread(program.text)
            assert line, printed
            printed += line
