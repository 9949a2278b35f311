"""The other processes of a hub with several workers, as one of them sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from hub.edge.ops.sums import Family

Figures = Callable[[], Awaitable[list[Family]]]
"""The metrics of this process now."""


class Siblings(Protocol):
    """The hub around one process."""

    figures: Figures | None
    """Set by the application, for the hub to ask."""

    def problems(self) -> Sequence[str]:
        """Workers that do not serve, as text."""

    async def totals(self, own: list[Family]) -> list[Family]:
        """The metrics of all processes, added up. Where the parent does not answer, those of this process."""
