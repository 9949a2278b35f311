"""A live position on its way to subscribers."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class Update(Struct, gc=False):
    """A live position; the newest one of a driver is its latest position.

    ``recorded_at`` is the instant by which positions are ordered: that of the device, corrected where its clock is
    wrong. ``frame`` is the finished WebSocket frame. ``origin`` is the id of the client that published it while
    watching itself (it is not sent its own positions), 0 otherwise. ``entry`` is the number of its entry in the log
    (``log_place``), 0 until that is known.
    """

    driver_id: str
    latitude: float
    longitude: float
    recorded_at: datetime
    seq: int
    frame: bytes
    origin: int
    accuracy: float | None = None
    entry: int = 0
