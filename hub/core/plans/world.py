"""A problem as arrays, for the searches.

A node is a free job (from 0), the place from which a vehicle goes on after its locked jobs, or the end of its route.
Figures of nodes are lists with the node as index.
"""

from __future__ import annotations

from math import inf

from hub.core.plans.plan import Sequences
from hub.core.plans.problem import Job, Problem, Vehicle
from hub.core.plans.schedule import Clockwork, begin

Windows = tuple[tuple[float, float], ...]


class Car:
    """A vehicle after its locked jobs."""

    __slots__ = (
        "aboard", "allowed", "base", "capacity", "closes", "end", "going", "id", "index", "kind", "leaves",
        "leaves_rested", "metres", "origin", "pause", "peak", "room", "seconds", "used",
    )  # fmt: skip

    id: str
    index: int
    origin: int
    end: int
    leaves: float
    """When it can leave its origin, without and with the break taken; inf where that is impossible."""
    leaves_rested: float
    pause: tuple[float, float, float] | None
    closes: float
    room: int
    seconds: float
    metres: float
    """Jobs, seconds and metres of driving that are left."""
    used: bool
    """It has done or locked jobs, and drives in any case."""
    base: float
    """Cost without a free job."""
    going: float
    """Cost with free jobs, besides what these cost."""
    capacity: tuple[float, ...]
    aboard: tuple[float, ...]
    peak: tuple[float, ...]
    """Load after the locked jobs, and the highest one until then, without deliveries of free jobs."""
    allowed: bytearray
    kind: object
    """Cars of one kind are alike while they are empty."""


class World:
    """``tasks``: the nodes that are planned together, a pair as (pickup, delivery). ``seconds[a][b]`` from node a to b,
    ``seconds_to[b][a]`` the same by its end."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.clockwork = Clockwork(problem)
        self.free: list[Job] = list(self.clockwork.open_jobs())
        self.node = {job.id: node for node, job in enumerate(self.free)}
        self.partner = [-1] * len(self.free)
        self.tasks: list[tuple[int, ...]] = []
        self.task_of = [0] * len(self.free)
        self._bound = self._pairs()
        self.paired = any(len(task) == 2 for task in self.tasks)
        objective = problem.objective
        self.prizes = [
            sum(objective.unassigned * (1 + self.free[node].priority) for node in task) for task in self.tasks
        ]
        self._figures()
        self.cars: list[Car] = []
        self._tables()
        index = {vehicle.id: place for place, vehicle in enumerate(problem.vehicles)}
        self.home = [index.get(job.vehicle, -1) if job.vehicle is not None else -1 for job in self.free]
        self.moving = [job.moving for job in self.free]
        for place, vehicle in enumerate(problem.vehicles):
            self.cars.append(self._car(place, vehicle))
        self._nearest: dict[int, list[int]] = {}

    def _pairs(self) -> dict[int, str]:
        """Group free jobs to tasks. Returns deliveries whose pickup is done or locked -> its vehicle."""
        carrier: dict[str, str] = {}
        for vehicle in self.problem.vehicles:
            for name in (*vehicle.done, *vehicle.locked):
                if (pair := self.clockwork.jobs[name].pair) is not None:
                    carrier[pair] = vehicle.id
        halves: dict[str, int] = {}
        bound: dict[int, str] = {}
        for node, job in enumerate(self.free):
            if job.pair is None:
                self.tasks.append((node,))
            elif job.pair in carrier:
                bound[node] = carrier[job.pair]
                self.tasks.append((node,))
            elif job.pair not in halves:
                halves[job.pair] = node
            else:
                other = halves[job.pair]
                self.partner[node], self.partner[other] = other, node
                self.tasks.append((other, node) if job.kind == "delivery" else (node, other))
        for number, task in enumerate(self.tasks):
            for node in task:
                self.task_of[node] = number
        return bound

    def _figures(self) -> None:
        """Windows, service and loads of nodes."""
        free, places = self.free, 2 * len(self.problem.vehicles)
        self.windows: list[Windows | None] = []
        """Of jobs with several windows."""
        self.opens: list[float] = []
        self.closes: list[float] = []
        """Until the end of the tolerance."""
        self.due: list[float] = []
        for job in free:
            spans = [(window.opens, window.closes) for window in job.windows]
            self.due.append(spans[-1][1] if spans else inf)
            if spans:
                spans[-1] = (spans[-1][0], spans[-1][1] + job.tolerance)
            self.opens.append(spans[0][0] if spans else -inf)
            self.closes.append(spans[-1][1] if spans else inf)
            self.windows.append(tuple(spans) if len(spans) > 1 else None)
        self.many = any(windows is not None for windows in self.windows)
        self.opens += [-inf] * places
        self.closes += [inf] * places
        self.due += [inf] * places
        self.windows += [None] * places
        self.service = [job.service for job in free] + [0.0] * places
        self.soft = any(job.tolerance > 0 and job.windows for job in free)
        self.dimensions = max((len(vehicle.capacity) for vehicle in self.problem.vehicles), default=0)
        self.load = [tuple([*job.load, *[0] * self.dimensions][: self.dimensions]) for job in free]
        none = (0,) * self.dimensions
        self.before: list[tuple[int, ...]] = [none] * len(free)
        """What a job adds to the load from the start of the route until it."""
        self.after: list[tuple[int, ...]] = [none] * len(free)
        """What it adds from then on."""
        for node, job in enumerate(free):
            if self.partner[node] >= 0:
                sign = 1 if job.kind == "pickup" else -1
                self.after[node] = tuple(sign * amount for amount in self.load[node])
            elif node in self._bound:
                self.after[node] = tuple(-amount for amount in self.load[node])
            elif job.kind == "delivery":
                self.before[node] = self.load[node]
            elif job.kind == "pickup":
                self.after[node] = self.load[node]
        self.mixed = any(any(after) for after in self.after)
        """There are loads other than deliveries from the start."""

    def _tables(self) -> None:
        points: list[int | None] = [job.point for job in self.free]
        for vehicle in self.problem.vehicles:
            last = self.clockwork.jobs[vehicle.locked[-1]].point if vehicle.locked else vehicle.start
            points += [last, vehicle.end]
        self.seconds = self._between(self.problem.seconds, points)
        self.seconds_to = [list(column) for column in zip(*self.seconds, strict=True)]
        limited = any(vehicle.most_metres is not None for vehicle in self.problem.vehicles)
        self.metres = self._between(self.problem.metres, points) if limited else self.seconds

    @staticmethod
    def _between(table: tuple[tuple[float, ...], ...], points: list[int | None]) -> list[list[float]]:
        """Without an end the route is over at the last job."""
        nowhere = [0.0] * len(points)
        return [
            nowhere if a is None else [0.0 if b is None else row[b] for b in points]
            for a in points
            for row in (table[a] if a is not None else (),)
        ]

    def _car(self, index: int, vehicle: Vehicle) -> Car:
        car = Car()
        car.id, car.index = vehicle.id, index
        car.origin = len(self.free) + 2 * index
        car.end = car.origin + 1
        pause = vehicle.pause
        car.pause = (pause.earliest, pause.latest, pause.duration) if pause is not None else None
        car.closes = vehicle.ends if vehicle.ends is not None else inf
        car.leaves, car.leaves_rested = self._prefix(vehicle)
        locked = self.clockwork.route(vehicle, ())
        car.used = bool(vehicle.done or vehicle.locked)
        home = self.seconds[car.origin][car.end] if car.used else 0.0
        car.base = self.clockwork.cost([locked])
        car.going = car.base - home if car.used else self.problem.objective.vehicle
        car.room = len(self.free)
        if vehicle.most_jobs is not None:
            car.room = vehicle.most_jobs - len(vehicle.done) - len(vehicle.locked)
        spent = locked.seconds - home
        car.seconds = inf if vehicle.most_seconds is None else vehicle.most_seconds - vehicle.driven_seconds - spent
        spent = locked.metres - (self.metres[car.origin][car.end] if car.used else 0.0)
        car.metres = inf if vehicle.most_metres is None else vehicle.most_metres - vehicle.driven_metres - spent
        car.capacity = tuple([float(each) for each in vehicle.capacity] + [inf] * self.dimensions)[: self.dimensions]
        car.aboard, car.peak = self._aboard(vehicle)
        car.allowed = bytearray(self._allowed(car, vehicle))
        home_of = any(place == index for place in self.home)
        car.kind = (
            index if home_of or car.used else -1, vehicle.start, vehicle.end, car.leaves, car.closes, car.pause,
            car.capacity, car.room, car.seconds, car.metres, bytes(car.allowed),
        )  # fmt: skip
        return car

    def _allowed(self, car: Car, vehicle: Vehicle) -> list[bool]:
        overloaded = any(max(pair) > most for *pair, most in zip(car.aboard, car.peak, car.capacity, strict=True))
        allowed = [
            not overloaded
            and job.skills <= vehicle.skills
            and (job.only is None or vehicle.id in job.only)
            and self._bound.get(node, vehicle.id) == vehicle.id
            for node, job in enumerate(self.free)
        ]
        return [each and (self.partner[node] < 0 or allowed[self.partner[node]]) for node, each in enumerate(allowed)]

    def _prefix(self, vehicle: Vehicle) -> tuple[float, float]:
        """When it leaves its last locked job, without and with the break."""
        place, seconds = vehicle.start, self.problem.seconds
        tired, rested = vehicle.ready, inf
        if vehicle.arrived is None:
            rested = self.rest(vehicle, tired)
        for number, name in enumerate(vehicle.locked):
            job = self.clockwork.jobs[name]
            if number == 0 and vehicle.arrived is not None:
                tired = max(begin(job, vehicle.arrived)[0] + job.service, vehicle.ready)
                rested = inf
            else:
                drive = seconds[place][job.point]
                tired = begin(job, tired + drive)[0] + job.service
                rested = begin(job, rested + drive)[0] + job.service if rested < inf else inf
            rested = min(rested, self.rest(vehicle, tired))
            place = job.point
        return tired, rested

    @staticmethod
    def rest(vehicle: Vehicle, time: float) -> float:
        """End of a break that begins at this time or later, inf where it is too late."""
        pause = vehicle.pause
        if pause is None or time > pause.latest:
            return inf
        return max(time, pause.earliest) + pause.duration

    def _aboard(self, vehicle: Vehicle) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The load after the locked jobs, and the highest one until then."""
        jobs = self.clockwork.jobs
        load = [0.0] * self.dimensions

        def add(job: Job, sign: int) -> None:
            for dimension, amount in enumerate(job.load[: self.dimensions]):
                load[dimension] += sign * amount

        for name in vehicle.done:
            job = jobs[name]
            if job.kind == "pickup":
                add(job, 1)
            elif job.pair is not None and job.kind == "delivery":
                add(job, -1)
        for name in vehicle.locked:
            if jobs[name].kind == "delivery" and jobs[name].pair is None:
                add(jobs[name], 1)
        peak = list(load)
        for name in vehicle.locked:
            job = jobs[name]
            if job.kind != "service":
                add(job, 1 if job.kind == "pickup" else -1)
            peak = [max(pair) for pair in zip(peak, load, strict=True)]
        return tuple(load), tuple(peak)

    def nearest(self, node: int) -> list[int]:
        """Free jobs by their distance from one, itself first."""
        found = self._nearest.get(node)
        if found is None:
            there, back = self.seconds[node], self.seconds_to[node]
            found = sorted(range(len(self.free)), key=lambda other: there[other] + back[other])
            found.remove(node)
            found.insert(0, node)
            self._nearest[node] = found
        return found

    def start(self, node: int, arrival: float) -> float:
        """When the service begins; inf where it is too late."""
        windows = self.windows[node]
        if windows is None:
            if arrival > self.closes[node]:
                return inf
            return max(arrival, self.opens[node])
        for opens, closes in windows:
            if arrival <= closes:
                return max(arrival, opens)
        return inf

    def latest_start(self, node: int, bound: float) -> float:
        """The latest begin of the service that is not after the bound; -inf without one."""
        windows = self.windows[node]
        if windows is None:
            return min(bound, self.closes[node]) if bound >= self.opens[node] else -inf
        for opens, closes in reversed(windows):
            if bound >= opens:
                return min(bound, closes)
        return -inf

    def names(self, sequences: dict[int, list[int]]) -> Sequences:
        """Vehicle id -> ids of jobs, from car index -> nodes."""
        return {self.cars[car].id: tuple(self.free[node].id for node in nodes) for car, nodes in sequences.items()}
