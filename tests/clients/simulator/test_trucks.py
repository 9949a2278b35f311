"""Trucks drive as trucks do, and the same each time."""

from __future__ import annotations

from itertools import pairwise
from statistics import mean

from clients.messages import Fix
from clients.simulator.corridors import ROADS
from clients.simulator.trucks import BRAKING, Truck, bearing, distance


def drive(truck: Truck, seconds: int) -> list[Fix]:
    fixes = []
    for _ in range(seconds):
        truck.advance(1.0)
        fixes.append(truck.fix())
    return fixes


def place(fix: Fix) -> tuple[float, float]:
    return fix.latitude, fix.longitude


def off_road(fix: Fix) -> float:
    """Metres from the nearest of the corridors, by points every fiftieth of a stretch."""
    return min(
        distance(place(fix), (a[0] + (b[0] - a[0]) * part / 50, a[1] + (b[1] - a[1]) * part / 50))
        for road in ROADS
        for a, b in pairwise(road.points)
        for part in range(51)
        if abs(a[0] - fix.latitude) < 0.05 and abs(a[1] - fix.longitude) < 0.05
    )


def test_the_seed_decides_and_nothing_else() -> None:
    assert drive(Truck(7, 3), 300) == drive(Truck(7, 3), 300)
    assert Truck(7, 3).fix() != Truck(8, 3).fix()
    assert Truck(7, 3).fix() != Truck(7, 4).fix()


def test_a_step_may_be_long() -> None:
    one, many = Truck(1, 1), Truck(1, 1)
    one.advance(600)
    drive(many, 600)
    assert one.fix() == many.fix()


def test_they_stay_on_the_corridors() -> None:
    for number in range(1, 30):
        truck = Truck(1, number)
        truck.advance(number * 60)
        assert off_road(truck.fix()) < 300


def test_they_move_as_fast_as_they_say() -> None:
    for number in range(1, 20):
        fixes = drive(Truck(1, number), 900)
        for before, after in pairwise(fixes):
            moved = distance(place(before), place(after))
            assert abs(moved - (after.speed or 0)) < 20, "within noise, lanes and yards"
            assert abs((after.speed or 0) - (before.speed or 0)) < 2.5 * BRAKING + 0.5
            assert 0 <= (after.speed or 0) * 3.6 <= 126


def test_they_point_where_they_go() -> None:
    fixes = drive(Truck(1, 2), 1_800)
    compared = 0
    for before, after in zip(fixes[::10], fixes[10::10], strict=False):
        if before.heading is not None and after.heading is not None and distance(place(before), place(after)) > 150:
            turn = (after.heading - bearing(place(before), place(after)) + 180) % 360 - 180
            assert abs(turn) < 60
            compared += 1
    assert compared > 20


def test_a_day_has_driving_and_standing() -> None:
    trucks = [Truck(1, number) for number in range(1, 101)]
    for truck in trucks:
        truck.advance(3_600)
    fixes = [truck.fix() for truck in trucks]
    moving = [fix for fix in fixes if fix.heading is not None]
    assert 60 < len(moving) < 97
    assert 40 < mean((fix.speed or 0) * 3.6 for fix in moving) < 100
    standing = [fix for fix in fixes if fix.heading is None]
    assert all(fix.speed == 0 for fix in standing)
    assert all(0.1 < (fix.battery or 0) <= 1 and 3 < (fix.accuracy or 0) < 30 for fix in fixes)


def test_they_go_from_depot_to_depot() -> None:
    truck = Truck(1, 5)
    stops = 0
    for _ in range(240):
        truck.advance(60)
        first = place(truck.fix())
        truck.advance(20)
        stops += distance(first, place(truck.fix())) < 15
    assert 10 < stops < 120
