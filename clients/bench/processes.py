"""CPU time and memory of a server's processes, read from Linux' /proc; and the assignment of cores."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def family(pid: int) -> dict[int, str]:
    """A process and its descendants: pid -> name. The hub's processes are named by their roles."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = {pid}
    grown = True
    while grown:
        more = {child for child, parent in parents.items() if parent in found} - found
        found |= more
        grown = bool(more)
    names = {}
    for member in found:
        with contextlib.suppress(OSError):
            names[member] = _name(member)
    return names


def _name(pid: int) -> str:
    words = (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    for part in ("recorder", "notifier"):
        if f"hub.{part}" in words:
            return part
    if "serve" in words or "hub.workers" in words:
        return "hub"
    return (PROC / str(pid) / "comm").read_text().strip()


def _stat(pid: int) -> list[str]:
    """The fields of /proc/pid/stat from the third on (state, ppid, …); the second may contain blanks."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def cpu_seconds(pids: dict[int, str]) -> dict[str, float]:
    """CPU time of processes so far, summed by name."""
    seconds: dict[str, float] = {}
    for pid, name in pids.items():
        with contextlib.suppress(OSError):
            fields = _stat(pid)
            seconds[name] = seconds.get(name, 0.0) + (int(fields[11]) + int(fields[12])) / _TICKS
    return seconds


def rss_bytes(pid: int) -> int:
    """Resident memory of one process."""
    return int((PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE


def open_files(pid: int) -> list[str]:
    """Targets of a process' file descriptors, such as ``socket:[4711]``."""
    found = []
    for entry in (PROC / str(pid) / "fd").iterdir():
        with contextlib.suppress(OSError):
            found.append(str(entry.readlink()))
    return found


def listens(pid: int, port: int) -> bool:
    """Whether this process listens on an IPv4 port; another program may have taken it."""
    for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
            return f"socket:[{fields[9]}]" in open_files(pid)
    return False


def busy_seconds(chosen: set[int]) -> float:
    """Seconds for which these cores have been busy (user, nice, system, interrupts, stolen)."""
    ticks = 0
    for line in (PROC / "stat").read_text().splitlines():
        name, *fields = line.split()
        if name.startswith("cpu") and name[3:].isdecimal() and int(name[3:]) in chosen:
            ticks += sum(int(fields[at]) for at in (0, 1, 2, 5, 6, 7))
    return ticks / _TICKS


def cores(workers: int = 1) -> tuple[set[int], set[int]]:
    """(cores for the servers, cores for the generator). Servers of one process get one core each where there are two
    or more; those with ``workers`` share all but the generator's, or all cores where there are no more than workers."""
    allowed = sorted(os.sched_getaffinity(0))
    if workers > 1:
        return (set(allowed[:-1]), {allowed[-1]}) if len(allowed) > workers else (set(allowed), set(allowed))
    return ({allowed[0]}, {allowed[1]}) if len(allowed) > 1 else ({allowed[0]}, {allowed[0]})


@contextlib.contextmanager
def on_cores(chosen: set[int]) -> Iterator[None]:
    """Run on these cores inside the block; processes started there stay on them."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, chosen)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
