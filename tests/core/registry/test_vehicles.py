"""The copy of the vehicles: the driver of an instant, and changes in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.core.registry.vehicles import Assignment, Driven, Vehicles

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def vehicle(vehicle_id: str, driver_id: str | None, *assignments: Assignment, version: int = 1) -> Driven:
    return Driven(vehicle_id, "", "", "", driver_id, NOON, version, assignments)


def test_the_driver_of_an_instant() -> None:
    van = vehicle(
        "v", "c", Assignment("a", at(0), at(10)), Assignment("b", at(10), at(20)), Assignment("c", at(30), None)
    )
    drivers = {minutes: van.driver_at(at(minutes)) for minutes in (-1, 0, 9.99, 10, 19.99, 20, 29, 30, 1_000)}
    assert drivers == {-1: "c", 0: "a", 9.99: "a", 10: "b", 19.99: "b", 20: "c", 29: "c", 30: "c", 1_000: "c"}


def test_a_vehicle_that_was_left_has_a_driver_for_the_past_only() -> None:
    van = vehicle("v", None, Assignment("a", at(0), at(10)))
    assert (van.driver_at(at(5)), van.driver_at(at(10)), van.driver_at(at(-1))) == ("a", None, None)


@given(st.lists(st.tuples(st.sampled_from("vwx"), st.sampled_from(["a", "b", None, "deleted"])), max_size=30))
def test_a_copy_that_follows_is_the_copy_that_is_read_anew(changes: list[tuple[str, str | None]]) -> None:
    followed, truth = Vehicles(), dict[str, Driven]()
    followed.replace([])
    for vehicle_id, driver_id in changes:
        if driver_id == "deleted":
            truth.pop(vehicle_id, None)
            followed.update({("f", vehicle_id): None})
            continue
        # A driver has one vehicle: it is taken away from the other first.
        for other, held in list(truth.items()):
            if driver_id is not None and held.driver_id == driver_id and other != vehicle_id:
                truth[other] = vehicle(other, None)
                followed.update({("f", other): truth[other]})
        truth[vehicle_id] = vehicle(vehicle_id, driver_id)
        followed.update({("f", vehicle_id): truth[vehicle_id]})
    read = Vehicles()
    read.replace([("f", van) for van in truth.values()])
    for copy in (followed, read):
        assert copy.of_fleet("f", 10) == [truth[name] for name in sorted(truth)]
        assert len(copy) == len(truth)
        drivers = {van.driver_id: name for name, van in truth.items() if van.driver_id is not None}
        assert {name: copy.of_driver("f", name) for name in "ab"} == {name: drivers.get(name) for name in "ab"}


def test_pages_by_id_and_fleets_apart() -> None:
    vehicles = Vehicles()
    assert not vehicles.loaded
    vehicles.replace([("f", vehicle(name, None)) for name in "cab"] + [("g", vehicle("z", "a"))])
    assert vehicles.loaded
    assert [van.vehicle_id for van in vehicles.of_fleet("f", 2)] == ["a", "b"]
    assert [van.vehicle_id for van in vehicles.of_fleet("f", 2, "b")] == ["c"]
    assert vehicles.of_fleet("none", 2) == []
    assert (vehicles.find("g", "a"), vehicles.of_driver("f", "a"), vehicles.of_driver("g", "a")) == (None, None, "z")
