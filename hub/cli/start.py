"""Start of a command: settings, logs, event loop."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.settings import Settings


def start(process: str = "hub", **overrides: Any) -> Settings:
    """Load the settings and set up the logs, whose lines name the process. Raises ``SettingsError``."""
    from hub import logs
    from hub.environment import load

    settings = load(**overrides)
    logs.setup(settings.log_level, settings.log_format, process)
    return settings


def run(main: Coroutine[Any, Any, None]) -> None:
    import uvloop

    uvloop.run(main)
