"""Programs that use the package, and the project that they run in."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.support.node import node

HERE = Path(__file__).parent


class Program:
    """A running program: its output by lines."""

    def __init__(self, command: list[str], folder: Path, token: str = "") -> None:
        environment = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment | ({"TOKEN": token} if token else {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def text(self) -> str:
        """The next line; empty at the end."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def line(self) -> Any:
        """The next line, decoded from JSON; None at the end."""
        line = self.text()
        # A line that was cut off by a kill does not count.
        return json.loads(line) if line.endswith("\n") else None

    def until(self, condition: Callable[[Any], object]) -> Any:
        """The first line that is as expected."""
        seen = []
        while (line := self.line()) is not None:
            if condition(line):
                return line
            seen.append(line)
        raise AssertionError(f"the program ended after {seen[-5:]}")

    def rest(self) -> list[Any]:
        """The remaining lines, when it has ended."""
        lines = []
        while (line := self.line()) is not None:
            lines.append(line)
        return lines

    def stop(self) -> None:
        """Ask it to finish."""
        assert self._process.stdin is not None
        self._process.stdin.write("stop\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)


class Project:
    """An npm project with the package; ``program`` starts one of the programs next to this file in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def program(self, name: str, *arguments: object, token: str = "", runtime: Sequence[str] = ()) -> Program:
        """``runtime``: the command in place of the Node of the tests."""
        # A module looks for packages where it is.
        shutil.copy(HERE / name, self.folder)
        return Program([*(runtime or [node()]), name, *map(str, arguments)], self.folder, token)
