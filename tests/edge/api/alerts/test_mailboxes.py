"""Mailboxes unsubscribe by the link of an e-mail: in a browser, or by the mail program (RFC 8058)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.embedded.services import Services
from hub.stores.seal import seal_of
from hub.stores.unsubscribing import PATH, token
from tests.support.api.calls import call, get, post
from tests.support.api.fleets import ADMIN, fetch, hub_with
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
    assert (after["state"], after["reason"]) == ("disabled", "the last mailbox has unsubscribed")


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
