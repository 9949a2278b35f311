"""Sends recorded tracks to a hub: at the recorded pace, faster, or as fast as possible."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from clients.driver import DriverClient, Rejection
from clients.replay.tracks import BadRow, Point, estimate, read

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
    token: str | None = None,
    console: Console | None = None,
) -> Replayed:
    """Send the points of CSV and GPX files (``clients.replay.tracks``) and wait until each is acked or rejected.

    ``factor`` is the speed as a multiple of the recorded one; without it the replay is as fast as possible. ``shift``
    moves the times: the first point gets the present time, and the others follow at the pace of the replay. Speeds of
    points do not change. Bad rows and rejected points are printed with file and line.

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

    def bad_row(row: BadRow) -> None:
        figures.bad += 1
        console.print(Text(f"{row.path}:{row.line}: skipped: {row.reason}", "yellow"), soft_wrap=True)

    def rejected(rejection: Rejection) -> None:
        where = sources.find(rejection.msg_no)
        reason = f"{rejection.code}: {rejection.field}: {rejection.detail}"
        console.print(Text(f"{where}: rejected: {reason}", "red"), soft_wrap=True)

    started = time.monotonic()
    client = DriverClient(url, token=token, max_fixes=AHEAD, on_rejected=rejected)
    async with client as driver:
        showing = asyncio.create_task(_show(console, driver, figures, estimate(paths)))
        try:
            first: datetime | None = None
            begin = datetime.now(UTC)
            for point in read(paths, bad_row):
                first = first or point.recorded_at
                if factor is not None:
                    since = (point.recorded_at - first) / factor
                    if (wait := started + since.total_seconds() - time.monotonic()) > 0:
                        await asyncio.sleep(wait)
                    if shift:
                        point.fix.recorded_at = begin + since
                sources.add(await driver.publish(point.fix), point)
                sources.settled(driver.acked_through)
                figures.points += 1
            await driver.flush()
        finally:
            showing.cancel()
            await asyncio.wait([showing])
    figures.acked, figures.rejected = driver.acked, driver.rejected
    figures.seconds = time.monotonic() - started
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
