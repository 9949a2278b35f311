"""The geocoder of ``HUB_GEOCODER``: asked slowly, one question after the other, and never twice.

It is not on the live path: requests of the API wait for an answer, for ``PATIENCE`` at most, and coordinates of trips
and stops are asked by ``run`` after they were shown with the name of the nearest place. Answers are kept in PostgreSQL.
After failures no question is sent for a while. Nothing that is asked or answered gets into the log.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.clock import SYSTEM, SystemClock
from hub.edge.geocoding.away import GeocoderAway
from hub.logs import Action, get_logger
from hub.settings import Settings
from hub.stores.postgres.places.addresses import coordinates_of, expire, find, key_of, put
from hub.stores.postgres.pool import DatabaseAway, Pool
from hub.wire.geocoders import Address, reverse_url, search_url

if TYPE_CHECKING:
    from hub.edge.geocoding.fetch import Client

PATIENCE = 4.0
"""Seconds that a request of the API waits for an answer, of which others may be before it; it goes on and is kept."""

MOST_WAITING = 16
"""Questions of the API that wait for their turn; further ones are refused."""

MOST_OF_A_FLEET = 4
"""Of these, those of one fleet: no fleet keeps the geocoder for itself."""

MOST_WANTED = 500
"""Coordinates whose address is asked in the background; further ones are asked when they are shown again."""

FAILURES = 3
"""In a row, after which no question is sent for ``FIRST_PAUSE`` seconds; each further pause is twice the last one."""

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 900.0

EXPIRY_PAUSE = 3_600.0
"""Seconds between two deletions of old answers."""

log = get_logger()


class Geocoder:
    """``configured``: whether there is one. All times are those of the monotonic clock."""

    def __init__(self, settings: Settings, pool: Pool, clock: SystemClock = SYSTEM) -> None:
        self._settings, self._pool, self._clock = settings, pool, clock
        self.configured = bool(settings.geocoder)
        self._host = urlsplit(settings.geocoder).netloc
        self._turn = asyncio.Lock()
        self._next = 0.0
        # Fleet -> its questions that wait, one or more.
        self._waiting: Counter[str] = Counter()
        self._failures, self._paused_until, self._pause = 0, 0.0, FIRST_PAUSE
        self._problem = ""
        self._wanted: dict[str, None] = {}
        self._any_wanted = asyncio.Event()
        self._asked: dict[str, asyncio.Task[list[Address]]] = {}
        self._client: Client | None = None

    async def reverse(self, fleet: str, latitude: float, longitude: float) -> Address | None:
        """The address of a coordinate, for a user of a fleet; None where there is none. Raises ``GeocoderAway``."""
        found = await self._answers(fleet, key_of(latitude, longitude))
        return found[0] if found else None

    async def search(self, fleet: str, text: str, near: tuple[float, float] | None, limit: int) -> list[Address]:
        """Addresses for a text, those around ``near`` first, for a user of a fleet. Raises ``GeocoderAway``."""
        # In whole degrees: they tell the geocoder the region and not the place, and its answers serve many questions.
        around = f"{near[0]:.0f},{near[1]:.0f}" if near is not None else ""
        return (await self._answers(fleet, f"?{around}?{' '.join(text.split()).casefold()}"))[:limit]

    def want(self, keys: Sequence[str]) -> None:
        """Ask for the addresses of coordinates later, as ``key_of`` writes them; those that are too many are left
        out."""
        for key in keys:
            if self.configured and len(self._wanted) < MOST_WANTED:
                self._wanted[key] = None
        if self._wanted:
            self._any_wanted.set()

    async def run(self) -> None:
        """Ask for wanted addresses, and delete old ones, until it is cancelled."""
        expired_at = float("-inf")
        # Also without a geocoder: the answers of one that was set before are not kept for ever.
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EXPIRY_PAUSE):
                    await self._any_wanted.wait()
            now = self._clock.monotonic()
            if now >= expired_at:
                await self._expire()
                expired_at = now + EXPIRY_PAUSE
            if now < self._paused_until:
                await asyncio.sleep(self._paused_until - now)
            if not self._wanted:
                self._any_wanted.clear()
                continue
            key = next(iter(self._wanted))
            with contextlib.suppress(GeocoderAway):
                await self._ask(key)
            self._wanted.pop(key, None)

    async def close(self) -> None:
        """Close connections, and end questions under way."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    async def _answers(self, fleet: str, question: str) -> list[Address]:
        if not self.configured:
            raise GeocoderAway("HUB_GEOCODER is not set")
        known = await self._known(question)
        if known is not None:
            return known
        task = self._asked.get(question)
        if task is None:
            self._check_pause()
            if self._waiting.total() >= MOST_WAITING:
                raise GeocoderAway("too many questions wait for the geocoder")
            if self._waiting[fleet] >= MOST_OF_A_FLEET:
                raise GeocoderAway("too many questions of the fleet wait for the geocoder")
            self._waiting[fleet] += 1  # here, not when the task begins: others come before it
            task = asyncio.create_task(self._ask(question))
            self._asked[question] = task
            task.add_done_callback(lambda done: self._forget(fleet, question, done))
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise GeocoderAway(f"the geocoder has not answered within {PATIENCE:g} s") from error

    def _forget(self, fleet: str, question: str, task: asyncio.Task[list[Address]]) -> None:
        self._waiting[fleet] -= 1
        if not self._waiting[fleet]:
            del self._waiting[fleet]
        del self._asked[question]
        if not task.cancelled():
            task.exception()  # its request may have stopped waiting, and asyncio reports errors that were not read

    async def _known(self, question: str) -> list[Address] | None:
        settings = self._settings
        after = self._clock.now() - timedelta(days=settings.geocoder_days)
        try:
            async with self._pool.connection(quiet=True) as connection:
                return (await find(connection, settings.geocoder_language, [question], after)).get(question)
        except DatabaseAway as error:
            # Without the kept answers each question would be sent again.
            raise GeocoderAway("kept addresses cannot be read: PostgreSQL does not answer") from error

    async def _ask(self, question: str) -> list[Address]:
        """Ask the geocoder in turn, and keep the answer."""
        async with self._turn:
            if (pause := self._next - self._clock.monotonic()) > 0:
                await asyncio.sleep(pause)
            self._check_pause()
            self._next = self._clock.monotonic() + 1 / self._settings.geocoder_rate
            try:
                found = await self._fetcher().answers(self._url(question))
            except GeocoderAway as error:
                self._failed(error)
                raise
        self._answered()
        with contextlib.suppress(DatabaseAway):  # then it is asked again
            async with self._pool.connection() as connection:
                await put(connection, self._settings.geocoder_language, question, found, self._clock.now())
        return found

    def _url(self, question: str) -> str:
        settings = self._settings
        common = settings.geocoder_kind, settings.geocoder, settings.geocoder_key
        if not question.startswith("?"):
            latitude, _, longitude = question.partition(",")
            return reverse_url(*common, latitude, longitude, settings.geocoder_language)
        _, around, text = question.split("?", 2)
        near = coordinates_of(around) if around else None
        return search_url(*common, text, near, 10, settings.geocoder_language)

    def _fetcher(self) -> Client:
        if self._client is None:
            # Most hubs have no geocoder: they need not load an HTTP client.
            from hub.edge.geocoding.fetch import Client

            self._client = Client(self._settings.geocoder_kind)
        return self._client

    def _check_pause(self) -> None:
        left = self._paused_until - self._clock.monotonic()
        if left > 0:
            raise GeocoderAway(f"{self._problem}; it is asked again in {left:.0f} s")

    def _failed(self, error: GeocoderAway) -> None:
        self._failures = FAILURES if error.refused else self._failures + 1
        if self._failures < FAILURES:
            return
        self._problem = str(error)
        self._paused_until = self._clock.monotonic() + self._pause
        log.warning(Action.GEOCODER_FAILED, host=self._host, problem=self._problem, pause=self._pause)
        self._pause = min(LONGEST_PAUSE, self._pause * 2)

    def _answered(self) -> None:
        if self._failures >= FAILURES:
            log.info(Action.GEOCODER_ANSWERS, host=self._host)
        self._failures, self._pause = 0, FIRST_PAUSE

    async def _expire(self) -> None:
        before = self._clock.now() - timedelta(days=self._settings.geocoder_days)
        with contextlib.suppress(DatabaseAway):
            async with self._pool.connection() as connection:
                await expire(connection, before, self._settings.max_addresses)
