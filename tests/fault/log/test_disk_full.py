"""The disk is full: Valkey cannot write and ends, nothing is acked; live goes on. With room again acks come at once."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.embedded.services import Services, running
from hub.settings import Settings
from tests.edge.test_app import get
from tests.support.peers import Peer
from tests.support.running import Edge, edge, until

RESUMED_WITHIN = 5.0
"""Valkey is tried again every second, and then has its file to read; the rest is for a busy machine. Seconds."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("seconds", [1.0, pytest.param(20.0, marks=pytest.mark.slow)])
async def test_acks_resume_at_once_when_there_is_room_again(seconds: float, disk: Path) -> None:
    settings = Settings(port=0, data_dir=disk / "data", database_url="postgresql://unused")
    async with running(settings) as services:
        with edge(services.settings) as hub:
            await asyncio.to_thread(fill_and_free, hub, services, disk / "filler", seconds)


def fill_and_free(hub: Edge, services: Services, filler: Path, seconds: float) -> None:
    with Peer(hub.address, "/ws?subscribe=none") as driver, Peer(hub.address) as screen:
        number = 0

        def say() -> bool:
            nonlocal number
            number += 1
            driver.say(fix(number))
            assert screen.hear()["longitude"] == number / 1000
            time.sleep(0.05)
            return True

        say()
        assert driver.hear() == {"type": "ack", "msgNo": 1}
        with filler.open("wb", buffering=0) as file:
            with pytest.raises(OSError, match="No space left"):
                while True:
                    file.write(bytes(4096))
            full = f"the disk of {filler.parent}/data is full"
            until(lambda: say() and any(full in problem for problem in services.problems()))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                say()
            assert get(hub, "/readyz").status == 503
            # What still fitted into the last block of the file was acked.
            acked = [message["msgNo"] for message in driver.hear_all()]
            assert number not in acked
        begin = time.monotonic()
        filler.unlink()
        while driver.hear()["msgNo"] != number:
            pass
        taken = time.monotonic() - begin
        assert screen.hear_all() == []
    print(f"\nFull for {seconds:.0f} s; all {number} acked {taken:.2f} s after there was room", file=sys.stderr)
    assert taken < RESUMED_WITHIN


def fix(number: int) -> dict[str, object]:
    recorded_at = 1_767_225_600 + number
    return {"latitude": 1, "longitude": number / 1000, "driverId": "d", "recordedAt": recorded_at, "msgNo": number}
