"""hatchling's hook: ``pip install`` and ``pip wheel`` fill ``vendor``, and go on without it where that cannot be."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreenHook(BuildHookInterface[Any]):
    """For wheels, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from clients.web.vendor import Unavailable, fill
        finally:
            sys.path.remove(self.root)
        try:
            fill(Path(self.root) / "clients" / "web" / "vendor")
        except Unavailable as error:
            # The hub serves without its map, and the page says what is missing.
            self.app.display_warning(f"The dispatcher screen has no map, since its packages are missing: {error}")
