"""Tracks for tests: a driver that is told what to do, and what its phone reports meanwhile."""

from __future__ import annotations

import random
from math import cos, radians, sin

from hub.core.geo.geodesy import scale, wrap
from hub.core.trips.state import Point

NINE = 1_700_000_000_000_000
"""Where tracks begin, in microseconds: some morning in November 2023."""


class Walker:
    """Makes ``points``; knows the ``driven`` metres and the instants of its doings. Degrees, metres, seconds."""

    def __init__(self, seed: int = 0, latitude: float = 25.2, longitude: float = 55.3, at: int = NINE) -> None:
        self.random = random.Random(seed)
        self.latitude, self.longitude, self.at, self.bearing = latitude, longitude, at, 30.0
        self.driven = 0.0
        self.points: list[Point] = []

    def drive(
        self, seconds: float, speed: float = 12.0, every: float = 5.0, turn: float = 0.0, noise: float = 0.0
    ) -> Walker:
        """Move, turning by ``turn`` degrees every 100 m."""
        for _ in range(round(seconds / every)):
            way = speed * every
            self.bearing += turn * way / 100
            self.shift(way * sin(radians(self.bearing)), way * cos(radians(self.bearing)))
            self.driven += way
            self.at += round(every * 1e6)
            self.report(noise)
        return self

    def stand(self, seconds: float, every: float = 5.0, noise: float = 0.0) -> Walker:
        for _ in range(round(seconds / every)):
            self.at += round(every * 1e6)
            self.report(noise)
        return self

    def errands(self, days: int) -> Walker:
        """Days of driving about, stopping here and there, with nights of silence at home or far from it."""
        chance = self.random
        for _ in range(days):
            for _ in range(5):
                self.bearing = chance.uniform(0, 360)
                self.drive(chance.uniform(120, 900), chance.uniform(3, 25), every=10, turn=5, noise=4)
                self.stand(chance.uniform(60, 900), every=15, noise=8)
            self.silence(chance.uniform(1_000, 40_000)).shift(chance.choice([0, 9_000]), 0)
        return self

    def silence(self, seconds: float) -> Walker:
        self.at += round(seconds * 1e6)
        return self

    def shift(self, east: float, north: float) -> Walker:
        """Be elsewhere, in no time and unnoticed."""
        kx, ky = scale(self.latitude)
        self.latitude, self.longitude = self.latitude + north / ky, wrap(self.longitude + east / kx)
        return self

    def report(self, noise: float = 0.0, speed: float | None = None, accuracy: float | None = None) -> Walker:
        kx, ky = scale(self.latitude)
        self.points.append(
            (
                self.at,
                round(self.latitude + self.random.gauss(0, noise) / ky, 7),
                round(wrap(self.longitude + self.random.gauss(0, noise) / kx), 7),
                speed,
                accuracy,
            )
        )
        return self
