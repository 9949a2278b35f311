"""Fixes that are stored and not shown: late ones, and those too far ahead of the hub's clock."""

from __future__ import annotations

from msgspec import Struct

MOST_NEWS = 1_000
"""Most drivers that wait for a report; it is made every minute."""


class Late(Struct, rename="camel", gc=False):
    """Late fixes of a driver: how many, and how many seconds older than its latest position the last one was, and the
    most late one."""

    count: int = 0
    last: float = 0.0
    most: float = 0.0

    def add(self, seconds: float) -> None:
        """Count a fix."""
        self.count += 1
        self.last = seconds
        self.most = max(self.most, seconds)


class LateFixes:
    """The counts of one fleet since the hub started. Every driver in them has a latest position."""

    __slots__ = ("drivers", "future", "late", "news")

    def __init__(self) -> None:
        self.late = self.future = 0
        self.drivers: dict[str, Late] = {}
        self.news: dict[str, Late] = {}
        """The same since the last report, which takes them away."""

    def count(self, driver_id: str, seconds: float) -> None:
        """Count a fix that is so many seconds older than the latest position; negative for one in the future."""
        if seconds < 0:
            self.future += 1
            return
        seconds = round(seconds, 3)
        self.late += 1
        self.drivers.setdefault(driver_id, Late()).add(seconds)
        if driver_id in self.news or len(self.news) < MOST_NEWS:
            self.news.setdefault(driver_id, Late()).add(seconds)

    def forget(self) -> None:
        """Drop the counts of all drivers; the sums stay."""
        self.drivers, self.news = {}, {}

    def remove(self, driver_id: str) -> None:
        """Drop the counts of a driver that is no longer live; the sums stay."""
        self.drivers.pop(driver_id, None)
        self.news.pop(driver_id, None)
