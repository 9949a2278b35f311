"""Open files of the process: a reserve that clients cannot use, and log lines when descriptors run out.

At the limit the event loop (libuv) accepts each connection and closes it without an answer, and the hub cannot connect
to Redis and PostgreSQL. So the last descriptors are reserved: clients get 503 instead.
"""

from __future__ import annotations

import asyncio
import os
import resource

from hub.logs import Action, get_logger

log = get_logger()

RESERVED = 64
"""Reserved descriptors. Half of them is for clients that are answered 503, the other half for reconnects to Redis and
PostgreSQL and for child processes, which need some 20."""

RESERVED_SHARE = 8
"""Largest reserve as a share of a low limit."""

INTERVAL = 1.0
"""Seconds between two checks of the open files."""

REPEAT = 60.0
"""Seconds between two lines of the log while it lasts."""

CALM = 5.0
"""Seconds with free descriptors that end the shortage: clients that reconnect at once fill the table again."""

_PROBLEM = (
    b'{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"the hub has no file descriptor left"}'
)
NO_FILES = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n"
    b"retry-after: %%d\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (len(_PROBLEM), _PROBLEM)
)
"""The answer to a client on a reserved descriptor; ``%`` fills in the seconds after which it may try again."""


class Files:
    """The limit on open files, and the connections refused at it. ``run`` checks it."""

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
        """Whether a descriptor belongs to the reserve. The kernel assigns the lowest free number, so all below it are
        in use."""
        return number >= self.first_reserved

    def urgent(self, number: int) -> bool:
        """Whether a descriptor is in the second half of the reserve, which must be closed at once for clients."""
        return number >= (self.first_reserved + self.limit) // 2

    async def run(self) -> None:
        """Check once a second, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self.look(loop.time())
            await asyncio.sleep(INTERVAL)

    def look(self, now: float) -> None:
        """Log when the free descriptors are used up, every minute while they are, and the end of the shortage."""
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
