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
    url = f"{address}/api/v1/rules"
    try:
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession(headers=headers) as session:
            # Requests before the tables are there would be warnings in the log.
            while not await _recording(session, address):  # noqa: ASYNC110 (another process)
                await asyncio.sleep(PAUSE)
            async with session.get(url) as answer:
                answer.raise_for_status()
                known = (await answer.json())["rules"]
            for rule in [] if known else RULES:
                async with session.post(url, json=rule) as answer:
                    answer.raise_for_status()
    except (aiohttp.ClientError, TimeoutError) as error:
        print(f"The demo has no rules: {error or type(error).__name__}", file=sys.stderr)


async def _recording(session: aiohttp.ClientSession, address: str) -> bool:
    async with session.get(f"{address}/readyz") as answer:
        words = await answer.text()
    return "postgresql" not in words and "recorder" not in words
