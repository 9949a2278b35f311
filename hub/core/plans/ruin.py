"""Which jobs are taken out of their tours: strings of neighbouring jobs of tours near a random one.

The ruin of "slack induction by string removals" (Christiaens and Vanden Berghe, Transportation Science 54, 2020):
nearby strings from several tours leave room in space, time and load at once.
"""

from __future__ import annotations

from collections.abc import Callable

from hub.core.plans.tour import Tour
from hub.core.plans.world import World

AVERAGE = 10
"""Jobs that are taken out at a time, on average."""

LONGEST = 10
"""Jobs of a string."""

SPLIT = 0.5
"""Share of strings that keep some of their jobs."""

KEEP_MORE = 0.01
"""Probability that a split string jobs growing the part that it keeps; the paper's beta."""


def strings(world: World, tours: list[Tour], where: list[int], random: Callable[[], float]) -> dict[int, set[int]]:
    """Car index -> the nodes that leave its tour. ``where``: car of each free job, -1 without one."""
    count = len(world.free)
    seed = int(random() * count)
    planned = [len(tour.nodes) - 2 for tour in tours if len(tour.nodes) > 2]
    if not planned:
        return {}
    longest = min(LONGEST, sum(planned) / len(planned))
    most = 4 * AVERAGE / (1 + longest) - 1
    wanted = int(random() * most + 1)
    taken: dict[int, set[int]] = {}
    for node in world.nearest(seed):
        car = where[node]
        if car < 0 or car in taken:
            continue
        nodes = tours[car].nodes
        length = int(random() * min(len(nodes) - 2, longest)) + 1
        taken[car] = string(nodes, node, min(length, len(nodes) - 2), random)
        if len(taken) == wanted:
            break
    for nodes_taken in taken.values():
        nodes_taken.update([world.partner[node] for node in nodes_taken if world.partner[node] >= 0])
    return taken


def string(nodes: list[int], node: int, length: int, random: Callable[[], float]) -> set[int]:
    """A string of this many jobs around the node, or a longer one that keeps a part within."""
    size = len(nodes) - 2
    kept = 0
    if 1 < length < size and random() < SPLIT:
        kept = 1
        while length + kept < size and random() > KEEP_MORE:
            kept += 1
    at = nodes.index(node)
    span = length + kept
    lowest = max(1, at - span + 1)
    highest = min(at, size - span + 1)
    first = lowest + int(random() * (highest - lowest + 1))
    chosen = nodes[first : first + span]
    if kept:
        begin = int(random() * (length + 1))
        chosen = chosen[:begin] + chosen[begin + kept :]
    return set(chosen)
