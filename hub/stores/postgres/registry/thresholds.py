"""Thresholds of presence of registered drivers and of groups."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from hub.core.live.fleet import Thresholds
from hub.stores.postgres.connection import collect, statements

SQL = statements(Path(__file__).with_suffix(".sql"))

Own = tuple[str, str, Thresholds | None]
"""Fleet, driver, and its thresholds; None for none."""


async def all_thresholds(connection: asyncpg.Connection) -> list[Own]:
    """All drivers with thresholds of their own."""
    return await collect(connection, lambda row: (row[0], row[1], Thresholds(row[2], row[3])), SQL.all_thresholds)


async def group_thresholds(connection: asyncpg.Connection) -> dict[str, dict[str, Thresholds]]:
    """Fleet -> group -> its thresholds, without groups that have none."""
    found: dict[str, dict[str, Thresholds]] = {}
    for fleet, name, *seconds in await collect(connection, tuple, SQL.group_thresholds):
        found.setdefault(fleet, {})[name] = Thresholds(*seconds)
    return found


def notified(text: str) -> Own:
    """The change in a notification of the table's trigger. Raises ``ValueError``."""
    fleet, driver_id, stale_after, offline_after = text.split(" ")
    thresholds = Thresholds(_seconds(stale_after), _seconds(offline_after))
    return fleet, driver_id, None if thresholds == (None, None) else thresholds


def _seconds(text: str) -> float | None:
    return None if text == "-" else float(text)
