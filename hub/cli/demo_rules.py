"""The rules of ``hub demo``: alerts to see within the first minutes."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp

from hub.identity.tokens import issue
from hub.settings import Settings

RULES: list[dict[str, Any]] = [
    {"name": "Faster than 110 km/h", "kind": "overspeed", "params": {"limit": 30.6, "for": 10}, "cooldown": 600},
    {"name": "Standing for 10 minutes", "kind": "stopped", "params": {"after": 600}, "severity": "info"},
]

PAUSE = 0.5
PATIENCE = 120.0
"""Seconds until PostgreSQL has its tables."""

TOKEN_LIFETIME = 300


async def make_rules(settings: Settings, address: str) -> None:
    """Create the rules through the API of the hub, unless its fleet has rules: those of an earlier demo, or the user's.
    A failure is printed; the demo continues."""
    headers = {}
    if settings.jwt_secret:
        token = issue(settings, settings.default_fleet, "admin", "demo", TOKEN_LIFETIME)
        headers = {"authorization": f"Bearer {token}"}
    try:
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession(headers=headers) as session:
            while not await _made(session, address):  # noqa: ASYNC110 (another process)
                await asyncio.sleep(PAUSE)
    except (aiohttp.ClientResponseError, TimeoutError) as error:
        print(f"The demo has no rules: {error or type(error).__name__}", file=sys.stderr)


async def _made(session: aiohttp.ClientSession, address: str) -> bool:
    """Whether there are rules now. A hub that does not answer is stopping."""
    url = f"{address}/api/v1/rules"
    try:
        async with session.get(f"{address}/health") as answer:
            checks = (await answer.json())["checks"]
        # Requests before the tables are there would be warnings in the log.
        if any(checks[part]["status"] != "ok" for part in ("live", "history", "database")):
            return False
        async with session.get(url) as answer:
            answer.raise_for_status()
            known = (await answer.json())["rules"]
        for rule in [] if known else RULES:
            async with session.post(url, json=rule) as answer:
                answer.raise_for_status()
    except aiohttp.ClientConnectionError:
        return False
    return True
