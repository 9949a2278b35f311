"""The cheapest place for a task in a tour. A place is (cost, index of the node before which the job, or the pickup of
a pair, is put, the same for the delivery); the cost is inf where nothing is feasible."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from math import inf

from hub.core.plans.tour import Tour, insert, lateness, moved, step
from hub.core.plans.world import World

Place = tuple[float, int, int]

NOWHERE: Place = (inf, 0, 0)


def best(world: World, tour: Tour, task: int) -> Place:
    """As remembered by the tour."""
    known = tour.best.get(task)
    if known is None:
        known = tour.best[task] = find(world, tour, task, NOWHERE)
    return known


def find(world: World, tour: Tour, task: int, other_than: Place) -> Place:
    """The cheapest place that is not ``other_than``."""
    nodes = world.tasks[task]
    car = tour.car
    if not car.allowed[nodes[0]] or len(tour.nodes) - 2 + len(nodes) > car.room:
        return NOWHERE
    if len(nodes) == 2:
        return of_pair(world, tour, nodes[0], nodes[1], other_than)
    if tour.special or world.windows[nodes[0]] is not None:
        return of_job_with_more(world, tour, nodes[0], other_than)
    return of_job(world, tour, nodes[0], other_than)


def put(world: World, tour: Tour, task: int, place: Place) -> Tour:
    nodes = world.tasks[task]
    if len(nodes) == 1:
        return insert(world, tour, place[1], nodes[0])
    return insert(world, insert(world, tour, place[2], nodes[1]), place[1], nodes[0])


def of_job(world: World, tour: Tour, node: int, other_than: Place) -> Place:
    """For deliveries with one window in a vehicle without further limits: most of the time of a search is here."""
    for room, more in zip(tour.room, world.before[node], strict=True):
        if more > room:
            return NOWHERE
    nodes, left, latest, legs = tour.nodes, tour.left, tour.latest, tour.legs
    opens, closes, service = world.opens[node], world.closes[node], world.service[node]
    first = bisect_left(latest, opens + service, 1)
    beyond = bisect_right(left, closes, 0, len(left) - 1) + 1
    to, on = world.seconds_to[node], world.seconds[node]
    skipped = other_than[1]
    cheapest, where = inf, 0
    for place in range(first, beyond):
        drive = to[nodes[place - 1]]
        time = left[place - 1] + drive
        if time <= closes:
            if time < opens:
                time = opens
            further = on[nodes[place]]
            if time + service + further <= latest[place]:
                cost = drive + further - legs[place]
                if cost < cheapest and place != skipped:
                    cheapest, where = cost, place
    if where == 0:
        return NOWHERE
    return cheapest + moved(world, node, tour.car), where, 0


def of_job_with_more(world: World, tour: Tour, node: int, other_than: Place) -> Place:
    """With several windows, a break, limits of driving, pickups and lateness."""
    car, nodes = tour.car, tour.nodes
    before_load, after_load = world.before[node], world.after[node]
    if not world.mixed and any(more > room for room, more in zip(tour.room, before_load, strict=True)):
        return NOWHERE
    cheapest, where = inf, 0
    for place in range(1, len(nodes)):
        if place == other_than[1]:
            continue
        if world.mixed and not (
            fits(tour.highest_before[place], before_load, car.capacity)
            and fits(tour.highest_after[place], after_load, car.capacity)
        ):
            continue
        before, after = nodes[place - 1], nodes[place]
        tired, rested = step(world, car, tour.left[place - 1], rested_at(tour, place - 1), before, node)
        if not in_time(world, tour, tired, rested, node, place):
            continue
        to, on = world.seconds[before][node], world.seconds[node][after]
        if tour.seconds + to + on - world.seconds[before][after] > car.seconds:
            continue
        cost = to + on - tour.legs[place]
        if cost >= cheapest or not near_enough(world, tour, [(place, node)]):
            continue
        if world.soft:
            cost += lateness(world, car, [*nodes[:place], node, *nodes[place:]]) - tour.late
        if cost < cheapest:
            cheapest, where = cost, place
    if where == 0:
        return NOWHERE
    return cheapest + moved(world, node, car), where, 0


def of_pair(world: World, tour: Tour, pickup: int, delivery: int, other_than: Place) -> Place:
    """Each place of the pickup, with the delivery after it as long as everything fits."""
    car, nodes, seconds, legs = tour.car, tour.nodes, world.seconds, tour.legs
    load = world.after[pickup]
    cheapest: Place = NOWHERE
    for first in range(1, len(nodes)):
        start = nodes[first - 1]
        if tour.left[first - 1] > world.closes[pickup]:
            break
        tired, rested = step(world, car, tour.left[first - 1], rested_at(tour, first - 1), start, pickup)
        here = pickup
        for second in range(first, len(nodes)):
            if world.mixed and not fits(tour.loads[second], load, car.capacity):
                break
            tired_after, rested_after = step(world, car, tired, rested, here, delivery)
            after = nodes[second]
            if (first, second) != other_than[1:] and in_time(world, tour, tired_after, rested_after, delivery, second):
                drive = seconds[start][pickup] + seconds[here][delivery] + seconds[delivery][after]
                if first != second:
                    drive += seconds[pickup][nodes[first]] - seconds[here][after]
                cost = drive - legs[first]
                if (
                    cost < cheapest[0]
                    and tour.seconds + drive - seconds[start][nodes[first]] <= car.seconds
                    and near_enough(world, tour, [(second, delivery), (first, pickup)])
                ):
                    if world.soft:
                        line = [*nodes[:first], pickup, *nodes[first:second], delivery, *nodes[second:]]
                        cost += lateness(world, car, line) - tour.late
                    if cost < cheapest[0]:
                        cheapest = (cost, first, second)
            if second == len(nodes) - 1:
                break
            tired, rested = step(world, car, tired, rested, here, after)
            if tired == inf and rested == inf:
                break
            here = after
    if cheapest is NOWHERE:
        return NOWHERE
    return cheapest[0] + moved(world, pickup, car) + moved(world, delivery, car), cheapest[1], cheapest[2]


def rested_at(tour: Tour, place: int) -> float:
    return tour.left_rested[place] if tour.left_rested else inf


def in_time(world: World, tour: Tour, tired: float, rested: float, node: int, place: int) -> bool:
    """What comes from this place on is in time, if the node before it is left at one of these times."""
    drive = world.seconds[node][tour.nodes[place]]
    if tired < inf and tired + drive <= tour.latest[place]:
        return True
    return rested < inf and rested + drive <= tour.latest_rested[place]


def fits(load: tuple[float, ...], more: tuple[int, ...], capacity: tuple[float, ...]) -> bool:
    return all([each + added <= most for each, added, most in zip(load, more, capacity, strict=True)])


def near_enough(world: World, tour: Tour, added: list[tuple[int, int]]) -> bool:
    """The limit of metres holds with these nodes, the last place first."""
    if tour.car.metres == inf:
        return True
    nodes = list(tour.nodes)
    for place, node in added:
        nodes.insert(place, node)
    return sum(world.metres[a][b] for a, b in pairwise(nodes)) <= tour.car.metres
