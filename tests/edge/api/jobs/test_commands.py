"""Commands to jobs: what each status allows, repeated commands, the history, and the retry."""

from __future__ import annotations

from typing import Any

from tests.identity.test_tokens import token
from tests.support.api.calls import get, post
from tests.support.api.fleets import DISPATCHER, DRIVER, STRANGER, fetch, fields
from tests.support.api.job_books import JOBS, command, new_job, new_route
from tests.support.running import Edge

OTHER = token(role="driver", driver="e", fleet="f")


def dispatched(hub: Edge, **given: Any) -> dict[str, Any]:
    """A job that the driver d sees."""
    (job,) = new_route(hub, "d", new_job(hub, **given), publish=True)["waypoints"]
    found: dict[str, Any] = job
    return found


def history(hub: Edge, job: dict[str, Any]) -> list[str]:
    return [event["event"] for event in get(hub, f"{JOBS}/{job['jobId']}/events", DISPATCHER).json["events"]]


def test_a_driver_does_a_job(hub: Edge) -> None:
    job = dispatched(hub)
    assert (job["status"], job["driverId"], job["version"]) == ("dispatched", "d", 3)
    etag = '"3"'
    for what, status in (("accept", "accepted"), ("depart", "en_route"), ("arrive", "arrived")):
        answer = command(hub, job, what, etag=etag, token=DRIVER)
        assert (answer.status, answer.json["status"]) == (200, status), answer.body
        etag = answer.headers["etag"]
    assert command(hub, job, "complete", etag='"3"', token=DRIVER).status == 412
    done = command(hub, job, "complete", etag=etag, token=DRIVER, outcome="partial", reason="one of two").json
    assert (done["status"], done["outcome"], done["driverId"]) == ("done", "partial", "d")
    found = get(hub, f"{JOBS}/{job['jobId']}", DISPATCHER).json
    assert (found["status"], found["outcome"], found["reason"]) == ("done", "partial", "one of two")
    assert found["endedAt"] == done["at"] and found["arrivalSource"] == "person"
    assert history(hub, job) == ["assign", "publish", "accept", "depart", "arrive", "complete"]
    route = get(hub, f"/api/v1/routes/{job['routeId']}", DISPATCHER).json
    assert route["state"] == "done"


def test_a_command_that_is_repeated_has_the_same_answer(hub: Edge) -> None:
    job = dispatched(hub)
    first = command(hub, job, "accept", id="phone-1", etag='"3"', token=DRIVER, at="2026-10-05T08:00:00Z")
    answers = [command(hub, job, "accept", id="phone-1", etag='"3"', token=DRIVER) for _ in range(2)]
    answers.append(command(hub, job, "accept", id="phone-1", token=DRIVER, at="2026-10-05T09:00:00Z"))
    assert [(answer.status, answer.json) for answer in answers] == [(200, first.json)] * 3
    assert first.json["at"] == "2026-10-05T08:00:00Z"
    reused = command(hub, job, "depart", id="phone-1", token=DRIVER)
    assert (reused.status, fields(reused)) == (409, ["commandId"])
    # Also after the job has left the driver.
    rejected = command(hub, job, "reject", id="phone-2", token=DRIVER, reason="too heavy")
    assert rejected.json["status"] == "open"
    assert command(hub, job, "reject", id="phone-2", token=DRIVER).json == rejected.json
    assert history(hub, job) == ["assign", "publish", "accept", "reject"]


def test_what_a_status_does_not_allow_is_refused_with_what_it_does(hub: Edge) -> None:
    job = new_job(hub)
    answer = command(hub, job, "complete")
    assert (answer.status, answer.json["errors"][0]["allowed"]) == (409, ["cancel"])
    job = dispatched(hub)
    command(hub, job, "accept", token=DRIVER)
    answer = command(hub, job, "accept", token=DRIVER)
    allowed = ["arrive", "complete", "depart", "fail", "reject"]
    assert (answer.status, answer.json["errors"][0]["allowed"]) == (409, allowed)
    assert command(hub, job, "cancel").json["status"] == "cancelled"
    found = get(hub, f"{JOBS}/{job['jobId']}", DISPATCHER).json
    assert "routeId" not in found and found["endedAt"]
    said = fetch(hub, "SELECT action FROM audit WHERE subject_id = $1 ORDER BY id", job["jobId"])
    assert said == [("job.created",), ("job.cancelled",)]


def test_the_fields_of_a_command(hub: Edge) -> None:
    job = dispatched(hub)
    missing = command(hub, job, "fail", token=DRIVER)
    assert (missing.status, fields(missing)) == (422, ["reason"])
    wrong = command(hub, job, "accept", token=DRIVER, outcome="partial")
    assert (wrong.status, fields(wrong)) == (422, ["outcome"])
    future = command(hub, job, "accept", token=DRIVER, at="2099-01-01T00:00:00Z").json
    assert future["at"] <= future["noticedAt"] or future["at"][:10] == future["noticedAt"][:10]
    assert command(hub, job, "assign").status == 422


def test_a_driver_commands_its_own_jobs_only(hub: Edge) -> None:
    job = dispatched(hub)
    assert command(hub, job, "accept", token=OTHER).status == 404
    assert command(hub, job, "accept", token=STRANGER).status == 404
    assert command(hub, job, "cancel", token=DRIVER).status == 403
    (planned,) = new_route(hub, "d", new_job(hub))["waypoints"]
    assert command(hub, planned, "accept", token=DRIVER).status == 404
    assert get(hub, f"{JOBS}/{job['jobId']}/events", DRIVER).status == 403


def test_a_failed_job_is_repeated_by_a_new_one(hub: Edge) -> None:
    job = dispatched(hub, reference="r-1", notes="ring")
    assert post(hub, f"{JOBS}/{job['jobId']}/retry", {}, DISPATCHER).status == 409
    command(hub, job, "fail", token=DRIVER, reason="not at home")
    answer = post(hub, f"{JOBS}/{job['jobId']}/retry", {"notes": "ring twice"}, DISPATCHER)
    again = answer.json
    assert (answer.status, again["previous"], again["attempt"]) == (201, job["jobId"], 2)
    assert (again["status"], again["reference"], again["notes"]) == ("open", "r-1", "ring twice")
    assert get(hub, answer.headers["location"], DISPATCHER).json == again
    assert post(hub, f"{JOBS}/{job['jobId']}/retry", {}, DISPATCHER).status == 409
