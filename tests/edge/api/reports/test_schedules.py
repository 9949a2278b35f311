"""Report schedules over the API: entered, read, changed and deleted by admins; what cannot be is named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest

from hub.core.reports.tables import REPORTS, ReportKind
from hub.embedded.services import Services
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, STRANGER, change, fetch, fields, hub_with
from tests.support.running import Edge

SCHEDULES = "/api/v1/report-schedules"


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "test_schedules", time_zone="Asia/Dubai", max_report_schedules=20) as running:
        yield running


@pytest.fixture(scope="module")
def mail(hub: Edge) -> str:
    """Id of a channel that sends e-mails."""
    return channel(hub, ADMIN, "email", {"to": ["a@b.example"]})


def channel(hub: Edge, who: str, kind: str, config: dict[str, Any]) -> str:
    made = post(hub, "/api/v1/channels", {"name": kind, "kind": kind, "config": config}, who)
    assert made.status == 201, made
    id: str = made.json["channel"]["id"]
    return id


def new(mail: str, **more: Any) -> dict[str, Any]:
    return {"name": "Trips of the north", "kind": "trips", "channels": [mail], **more}


def test_the_kinds_are_those_of_the_reports() -> None:
    assert list(get_args(ReportKind)) == list(REPORTS)


def test_a_schedule_is_entered_changed_and_deleted(hub: Edge, mail: str) -> None:
    made = post(hub, SCHEDULES, new(mail, groups=["south", "north", "north"], drivers=["d"]), ADMIN)
    assert made.status == 201 and made.headers["location"] == f"{SCHEDULES}/{made.json['id']}"
    assert (made.json["period"], made.json["at"], made.json["timeZone"]) == ("day", "06:00", "Asia/Dubai")
    assert made.json["groups"] == ["north", "south"] and made.json["sentTo"] is None
    at = datetime.fromisoformat(made.json["nextAt"])
    assert f"{at.astimezone(ZoneInfo('Asia/Dubai')):%H:%M}" == "06:00" and at > datetime.now(UTC)
    one = f"{SCHEDULES}/{made.json['id']}"
    renamed = change(hub, "PATCH", one, {"name": "North"}, etag='"1"')
    assert renamed.json == made.json | {"name": "North", "version": 2, "updatedAt": renamed.json["updatedAt"]}
    weekly = change(hub, "PATCH", one, {"period": "week", "at": "07:30", "timeZone": "UTC"}, etag='"2"')
    at = datetime.fromisoformat(weekly.json["nextAt"])
    assert (at.weekday(), f"{at:%H:%M}") == (0, "07:30")
    assert change(hub, "PATCH", one, {"enabled": False}, etag='"2"').status == 412
    assert change(hub, "PATCH", one, {"enabled": False}).status == 428
    assert get(hub, one, ADMIN).headers["etag"] == '"3"'
    assert change(hub, "DELETE", one, etag='"3"').status == 204
    assert get(hub, one, ADMIN).status == 404
    actions = [row[0] for row in fetch(hub, "SELECT action FROM audit WHERE kind = 'report_schedule' ORDER BY id")]
    assert actions == [f"report_schedule.{what}" for what in ("created", "changed", "changed", "deleted")]


def test_a_change_of_the_name_does_not_move_a_time_that_has_come(hub: Edge, mail: str) -> None:
    made = post(hub, SCHEDULES, new(mail), ADMIN).json
    fetch(hub, f"UPDATE report_schedules SET next_at = '2026-01-01Z' WHERE id = '{made['id']}'")
    one = f"{SCHEDULES}/{made['id']}"
    assert change(hub, "PATCH", one, {"name": "x"}, etag="*").json["nextAt"] == "2026-01-01T00:00:00Z"
    assert change(hub, "PATCH", one, {"at": "07:00"}, etag="*").json["nextAt"] > "2026-01-02"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nBcc: x@y.example"}, "name"),
        ({"kind": "money"}, "kind"),
        ({"at": "24:00"}, "at"),
        ({"at": "7:00"}, "at"),
        ({"at": "07:00\n"}, "at"),
        ({"timeZone": "Mars/Base"}, "timeZone"),
        ({"timeZone": "../../etc/passwd"}, "timeZone"),
        ({"period": "year"}, "period"),
        ({"channels": []}, "channels"),
        ({"channels": ["x"]}, "channels[0]"),
        ({"channels": ["00000000-0000-0000-0000-000000000001"]}, "channels[0]"),
        ({"drivers": ["a b"]}, "drivers[0]"),
        ({"groups": ["'"]}, "groups[0]"),
        ({"speedLimit": 20}, "speedLimit"),
        ({"kind": "speeding", "speedLimit": 0}, "speedLimit"),
        ({"nextAt": "2026-01-01T00:00:00Z"}, "nextAt"),
    ],
)
def test_what_cannot_be_is_named(hub: Edge, mail: str, more: dict[str, Any], field: str) -> None:
    answer = post(hub, SCHEDULES, new(mail, **more), ADMIN)
    assert (answer.status, fields(answer)) == (422, [field]), answer


def test_only_the_fleets_own_channels_for_e_mail(hub: Edge, mail: str) -> None:
    foreign = channel(hub, STRANGER, "email", {"to": ["a@b.example"]})
    hook = channel(hub, ADMIN, "webhook", {"url": "https://receiver.example/"})
    made = post(hub, SCHEDULES, new(mail), ADMIN).json
    for other in (foreign, hook):
        answer = post(hub, SCHEDULES, new(mail, channels=[mail, other]), ADMIN)
        assert (answer.status, fields(answer)) == (422, ["channels[1]"])
        answer = change(hub, "PATCH", f"{SCHEDULES}/{made['id']}", {"channels": [other]}, etag="*")
        assert (answer.status, fields(answer)) == (422, ["channels[0]"])


def test_admins_alone_manage_them_and_a_fleet_has_a_limit(hub: Edge, mail: str) -> None:
    one = f"{SCHEDULES}/{post(hub, SCHEDULES, new(mail), ADMIN).json['id']}"
    for method, path, body in [
        ("GET", SCHEDULES, None),
        ("POST", SCHEDULES, new(mail)),
        ("GET", one, None),
        ("PATCH", one, {}),
        ("DELETE", one, None),
    ]:
        assert change(hub, method, path, body, etag="*", token=DISPATCHER).status == 403
    assert get(hub, one, STRANGER).status == 404
    while (answer := post(hub, SCHEDULES, new(mail), ADMIN)).status == 201:
        pass
    assert answer.status == 409 and "its 20 report schedules" in answer.json["detail"]
    first = get(hub, f"{SCHEDULES}?limit=15", ADMIN).json
    second = get(hub, f"{SCHEDULES}?limit=15&cursor={first['next']}", ADMIN).json
    assert len({each["id"] for each in first["schedules"] + second["schedules"]}) == 20
