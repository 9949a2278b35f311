"""Places and jobs from CSV files: entered and changed, all or none; and written."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.support.api.calls import Answer, get
from tests.support.api.fleets import DISPATCHER, DRIVER, fields
from tests.support.api.job_books import JOBS, PLACES, send_csv
from tests.support.running import Edge


def counts(answer: Answer) -> tuple[int, int, int]:
    assert answer.status == 200, answer.body
    return answer.json["created"], answer.json["changed"], answer.json["unchanged"]


def by_reference(hub: Edge, path: str, query: str = "") -> dict[str, Any]:
    rows = csv.DictReader(io.StringIO(get(hub, f"{path}.csv?{query}", DISPATCHER).body.decode()))
    return {row["reference"]: row for row in rows}


def test_places_come_from_a_file_and_go_into_one(hub: Edge) -> None:
    text = "reference,name,latitude,longitude,radius,contactName\nf1,Shop,25.1,55.1,40,Ann\nf2,Yard,25.2,55.2,,\n"
    assert counts(send_csv(hub, f"{PLACES}.csv?dryRun=true", text)) == (2, 0, 0)
    assert "f1" not in by_reference(hub, PLACES)
    assert counts(send_csv(hub, f"{PLACES}.csv", text)) == (2, 0, 0)
    assert counts(send_csv(hub, f"{PLACES}.csv", text.replace("Yard", "Quay"))) == (0, 1, 1)
    rows = by_reference(hub, PLACES)
    assert rows["f1"]["contactName"] == "Ann" and (rows["f2"]["name"], rows["f2"]["radius"]) == ("Quay", "")
    wrong = send_csv(hub, f"{PLACES}.csv", "reference,name,latitude,longitude\nf3,Shop,95,55\nf3,,25,55\n")
    assert (wrong.status, fields(wrong)) == (422, ["line 2, latitude", "line 3, name"])


def test_jobs_come_from_a_file_and_go_into_one(hub: Edge) -> None:
    assert counts(send_csv(hub, f"{PLACES}.csv", "reference,name,latitude,longitude\nf9,Shop,25.9,55.9\n")) == (1, 0, 0)
    windows = "2026-10-05T08:00:00+02:00/2026-10-05T10:00:00Z"
    text = (
        "reference;kind;place;latitude;longitude;windows;load;skills;recipientName;recipientPhone\n"
        f"j1;pickup;f9;;;{windows};120 2;fridge crane;Bob;+1\n"
        "j2;delivery;;25.1;55.1;;;;;\n"
    )
    assert counts(send_csv(hub, f"{JOBS}.csv?dryRun=1", text)) == (2, 0, 0)
    assert by_reference(hub, JOBS, "q=j1") == {}
    assert counts(send_csv(hub, f"{JOBS}.csv", text)) == (2, 0, 0)
    assert counts(send_csv(hub, f"{JOBS}.csv", text)) == (0, 0, 2)
    (job,) = get(hub, f"{JOBS}?reference=j1", DISPATCHER).json["jobs"]
    assert (job["latitude"], job["load"], job["skills"]) == (25.9, [120, 2], ["crane", "fridge"])
    assert job["recipient"] == {"name": "Bob", "phone": "+1"}
    assert job["windows"] == [{"from": "2026-10-05T06:00:00Z", "to": "2026-10-05T10:00:00Z"}]
    # What is written is read again, and changes nothing.
    written = get(hub, f"{JOBS}.csv?reference=j1", DISPATCHER).body.decode()
    assert counts(send_csv(hub, f"{JOBS}.csv", written)) == (0, 0, 1)
    assert counts(send_csv(hub, f"{JOBS}.csv", "reference,recipientPhone\nj1,+2\nj2,\n")) == (0, 1, 1)
    assert by_reference(hub, JOBS, "q=j")["j1"]["recipientPhone"] == "+2"


def test_with_one_wrong_line_nothing_is_stored(hub: Edge) -> None:
    text = (
        "reference,latitude,longitude,place,windows\nw1,25,55,,\nw2,,,,\nw3,25,,,\nw4,25,55,nowhere,\nw5,25,55,,today\n"
    )
    answer = send_csv(hub, f"{JOBS}.csv", text)
    assert answer.status == 422
    assert fields(answer) == ["line 3, latitude", "line 4, longitude", "line 5, place", "line 6, windows"]
    assert get(hub, f"{JOBS}?reference=w1", DISPATCHER).json["jobs"] == []
    unknown = send_csv(hub, f"{JOBS}.csv", "reference,color\nx,red\n")
    assert (unknown.status, fields(unknown)) == (422, ["color"])
    assert send_csv(hub, f"{JOBS}.csv", "reference\nx\n", DRIVER).status == 403
