"""hatchling's hook: ``pip install`` and ``pip wheel`` build the pages, and continue without them if that fails."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ScreenHook(BuildHookInterface[Any]):
    """For wheels, editable ones too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from clients.web.bundle import build
            from clients.web.packages import Unavailable
        finally:
            sys.path.remove(self.root)
        try:
            build()
        except Unavailable as error:
            # The hub serves the sources instead, and the page names the missing parts.
            self.app.display_warning(
                f"The dispatcher screen is not built and has no map; its packages are missing: {error}"
            )
