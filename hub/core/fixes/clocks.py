"""Clocks of drivers that are wrong: detected by their fixes, and corrected for the order of the fixes only.

A fix whose ``recordedAt`` is far from the time of its receipt proves nothing by itself: it may be one wrong reading, or
stored and sent late. Receptions over some seconds whose newest fixes are off by the same time prove a wrong clock. A
backlog does not look like that: it is sent faster than it was recorded, so its offsets shrink.

The offset decides whether a fix is live. The position keeps the ``recordedAt`` that the device sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta

MAX_BEHIND = timedelta(seconds=-60)
"""How old a fix may be until the clock of its driver is watched: fixes are sent within a minute, or were stored."""

RECEPTIONS = 3
"""Receptions that have to agree. A burst of fixes is one reception."""

PROOF_AHEAD = timedelta(seconds=3)
"""The least time over which they agree where the clock is ahead: no backlog comes from the future."""

PROOF_BEHIND = timedelta(seconds=5)
"""The same where it is behind: more, because fixes may also be old because they were sent late."""

JITTER = timedelta(seconds=1.5)
"""Difference of offsets that is always agreement: clocks that report whole seconds, and the network."""

DRIFT = 0.1
"""The same as a share of the time between two receptions: a backlog that is sent at 0.9 to 1.1 times the speed at which
it was recorded looks like a wrong clock."""

AGREEMENT = timedelta(seconds=30)
"""The largest difference that is agreement."""


class DriverClock:
    """The clock of one driver whose fixes are not in time. Offsets are the time by which it is ahead."""

    __slots__ = ("_count", "_first", "_heard", "_last", "_newest", "_since", "ahead", "proven")

    def __init__(self, recorded_at: datetime, now: datetime) -> None:
        self.ahead: timedelta | None = None
        """The offset by which fixes are corrected; None while nothing is corrected."""
        self.proven = False
        """Whether receptions have proved ``ahead``. Otherwise it is that of a single fix, the first of a driver."""
        # The present reception, by its time, and its newest fix.
        self._heard, self._newest = now, recorded_at
        # The receptions before it that agree: number, time and offset of the first, newest fix.
        self._count = 0
        self._since, self._first, self._last = now, recorded_at - now, recorded_at

    def note(self, recorded_at: datetime, now: datetime, max_future: timedelta) -> bool:
        """Note a fix. False when the reception before it was in time: forget this clock."""
        if now == self._heard:
            self._newest = max(self._newest, recorded_at)
        else:
            offset = self._newest - self._heard
            if MAX_BEHIND <= offset <= max_future and (self.ahead is None or abs(offset - self.ahead) > AGREEMENT):
                return False
            self._complete(offset)
            self._heard, self._newest = now, recorded_at
        self._prove()
        return True

    def _complete(self, offset: timedelta) -> None:
        """Add the present reception to those that agree, or start again with it."""
        if not self._count or not self._agrees(offset):
            self._count, self._since, self._first, self._last = 1, self._heard, offset, self._newest
        elif self._newest > self._last:  # a fix that is sent again proves nothing
            self._count += 1
            self._last = self._newest

    def _prove(self) -> None:
        offset, span = self._newest - self._heard, self._heard - self._since
        if (
            self._count >= RECEPTIONS - 1
            and self._newest > self._last
            and span >= (PROOF_AHEAD if offset > timedelta() else PROOF_BEHIND)
            and self._agrees(offset)
            and (not self.proven or self.ahead is None or abs(offset - self.ahead) > AGREEMENT)
        ):
            # A delay only makes a clock look less ahead.
            self.ahead, self.proven = max(offset, self._first), True

    def _agrees(self, offset: timedelta) -> bool:
        return abs(offset - self._first) <= min(AGREEMENT, max(JITTER, (self._heard - self._since) * DRIFT))


MOST_NEWS = 1_000
"""Most drivers of which news wait for the log, which takes them away every second."""


class DriverClocks:
    """The watched clocks of one fleet. Every driver in them has a latest position."""

    __slots__ = ("news", "watched")

    def __init__(self) -> None:
        self.watched: dict[str, DriverClock] = {}
        self.news: dict[str, timedelta | None] = {}
        """Driver -> the offset of its clock, None when it is right again: changes that are not in the log yet."""

    def wrong(self) -> list[timedelta]:
        """The offsets of the clocks that are wrong."""
        return [clock.ahead for clock in self.watched.values() if clock.proven and clock.ahead is not None]

    def judge(
        self,
        driver_id: str,
        recorded_at: datetime,
        now: datetime,
        latest: datetime | None,
        max_future: timedelta,
        *,
        timed: bool,
    ) -> tuple[datetime, float | None, datetime | None]:
        """Judge a fix that is not in time, or whose driver is watched: the instant by which it is ordered, the offset
        of the driver's clock (seconds) if it is wrong, and ``latest``, None if this fix is to be shown in any case.

        ``timed``: the device sent ``recorded_at``.
        """
        in_time = not timed or MAX_BEHIND <= recorded_at - now <= max_future
        clock = self.watched.get(driver_id)
        if clock is not None:
            if not timed:
                self._forget(driver_id, clock)
                clock = None
            elif in_time and clock.ahead is not None and not clock.proven:
                # The offset of a single fix. The first fix in time is always shown.
                self._forget(driver_id, clock)
                return recorded_at, None, None
            else:
                before = clock.ahead if clock.proven else None
                known = clock.note(recorded_at, now, max_future)
                if not known:
                    self._forget(driver_id, clock)
                    clock = None
                elif clock.proven and clock.ahead != before:
                    self._tell(driver_id, clock.ahead)
                    latest = None  # its order was another
        if clock is None:
            if in_time:
                return recorded_at, None, latest
            clock = self.watched[driver_id] = DriverClock(recorded_at, now)
            if latest is None and recorded_at > now:
                # Nothing else is known of the driver: it is shown at once.
                clock.ahead = recorded_at - now
        if clock.ahead is None:
            return recorded_at, None, latest
        try:
            return recorded_at - clock.ahead, _seconds(clock.ahead), latest
        except OverflowError:  # before year 1 or after 9999: the offset is not that of this fix
            return recorded_at, None, latest

    def restore(self, driver_id: str, recorded_at: datetime, received_at: datetime, clock_offset: float) -> datetime:
        """Watch a clock that is known to be wrong, after a restart or from another node, by a position of its driver;
        the instant that orders the position."""
        clock = self.watched[driver_id] = DriverClock(recorded_at, received_at)
        clock.ahead, clock.proven = timedelta(seconds=clock_offset), True
        return recorded_at - clock.ahead

    def remove(self, driver_id: str) -> None:
        """Drop everything about a driver that is no longer live."""
        self.watched.pop(driver_id, None)
        self.news.pop(driver_id, None)

    def _forget(self, driver_id: str, clock: DriverClock) -> None:
        del self.watched[driver_id]
        if clock.proven:
            self._tell(driver_id, None)

    def _tell(self, driver_id: str, ahead: timedelta | None) -> None:
        if driver_id in self.news or len(self.news) < MOST_NEWS:
            self.news[driver_id] = ahead


def _seconds(offset: timedelta) -> float:
    """An offset as it is sent, in tenths: the delays of the network are part of it."""
    return round(offset.total_seconds(), 1)
