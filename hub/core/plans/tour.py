"""The free jobs of one vehicle, with the arrays that tell in constant time whether one more job fits.

``left[k]``: when the vehicle leaves node k at the soonest. ``latest[k]``: the latest arrival at node k with which
everything after it is in time. Both exist twice for a vehicle that still needs a break: before and after it. A tour is
never changed; ``insert`` makes another one, and computes only what differs.
"""

from __future__ import annotations

from itertools import pairwise
from math import inf

from hub.core.plans.world import Car, World

Loads = list[tuple[float, ...]]


class Tour:
    __slots__ = (
        "best", "car", "cost", "extra", "highest_after", "highest_before", "late", "latest", "latest_rested", "left",
        "left_rested", "legs", "loads", "nodes", "room", "seconds", "special",
    )  # fmt: skip

    car: Car
    nodes: list[int]
    """The origin, the free jobs, the end."""
    legs: list[float]
    """Cost of the drive to each node; of an empty tour what its first job saves, less than 0 for a new vehicle."""
    left: list[float]
    latest: list[float]
    left_rested: list[float]
    latest_rested: list[float]
    room: tuple[float, ...]
    """Capacity that no leg uses, if all loads are deliveries from the start."""
    loads: Loads
    """Of each leg, by its end; that of 0 is the highest until the origin. Only in a world with other loads."""
    highest_before: Loads
    highest_after: Loads
    """The highest load until the leg, and from it."""
    seconds: float
    extra: float
    """The cost of moved jobs."""
    late: float
    """The cost of late free jobs."""
    cost: float
    special: bool
    """More than windows and deliveries is to be looked at."""
    best: dict[int, tuple[float, int, int]]
    """Task -> its best place, as far as it was looked for (``places.best``)."""


def moved(world: World, node: int, car: Car) -> float:
    """What it costs that the job is in this car."""
    home = world.home[node]
    return world.moving[node] if home >= 0 and home != car.index else 0.0


def make(world: World, car: Car, jobs: list[int]) -> Tour:
    """The tour of these free jobs. That it is feasible is not checked."""
    tour = Tour()
    tour.car = car
    tour.nodes = [car.origin, *jobs, car.end]
    tour.legs = [0.0, *(world.seconds[before][node] for before, node in pairwise(tour.nodes))]
    tour.seconds = sum(tour.legs)
    if not jobs and not car.used:
        tour.legs[1] = -car.going
    tour.extra = sum([moved(world, node, car) for node in jobs])
    tour.room = tuple(
        most - max(peak, aboard) - sum([world.before[node][dimension] for node in jobs])
        for dimension, (most, peak, aboard) in enumerate(zip(car.capacity, car.peak, car.aboard, strict=True))
    )
    times(world, tour)
    complete(world, tour)
    return tour


def insert(world: World, tour: Tour, place: int, node: int) -> Tour:
    """With the job before the node at this place."""
    made = Tour()
    car = made.car = tour.car
    old = tour.nodes
    before, after = old[place - 1], old[place]
    to, on = world.seconds[before][node], world.seconds[node][after]
    made.nodes = [*old[:place], node, *old[place:]]
    made.legs = [*tour.legs[:place], to, on, *tour.legs[place + 1 :]]
    made.seconds = tour.seconds + to + on - world.seconds[before][after]
    made.extra = tour.extra + moved(world, node, car)
    made.room = tuple([room - more for room, more in zip(tour.room, world.before[node], strict=True)])
    if car.pause is not None or world.many:
        times(world, made)
    else:
        made.left = later(world, tour.left, made.nodes, made.legs, place)
        made.latest = sooner(world, tour.latest, made.nodes, made.legs, place)
        made.left_rested = made.latest_rested = tour.left_rested
    complete(world, made)
    return made


def later(world: World, left: list[float], nodes: list[int], legs: list[float], place: int) -> list[float]:
    """When nodes are left after one was put at this place; from where waiting takes up the delay, as before."""
    opens, service = world.opens, world.service
    time = left[place - 1]
    new = left[:place]
    for number in range(place, len(nodes)):
        node = nodes[number]
        time += legs[number]
        if time < opens[node]:
            time = opens[node]
        time += service[node]
        if number > place and time == left[number - 1]:
            new += left[number - 1 :]
            break
        new.append(time)
    return new


def sooner(world: World, latest: list[float], nodes: list[int], legs: list[float], place: int) -> list[float]:
    """The latest arrivals after a node was put at this place; until where windows are narrower, as before."""
    closes, service = world.closes, world.service
    bound = latest[place]
    tail: list[float] = []
    for number in range(place, 0, -1):
        node = nodes[number]
        bound -= legs[number + 1] + service[node]
        if bound > closes[node]:
            bound = closes[node]
        if number < place and bound == latest[number]:
            tail += latest[number:0:-1]
            break
        tail.append(bound)
    tail.append(inf)
    tail.reverse()
    return tail + latest[place:]


def times(world: World, tour: Tour) -> None:
    """All times of the tour."""
    if tour.car.pause is not None:
        times_with_break(world, tour)
        return
    car, nodes, service, windows = tour.car, tour.nodes, world.service, world.windows
    time, before = car.leaves, nodes[0]
    left = [time]
    for node in nodes[1:]:
        time += world.seconds[before][node]
        if windows[node] is not None:
            time = world.start(node, time)
        elif time < world.opens[node]:
            time = world.opens[node]
        time += service[node]
        left.append(time)
        before = node
    bound, after = car.closes, nodes[-1]
    tail = [bound]
    for node in nodes[-2:0:-1]:
        bound -= world.seconds[node][after] + service[node]
        if windows[node] is not None:
            bound = world.latest_start(node, bound)
        elif bound > world.closes[node]:
            bound = world.closes[node]
        tail.append(bound)
        after = node
    tail.append(inf)
    tail.reverse()
    tour.left, tour.latest = left, tail
    tour.left_rested = tour.latest_rested = []


def times_with_break(world: World, tour: Tour) -> None:
    car, nodes = tour.car, tour.nodes
    assert car.pause is not None
    tired, rested = car.leaves, car.leaves_rested
    left, left_rested = [tired], [rested]
    for before, node in pairwise(nodes):
        tired, rested = step(world, car, tired, rested, before, node)
        left.append(tired)
        left_rested.append(rested)
    earliest, last, duration = car.pause
    after = nodes[-1]
    bound, bound_rested = min(car.closes, last), car.closes
    tail, tail_rested = [bound], [bound_rested]
    for node in nodes[-2:0:-1]:
        drive = world.seconds[node][after]
        begins = min(last, bound_rested - drive - duration)
        leave = max(bound - drive, begins if begins >= earliest else -inf)
        bound = world.latest_start(node, leave - world.service[node])
        bound_rested = world.latest_start(node, bound_rested - drive - world.service[node])
        tail.append(bound)
        tail_rested.append(bound_rested)
        after = node
    tail.append(inf)
    tail_rested.append(inf)
    tour.left, tour.left_rested = left, left_rested
    tour.latest, tour.latest_rested = tail[::-1], tail_rested[::-1]


def step(world: World, car: Car, tired: float, rested: float, before: int, node: int) -> tuple[float, float]:
    """When the car leaves the node, without and with the break taken, from the same of the node before."""
    drive, service = world.seconds[before][node], world.service[node]
    tired = world.start(node, tired + drive) + service
    if car.pause is None:
        return tired, inf
    rested = world.start(node, rested + drive) + service if rested < inf else inf
    earliest, last, duration = car.pause
    if tired <= last:
        rested = min(rested, max(tired, earliest) + duration)
    return tired, rested


def complete(world: World, tour: Tour) -> None:
    """Loads, lateness and the cost."""
    car, nodes = tour.car, tour.nodes
    tour.best = {}
    if world.mixed:
        loads_of(world, tour)
    tour.special = (
        world.mixed or world.soft or world.paired or car.pause is not None or car.seconds < inf or car.metres < inf
    )
    tour.late = lateness(world, car, nodes) if world.soft else 0.0
    tour.cost = car.going + tour.seconds + tour.extra + tour.late if len(nodes) > 2 else car.base


def loads_of(world: World, tour: Tour) -> None:
    car, nodes = tour.car, tour.nodes
    more = [sum(world.before[node][dimension] for node in nodes[1:-1]) for dimension in range(world.dimensions)]
    load = tuple(map(float.__add__, car.aboard, map(float, more)))
    loads: Loads = [tuple(map(float.__add__, car.peak, map(float, more))), load]
    for node in nodes[1:-1]:
        changes = zip(load, world.before[node], world.after[node], strict=True)
        load = tuple(each - taken + added for each, taken, added in changes)
        loads.append(load)
    tour.loads = loads
    tour.highest_before = highest(loads)
    tour.highest_after = highest(loads[::-1])[::-1]


def highest(loads: Loads) -> Loads:
    so_far, found = loads[0], []
    for load in loads:
        so_far = tuple(map(max, so_far, load))
        found.append(so_far)
    return found


def lateness(world: World, car: Car, nodes: list[int]) -> float:
    """The cost of late free jobs, with the break where it makes the least of it; inf if a window is missed."""
    price = world.problem.objective.lateness
    if car.pause is None:
        return price * late_from(world, car, nodes, 0, car.leaves)
    earliest, last, duration = car.pause
    least, time, late = inf, car.leaves, 0.0
    if car.leaves_rested < inf:
        least = late_from(world, car, nodes, 0, car.leaves_rested)
    for place in range(1, len(nodes)):
        node = nodes[place]
        time = world.start(node, time + world.seconds[nodes[place - 1]][node])
        late += max(0.0, time - world.due[node])
        time += world.service[node]
        if time > last:
            break
        if place == len(nodes) - 1:
            return price * late
        least = min(least, late + late_from(world, car, nodes, place, max(time, earliest) + duration))
    return price * least


def late_from(world: World, car: Car, nodes: list[int], place: int, time: float) -> float:
    """Seconds of lateness after the node at this place, if the car leaves it then."""
    late = 0.0
    for before, node in pairwise(nodes[place:]):
        time = world.start(node, time + world.seconds[before][node])
        late += max(0.0, time - world.due[node])
        time += world.service[node]
    return late if time <= car.closes else inf


def feasible(world: World, tour: Tour) -> bool:
    """All rules hold for the free jobs."""
    car, jobs = tour.car, tour.nodes[1:-1]
    if not jobs:
        return True
    in_time = car.leaves + tour.legs[1] <= tour.latest[1]
    if not in_time and (car.leaves_rested == inf or car.leaves_rested + tour.legs[1] > tour.latest_rested[1]):
        return False
    if len(jobs) > car.room or not all([car.allowed[node] for node in jobs]) or min(tour.room, default=0.0) < 0:
        return False
    return not tour.special or within_limits(world, tour)


def within_limits(world: World, tour: Tour) -> bool:
    car, jobs = tour.car, tour.nodes[1:-1]
    for place, node in enumerate(jobs):
        partner = world.partner[node]
        if partner >= 0 and partner not in (jobs[place:] if world.free[node].kind == "pickup" else jobs[:place]):
            return False
    if world.mixed and any(load > most for load, most in zip(tour.highest_after[0], car.capacity, strict=True)):
        return False
    if car.metres < inf and sum(world.metres[a][b] for a, b in pairwise(tour.nodes)) > car.metres:
        return False
    return tour.seconds <= car.seconds
