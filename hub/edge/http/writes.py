"""When dispatchers and admins changed something of a fleet at this node: they must see it, also where a standby, which
follows a little later, answers."""

from __future__ import annotations

import asyncio


class Writes:
    """The last change of each fleet, in the time of the loop."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def note(self, fleet: str) -> None:
        """Something was changed just now."""
        self._last[fleet] = asyncio.get_running_loop().time()

    def last(self, fleet: str) -> float:
        """When something was changed last; minus infinity if nothing was since the start."""
        return self._last.get(fleet, float("-inf"))
