"""Both outboxes with one suite, and persistence of the one on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.outbox import DiskOutbox, MemoryOutbox, Outbox, OutboxInUse


@pytest.fixture(params=["memory", "disk"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    made: Outbox = MemoryOutbox() if request.param == "memory" else DiskOutbox(tmp_path / "outbox.db")
    yield made
    made.close()


def test_fixes_come_out_in_order(outbox: Outbox) -> None:
    assert [outbox.put(b"%d" % number) for number in range(1, 6)] == [1, 2, 3, 4, 5]
    assert outbox.after(0, 2) == [(1, b"1"), (2, b"2")]
    assert outbox.after(3, 9) == [(4, b"4"), (5, b"5")]
    assert outbox.after(5, 9) == []
    assert len(outbox) == 5


def test_settled_fixes_are_removed(outbox: Outbox) -> None:
    for number in range(1, 6):
        outbox.put(b"%d" % number)
    assert outbox.remove_through(2) == 2
    assert outbox.remove_through(2) == 0
    assert outbox.after(0, 9) == [(3, b"3"), (4, b"4"), (5, b"5")]
    assert outbox.remove_through(99) == 3
    assert len(outbox) == 0
    assert outbox.put(b"6") == 6, "numbers grow although it is empty"


def test_a_fix_is_removed_from_the_middle(outbox: Outbox) -> None:
    for number in range(1, 4):
        outbox.put(b"%d" % number)
    assert outbox.remove(2) == b"2"
    assert outbox.remove(2) is None
    assert outbox.remove(77) is None
    assert outbox.after(0, 9) == [(1, b"1"), (3, b"3")]
    assert outbox.after(1, 1) == [(3, b"3")]
    assert outbox.remove_through(3) == 2


def test_an_outbox_file_is_opened_again(tmp_path: Path) -> None:
    first = DiskOutbox(tmp_path / "outbox.db")
    for number in range(1, 4):
        first.put(b"%d" % number)
    first.remove_through(1)
    first.close()
    second = DiskOutbox(tmp_path / "outbox.db")
    assert len(second) == 2
    assert second.after(0, 9) == [(2, b"2"), (3, b"3")]
    assert second.put(b"4") == 4
    second.close()


WRITER = """
import sys
from clients.outbox import DiskOutbox
outbox = DiskOutbox(sys.argv[1])
while True:
    print(outbox.put(b"a fix"), flush=True)
"""


def test_one_process_at_a_time_and_kill_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(2_000)]
        with pytest.raises(OutboxInUse, match="another process"):
            DiskOutbox(path)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
    accepted = [int(line) for line in lines if line.endswith("\n")]
    found = DiskOutbox(path)
    numbers = [number for number, _ in found.after(0, 10**9)]
    assert numbers[: len(accepted)] == accepted == list(range(1, len(accepted) + 1))
    assert len(numbers) <= len(accepted) + 1, "at most the one whose number was not printed"
    found.close()
