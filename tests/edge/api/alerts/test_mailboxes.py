"""Mailboxes unsubscribe by the link of an e-mail: in a browser, or by the mail program (RFC 8058)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.edge.api.alerts.mailboxes import LAST
from hub.embedded.services import Services
from hub.settings import Settings
from hub.stores.postgres.alerts import channels
from hub.stores.postgres.migrate import migrate
from hub.stores.seal import seal_of
from hub.stores.unsubscribing import PATH, token
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import ADMIN, fetch, hub_with
from tests.support.notify.notifiers import channel as made
from tests.support.notify.notifiers import connected
from tests.support.running import Edge

BOTH = ["anna@fleet.example", "ben@fleet.example"]
ONE_CLICK = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "mailboxes", smtp_url="smtp://127.0.0.1", smtp_from="hub@hub.example") as running:
        yield running


@pytest.fixture
def channel(hub: Edge) -> str:
    body = {"name": "Night <shift>", "kind": "email", "config": {"to": BOTH}}
    answer = post(hub, "/api/v1/channels", body, ADMIN)
    assert answer.status == 201, answer
    return str(answer.json["channel"]["id"])


def path(hub: Edge, id: str, mailbox: str) -> str:
    return PATH + token(seal_of(hub.settings), UUID(id), mailbox)


def present(hub: Edge, id: str) -> Any:
    return get(hub, f"/api/v1/channels/{id}", ADMIN).json


def test_looking_changes_nothing_and_one_click_takes_the_mailbox_out(hub: Edge, channel: str) -> None:
    url = path(hub, channel, BOTH[0])
    page = get(hub, url)
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "Night &lt;shift&gt;" in page.body.decode() and '<form method="post">' in page.body.decode()
    assert present(hub, channel)["config"] == {"to": BOTH}
    for _ in range(2):  # mail programs repeat
        answer = call(hub, "POST", url, b"List-Unsubscribe=One-Click", ONE_CLICK)
        assert answer.status == 200 and "no more e-mails" in answer.body.decode()
    after = present(hub, channel)
    assert (after["config"], after["state"], after["version"]) == ({"to": BOTH[1:]}, "active", 2)
    assert "<form" not in get(hub, url).body.decode()
    entries = fetch(
        hub, "SELECT fleet, actor_kind, action, details FROM audit WHERE subject_id = $1 ORDER BY id", channel
    )
    assert [tuple(entry) for entry in entries[1:]] == [("f", "link", "channel.mailbox_unsubscribed", "{}")]


def test_the_last_mailbox_disables_the_channel(hub: Edge, channel: str) -> None:
    for mailbox in BOTH:
        assert call(hub, "POST", path(hub, channel, mailbox), b"", ONE_CLICK).status == 200
    after = present(hub, channel)
    assert (after["state"], after["reason"], after["config"]) == ("disabled", LAST, {"to": []})


def test_then_what_waits_is_skipped_admins_are_told_and_the_mailbox_is_not_used_again(hub: Edge, channel: str) -> None:
    assert post(hub, f"/api/v1/channels/{channel}/test", None, ADMIN).status == 200
    other = {"name": "o", "kind": "email", "config": {"to": BOTH[:1]}}
    other_id = post(hub, "/api/v1/channels", other, ADMIN).json["channel"]["id"]
    for mailbox in BOTH:
        assert call(hub, "POST", path(hub, channel, mailbox), b"", ONE_CLICK).status == 200
    assert fetch(hub, "SELECT state FROM deliveries WHERE channel_id = $1", channel) == [("skipped",)]
    assert fetch(hub, "SELECT type FROM deliveries WHERE channel_id = $1", other_id) == [("hub.channel.disabled",)]
    assert fetch(hub, "SELECT state FROM alerts WHERE rule_id = $1", channel) == [("open",)]
    (entry,) = fetch(
        hub, "SELECT actor_kind, details FROM audit WHERE subject_id = $1 AND action = 'channel.disabled'", channel
    )
    assert (entry[0], json.loads(entry[1])) == ("hub", {"kind": "email", "reason": LAST})
    one = f"/api/v1/channels/{channel}"
    headers = {"if-match": "*", "content-type": "application/json"}
    refused = call(hub, "PATCH", one, {"state": "active"}, headers, ADMIN)
    assert (refused.status, refused.json["errors"][0]["field"]) == (422, "config.to")
    resumed = call(hub, "PATCH", one, {"state": "active", "config": {"to": ["c@fleet.example"]}}, headers, ADMIN)
    assert (resumed.status, resumed.json["state"]) == (200, "active")
    assert fetch(hub, "SELECT state FROM alerts WHERE rule_id = $1", channel) == [("resolved",)]


async def test_mailboxes_that_an_earlier_hub_kept_are_removed(settings: Settings) -> None:
    gone = await made(settings, "email", {"to": BOTH[:1]})
    kept = await made(settings, "email", {"to": BOTH[:1]})
    async with connected(settings) as connection:
        await channels.disable(connection, gone, LAST)
        await channels.disable(connection, kept, "every message failed")
        await connection.execute("DELETE FROM schema_steps WHERE step = 'step_0009_mailboxes'")
        assert await migrate(settings.database_url) == ["step_0009_mailboxes"]
        assert [(await channels.mailboxes(connection, id))[2] for id in (gone, kept)] == [[], BOTH[:1]]


def test_links_that_the_hub_has_not_made_are_unknown(hub: Edge, channel: str) -> None:
    made = path(hub, channel, BOTH[0])
    for wrong in (
        made[:-2] + ("aa" if made[-2:] != "aa" else "bb"),
        f"{PATH}x",
        f"{PATH}%C3%A4",
        f"{PATH}{'A' * 5_000}",
    ):
        for method in ("GET", "POST"):
            assert call(hub, method, wrong).status == 404
    # Of a channel that was deleted.
    assert call(hub, "POST", path(hub, str(uuid4()), BOTH[0])).status == 200
    assert json.loads(fetch(hub, "SELECT config FROM channels WHERE id = $1", channel)[0][0]) == {"to": BOTH}
