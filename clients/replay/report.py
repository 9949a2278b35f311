"""What was not stored, as counts: a line for each reason with the first example, however long the files are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field
from rich.text import Text

from clients.replay.names import driver_id
from clients.replay.records import BadRow, Point

MOST = 20
"""Reasons of a kind that are printed; the rest are summed up."""


class Count(Struct):
    count: int = 0
    first: str = ""


class Report(Struct):
    """Counts by reason, with the place of the first example."""

    skipped: dict[str, Count] = field(default_factory=dict)
    rejected: dict[str, Count] = field(default_factory=dict)
    left_out: dict[str, Count] = field(default_factory=dict)
    unzoned: Count = field(default_factory=Count)
    read: dict[Path, int] = field(default_factory=dict)

    def bad(self, row: BadRow) -> None:
        detail = f" {row.detail}" if row.detail else ""
        _add(self.skipped, row.reason, f"{row.path}:{row.line}{detail}")

    def point(self, point: Point) -> None:
        self.read[point.path] = self.read.get(point.path, 0) + 1
        if point.left_out or not point.zoned:
            where = f"{point.path}:{point.line}"
            for name in point.left_out:
                _add(self.left_out, name, where)
            if not point.zoned:
                self.unzoned.count += 1
                self.unzoned.first = self.unzoned.first or where

    def rejection(self, reason: str, where: str) -> None:
        _add(self.rejected, reason, where)

    def lines(self, paths: list[Path], driver: str | None) -> Iterator[Text]:
        for path in paths:
            if driver is None and (made := driver_id(path.stem)) != path.stem and path in self.read:
                yield Text(f"{path}: the driver id made from the file name is {made}")
            if path not in self.read:
                yield Text(f"{path}: no point was read", "yellow")
        if self.unzoned.count:
            yield Text(f"{self.unzoned.count:,} times without a zone were read as UTC (first: {self.unzoned.first})")
        for counts, what, style in (
            (self.left_out, "impossible readings left out", ""),
            (self.skipped, "skipped", "yellow"),
            (self.rejected, "rejected", "red"),
        ):
            ordered = sorted(counts.items(), key=lambda entry: -entry[1].count)
            for reason, count in ordered[:MOST]:
                yield Text(f"{count.count:,} {what}: {reason} (first: {count.first})", style)
            if rest := ordered[MOST:]:
                yield Text(f"{sum(each.count for _, each in rest):,} {what}: {len(rest)} other reasons", style)


def _add(counts: dict[str, Count], reason: str, where: str) -> None:
    found = counts.setdefault(reason, Count(0, where))
    found.count += 1
