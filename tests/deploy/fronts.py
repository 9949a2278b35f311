"""Proxies with the configuration of ``deploy`` before hubs on loopback. Only addresses and paths are replaced."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.programs import program
from tests.support.repository import ROOT
from tests.support.running import PATIENCE

DEPLOY = ROOT / "deploy"
NEEDED = "NEED_DEPLOY"
"""Where this is set, as in continuous integration, a program that is missing is a failure."""

Address = tuple[str, int]
Run = tuple[list[str], dict[str, str], int]


class Place(NamedTuple):
    """What listens at an address."""

    address: Address


class Front:
    """A proxy: ``address`` is where clients connect, ``metrics`` where HAProxy has its own figures. It keeps both when
    it is started again."""

    def __init__(self, run: Run, folder: Path) -> None:
        self._command, environment, port = run
        self._environment = {**os.environ, **environment}
        self.address: Address = ("127.0.0.1", port)
        self.metrics = Place(("127.0.0.1", int(environment.get("HAPROXY_METRICS", ":0").rpartition(":")[2])))
        self.log = folder / "proxy.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"ws://{self.address[0]}:{self.address[1]}/ws"

    def start(self) -> None:
        """Returns when it listens."""
        with self.log.open("ab") as file:
            self._process = subprocess.Popen(self._command, env=self._environment, stdout=file, stderr=file)
        wait_for(self.address, self._process, self.log)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def end(self, number: signal.Signals) -> None:
        """Send a signal, if it runs, and wait until it is gone."""
        if self._process is not None:
            self.signal(number)
            self._process.wait(PATIENCE)


def free_ports(count: int) -> list[int]:
    """Different ports of loopback that are free now. HAProxy would share one between two frontends."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(probe.getsockname()[1]) for probe in probes]


def haproxy() -> str:
    return program("haproxy", NEEDED)


def nginx() -> str:
    return program("nginx", NEEDED)


def of_haproxy(hubs: Sequence[Address], folder: Path) -> Run:
    """Command, environment and port of HAProxy with these servers in place of those of ``hubs.cfg``."""
    text = (DEPLOY / "haproxy/hubs.cfg").read_text()
    servers = _with_servers(text, "    server hub-.*\n", hubs, "    server hub-{} {}:{}\n")
    (folder / "hubs.cfg").write_text(servers)
    port, metrics = free_ports(2)
    environment = {"HAPROXY_LISTEN": f"127.0.0.1:{port}", "HAPROXY_METRICS": f"127.0.0.1:{metrics}"}
    command = [haproxy(), "-db", "-f", str(DEPLOY / "haproxy/haproxy.cfg"), "-f", str(folder / "hubs.cfg")]
    return command, environment, port


def of_nginx(hubs: Sequence[Address], folder: Path) -> Run:
    """Command, environment and port of nginx, by HTTP: its configuration without TLS."""
    port, other = free_ports(2)
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"        ssl_.*\n", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{other};")
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    servers = _with_servers(
        text, "        server 10.*\n", hubs, "        server {1}:{2} max_fails=3 fail_timeout=5s;\n"
    )
    (folder / "nginx.conf").write_text(servers)
    return nginx_command(folder, folder / "nginx.conf"), {}, port


def nginx_command(folder: Path, configuration: Path) -> list[str]:
    kinds = ("proxy", "client_body", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    # What the system's packages set; the paths are those of root.
    wrapped = configuration.with_suffix(".wrapped")
    wrapped.write_text(configuration.read_text().replace("http {\n", f"http {{\n{paths}\n", 1))
    set_by_us = f"daemon off; pid {folder}/nginx.pid; error_log stderr;"
    return [nginx(), "-p", str(folder), "-c", str(wrapped), "-g", set_by_us]


@contextmanager
def front(kind: str, hubs: Sequence[Address], folder: Path) -> Iterator[Front]:
    """A proxy of the kind ``haproxy`` or ``nginx``, from when it listens."""
    folder.mkdir(parents=True, exist_ok=True)
    proxy = Front((of_haproxy if kind == "haproxy" else of_nginx)(hubs, folder), folder)
    try:
        proxy.start()
        yield proxy
    finally:
        proxy.end(signal.SIGTERM)


def wait_for(address: Address, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a process listens. Raises ``AssertionError`` with its log if it ends."""
    deadline = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()
        try:
            socket.create_connection(address, 1).close()
            return
        except OSError:
            time.sleep(0.05)


def _with_servers(text: str, lines: str, hubs: Sequence[Address], line: str) -> str:
    servers = "".join(line.format(number, *hub) for number, hub in enumerate(hubs, 1))
    replaced, count = re.subn(f"({lines})+", servers, text)
    assert count, "the configuration has no servers"
    return replaced
