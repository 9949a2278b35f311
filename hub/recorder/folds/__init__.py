"""Folds: what the recorder derives from positions, in the transaction that stores them."""

from __future__ import annotations

from hub.recorder.folds.arrivals import Arrivals
from hub.recorder.folds.base import Fold
from hub.recorder.folds.conditions import Conditions
from hub.recorder.folds.fences import Fences
from hub.recorder.folds.forwarding import Forwarding
from hub.recorder.folds.trips import Trips

FOLDS: list[type[Fold]] = [Trips, Fences, Arrivals, Conditions, Forwarding]
"""Applied to each batch in this order."""
