"""What waits to be sent, as a notifier reports it."""

from __future__ import annotations

from msgspec import Struct


class Queues(Struct):
    """``waiting``: kind of channel -> deliveries that are not confirmed; ``oldest``: kind -> age of the oldest in
    seconds. ``behind``: kind -> age of the oldest position that a channel has to forward. ``channels``: kind, state,
    and how many channels have them."""

    waiting: dict[str, int] = {}
    oldest: dict[str, float] = {}
    behind: dict[str, float] = {}
    channels: list[tuple[str, str, int]] = []
