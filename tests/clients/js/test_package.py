"""The packed JavaScript client against a real hub: acked is stored and stored once, through failures of both sides."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import hub as package
from clients.driver import DriverClient
from hub.identity.tokens import issue
from hub.settings import Settings
from tests.clients.js.programs import Project
from tests.clients.test_driver import START, stored
from tests.support.hub_process import HubProcess
from tests.support.repository import ROOT


def is_second(line: object) -> bool:
    return isinstance(line, int)


def is_state(name: str) -> Callable[[Any], bool]:
    return lambda line: line.get("state") == name


def test_the_package_has_the_sources_the_types_and_the_version_of_the_hub(tarball: Path) -> None:
    with tarfile.open(tarball) as packed:
        names = {name.removeprefix("package/") for name in packed.getnames()}
        manifest = json.load(packed.extractfile("package/package.json"))  # type: ignore[arg-type]
    here = ROOT / "clients/js"
    sources = {f"src/{file.name}" for file in (here / "src").iterdir()}
    types = {f"types/{file.name}" for file in (here / "types").iterdir()}
    assert names == sources | types | {"package.json", "README.md", "LICENSE"}
    assert (here / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    assert manifest["version"] == package.__version__
    assert {"dependencies", "peerDependencies", "optionalDependencies"} & manifest.keys() == set()
    assert {f"types/{Path(source).stem}.d.ts" for source in sources} <= types
    for entry in manifest["exports"].values():
        assert {path.removeprefix("./") for path in entry.values()} <= names


async def test_fixes_arrive_exactly_once_through_kills_of_the_hub(
    own_hub: HubProcess, database_url: str, project: Project, tmp_path: Path
) -> None:
    with project.program("drive.mjs", own_hub.url, "js-survivor", tmp_path / "outbox", 0) as driver:
        for _ in range(3):
            for _ in range(150):
                assert is_second(await asyncio.to_thread(driver.line))
            await asyncio.to_thread(own_hub.kill)
            await asyncio.to_thread(own_hub.start)
        driver.stop()
        *seconds, end = await asyncio.to_thread(driver.rest)
    count = seconds[-1] + 1
    assert (end["acked"], end["rejected"], end["pending"]) == (count, 0, 0)
    assert end["sent"] >= count
    times = await stored(database_url, "js-survivor", count)
    assert times == [START + timedelta(seconds=second) for second in range(count)]


@pytest.mark.thorough
async def test_fixes_arrive_exactly_once_through_kills_of_the_driver(
    own_hub: HubProcess, database_url: str, project: Project, tmp_path: Path
) -> None:
    accepted: list[int] = []

    def live_and_die() -> None:
        with project.program("drive.mjs", own_hub.url, "js-phone", tmp_path / "outbox", len(accepted)) as driver:
            accepted.extend(driver.line() for _ in range(150))
            driver.kill()
            accepted.extend(driver.rest())

    for _ in range(3):
        await asyncio.to_thread(live_and_die)
        assert accepted == list(range(len(accepted)))
    with project.program("drive.mjs", own_hub.url, "js-phone", tmp_path / "outbox", 0, 0) as last:
        (end,) = await asyncio.to_thread(last.rest)
    assert (end["rejected"], end["pending"]) == (0, 0)
    times = await stored(database_url, "js-phone", len(accepted))
    assert len(times) == len(set(times))
    assert {START + timedelta(seconds=second) for second in accepted} <= set(times)


@pytest.mark.thorough
async def test_a_hub_without_its_log_gets_the_fixes_later(project: Project, tmp_path: Path) -> None:
    hub = HubProcess(Settings(port=0, data_dir=tmp_path / "data", max_unlogged=50, retry_after=0.2), tmp_path)
    await asyncio.to_thread(hub.start)
    try:
        thaw = hub.freeze_log()
        try:
            with project.program("drive.mjs", hub.url, "js-insistent", "memory", 0, 1_000) as driver:
                await asyncio.to_thread(driver.until, lambda line: line == 999)
                await asyncio.sleep(0.5)  # refused, and sent again
                thaw()
                (end,) = await asyncio.to_thread(driver.rest)
        finally:
            thaw()
        assert (end["acked"], end["rejected"]) == (1_000, 0)
        assert end["sent"] > 1_000
    finally:
        await asyncio.to_thread(hub.stop)


@pytest.mark.thorough
async def test_the_table_is_correct_after_a_restart_of_the_hub(own_hub: HubProcess, project: Project) -> None:
    async with DriverClient(own_hub.url) as gateway:
        for driver_id in ("w-1", "w-2"):
            await gateway.send(25.0, 55.0, driver_id=driver_id)
        await gateway.flush()
        with project.program("watch.mjs", own_hub.url, "w-1", "w-2") as watch:
            await asyncio.to_thread(watch.until, is_state("live"))
            first = await asyncio.to_thread(watch.until, lambda line: line.get("event") == "synced")
            assert first["table"] == {"w-1": [25, 55], "w-2": [25, 55]}
            await asyncio.to_thread(own_hub.kill)
            await asyncio.to_thread(watch.until, is_state("reconnecting"))
            await gateway.send(26.0, 55.0, driver_id="w-2")
            await asyncio.to_thread(own_hub.start)
            await gateway.flush()
            expected = {"w-1": [25, 55], "w-2": [26, 55]}
            lines: list[Any] = []
            await asyncio.to_thread(watch.until, lambda line: lines.append(line) or line.get("table") == expected)
            # On a busy machine the client may open another connection, which resumes.
            assert next(line["reset"] for line in lines if line.get("event") == "subscribed") is False
            watch.stop()
            await asyncio.to_thread(watch.rest)


@pytest.mark.thorough
async def test_a_token_that_the_hub_refuses_ends_a_client(
    closed_hub: HubProcess, project: Project, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    with project.program("drive.mjs", closed_hub.url, "d", outbox, 0, 1, token="nonsense") as driver:
        *_, end = await asyncio.to_thread(driver.rest)
    assert (end["name"], end["code"]) == ("Refused", 401)
    token = issue(closed_hub.settings, "f", "driver", "d", 3_600, driver="d")
    with project.program("watch.mjs", closed_hub.url, "d", token=token) as watch:
        ended = await asyncio.to_thread(watch.until, is_state("ended"))
        assert "driver" in ended["reason"]
    with project.program("drive.mjs", closed_hub.url, "d", outbox, 0, 0, token=token) as driver:
        (end,) = await asyncio.to_thread(driver.rest)
    assert (end["acked"], end["pending"]) == (1, 0)


def old_node() -> list[str] | None:
    """Node 20 or 21, whose WebSocket is behind an option, if it is on PATH."""
    program = shutil.which("node")
    if program is None:
        return None
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return [program, "--experimental-websocket"] if version.startswith(("v20.", "v21.")) else None


@pytest.mark.skipif(old_node() is None, reason="there is no Node 20 or 21 on PATH")
async def test_node_20_with_its_experimental_websocket(own_hub: HubProcess, project: Project, tmp_path: Path) -> None:
    arguments = (own_hub.url, "js-old", tmp_path / "outbox", 0)
    with project.program("drive.mjs", *arguments, runtime=old_node() or ()) as driver:
        assert is_second(await asyncio.to_thread(driver.line))
        await asyncio.to_thread(own_hub.kill)
        await asyncio.to_thread(own_hub.start)
        driver.stop()
        *seconds, end = await asyncio.to_thread(driver.rest)
    assert (end["acked"], end["pending"]) == (seconds[-1] + 1, 0)
