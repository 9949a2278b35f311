"""The screen of ``hub watch``: built from events, painted on request, without a socket or a clock.

It creates rich's segments itself: rich's panels and tables took 50 ms for a frame of 150 x 44 cells.
"""

from __future__ import annotations

from collections import Counter, deque

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from rich.style import Style

from clients.dispatcher import Disconnected, Event, Stale, State
from clients.messages import Left, Location, Subscribed, Synced
from clients.terminal.minimap import STYLES, MiniMap, arrow

SPARKS = "▁▂▃▄▅▆▇█"
SPARK_SECONDS = 24

LAGS = 2_000
"""Number of latest updates in the percentiles of the lag."""

LIST_WIDTH = 34
MIN_MAP_WIDTH = 40
"""Smallest width of the map next to the list; a narrower terminal shows the map only."""

HEADER_ROWS = 2

BOLD = Style(bold=True)
DIM = Style(color="bright_black")
SPARK = Style(color="cyan")
STATES = {
    State.CONNECTING: Style(color="yellow"),
    State.LIVE: Style(color="green", bold=True),
    State.STALE: Style(color="yellow", bold=True),
    State.RECONNECTING: Style(color="red", bold=True),
}

Row = list[Segment]


class Screen:
    """A rich renderable that fills its space; ``apply`` takes the events.

    ``latest`` and ``presence`` are the tables of the dispatcher client. ``now`` is wall-clock seconds throughout.
    """

    def __init__(self, address: str, latest: dict[str, Location], presence: dict[str, str]) -> None:
        self.address = address
        self.latest, self.presence = latest, presence
        self.state = State.CONNECTING
        self._note = ""
        self._now = 0.0
        self._map = MiniMap()
        # Driver -> when it was last updated, the latest last; and those of them that the list shows for a second.
        self._updated: dict[str, float] = {}
        self._listed: list[str] = []
        self._lags: deque[float] = deque(maxlen=LAGS)
        # Updates in each of the last seconds, and in the current one.
        self._rates: deque[int] = deque([0] * SPARK_SECONDS, maxlen=SPARK_SECONDS)
        self._count = 0

    def apply(self, event: Event, now: float) -> None:
        """Apply an event received at ``now``."""
        self.turn(now)
        if self.state is State.STALE:
            self.state, self._note = State.LIVE, ""
        match event:
            case Location(driver_id=driver_id):
                self._updated.pop(driver_id, None)
                self._updated[driver_id] = now
                if self.state is State.LIVE:  # positions of a snapshot are old
                    self._count += 1
                    self._lags.append(now - event.received_at.timestamp())
            case Left(driver_id=driver_id):
                self._updated.pop(driver_id, None)
            case Subscribed(reset=True):
                self._updated.clear()
            case Synced():
                self.state, self._note = State.LIVE, ""
            case Stale():
                self.state, self._note = State.STALE, f"no message from the hub for {event.seconds:.0f} s"
            case Disconnected():
                self.state = State.RECONNECTING
                self._note = f"{event.reason}; next attempt in {event.retry_in:.1f} s"

    def turn(self, now: float) -> None:
        """Advance the time."""
        passed = int(now) - int(self._now)
        self._now = now
        if passed > 0:
            self._rates.extend([self._count] + [0] * min(passed - 1, SPARK_SECONDS))
            self._count = 0
            self._listed = list(reversed(self._updated))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        height = options.height or console.height
        for index, row in enumerate(self.rows(options.max_width, height)):
            if index:
                yield Segment.line()
            yield from row

    def rows(self, width: int, height: int) -> list[Row]:
        """The whole screen: ``height`` rows of ``width`` cells."""
        map_width = width - LIST_WIDTH - 1 if width > MIN_MAP_WIDTH + LIST_WIDTH else width
        map_height = max(1, height - HEADER_ROWS - 2)
        drivers = ((location, self.presence.get(driver_id, "online")) for driver_id, location in self.latest.items())
        body = self._map.draw(drivers, map_width, map_height)
        rule = "─" * map_width
        foot = self._foot(map_width)
        if map_width < width:
            for row, entry in zip(body, self._list(map_height), strict=True):
                row += [Segment("│", DIM), *entry]
            rule += "┬" + "─" * LIST_WIDTH
            foot += "┴" + "─" * LIST_WIDTH
        return [*(_cut(row, width) for row in self._header()), [Segment(rule, DIM)], *body, [Segment(foot, DIM)]]

    def _header(self) -> list[Row]:
        first = [Segment(f" ● {self.state.value}", STATES[self.state]), Segment(f"  {self.address}  ", DIM)]
        if self._note:
            first.append(Segment(self._note, STATES[self.state]))
        else:
            first.append(Segment(lag(sorted(self._lags))))
        counts = Counter(self.presence.values())
        second = [Segment(f" {len(self.latest)} drivers", BOLD)]
        for status, style in (("online", STYLES["moving"]), ("stale", STYLES["stale"]), ("offline", STYLES["offline"])):
            if counts[status]:
                second.append(Segment(f" · {counts[status]} {status}", style))
        second.append(Segment(f"   {self._rates[-1]} updates/s ", BOLD))
        second.append(Segment(spark(list(self._rates)), SPARK))
        return [first, second]

    def _foot(self, width: int) -> str:
        off = f" {self._map.off_map} off the map " if self._map.off_map else ""
        return f"{off}{self._map.scale_bar(width).rjust(width - len(off) - 1, '─')} "[:width].ljust(width, "─")

    def _list(self, rows: int) -> list[Row]:
        listed = [driver_id for driver_id in self._listed if driver_id in self.latest and driver_id in self._updated]
        entries = [self._entry(driver_id) for driver_id in listed[:rows]]
        return entries + [[Segment(" " * LIST_WIDTH)] for _ in range(rows - len(entries))]

    def _entry(self, driver_id: str) -> Row:
        location = self.latest[driver_id]
        speed = "" if location.speed is None else f"{location.speed * 3.6:.0f} km/h"
        name = driver_id if len(driver_id) <= 14 else driver_id[:13] + "…"
        old = age(self._now - self._updated[driver_id])
        style = STYLES.get(self.presence.get(driver_id, ""))
        return [
            Segment(f" {name:<14} {arrow(location.heading)} {speed:>9}", style),
            Segment(f" {old:>5} ", DIM),
        ]


def _cut(row: Row, width: int) -> Row:
    """A row of exactly ``width`` cells."""
    return Segment.adjust_line_length(row, width)


def spark(rates: list[int]) -> str:
    """Bars proportional to the rates; the highest is full."""
    top = max(*rates, 1)
    return "".join(SPARKS[round(rate / top * (len(SPARKS) - 1))] for rate in rates)


def lag(lags: list[float]) -> str:
    """Percentiles in milliseconds of sorted lags in seconds."""
    if not lags:
        return ""
    p50, p95, p99 = (lags[int((len(lags) - 1) * part)] * 1000 for part in (0.5, 0.95, 0.99))
    return f"lag p50 {p50:.0f} · p95 {p95:.0f} · p99 {p99:.0f} ms"


def age(seconds: float) -> str:
    """A duration in five cells."""
    if seconds < 1:
        return "now"
    for limit, size, unit in ((60, 1, "s"), (3_600, 60, "min"), (86_400, 3_600, "h")):
        if seconds < limit:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds // 86_400:.0f} d"
