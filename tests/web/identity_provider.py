"""A certified OpenID Connect provider, ``oidc-provider`` from npm, in a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from clients.web import packages
from tests.support.node import NEEDED, node

HERE = Path(__file__).parent / "provider"

INSTALL_SECONDS = 120


class IdentityProvider:
    """On another site than the hub: ``localhost`` instead of ``127.0.0.1``."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [node(), str(HERE / "provider.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.issuer = f"http://localhost:{int(self._said())}"

    def serve(self, origin: str) -> None:
        """Serve the hub at ``origin``."""
        assert self._process.stdin is not None
        self._process.stdin.write(origin + "\n")
        self._process.stdin.flush()
        assert self._said() == "ready"

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def install() -> None:
    """Install the package once in this clone; skips the test without Node or the registry."""
    lock, stamp = HERE / "package-lock.json", HERE / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_text() == lock.read_text():
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--fetch-retries=1"]
    try:
        command = [*packages.npm(), "ci", *options]
        subprocess.run(command, cwd=HERE, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (packages.Unavailable, subprocess.SubprocessError) as error:
        if os.environ.get(NEEDED):
            pytest.fail(f"{NEEDED} is set; {error}")
        pytest.skip(f"oidc-provider could not be installed: {error}")
    stamp.write_text(lock.read_text())
