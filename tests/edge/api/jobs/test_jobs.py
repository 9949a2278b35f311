"""Jobs by the API: entering, editing, listing and refusals in words."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER, GATEWAY, STRANGER, change, fetch, fields
from tests.support.api.job_books import HERE, JOBS, new_job, new_place
from tests.support.running import Edge

WINDOW = {"from": "2026-10-05T08:00:00Z", "to": "2026-10-05T10:00:00Z"}
LATER = {"from": "2026-10-05T14:00:00Z", "to": "2026-10-05T15:00:00Z"}


def test_a_job_is_entered_read_changed_and_deleted(hub: Edge) -> None:
    wanted = {
        "kind": "pickup",
        **HERE,
        "reference": "o-1",
        "shipmentId": "s-1",
        "address": "1 Mall Road",
        "recipient": {"name": "Bob", "phone": "+971 2", "email": "bob@mail.example"},
        "windows": [WINDOW, LATER],
        "serviceTime": 240,
        "load": [120, 2],
        "skills": ["fridge"],
        "priority": 5,
        "proofRequired": ["photo", "signature"],
        "notes": "ring",
        "attributes": {"floor": 3},
    }
    answer = post(hub, JOBS, wanted | {"windows": [LATER, WINDOW]}, DISPATCHER)
    assert (answer.status, answer.headers["etag"]) == (201, '"1"'), answer.body
    job = answer.json
    assert {name: job[name] for name in wanted} == wanted
    assert job["status"] == "open" and "driverId" not in job
    path = answer.headers["location"]
    assert get(hub, path, DISPATCHER).json == job
    changed = change(hub, "PATCH", path, {"priority": 0, "windows": [LATER]}, etag='"1"', token=DISPATCHER)
    assert (changed.json["windows"], changed.json["version"]) == ([LATER], 2) and "priority" not in changed.json
    assert changed.json == get(hub, path, DISPATCHER).json
    stale = change(hub, "PATCH", path, {"priority": 9}, etag='"1"', token=DISPATCHER)
    assert (stale.status, stale.headers["etag"]) == (412, '"2"')
    assert change(hub, "DELETE", path, etag='"2"', token=DISPATCHER).status == 204
    assert get(hub, path, DISPATCHER).status == 404
    said = fetch(hub, "SELECT action FROM audit WHERE subject_id = $1 ORDER BY id", job["jobId"])
    assert said == [("job.created",), ("job.changed",), ("job.deleted",)]


def test_a_job_has_the_location_of_its_place(hub: Edge) -> None:
    place = new_place(hub, latitude=25.5, longitude=55.6, address="9 Far Road")
    answer = post(hub, JOBS, {"kind": "service", "placeId": place["placeId"]}, DISPATCHER)
    job = answer.json
    assert (job["latitude"], job["longitude"], job["address"]) == (25.5, 55.6, "9 Far Road")
    other = new_place(hub, latitude=26.5, longitude=56.6)
    path = f"{JOBS}/{job['jobId']}"
    moved = change(hub, "PATCH", path, {"placeId": other["placeId"], "address": "here"}, etag="*", token=DISPATCHER)
    assert (moved.json["latitude"], moved.json["address"]) == (26.5, "here")
    # A door of its own.
    exact = change(hub, "PATCH", path, {"latitude": 26.6, "longitude": 56.6}, etag="*", token=DISPATCHER).json
    assert (exact["latitude"], exact["placeId"]) == (26.6, other["placeId"])
    assert change(hub, "DELETE", f"/api/v1/places/{other['placeId']}", etag="*", token=DISPATCHER).status == 204
    left = get(hub, path, DISPATCHER).json
    assert left["latitude"] == 26.6 and "placeId" not in left


def test_jobs_are_listed_by_filters(hub: Edge) -> None:
    place = new_place(hub)
    made = [
        new_job(hub, notes="l", shipmentId="listed", windows=[WINDOW], address="Listed 1")["jobId"],
        new_job(hub, shipmentId="listed", kind="service", placeId=place["placeId"])["jobId"],
        new_job(hub, shipmentId="listed", windows=[LATER], recipient={"name": "LISTED"})["jobId"],
    ]

    def ids(query: str) -> list[int]:
        answer = get(hub, f"{JOBS}?shipmentId=listed&{query}", DISPATCHER)
        assert answer.status == 200, answer.body
        return [made.index(job["jobId"]) for job in answer.json["jobs"]]

    assert ids("") == [0, 1, 2]
    assert ids("kind=delivery,pickup") == [0, 2]
    assert ids("status=open,done") == [0, 1, 2] and ids("status=done") == []
    assert ids(f"placeId={place['placeId']}") == [1]
    assert ids("from=2026-10-05T09:30:00Z&to=2026-10-05T14:00:00Z") == [0, 1]
    assert ids("q=listed") == [0, 2]
    assert ids("driverId=d") == []
    page = get(hub, f"{JOBS}?shipmentId=listed&limit=2", DISPATCHER).json
    rest = get(hub, f"{JOBS}?shipmentId=listed&cursor={page['next']}", DISPATCHER).json
    assert [job["jobId"] for job in page["jobs"] + rest["jobs"]] == made
    wrong = get(hub, f"{JOBS}?status=lost", DISPATCHER)
    assert (wrong.status, fields(wrong)) == (422, ["status"]) and "en_route" in wrong.json["errors"][0]["allowed"]


def test_roles(hub: Edge) -> None:
    job = new_job(hub)
    for token in (DRIVER, GATEWAY):
        assert get(hub, JOBS, token).status == 403
        assert post(hub, JOBS, {"kind": "delivery", **HERE}, token).status == 403
    assert get(hub, f"{JOBS}/{job['jobId']}", STRANGER).status == 404


NOWHERE = {"latitude": None, "longitude": None}

REFUSED = [
    ({"kind": "gift"}, "kind", "delivery, pickup, service"),
    (NOWHERE, "latitude", "required, with longitude, without a placeId"),
    ({"longitude": None}, "longitude", "required with the other"),
    (NOWHERE | {"placeId": "6f0d9a52-3f3c-4a0e-8f29-5b0a7f6f2d11"}, "placeId", "no such place"),
    ({"windows": [{"from": WINDOW["to"], "to": WINDOW["from"]}]}, "windows", "before to"),
    ({"windows": [WINDOW, WINDOW]}, "windows", "must not overlap"),
    ({"load": [-1]}, "load[0]", "at least 0"),
    ({"priority": 101}, "priority", "at most 100"),
    ({"proofRequired": ["smile"]}, "proofRequired[0]", "barcode"),
    ({"status": "done"}, "status", "unknown field"),
]


@pytest.mark.parametrize(("body", "field", "words"), REFUSED, ids=[row[1] + row[2] for row in REFUSED])
def test_refusals_name_the_field(hub: Edge, body: dict[str, Any], field: str, words: str) -> None:
    answer = post(hub, JOBS, {"kind": "delivery", **HERE, **body}, DISPATCHER)
    assert (answer.status, fields(answer)) == (422, [field]), answer.body
    assert words in answer.json["errors"][0]["detail"]


def test_a_reference_is_of_one_job(hub: Edge) -> None:
    new_job(hub, reference="twice")
    answer = post(hub, JOBS, {"kind": "delivery", **HERE, "reference": "twice"}, DISPATCHER)
    assert (answer.status, fields(answer)) == (409, ["reference"])
