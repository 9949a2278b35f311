"""The points whose states are kept as checkpoints: one in 64, chosen by the instant alone, so that late points do not
move the checkpoints behind them."""

from __future__ import annotations

from typing import Any

import numpy as np

MASK = 0xFFFFFFFFFFFFFFFF
FIRST, SECOND = 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53
"""The factors of the finalizer of MurmurHash3."""


def is_anchor(at: int) -> bool:
    """Whether the state after the point of this instant (microseconds) is a checkpoint."""
    h = (at // 1_000) & MASK
    h = (h ^ (h >> 33)) * FIRST & MASK
    h = (h ^ (h >> 33)) * SECOND & MASK
    return (h ^ (h >> 33)) & 63 == 0


def anchors(at: Any) -> list[int]:
    """The indices of the anchors among many instants, an array of 64-bit integers."""
    h = (at // 1_000).astype(np.uint64)
    h = (h ^ (h >> np.uint64(33))) * np.uint64(FIRST)
    h = (h ^ (h >> np.uint64(33))) * np.uint64(SECOND)
    found: list[int] = np.flatnonzero(((h ^ (h >> np.uint64(33))) & np.uint64(63)) == 0).tolist()
    return found
