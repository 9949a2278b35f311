"""Drivers and vehicles from CSV files: entered and changed, all or none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.support.api.calls import Answer, call, get
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVERS, STRANGER, VEHICLES, change, fetch, fields, hub_with
from tests.support.running import Edge

FILE, CARS = f"{DRIVERS}.csv", f"{VEHICLES}.csv"


@pytest.fixture(scope="module")
def guarded(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "imports") as running:
        yield running


@pytest.fixture(autouse=True)
def empty(guarded: Edge) -> None:
    for name in ("audit", "vehicles", "drivers"):
        fetch(guarded, f"DELETE FROM {name}")


def send(hub: Edge, path: str, text: str, token: str = ADMIN, media: str = "text/csv; charset=utf-8") -> Answer:
    return call(hub, "POST", path, text.encode(), {"content-type": media}, token)


def counts(answer: Answer) -> tuple[int, int, int]:
    assert answer.status == 200, answer.body
    return answer.json["created"], answer.json["changed"], answer.json["unchanged"]


def test_drivers_are_registered_and_changed(guarded: Edge) -> None:
    file = "driverId,name,phone,groups\na,Ann,+49 1,north\nb,Bob,,\n"
    assert counts(send(guarded, f"{FILE}?dryRun=true", file)) == (2, 0, 0)
    assert get(guarded, DRIVERS, ADMIN).json["drivers"] == []
    assert counts(send(guarded, FILE, file)) == (2, 0, 0)
    assert counts(send(guarded, FILE, file)) == (0, 0, 2)
    # Fields without a column stay; an empty cell empties a field.
    assert counts(send(guarded, FILE, "driverId;phone\nc;+49 3\na;\nb;\n")) == (1, 1, 1)
    ann, bob, _ = get(guarded, DRIVERS, ADMIN).json["drivers"]
    assert (ann["name"], ann["phone"], ann["groups"], ann["version"]) == ("Ann", "", ["north"], 2)
    assert (bob["name"], bob["version"]) == ("Bob", 1)
    said = fetch(guarded, "SELECT action, subject_id FROM audit ORDER BY id")
    assert said == [
        *(("driver.created", id) for id in "abc"),
        ("driver.changed", "a"),
    ]


def test_with_one_wrong_line_nothing_is_stored(guarded: Edge) -> None:
    assert counts(send(guarded, FILE, "driverId\nd\n")) == (1, 0, 0)
    answer = send(guarded, FILE, "driverId,name\ne,Eve\nf g,Fay\n")
    assert answer.status == 422 and fields(answer) == ["line 3, driverId"]
    answer = send(guarded, CARS, "vehicleId,driverId\nv,d\nw,nobody\n")
    assert answer.status == 422 and fields(answer) == ["line 3, driverId"]
    assert "register it first" in answer.json["detail"]
    answer = send(guarded, CARS, "vehicleId,driverId\nv,d\nw,d\n")
    assert answer.status == 409 and fields(answer) == ["line 3, driverId"]
    assert len(get(guarded, DRIVERS, ADMIN).json["drivers"]) == 1
    assert get(guarded, VEHICLES, ADMIN).json["vehicles"] == []
    assert fetch(guarded, "SELECT subject_id FROM audit") == [("d",)]


def test_vehicles_get_their_drivers(guarded: Edge) -> None:
    send(guarded, FILE, "driverId\nd\ne\n")
    file = "vehicleId,name,plate,type,groups,driverId\nv,Van,B 1,van,north,d\nw,Bike,,bike,,\n"
    assert counts(send(guarded, CARS, file)) == (2, 0, 0)
    assert counts(send(guarded, CARS, "vehicleId,driverId\nv,e\nw,\n")) == (0, 1, 1)
    van = get(guarded, f"{VEHICLES}/v", ADMIN).json
    assert (van["name"], van["plate"], van["type"], van["groups"], van["driverId"]) == (
        "Van",
        "B 1",
        "van",
        ["north"],
        "e",
    )
    details = fetch(guarded, "SELECT details->>'fields' FROM audit WHERE action = 'vehicle.changed'")
    assert details == [('["driverId","vehicleId"]',)]
    assert counts(send(guarded, CARS, "vehicleId,driverId\nv,\n")) == (0, 1, 0)
    assert get(guarded, f"{VEHICLES}/v", ADMIN).json["driverId"] is None


@pytest.mark.parametrize(("path", "file"), [(FILE, "driverId,name\nd,=1+1\n"), (CARS, "vehicleId,plate\nv,B 1\n")])
def test_the_export_is_an_import(guarded: Edge, path: str, file: str) -> None:
    send(guarded, path, file)
    exported = get(guarded, path, ADMIN)
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    assert counts(send(guarded, path, exported.body.decode())) == (0, 0, 1)


def test_only_admins_and_only_their_fleet(guarded: Edge) -> None:
    send(guarded, FILE, "driverId\nd\n")
    assert send(guarded, FILE, "driverId\nx\n", DISPATCHER).status == 403
    assert get(guarded, FILE, DISPATCHER).status == 403
    assert get(guarded, FILE, STRANGER).body.decode().splitlines() == ["driverId,name,phone,groups"]
    assert send(guarded, FILE, "driverId\nx\n", media="application/json").status == 415
    # A driver may be called "drivers.csv"; the collection is not it.
    assert change(guarded, "POST", DRIVERS, {"driverId": "drivers.csv"}).status == 201


def test_a_large_file_is_one_transaction(guarded: Edge) -> None:
    """5,000 rows, each with an entry in the audit log, within the time of a transaction of the registry."""
    rows = "".join(f"d{n},Driver {n},+49 {n},g{n % 7}\n" for n in range(5_000))
    assert counts(send(guarded, FILE, f"driverId,name,phone,groups\n{rows}")) == (5_000, 0, 0)
    cars = "".join(f"v{n},d{n}\n" for n in range(5_000))
    assert counts(send(guarded, CARS, f"vehicleId,driverId\n{cars}")) == (5_000, 0, 0)
    assert fetch(guarded, "SELECT count(*) FROM audit") == [(10_000,)]
