"""Trips of fleets whose laws of travel are known."""

from __future__ import annotations

import random
from collections.abc import Callable

from hub.core.eta.samples import Driven, Sample

HOUR = 3_600_000_000


def fleet(
    trips: int, seconds: Callable[[float, float], float], *, seed: int = 1, noise: float = 0.0, samples: int = 25
) -> list[Driven]:
    """Trips in the order of their ends; ``seconds`` of a distance in metres and a speed in m/s, times a random factor
    of e to the ``noise``."""
    chance = random.Random(seed)
    found = []
    for number in range(trips):
        some = []
        for _ in range(samples):
            distance, speed = 10 ** chance.uniform(2.3, 4.3), chance.uniform(2, 20)
            some.append(Sample(distance, speed, seconds(distance, speed) * 2.718281828 ** chance.gauss(0, noise)))
        found.append(Driven(number * HOUR, some))
    return found
