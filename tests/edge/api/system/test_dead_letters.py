"""Dead letters by the API: listed, shown, sent again; of one's own fleet only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import redis

from hub.embedded.services import Services
from hub.wire.log import LOG_KEY
from tests.support.api.calls import Answer, call, get
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, STRANGER, fetch, hub_with
from tests.support.logbook import position
from tests.support.running import Edge

PATH = "/api/v1/dead-letters"

GOOD = msgspec.json.encode(position("d"))


@pytest.fixture(scope="module")
def guarded(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "dead_letters") as running:
        yield running


@pytest.fixture(autouse=True)
def empty(guarded: Edge) -> None:
    fetch(guarded, "DELETE FROM dead_letters")


def bury(hub: Edge, payload: bytes, fleet: str | None = "f", entry: str = "1-0") -> int:
    statement = "INSERT INTO dead_letters (entry_id, fleet, reason, payload) VALUES ($1, $2, 'why', $3) RETURNING id"
    id: int = fetch(hub, statement, entry, fleet, payload)[0][0]
    return id


def send(hub: Edge, id: object, token: str = ADMIN) -> Answer:
    return call(hub, "POST", f"{PATH}/{id}/send", None, None, token)


def listed(hub: Edge, token: str = ADMIN) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get(hub, PATH, token).json["letters"]
    return found


def test_they_are_listed_newest_first_in_pages(guarded: Edge) -> None:
    ids = [bury(guarded, b"{}", entry=f"{n}-0") for n in range(5)]
    first = get(guarded, f"{PATH}?limit=3", ADMIN).json
    second = get(guarded, f"{PATH}?limit=3&cursor={first['next']}", ADMIN).json
    assert [one["id"] for one in first["letters"] + second["letters"]] == ids[::-1] and "next" not in second
    assert first["letters"][0] | {"buriedAt": ""} == {
        "id": ids[-1],
        "entryId": "4-0",
        "fleet": "f",
        "reason": "why",
        "buriedAt": "",
        "size": 2,
    }
    assert get(guarded, f"{PATH}?cursor=x", ADMIN).status == 422


def test_one_is_shown_as_text_or_as_base64(guarded: Edge) -> None:
    text, data = bury(guarded, GOOD), bury(guarded, b"\xff\x00")
    assert get(guarded, f"{PATH}/{text}", ADMIN).json["text"] == GOOD.decode()
    assert get(guarded, f"{PATH}/{data}", ADMIN).json["data"] == "/wA="


def test_only_admins_of_the_fleet_read_and_send_it(guarded: Edge) -> None:
    id, unknown = bury(guarded, GOOD), bury(guarded, GOOD, fleet=None)
    assert [one["id"] for one in listed(guarded)] == [id]
    for path in (PATH, f"{PATH}/{id}"):
        assert [get(guarded, path, token).status for token in (DISPATCHER, GATEWAY, DRIVER, "")] == [403, 403, 403, 401]
    assert listed(guarded, STRANGER) == []
    for foreign in (get(guarded, f"{PATH}/{id}", STRANGER), send(guarded, id, STRANGER), send(guarded, unknown)):
        assert foreign.status == 404 and foreign.json["detail"] == "there is no such dead letter"
    assert send(guarded, id, DISPATCHER).status == 403
    assert fetch(guarded, "SELECT count(*) FROM dead_letters") == [(2,)]


@pytest.mark.parametrize("id", ["x", "-1", "1.0", "9" * 19, "%C2%B2"])
def test_what_is_no_number_names_no_dead_letter(guarded: Edge, id: str) -> None:
    assert get(guarded, f"{PATH}/{id}", ADMIN).status == 404
    assert send(guarded, id).status == 404


def test_sent_again_it_is_in_the_log_and_leaves_the_list(guarded: Edge) -> None:
    id = bury(guarded, GOOD)
    answer = send(guarded, id)
    assert answer.status == 200
    with redis.Redis.from_url(guarded.settings.redis_url) as client:
        ((entry_id, entry),) = client.xrange(LOG_KEY, answer.json["entryId"], answer.json["entryId"])
    assert entry_id.decode() == answer.json["entryId"] and entry[b"f"] == b"[" + GOOD + b"]"
    assert listed(guarded) == []
    audited = fetch(guarded, "SELECT actor_kind, subject_id FROM audit WHERE action = 'dead_letter.sent'")
    assert audited == [("token", str(id))]
    assert send(guarded, id).status == 404


def test_what_this_version_cannot_read_stays(guarded: Edge) -> None:
    id = bury(guarded, b"[{")
    answer = send(guarded, id)
    assert answer.status == 409 and "cannot read the dead letter" in answer.json["detail"]
    assert [one["id"] for one in listed(guarded)] == [id]
