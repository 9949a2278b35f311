"""Answers of the geocoder, kept so that each question is asked once in ``HUB_GEOCODER_DAYS``.

A question is a coordinate (``key_of``) or a text that was searched. Answers belong to no fleet and no driver.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from hub.stores.postgres.connection import Connection, statements
from hub.wire.geocoders import Address

SQL = statements(Path(__file__).with_suffix(".sql"))

DIGITS = 4
"""Of the coordinates that are sent to a geocoder, and under which its answers are kept: 11 m, so that the stops of many
days at one gate are one question."""


def key_of(latitude: float, longitude: float) -> str:
    """The question for the address of a coordinate."""
    return f"{latitude:.{DIGITS}f},{longitude:.{DIGITS}f}"


def coordinates_of(key: str) -> tuple[float, float]:
    """The coordinate of a question of ``key_of``."""
    latitude, _, longitude = key.partition(",")
    return float(latitude), float(longitude)


async def find(
    connection: Connection, language: str, questions: Sequence[str], after: datetime
) -> dict[str, list[Address]]:
    """Question -> kept answers, best first, for those that were received after an instant. An empty list: the geocoder
    knows nothing there."""
    rows = await connection.fetch(SQL.find, language, questions, after)
    return {row["question"]: msgspec.json.decode(row["answers"], type=list[Address]) for row in rows}


async def put(
    connection: Connection, language: str, question: str, answers: Sequence[Address], received_at: datetime
) -> None:
    """Keep the answers to a question."""
    await connection.execute(SQL.put, language, question, msgspec.json.encode(answers).decode(), received_at)


async def expire(connection: Connection, before: datetime, most: int) -> None:
    """Delete answers received before an instant, and the oldest beyond ``most``."""
    await connection.execute(SQL.expire, before, most)
