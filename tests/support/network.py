"""Networks on this machine that can be cut from each other: this one, and namespaces."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence

HERE = "here"
"""The name of this network among the others."""


class Switch:
    """Networks with one address each, at a switch in a namespace of its own: each keeps its address while it is cut
    off. ``names``: of the namespaces, besides ``HERE``."""

    def __init__(self, names: Sequence[str]) -> None:
        self._own = f"hub{os.getpid()}"
        self._switch = f"{self._own}-switch"
        self._ports = {name: number for number, name in enumerate((HERE, *names), 1)}
        # Of the networks for tests of RFC 2544, another one for each process of pytest.
        self.network = f"198.{18 + os.getpid() // 256 % 2}.{os.getpid() % 256}"

    def host(self, name: str) -> str:
        return f"{self.network}.{self._ports[name]}"

    def wrapper(self, name: str) -> list[str]:
        """What begins a command that is to run in a network. It is replaced by the command, which keeps its pid."""
        return [] if name == HERE else ["ip", "netns", "exec", self._namespace(name)]

    def make(self) -> None:
        run("netns", "add", self._switch)
        run("-n", self._switch, "link", "add", "switch", "type", "bridge")
        run("-n", self._switch, "link", "set", "switch", "up")
        for name, number in self._ports.items():
            end, inside = f"{self._own}-end", ("-n", self._namespace(name))
            if name == HERE:
                inside = ()
            else:
                run("netns", "add", self._namespace(name))
                run(*inside, "link", "set", "lo", "up")
            run("-n", self._switch, "link", "add", f"port-{number}", "type", "veth", "peer", "name", end)
            run("-n", self._switch, "link", "set", end, "netns", inside[1] if inside else str(os.getpid()))
            run("-n", self._switch, "link", "set", f"port-{number}", "master", "switch", "up")
            run(*inside, "addr", "add", f"{self.host(name)}/24", "dev", end)
            run(*inside, "link", "set", end, "up")

    def cut(self, name: str) -> None:
        """Cut a network off from all others."""
        run("-n", self._switch, "link", "set", f"port-{self._ports[name]}", "down")

    def heal(self, name: str) -> None:
        run("-n", self._switch, "link", "set", f"port-{self._ports[name]}", "up")

    def remove(self) -> None:
        for words in (
            ("link", "del", f"{self._own}-end"),
            *(("netns", "del", self._namespace(name)) for name in self._ports if name != HERE),
            ("netns", "del", self._switch),
        ):
            with contextlib.suppress(subprocess.CalledProcessError):
                run(*words)

    def _namespace(self, name: str) -> str:
        return f"{self._own}-{name}"


def run(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@contextlib.contextmanager
def switch(*names: str) -> Iterator[Switch]:
    """Raises ``OSError`` or ``CalledProcessError`` where namespaces are not allowed or `ip` is missing."""
    networks = Switch(names)
    try:
        networks.make()
        yield networks
    finally:
        networks.remove()


def why_not(error: OSError | subprocess.CalledProcessError) -> str:
    """What to say where networks could not be made."""
    detail = getattr(error, "stderr", "") or str(error)
    return f"network namespaces cannot be made (Debian: apt-get install iproute2; as root): {detail.strip()}"
