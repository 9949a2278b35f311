"""A simulated truck that drives between depots on the corridors. Pure and seeded; time is an argument.

It follows speed limits at its driver's pace, is slowed by traffic and bends, waits at some traffic lights and at
depots. Its positions have a drifting error of a few metres, as those of real receivers.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from math import asin, atan2, cos, degrees, exp, radians, sin, sqrt
from random import Random

from clients.messages import Fix
from clients.simulator.corridors import DEPOTS, ROADS, Place

METRES_PER_DEGREE = 111_195.0
"""Metres per degree of latitude; per degree of longitude times the cosine of the latitude."""

ACCELERATION, BRAKING = 0.8, 1.2
"""m/s², of a loaded truck at a moderate pace."""

CLOSE = 1.0
"""Metres from a place at which it counts as reached, because braking never ends exactly there."""

MAX_TURN = 30.0
"""Degrees a second."""

Edge = tuple[float, float, bool]
"""Length in metres, speed limit in m/s, whether there are traffic lights at its ends."""


def distance(a: Place, b: Place) -> float:
    """Great-circle distance in metres."""
    (lat1, lon1), (lat2, lon2) = a, b
    phi1, phi2 = radians(lat1), radians(lat2)
    h = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(lon2 - lon1) / 2) ** 2
    return 2 * degrees(asin(sqrt(h))) * METRES_PER_DEGREE


def bearing(a: Place, b: Place) -> float:
    """Direction from ``a`` to a nearby ``b``, degrees clockwise from north in [0, 360)."""
    east = (b[1] - a[1]) * cos(radians((a[0] + b[0]) / 2))
    return degrees(atan2(east, b[0] - a[0])) % 360


def _network() -> dict[Place, dict[Place, Edge]]:
    network: dict[Place, dict[Place, Edge]] = {}
    for road in ROADS:
        for a, b in pairwise(road.points):
            edge = (distance(a, b), road.limit / 3.6, road.lights)
            network.setdefault(a, {})[b] = network.setdefault(b, {})[a] = edge
    return network


NETWORK = _network()
"""Place -> neighbouring places and the stretch of road to each."""


def route(start: Place, end: Place) -> list[Place]:
    """The fastest route between two points of the corridors (Dijkstra). Raises ``KeyError`` without a route."""
    best: dict[Place, float] = {start: 0.0}
    came: dict[Place, Place] = {}
    queue = [(0.0, start)]
    while queue:
        seconds, place = heappop(queue)
        if place == end:
            break
        for neighbour, (length, limit, _) in NETWORK[place].items():
            arrival = seconds + length / limit
            if arrival < best.get(neighbour, float("inf")):
                best[neighbour], came[neighbour] = arrival, place
                heappush(queue, (arrival, neighbour))
    places = [end]
    while places[-1] != start:
        places.append(came[places[-1]])
    return places[::-1]


class Truck:
    """One truck, determined by ``seed``, ``number`` and the steps of ``advance``. It starts somewhere on a route."""

    def __init__(self, seed: int, number: int) -> None:
        self.id = f"truck-{number:03d}"
        self._random = random = Random(f"{seed}:{number}")
        # The driver's share of the limit, and the lane, metres to the right of the line.
        self._pace = random.uniform(0.8, 1.02)
        self._lane = random.choice((6.0, 9.5, 13.0))
        self._yard = (random.uniform(-150, 150), random.uniform(-150, 150))
        self._traffic = 0.0
        self._noise = (random.gauss(0, 2.5), random.gauss(0, 2.5))
        self._battery = random.uniform(0.4, 1.0)
        self.speed = 0.0
        self._waiting = 0.0
        self._depart(random.choice(DEPOTS))
        if random.random() < 0.85:
            self._skip_to(random.uniform(0, self._travelled[-1]))
        else:
            self._waiting = random.uniform(0, 240)
        self._heading = self._direction()

    def advance(self, seconds: float) -> None:
        """Advance the time, in steps of at most a second."""
        while seconds > 0:
            step = min(seconds, 1.0)
            seconds -= step
            self._step(step)

    def fix(self) -> Fix:
        """The present fix, without a time."""
        (lat1, lon1), (lat2, lon2) = self._places[self._leg], self._places[self._leg + 1]
        part = (self._at - self._travelled[self._leg]) / (self._travelled[self._leg + 1] - self._travelled[self._leg])
        latitude, longitude = lat1 + (lat2 - lat1) * part, lon1 + (lon2 - lon1) * part
        # Near a depot the truck leaves the road for its place in the yard.
        yard = max(0.0, 1 - min(self._at, self._travelled[-1] - self._at) / 300)
        lane, right = self._lane * (1 - yard), radians(self._heading + 90)
        north = lane * cos(right) + self._yard[0] * yard + self._noise[0]
        east = lane * sin(right) + self._yard[1] * yard + self._noise[1]
        moving = self.speed > 0.5
        return Fix(
            latitude=round(latitude + north / METRES_PER_DEGREE, 6),
            longitude=round(longitude + east / METRES_PER_DEGREE / cos(radians(latitude)), 6),
            driver_id=self.id,
            speed=round(self.speed, 1) if moving else 0.0,
            heading=round(self._heading, 1) % 360 if moving else None,
            accuracy=round(4.0 + abs(self._noise[0]) + abs(self._noise[1]), 1),
            battery=round(self._battery, 2),
        )

    def _depart(self, depot: Place) -> None:
        """Plan a route to another depot; distant ones are less likely."""
        others = [other for other in DEPOTS if other != depot]
        weights = [exp(-distance(depot, other) / 20_000) + 0.01 for other in others]
        self._places = route(depot, self._random.choices(others, weights)[0])
        self._travelled = [0.0]
        # The speed at which each place may be passed; 0 is a red light or the end.
        self._passing = [0.0]
        for index, (a, b) in enumerate(pairwise(self._places), start=1):
            length, limit, lights = NETWORK[a][b]
            self._travelled.append(self._travelled[-1] + length)
            if index == len(self._places) - 1 or (lights and self._random.random() < 0.35):
                self._passing.append(0.0)
            else:
                turn = abs((bearing(b, self._places[index + 1]) - bearing(a, b) + 180) % 360 - 180)
                self._passing.append(limit if turn < 35 else 14.0 if turn < 70 else 8.0)
        self._leg = 0
        self._at = 0.0

    def _skip_to(self, at: float) -> None:
        self._at = at
        while self._travelled[self._leg + 1] <= at and self._leg + 2 < len(self._places):
            self._leg += 1
        self.speed = min(0.8 * self._limit(), self._allowed(1.0))

    def _limit(self) -> float:
        return NETWORK[self._places[self._leg]][self._places[self._leg + 1]][1]

    def _allowed(self, seconds: float) -> float:
        """The highest speed that, kept for ``seconds``, still allows braking for the next place."""
        ahead = self._travelled[self._leg + 1] - self._at
        slack, passing = BRAKING * seconds, self._passing[self._leg + 1]
        return sqrt(slack * slack + passing * passing + 2 * BRAKING * ahead) - slack

    def _direction(self) -> float:
        return bearing(self._places[self._leg], self._places[self._leg + 1])

    def _step(self, seconds: float) -> None:
        random = self._random
        keep = exp(-seconds / 10)
        drift = 2.5 * sqrt(1 - keep * keep)
        self._noise = (self._noise[0] * keep + random.gauss(0, drift), self._noise[1] * keep + random.gauss(0, drift))
        if self._waiting > 0:
            self._waiting -= seconds
            # Standing with the engine off drains the phone, driving charges it.
            self._battery = max(0.15, self._battery - seconds * 0.10 / 3600)
            if self._waiting <= 0 and self._at >= self._travelled[-1]:
                self._depart(self._places[-1])
                self._heading = self._direction()
            return
        self._battery = min(1.0, self._battery + seconds * 0.30 / 3600)
        self._traffic += -self._traffic * seconds / 90 + random.gauss(0, 0.02) * sqrt(seconds)
        free = self._limit() * self._pace * min(1.05, max(0.35, 1 - abs(self._traffic)))
        allowed = min(free, self._allowed(seconds))
        if self.speed < allowed:
            self.speed = min(allowed, self.speed + ACCELERATION * seconds)
        else:
            self.speed = max(allowed, self.speed - 2 * BRAKING * seconds)
        self._at += self.speed * seconds
        if self._at >= self._travelled[self._leg + 1] - CLOSE:
            self._reach()
        turn = (self._direction() - self._heading + 180) % 360 - 180
        self._heading = (self._heading + max(-MAX_TURN * seconds, min(MAX_TURN * seconds, turn))) % 360

    def _reach(self) -> None:
        """Reach the next place of the route: drive on, wait at a light, or unload."""
        last = self._leg + 2 == len(self._places)
        if self._passing[self._leg + 1] == 0:
            self._at = self._travelled[self._leg + 1]
            self.speed = 0.0
            self._waiting = 60 + self._random.expovariate(1 / 180) if last else self._random.uniform(10, 60)
        if not last:
            self._leg += 1
