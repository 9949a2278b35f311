"""The log of a channel, tests, and sending again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hub.embedded.services import Services
from tests.edge.api.alerts.test_channels import CHANNELS, made
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, fetch, fields, hub_with
from tests.support.running import Edge


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "deliveries") as running:
        yield running


@pytest.fixture
def one(hub: Edge) -> str:
    return f"{CHANNELS}/{made(hub)['channel']['id']}"


def log(hub: Edge, one: str, query: str = "") -> list[Any]:
    found: list[Any] = get(hub, f"{one}/deliveries{query}", ADMIN).json["deliveries"]
    return found


def test_a_test_is_queued_and_in_the_log(hub: Edge, one: str) -> None:
    answer = post(hub, f"{one}/test", None, ADMIN)
    assert answer.status == 200 and answer.json["queued"] == 1
    (delivery,) = log(hub, one)
    assert (delivery["state"], delivery["type"], delivery["lane"]) == ("pending", "hub.test", "test")
    assert [delivery["messageId"]] == answer.json["messageIds"]
    assert (delivery["attempts"], delivery["sentAt"], delivery["lastStatus"]) == (0, None, None)


def test_a_test_ends_the_pause_of_a_channel_that_is_failing(hub: Edge, one: str) -> None:
    id = one.split("/")[-1]
    later = "SELECT retry_at > now() FROM channels WHERE id = $1"
    for state, waits in (("active", True), ("failing", False)):
        fetch(hub, "UPDATE channels SET state = $2, retry_at = now() + interval '1 h' WHERE id = $1", id, state)
        assert post(hub, f"{one}/test", None, ADMIN).status == 200
        assert fetch(hub, later, id)[0][0] is waits


def test_the_log_has_pages_and_a_filter(hub: Edge, one: str) -> None:
    for _ in range(5):
        post(hub, f"{one}/test", None, ADMIN)
    fetch(hub, "UPDATE deliveries SET state = 'sent' WHERE sequence IN (2, 3) AND channel_id = $1", one.split("/")[-1])
    first = get(hub, f"{one}/deliveries?limit=3", ADMIN).json
    assert [found["sequence"] for found in first["deliveries"]] == [5, 4, 3]
    second = get(hub, f"{one}/deliveries?limit=3&cursor={first['next']}", ADMIN).json
    assert [found["sequence"] for found in second["deliveries"]] == [2, 1] and "next" not in second
    assert [found["sequence"] for found in log(hub, one, "?state=sent")] == [3, 2]
    assert get(hub, f"{one}/deliveries?state=lost", ADMIN).status == 422
    assert get(hub, f"{one}/deliveries?cursor=x", ADMIN).status == 422


def test_what_was_given_up_is_sent_again_with_its_id(hub: Edge, one: str) -> None:
    for _ in range(4):
        post(hub, f"{one}/test", None, ADMIN)
    id = one.split("/")[-1]
    fetch(hub, "UPDATE deliveries SET state = 'dead' WHERE sequence = 1 AND channel_id = $1", id)
    fetch(hub, "UPDATE deliveries SET state = 'skipped' WHERE sequence = 2 AND channel_id = $1", id)
    fetch(hub, "UPDATE deliveries SET state = 'sent' WHERE sequence = 3 AND channel_id = $1", id)
    before = {found["sequence"]: found["messageId"] for found in log(hub, one)}
    assert post(hub, f"{one}/replay", {}, ADMIN).json["queued"] == 2
    after = {found["sequence"]: found["messageId"] for found in log(hub, one)}
    assert (after[5], after[6]) == (before[1], before[2])
    # They are pending now: not once more.
    assert post(hub, f"{one}/replay", {}, ADMIN).json["queued"] == 0
    assert post(hub, f"{one}/replay", {"sent": True}, ADMIN).json["queued"] == 1
    assert post(hub, f"{one}/replay", {"from": "2020-01-01T00:00:00Z", "to": "2021-01-01T00:00:00Z"}, ADMIN).json == {
        "queued": 0,
        "messageIds": [],
    }
    fetch(hub, "UPDATE channels SET state = 'disabled' WHERE id = $1", id)
    refused = post(hub, f"{one}/replay", {"sent": True}, ADMIN)
    assert (refused.status, fields(refused)) == (409, ["state"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"from": "2026-01-02T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"to": "0001-01-01T00:00:00Z"}, "to"),
        ({"dead": True}, "dead"),
    ],
)
def test_a_wrong_replay_sends_nothing(hub: Edge, one: str, body: object, field: str) -> None:
    answer = post(hub, f"{one}/replay", body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert log(hub, one) == []
