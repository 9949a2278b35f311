"""Notes about registered drivers, and their photos."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import asyncpg
from msgspec import Struct

from hub.stores.postgres.connection import statements

SQL = statements(Path(__file__).with_suffix(".sql"))


class Photo(Struct, rename="camel"):
    """What is known of a photo: its size in ``bytes`` and pixels, and when it was stored."""

    bytes: int
    width: int
    height: int
    stored_at: datetime


class Profile(Struct, rename="camel"):
    """``version`` rises with each change of the ``notes``; it is 0, without ``updated_at``, before the first one.
    ``photo`` is None without a photo."""

    driver_id: str
    notes: str
    version: int
    updated_at: datetime | None
    photo: Photo | None


async def profile(connection: asyncpg.Connection, fleet: str, driver_id: str) -> Profile | None:
    """Notes and photo of a driver; None for a driver that is not registered."""
    row = await connection.fetchrow(SQL.profile, fleet, driver_id)
    if row is None:
        return None
    driver, notes, version, updated_at, size, width, height, stored_at = row
    return Profile(driver, notes, version, updated_at, None if size is None else Photo(size, width, height, stored_at))


async def put_notes(
    connection: asyncpg.Connection, fleet: str, driver_id: str, version: int | None, notes: str | None
) -> bool:
    """Set the notes of a driver (None: as they are); False if they do not have this ``version`` (0: never written,
    None: any).

    Raises ``asyncpg.ForeignKeyViolationError`` for a driver that is not registered.
    """
    return await connection.fetchval(SQL.put_notes, fleet, driver_id, version, notes) is not None


async def put_photo(
    connection: asyncpg.Connection, fleet: str, driver_id: str, photo: bytes, size: tuple[int, int]
) -> None:
    """Set the photo of a driver, a JPEG of ``size`` (width, height) pixels.

    Raises ``asyncpg.ForeignKeyViolationError`` for a driver that is not registered.
    """
    await connection.execute(SQL.put_photo, fleet, driver_id, photo, *size)


async def delete_photo(connection: asyncpg.Connection, fleet: str, driver_id: str) -> bool:
    """Delete the photo of a driver; False if it has none."""
    return await connection.fetchval(SQL.delete_photo, fleet, driver_id) is not None


async def photo(connection: asyncpg.Connection, fleet: str, driver_id: str) -> bytes | None:
    """The photo of a driver, a JPEG; None if it has none."""
    found: bytes | None = await connection.fetchval(SQL.photo, fleet, driver_id)
    return found
