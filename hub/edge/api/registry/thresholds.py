"""Thresholds of presence of drivers and of groups, as requests give them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hub.edge.http.problems import invalid
from hub.settings import Settings

Threshold = Annotated[float, Meta(ge=5, le=604_800)]
"""Seconds: presence is looked at every second, and a driver that is not heard for a week is not online."""


def check_thresholds(settings: Settings, stale_after: float | None, offline_after: float | None) -> None:
    """Raises ``Problem`` 422 for thresholds that contradict each other, or one that contradicts the setting."""
    stale = settings.stale_after if stale_after is None else stale_after
    offline = settings.offline_after if offline_after is None else offline_after
    if stale < offline:
        return
    if stale_after is None:
        raise invalid("offlineAfter", f"must be more than staleAfter, which is {stale:g} by default")
    default = " by default" if offline_after is None else ""
    raise invalid("staleAfter", f"must be less than offlineAfter, which is {offline:g}{default}")
