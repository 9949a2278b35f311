"""Open files of the process: which of them connections may not have, and what the log says when they run out.

At the limit the event loop (libuv) accepts each connection and closes it without a word, and connections of ours to
Redis and PostgreSQL cannot be made. So the last descriptors are kept from clients: those get 503.
"""

from __future__ import annotations

import asyncio
import os
import resource

from hub.logs import Action, get_logger

log = get_logger()

RESERVED = 64
"""Descriptors that are kept from clients. Half of them is for clients that are being told 503, the other for Redis,
PostgreSQL and child processes to come back, which need some 20."""

RESERVED_SHARE = 8
"""Where the limit is low the reserve is this part of it at most."""

INTERVAL = 1.0
"""Seconds between two looks at the table of open files."""

REPEAT = 60.0
"""Seconds between two lines of the log while it lasts."""

CALM = 5.0
"""Seconds with free descriptors after which it is over: clients that come back at once fill the table again."""


class Files:
    """The limit on open files and what it has cost. ``run`` looks after it."""

    def __init__(self) -> None:
        self.refused = 0
        """Connections that were answered 503."""
        self.limit = 0
        self.first_reserved = 0
        self._counted = 0
        self._full_at: float | None = None
        self._said_at = 0.0
        self._read_limit()

    def reserved(self, number: int) -> bool:
        """Whether a descriptor is one of those that clients do not get. The kernel gives the lowest free number, so all
        below it are in use."""
        return number >= self.first_reserved

    def urgent(self, number: int) -> bool:
        """Whether a descriptor is in the second half of the reserve, which clients must leave at once."""
        return number >= (self.first_reserved + self.limit) // 2

    async def run(self) -> None:
        """Look once a second, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self.look(loop.time())
            await asyncio.sleep(INTERVAL)

    def look(self, now: float) -> None:
        """Say in the log when the free descriptors are used up, every minute while they are, and when it is over."""
        self._read_limit()
        if self._used_up() or self.refused != self._counted:
            if self._full_at is None or now - self._said_at >= REPEAT:
                self._said_at = now
                log.error(Action.FILES_EXHAUSTED, limit=self.limit, refused=self.refused)
            self._full_at, self._counted = now, self.refused
        elif self._full_at is not None and now - self._full_at >= CALM:
            self._full_at = None
            log.info(Action.FILES_AVAILABLE, limit=self.limit, refused=self.refused)

    def _read_limit(self) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        # Without a limit no number is reached.
        self.limit = soft if soft != resource.RLIM_INFINITY else 2**31
        self.first_reserved = self.limit - min(RESERVED, self.limit // RESERVED_SHARE)

    def _used_up(self) -> bool:
        try:
            number = os.open(os.devnull, os.O_RDONLY)
        except OSError:
            return True  # EMFILE, or ENFILE of the whole system
        os.close(number)
        return self.reserved(number)
