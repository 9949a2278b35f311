"""Settings of the hub's processes: their number, their end, and their log lines. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from hub.config.logins import LoginSettings


class ProcessSettings(LoginSettings, frozen=True, kw_only=True):
    """Settings of processes, each followed by its text."""

    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    """Processes that serve clients. One uses one core; more share the connections of the port, one for each core that
    the hub may use besides those of Valkey, PostgreSQL and the recorder (docs/scale.md). Limits of the hub are those of
    one process."""
    drain_timeout: Annotated[float, Meta(gt=0)] = 8.0
    """Seconds from SIGTERM to exit, in which clients are told to reconnect. Orchestrators kill after 30 s."""
    log_format: Literal["auto", "json", "console"] = "auto"
    """Format of log lines: `json`, `console`, or `auto`, which is `console` on a terminal."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Lowest level that is logged: `debug`, `info`, `warning` or `error`."""
