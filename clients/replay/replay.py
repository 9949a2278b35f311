"""Sends recorded tracks to a hub: at the recorded pace, faster, or as fast as possible."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from clients.driver import DriverClient, Rejection
from clients.replay.records import BadRow, Point
from clients.replay.report import Report
from clients.replay.tracks import estimate, read

AHEAD = 5_000
"""Points read and not yet acknowledged: 2.5 times the fixes in flight, so that sending never waits for a file."""

REFRESH = 0.2
"""Seconds between two updates of the progress bar."""


class Replayed(Struct):
    """Figures of a replay. ``points`` were read and sent; ``bad`` rows were skipped."""

    points: int
    acked: int
    rejected: int
    bad: int
    seconds: float


class _Sources:
    """File and line of each fix in flight."""

    def __init__(self) -> None:
        self._points: deque[tuple[int, Path, int]] = deque()

    def add(self, msg_no: int, point: Point) -> None:
        self._points.append((msg_no, point.path, point.line))

    def settled(self, through: int) -> None:
        while self._points and self._points[0][0] <= through:
            self._points.popleft()

    def find(self, msg_no: int) -> str:
        return next(f"{path}:{line}" for number, path, line in self._points if number == msg_no)


async def replay(
    url: str,
    paths: list[Path],
    *,
    factor: float | None = None,
    shift: bool = False,
    driver: str | None = None,
    columns: Mapping[str, str] | None = None,
    token: str | None = None,
    console: Console | None = None,
) -> Replayed:
    """Send the points of recorded files (``clients.replay.tracks``) and wait until each is acked or rejected.

    ``driver`` replaces the drivers of the files. ``columns`` names columns of tables: field -> name or number.

    ``factor`` is the speed as a multiple of the recorded one; without it the replay is as fast as possible. ``shift``
    moves the times: the first point gets the present time, and the others follow at the pace of the replay. Speeds of
    points do not change. Bad rows and rejected points are counted by reason and printed at the end, with the file and
    line of the first.

    Raises ``ValueError`` for a shift without a factor (most points would lie in the future),
    ``clients.replay.tracks.TrackError`` for a file that is not a track, ``clients.connection.Refused`` when the hub
    refuses the client.
    """
    if factor is not None and factor <= 0:
        raise ValueError("factor: must be more than 0")
    if shift and factor is None:
        raise ValueError("shift: requires a factor, because most points would lie in the future")
    console = console or Console()
    figures = Replayed(0, 0, 0, 0, 0.0)
    sources = _Sources()

    report = Report()

    def bad_row(row: BadRow) -> None:
        figures.bad += 1
        report.bad(row)

    def rejected(rejection: Rejection) -> None:
        reason = f"{rejection.code}: {rejection.field}: {rejection.detail}"
        report.rejection(reason, sources.find(rejection.msg_no))

    started = time.monotonic()
    client = DriverClient(url, token=token, max_fixes=AHEAD, on_rejected=rejected)
    async with client as sender:
        showing = asyncio.create_task(_show(console, sender, figures, estimate(paths)))
        try:
            first: datetime | None = None
            begin = datetime.now(UTC)
            for point in read(paths, bad_row, driver=driver, columns=columns):
                first = first or point.recorded_at
                if factor is not None:
                    since = (point.recorded_at - first) / factor
                    if (wait := started + since.total_seconds() - time.monotonic()) > 0:
                        await asyncio.sleep(wait)
                    if shift:
                        point.fix.recorded_at = begin + since
                report.point(point)
                sources.add(await sender.publish(point.fix), point)
                sources.settled(sender.acked_through)
                figures.points += 1
            await sender.flush()
        finally:
            showing.cancel()
            await asyncio.wait([showing])
    figures.acked, figures.rejected = sender.acked, sender.rejected
    figures.seconds = time.monotonic() - started
    for line in report.lines(paths, driver):
        console.print(line, soft_wrap=True)
    console.print(summary(figures), soft_wrap=True)
    return figures


def summary(figures: Replayed) -> Text:
    """The final line of the output."""
    line = Text.assemble((f"{figures.points:,} points", "bold"), f" · {figures.acked:,} acked")
    line.append(f" · {figures.rejected:,} rejected", "red" if figures.rejected else "")
    if figures.bad:
        line.append(f" · {figures.bad:,} bad rows", "yellow")
    line.append(f" · {figures.seconds:.1f} s · {figures.acked / figures.seconds:,.0f} points/s")
    return line


async def _show(console: Console, driver: DriverClient, figures: Replayed, total: int) -> None:
    """Show a progress bar until cancelled; nothing without a terminal."""
    columns = (
        TextColumn("replay"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("replay", total=total, rate="")
        before = 0
        while True:
            await asyncio.sleep(REFRESH)
            settled = driver.acked + driver.rejected
            rate = f"{(settled - before) / REFRESH:,.0f} points/s" if driver.connected else "[red]not connected"
            bar.update(task, completed=settled + figures.bad, rate=rate)
            before = settled
