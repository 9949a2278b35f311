"""Whether acked positions are safe in the log: losses found by the recorder, and the settings of Redis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from redis.asyncio import Redis

from hub.clock import SYSTEM, SystemClock
from hub.logs import Action, get_logger
from hub.stores.redis.log.state import LogState
from hub.stores.redis.settings import RedisSettings, checked, problems, read

log = get_logger()

SETTINGS_EVERY = 60.0
"""Seconds between two reads of the settings of Redis; they are also read after each reconnect."""

DAMAGE_SHOWN = 24 * 3600.0
"""Seconds for which ``/readyz`` and ``/health`` are degraded after the log was found damaged. The loss cannot be
undone, so only time ends this; a day is enough for an operator to see it. The counter and the table stay."""


class LogSafety:
    """``asked`` is the setting ``redis_appendfsync``: the policy of the embedded Valkey, and the minimum for a Redis of
    ``redis_url``. ``on_damage`` is called when the recorder has found the log damaged, ``on_stored``
    at each look with the number of positions of each hub process that are stored."""

    def __init__(
        self,
        redis: Redis,
        asked: str,
        on_damage: Callable[[], None],
        on_stored: Callable[[list[dict[str, int]]], None] = lambda stored: None,
        clock: SystemClock = SYSTEM,
    ) -> None:
        self.redis, self.asked, self._clock = redis, asked, clock
        self._on_damage, self._on_stored = on_damage, on_stored
        self.lost = 0
        self.damaged_at = 0.0
        self.settings: RedisSettings | None = None
        # Setting -> what is wrong with it; as last logged.
        self.wrong: dict[str, str] = {}
        self._read_at = float("-inf")

    def forget(self) -> None:
        """Note that Redis does not answer: it may come back with other settings."""
        self._read_at = float("-inf")

    async def look(self, state: LogState) -> None:
        """Apply the recorder's report, and read the settings of Redis if that is due. Raises one of ``UNAVAILABLE``."""
        self._on_stored(state.stored)
        if state.lost is not None and state.damaged_at is not None:
            if state.damaged_at > self.damaged_at:
                self._on_damage()
            self.lost, self.damaged_at = state.lost, state.damaged_at
        now = self._clock.monotonic()
        if now - self._read_at >= SETTINGS_EVERY:
            found = await read(self.redis)
            self._read_at = now
            self._judge(found)

    def _judge(self, found: RedisSettings) -> None:
        if found == self.settings:
            return
        self.settings, self.wrong = found, problems(found, self.asked)
        told = {"appendfsync": found.appendfsync, "checked": sorted(checked(found))}
        if self.wrong:
            log.error(Action.REDIS_SETTINGS, **told, problems=list(self.wrong.values()))
        else:
            log.info(Action.REDIS_SETTINGS, **told)

    def risks(self) -> list[str]:
        """Conditions that have lost acked positions, or may."""
        return [*self._damage(), *self.wrong.values()]

    def _damage(self) -> list[str]:
        if self._clock.time() - self.damaged_at >= DAMAGE_SHOWN:
            return []
        at = datetime.fromtimestamp(self.damaged_at, UTC).isoformat(timespec="seconds")
        lost = f"{self.lost} acknowledged positions are lost in all" if self.lost else "no lost position is counted"
        return [f"the log was found emptied or trimmed at {at}: {lost}"]

    def policy(self) -> list[str]:
        """The fsync policy in force, and the settings that could not be checked."""
        if self.settings is None:
            return []
        unknown = {"appendonly", "appendfsync", "maxmemory-policy"} - checked(self.settings)
        lines = [f"appendfsync: {self.settings.appendfsync or 'unknown'}"]
        if unknown:
            lines.append(f"not checked, because Redis refuses CONFIG GET: {', '.join(sorted(unknown))}")
        return lines

    def verdicts(self) -> dict[str, bool]:
        """Setting -> whether it is right, for the settings that Redis returned."""
        return {} if self.settings is None else {name: name not in self.wrong for name in checked(self.settings)}
