"""Two networks on this machine that can be cut from each other: this one, and a namespace."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator

HERE, THERE = "198.18.77.1", "198.18.77.2"
"""Addresses on both sides, of the network for tests of RFC 2544."""


class Cut:
    """The connection between both sides, by a switch in a namespace of its own: each side keeps its address while it is
    cut."""

    def __init__(self, name: str) -> None:
        self.name, self.there, self._switch = name, f"{name}-there", f"{name}-switch"

    @property
    def wrapper(self) -> list[str]:
        """What begins a command that is to run on the other side."""
        return ["ip", "netns", "exec", self.there]

    def make(self) -> None:
        for namespace in (self.there, self._switch):
            run("netns", "add", namespace)
            run("-n", namespace, "link", "set", "lo", "up")
        run("-n", self._switch, "link", "add", "switch", "type", "bridge")
        run("-n", self._switch, "link", "set", "switch", "up")
        for port, address, inside in (("here", HERE, ()), ("there", THERE, ("-n", self.there))):
            end = f"{self.name}-{port}"
            run("-n", self._switch, "link", "add", port, "type", "veth", "peer", "name", end)
            run("-n", self._switch, "link", "set", end, "netns", self.there if inside else str(os.getpid()))
            run("-n", self._switch, "link", "set", port, "master", "switch", "up")
            run(*inside, "addr", "add", f"{address}/24", "dev", end)
            run(*inside, "link", "set", end, "up")

    def cut(self) -> None:
        run("-n", self._switch, "link", "set", "there", "down")

    def heal(self) -> None:
        run("-n", self._switch, "link", "set", "there", "up")

    def remove(self) -> None:
        for words in (
            ("link", "del", f"{self.name}-here"), ("netns", "del", self._switch), ("netns", "del", self.there)
        ):  # fmt: skip
            with contextlib.suppress(subprocess.CalledProcessError):
                run(*words)


def run(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextlib.contextmanager
def two_networks() -> Iterator[Cut]:
    """Raises ``OSError`` or ``CalledProcessError`` where namespaces are not allowed or `ip` is missing."""
    networks = Cut(f"hub{os.getpid()}")
    try:
        networks.make()
        yield networks
    finally:
        networks.remove()
