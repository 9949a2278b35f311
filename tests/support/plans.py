"""Random planning problems with every kind of rule; all plans that one more job allows, found without the search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from hypothesis import strategies as st

from hub.core.plans.check import of_route
from hub.core.plans.plan import Route, Sequences
from hub.core.plans.problem import Break, Job, Objective, Problem, Vehicle, Window
from hub.core.plans.schedule import Clockwork

HORIZON = 600


@dataclass
class Maker:
    """Makes one problem from a seed. ``rules``: the share of jobs and vehicles that have a rule of each kind."""

    random: Random
    jobs: int
    vehicles: int
    rules: float
    made: list[Job] = field(default_factory=list)

    def some(self) -> bool:
        return self.random.random() < self.rules

    def table(self, points: int) -> tuple[tuple[float, ...], ...]:
        """Of points in a square with one-way detours; durations are whole seconds."""
        random = self.random
        places = [(random.uniform(0, 70), random.uniform(0, 70)) for _ in range(points)]
        return tuple(
            tuple(
                0.0 if a == b else float(int(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5) + random.randrange(6))
                for b in places
            )
            for a in places
        )

    def windows(self) -> tuple[Window, ...]:
        random = self.random
        if not self.some():
            return ()
        found: list[Window] = []
        time = random.randrange(HORIZON // 2)
        for _ in range(random.choice([1, 1, 2, 3])):
            width = random.randrange(1, 150)
            found.append(Window(float(time), float(time + width)))
            time += width + random.randrange(1, 100)
        return tuple(found)

    def skills(self) -> frozenset[str]:
        return frozenset({"cold"} if self.random.random() < self.rules / 3 else ())

    def job(self, name: str, points: int, **more: object) -> Job:
        random = self.random
        vehicle = f"v{random.randrange(self.vehicles)}" if self.some() else None
        given: dict[str, object] = {
            "kind": random.choice(["delivery", "delivery", "pickup", "service"]),
            "load": tuple(random.randrange(4) for _ in range(random.choice([0, 1, 2]))),
        } | more
        return Job(
            id=name,
            point=random.randrange(points),
            windows=self.windows(),
            tolerance=random.choice([0.0, 0.0, 30.0]) if self.some() else 0.0,
            service=float(random.randrange(20)),
            skills=self.skills(),
            only=frozenset({f"v{random.randrange(self.vehicles)}"}) if random.random() < self.rules / 6 else None,
            priority=random.randrange(3) if self.some() else 0,
            vehicle=vehicle,
            **given,  # type: ignore[arg-type]
        )

    def problem(self) -> Problem:
        random = self.random
        points = 2 + random.randrange(self.jobs + 1)
        while len(self.made) < self.jobs:
            number = len(self.made)
            if number + 2 <= self.jobs and random.random() < self.rules / 2:
                load = (random.randrange(4),)
                for kind in ("pickup", "delivery"):
                    self.made.append(self.job(f"{kind}{number}", points, kind=kind, load=load, pair=f"p{number}"))
            else:
                self.made.append(self.job(f"s{number}", points))
        vehicles = tuple(self.vehicle(f"v{number}", points) for number in range(self.vehicles))
        vehicles = self.locks(vehicles)
        return Problem(
            jobs=tuple(random.sample(self.made, len(self.made))),
            vehicles=vehicles,
            seconds=self.table(points),
            metres=self.table(points),
            objective=Objective(vehicle=random.choice([0.0, 50.0]), unassigned=random.choice([100.0, 5_000.0])),
        )

    def vehicle(self, name: str, points: int) -> Vehicle:
        random = self.random
        ready = random.randrange(60)
        earliest = ready + random.randrange(150)
        pause = Break(float(earliest), float(earliest + random.randrange(150)), float(random.randrange(1, 40)))
        return Vehicle(
            id=name,
            start=random.randrange(points),
            ready=float(ready),
            end=random.choice([None, random.randrange(points)]),
            ends=float(ready + random.randrange(100, HORIZON)) if self.some() else None,
            pause=pause if self.some() else None,
            capacity=tuple(random.randrange(3, 12) for _ in range(random.choice([0, 1, 2]))),
            skills=frozenset(random.choice([("cold",), ()])),
            most_jobs=random.randrange(1, 7) if self.some() else None,
            most_seconds=float(random.randrange(50, 300)) if self.some() else None,
            most_metres=float(random.randrange(50, 300)) if self.some() else None,
        )

    def locks(self, vehicles: tuple[Vehicle, ...]) -> tuple[Vehicle, ...]:
        """Some vehicles with done and locked jobs; the pickup of a pair before its delivery."""
        random = self.random
        locked: list[Vehicle] = []
        unused = [job for job in self.made if not (job.pair and job.kind == "delivery")]
        random.shuffle(unused)
        for vehicle in vehicles:
            line: list[str] = []
            while unused and self.some() and len(line) < 4:
                job = unused.pop()
                line.append(job.id)
                if job.pair and random.random() < 0.5:
                    line += [each.id for each in self.made if each.pair == job.pair and each.kind == "delivery"]
            done = random.randrange(len(line) + 1)
            arrived = vehicle.ready - random.randrange(30) if line[done:] and self.some() else None
            made = {"done": tuple(line[:done]), "locked": tuple(line[done:]), "arrived": arrived}
            locked.append(Vehicle(**{name: getattr(vehicle, name) for name in vehicle.__struct_fields__} | made))
        return tuple(locked)


@st.composite
def problems(draw: st.DrawFn, most_jobs: int = 9, most_vehicles: int = 3) -> Problem:
    random = Random(draw(st.integers(0, 2**32)))
    rules = draw(st.sampled_from([0.0, 0.2, 0.5]))
    return Maker(random, draw(st.integers(1, most_jobs)), draw(st.integers(1, most_vehicles)), rules).problem()


def broken(clockwork: Clockwork, vehicle: Vehicle, route: Route) -> set[str]:
    return {each.rule for each in of_route(clockwork.problem, vehicle, route, clockwork.jobs)}


def task(clockwork: Clockwork, name: str) -> list[str]:
    """The job with the free other one of its pair, the pickup first."""
    pair = clockwork.jobs[name].pair
    both = [job for job in clockwork.open_jobs() if pair is not None and job.pair == pair]
    return [job.id for job in sorted(both, key=lambda job: job.kind != "pickup")] or [name]


def with_one_more(clockwork: Clockwork, sequences: Sequences, name: str) -> Iterator[tuple[Vehicle, tuple[str, ...]]]:
    """Every sequence of each vehicle with the task of this job at some place."""
    names = task(clockwork, name)
    for vehicle in clockwork.problem.vehicles:
        line = sequences.get(vehicle.id, ())
        for first in range(len(line) + 1):
            if len(names) == 1:
                yield vehicle, (*line[:first], names[0], *line[first:])
                continue
            for second in range(first, len(line) + 1):
                yield vehicle, (*line[:first], names[0], *line[first:second], names[1], *line[second:])


def cheapest(clockwork: Clockwork, sequences: Sequences, name: str) -> float | None:
    """What the plan costs more with the job at its cheapest feasible place; None without such a place."""
    found = []
    for vehicle, line in with_one_more(clockwork, sequences, name):
        route = clockwork.route(vehicle, line)
        if not broken(clockwork, vehicle, route):
            before = clockwork.route(vehicle, sequences.get(vehicle.id, ()))
            found.append(clockwork.cost([route]) - clockwork.cost([before]))
    return min(found, default=None)


def free_sequences(problem: Problem, routes: tuple[Route, ...]) -> Sequences:
    """Vehicle id -> its jobs after the locked ones."""
    return {
        vehicle.id: tuple(waypoint.job for waypoint in route.waypoints[len(vehicle.locked) :])
        for vehicle, route in zip(problem.vehicles, routes, strict=True)
    }


def ticking() -> Callable[[], float]:
    """A clock that shows a second more each time: a search that reads it is a function of its arguments."""
    ticks = count()
    return lambda: float(next(ticks))
