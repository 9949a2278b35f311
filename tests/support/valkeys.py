"""Valkey servers of a test that replicate, are watched by Sentinels, fail and are cut off."""

from __future__ import annotations

import contextlib
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import redis

from hub.embedded.valkey import server_program
from hub.settings import Settings
from tests.support.running import free_port, until

NAME = "mymaster"
"""Of the primary, as Sentinels call it."""

DOWN_AFTER = 1_000
"""Milliseconds after which a Sentinel takes the primary for dead."""


class Relay:
    """A port in front of a server, for TLS with certificates on both sides and for plain connections. The packaged
    program cannot do TLS."""

    def __init__(self, server: Server, context: ssl.SSLContext) -> None:
        self.host, self._server, self._context = server.host, server, context
        self._listener = socket.create_server((self.host, 0))
        self.port = int(self._listener.getsockname()[1])
        self.encrypted = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client:
            if client.recv(1, socket.MSG_PEEK) == b"\x16":
                client = self._context.wrap_socket(client, server_side=True)
                self.encrypted += 1
            with socket.create_connection((self._server.host, self._server.port)) as server:
                threading.Thread(target=_pump, args=(server, client), daemon=True).start()
                _pump(client, server)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_RDWR)


class Server:
    """A Valkey, or a Sentinel, on loopback or at ``host`` in the network namespace that ``wrapper`` enters."""

    def __init__(self, folder: Path, host: str = "127.0.0.1", wrapper: Sequence[str] = ()) -> None:
        self.host, self.port, self.folder, self._wrapper = host, free_port(), folder, wrapper
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    @property
    def url(self) -> str:
        return f"redis://{self.host}:{self.port}"

    def start(self, *options: str) -> None:
        """Start it with options of the command line."""
        program = server_program(Settings())
        config = self.folder / "own.conf"
        config.touch()
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                [*self._wrapper, program, str(config), "--port", str(self.port), "--bind", self.host,
                 "--dir", str(self.folder), "--protected-mode", "no", *options],
                stdout=log, stderr=log,
            )  # fmt: skip

    def call(self, *words: str) -> object:
        """The answer to a command."""
        with self.client() as client:
            return client.execute_command(*words)

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=10)

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, if it runs, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(60)
            self._process = None


def data(fsync: str = "always") -> list[str]:
    """Options of a server that keeps data."""
    return ["--appendonly", "yes", "--appendfsync", fsync, "--save", "", "--repl-diskless-sync-delay", "0"]


def linked(replica: Server) -> bool:
    """Whether a replica has what its primary had, and follows."""
    try:
        role = replica.call("ROLE")
    except redis.RedisError:
        return False
    return isinstance(role, list) and role[0] == b"slave" and role[3] == b"connected"


def pair(folder: Path, replicas: int = 1) -> list[Server]:
    """A primary and its replicas, started."""
    servers = [Server(folder / f"valkey-{number}") for number in range(1 + replicas)]
    primary, *others = servers
    primary.start(*data())
    for server in others:
        server.start(*data(), "--replicaof", f"{primary.host} {primary.port}")
    for server in others:
        until(lambda server=server: linked(server))  # type: ignore[misc]
    return servers


def start_sentinels(
    sentinels: Sequence[Server], primary: Server | Relay, replicas: int = 1, options: str = "", password: str = ""
) -> None:
    """Let Sentinels watch a primary, and wait until they know each other and its replicas. ``options``: lines of their
    configuration; ``password``: theirs, if they have one."""
    quorum = len(sentinels) // 2 + 1
    for server in sentinels:
        (server.folder / "own.conf").write_text(
            f"sentinel monitor {NAME} {primary.host} {primary.port} {quorum}\n"
            f"sentinel down-after-milliseconds {NAME} {DOWN_AFTER}\nsentinel failover-timeout {NAME} 5000\n"
            f"{options}"
        )
        server.start("--sentinel")
    for server in sentinels:
        until(lambda server=server: _complete(server, len(sentinels) - 1, replicas, password))  # type: ignore[misc]


def _complete(sentinel: Server, others: int, replicas: int, password: str) -> bool:
    try:
        with redis.Redis.from_url(sentinel.url, password=password or None) as client:
            state = client.sentinel_master(NAME)
    except redis.RedisError:
        return False
    return bool(state["num-other-sentinels"] == others and state["num-slaves"] == replicas)


def sentinel_url(sentinels: Sequence[Server]) -> str:
    return f"redis+sentinel://{','.join(f'{s.host}:{s.port}' for s in sentinels)}/{NAME}"
