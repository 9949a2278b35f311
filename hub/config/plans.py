"""Settings of plans of routes. ``hub.settings`` has the others."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta

from hub.config.jobs import JobSettings
from hub.config.values import SettingsError


class PlanSettings(JobSettings, frozen=True, kw_only=True):
    """Settings of plans, each followed by its text."""

    roads: str = ""
    """Routing engine for the durations in plans: `osrm:http://…` or `valhalla:http://…`. Empty: straight lines, by what
    the fleet's trips teach."""
    max_plan_jobs: Annotated[int, Meta(ge=1, le=2_000)] = 1_000
    """Most jobs of one plan. The tables grow with the square: 1,000 jobs take 30 MB and about two seconds to make."""
    plan_days: Annotated[int, Meta(ge=1)] = 7
    """Days after which plans are deleted. Applied ones have become routes."""

    def check_plans(self) -> None:
        """Raises ``SettingsError``."""
        kind, _, url = self.roads.partition(":")
        if self.roads and (kind not in ("osrm", "valhalla") or urlsplit(url).scheme not in ("http", "https")):
            raise SettingsError("HUB_ROADS must be osrm: or valhalla: and a URL, such as osrm:http://127.0.0.1:5000")
