"""``hub watch`` as people run it: in a terminal, and in a pipe."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time

from clients.driver import DriverClient
from tests.support.hub_process import HubProcess
from tests.support.running import free_port

ALT_SCREEN, NORMAL_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"


async def report(url: str, driver_id: str, until: asyncio.Event) -> None:
    """A driver that moves until told to stop."""
    async with DriverClient(url, driver_id) as driver:
        latitude = 25.0
        while not until.is_set():
            latitude += 0.0001
            await driver.send(latitude, 55.3, speed=20.0, heading=0.0)
            await asyncio.sleep(0.05)


class Terminal:
    """A child that believes that it runs in a terminal of 80 x 24."""

    def __init__(self, argv: list[str]) -> None:
        self.output = b""
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color"}
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)

    def read_until(self, text: bytes) -> None:
        deadline = time.monotonic() + 60
        while text not in self.output:
            assert time.monotonic() < deadline, self.output[-3_000:]
            try:
                self.output += os.read(self._master, 65_536)
            except OSError:  # how Linux says that the child has closed its side
                assert text in self.output, self.output[-3_000:]

    def close(self) -> int:
        try:
            while self.process.poll() is None:
                try:
                    self.output += os.read(self._master, 65_536)
                except OSError:
                    break
            return self.process.wait(60)
        finally:
            os.close(self._master)


WATCH = [sys.executable, "-m", "hub", "watch"]


def argv(hub: HubProcess, *options: str) -> list[str]:
    return [*WATCH, hub.url, *options]


async def test_in_a_terminal(hub: HubProcess) -> None:
    stop = asyncio.Event()
    reporting = asyncio.create_task(report(hub.url, "seen", stop))
    terminal = Terminal(argv(hub, "--driver", "seen"))
    await asyncio.to_thread(terminal.read_until, "↑".encode())
    await asyncio.to_thread(terminal.read_until, b"72 km/h")
    assert ALT_SCREEN in terminal.output and NORMAL_SCREEN not in terminal.output
    terminal.process.send_signal(signal.SIGINT)
    code = await asyncio.to_thread(terminal.close)
    assert code == 130, terminal.output[-2_000:]
    assert NORMAL_SCREEN in terminal.output
    assert b"Traceback" not in terminal.output
    stop.set()
    await reporting


async def test_in_a_pipe_until_the_reader_has_enough(hub: HubProcess) -> None:
    stop = asyncio.Event()
    reporting = asyncio.create_task(report(hub.url, "piped", stop))

    def read() -> tuple[list[dict], int, str]:
        with subprocess.Popen(
            argv(hub, "--driver", "piped"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None and child.stderr is not None
            lines = [json.loads(child.stdout.readline()) for _ in range(6)]
            child.stdout.close()
            return lines, child.wait(60), child.stderr.read()

    lines, code, errors = await asyncio.to_thread(read)
    stop.set()
    await reporting
    kinds = [line["type"] for line in lines]
    assert kinds[0] == "subscribed" and "synced" in kinds
    locations = [line for line in lines if line["type"] == "location"]
    assert locations and all(line["driverId"] == "piped" and line["speed"] == 20.0 for line in locations)
    assert (code, errors) == (0, "")


def test_without_a_hub_it_names_the_url_that_it_tries() -> None:
    url = f"ws://127.0.0.1:{free_port()}/ws"
    with subprocess.Popen([*WATCH, url], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        line = json.loads(child.stdout.readline())
        child.kill()
    assert (line["type"], line["url"]) == ("disconnected", url)


def test_a_refusal_names_the_url(hub: HubProcess) -> None:
    url = hub.url.replace("/ws", "/nothing")
    ended = subprocess.run([*WATCH, url], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 3
    assert ended.stderr.startswith(f"hub: {url}/ws: 404: ")
