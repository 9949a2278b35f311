"""What others do on the same hub changes nothing for a screen: neither a slow subscriber nor another fleet."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hub.core.principal import Principal, Role
from tests.support.laws import examples
from tests.support.live.conversations import SECOND, World
from tests.support.live.fakes import AREAS, DISPATCHER, Peer

Messages = list[dict[str, Any]]


class Day:
    """A random day: four drivers drive, two screens move about. A neighbour, if any, has a random day of its own."""

    def __init__(self, seed: int, neighbour: str = "") -> None:
        self.random, self.other = Random(seed), Random(seed + 1)
        self.world = World()
        self.neighbour = neighbour
        self.screens = [Peer(self.world.hub, DISPATCHER) for _ in range(2)]
        self.said: list[Messages] = [[], []]
        self.slow = Peer(self.world.hub, DISPATCHER, capacity=1)
        self.stranger = Peer(self.world.hub, Principal("another", Role.OPEN))

    def run(self) -> list[Messages]:
        """What the screens read in sixty steps."""
        if self.neighbour == "slow":
            self.world.subscribe(self.slow)
        for step in range(60):
            self.world.now += SECOND / 4
            if self.neighbour == "fleet":
                self.drive_elsewhere()
            if self.random.random() < 0.15:
                max_hz = self.random.choice([None, None, 1.0])
                screen, id = self.random.choice(self.screens), self.random.choice("ab")
                self.world.subscribe(screen, id, self.random.choice([None, *AREAS]), None, max_hz)
            else:
                self.world.publish(f"d{self.random.randrange(4)}", place(self.random))
            self.world.hub.tick(step / 4)
            if step == 45:
                self.world.sweep(after=70 * SECOND)
            for said, screen in zip(self.said, self.screens, strict=True):
                said += screen.read()
        return self.said

    def drive_elsewhere(self) -> None:
        """Drivers and subscriptions of the same names."""
        self.world.publish(f"d{self.other.randrange(4)}", place(self.other), self.stranger, "another")
        if self.other.random() < 0.2:
            self.world.subscribe(self.stranger, "a", self.other.choice(AREAS))
        self.stranger.read()


def place(random: Random) -> tuple[float, float]:
    return random.choice([(5, 5), (10, 10), (12, 12), (0, 180), (25.1, 55.1), (25.3, 55), (random.uniform(-90, 90), 7)])


@given(st.integers(0, 2**32))
@examples(50)
def test_a_slow_subscriber(seed: int) -> None:
    day = Day(seed, "slow")
    assert day.run() == Day(seed).run()
    # It costs a debt for each driver, a status, and `synced`; then it reads the newest of each, once.
    latest = day.world.hub.fleet("f").latest
    assert len(day.slow.client.owed or ()) <= 2 * len(latest) + 1
    positions = [message for message in day.slow.read() if message["type"] == "location"]
    assert len(positions) == len(latest)
    assert {p["driverId"]: p["seq"] for p in positions} == {update.driver_id: update.seq for update in latest.values()}


@given(st.integers(0, 2**32))
@examples(50)
def test_another_fleet(seed: int) -> None:
    """But for the numbers, which all fleets of a hub share."""

    def without_numbers(said: list[Messages]) -> list[Messages]:
        return [[{k: v for k, v in message.items() if k != "seq"} for message in messages] for messages in said]

    assert without_numbers(Day(seed, "fleet").run()) == without_numbers(Day(seed).run())
