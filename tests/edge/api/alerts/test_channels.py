"""Channels in the API: made, changed, paused, tested; secrets are shown once and never stored as they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from standardwebhooks.webhooks import Webhook

from hub.edge.api.alerts.secrets import Vault
from hub.edge.http.problems import Problem
from hub.embedded.services import Services
from hub.settings import Settings
from hub.stores.seal import seal_of
from hub.wire.notices.kinds import Secrets, joined
from hub.wire.notices.requests import webhook
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, GATEWAY, STRANGER, change, fetch, fields, hub_with
from tests.support.running import Edge
from tests.wire.notices.test_push import notice

CHANNELS = "/api/v1/channels"
TELEGRAM = {"name": "x", "kind": "telegram", "config": {"chat": "1", "token": "1:a", "server": "https://[::1]"}}
HOOK = {"name": "ERP", "kind": "webhook", "config": {"url": "https://erp.example/hook"}}


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "channels", max_channels=10, apprise="on") as running:
        yield running


@pytest.fixture(autouse=True)
def empty(hub: Edge) -> None:
    fetch(hub, "DELETE FROM channels")


def made(hub: Edge, body: object = HOOK) -> Any:
    answer = post(hub, CHANNELS, body, ADMIN)
    assert answer.status == 201, answer
    return answer.json


def stored(hub: Edge, id: str) -> tuple[Any, Secrets]:
    """Config and secrets as they are in the database."""
    config, sealed = fetch(hub, "SELECT config, sealed FROM channels WHERE id = $1", id)[0]
    return json.loads(config), msgspec.json.decode(seal_of(hub.settings).open(sealed, id), type=Secrets)


def test_a_channel_of_apprise_is_for_admins_and_its_url_is_secret(hub: Edge) -> None:
    body = {"name": "x", "kind": "apprise", "config": {"url": "pover://user@hidden"}}
    for bearer in (DISPATCHER, DRIVER, GATEWAY):
        assert post(hub, CHANNELS, body, bearer).status == 403
    channel = made(hub, body)["channel"]
    config, secrets = stored(hub, channel["id"])
    assert (config, channel["config"], secrets.fields) == ({}, {}, {"url": "pover://user@hidden"})
    wrong = post(hub, CHANNELS, body | {"config": {"url": "no url"}}, ADMIN)
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (422, "config.url")


def test_apprise_is_refused_unless_the_operator_turns_it_on() -> None:
    with pytest.raises(Problem, match="HUB_APPRISE=on"):
        Vault(Settings()).checked("apprise", {"url": "pover://user@hidden"})


def test_a_channel_is_made_read_changed_and_deleted(hub: Edge) -> None:
    answer = post(hub, CHANNELS, HOOK | {"events": ["trip", "trip"]}, ADMIN)
    channel, secret = answer.json["channel"], answer.json["secret"]
    one = f"{CHANNELS}/{channel['id']}"
    assert (answer.status, answer.headers["location"]) == (201, one) and secret.startswith("whsec_")
    assert (channel["state"], channel["events"], channel["config"]) == ("active", ["trip"], HOOK["config"])
    read = get(hub, one, ADMIN)
    assert read.json == channel and read.headers["etag"] == '"1"'
    assert secret not in read.body.decode() + get(hub, CHANNELS, ADMIN).body.decode()

    changed = change(hub, "PATCH", one, {"name": "SAP", "state": "paused"}, etag='"1"')
    assert (changed.json["name"], changed.json["state"], changed.headers["etag"]) == ("SAP", "paused", '"2"')
    assert change(hub, "PATCH", one, {"name": "X"}, etag='"1"').status == 412
    assert change(hub, "PATCH", one, {"name": "X"}).status == 428
    moved = change(hub, "PATCH", one, {"config": {"url": "https://other.example/"}}, etag="*")
    assert moved.json["config"] == {"url": "https://other.example/"}
    assert stored(hub, channel["id"])[1].keys[0].secret == secret
    assert change(hub, "DELETE", one, etag='"1"').status == 412
    assert change(hub, "DELETE", one, etag='"3"').status == 204
    assert get(hub, one, ADMIN).status == 404 and get(hub, CHANNELS, ADMIN).json == {"channels": []}


def test_only_channels_that_forward_take_positions(hub: Edge) -> None:
    config = {"url": "https://traccar.example/"}
    both = {"name": "t", "kind": "traccar", "config": config, "events": ["position", "trip"]}
    assert made(hub, both)["channel"]["events"] == ["position", "trip"]
    hook = made(hub, HOOK)["channel"]
    answer = change(hub, "PATCH", f"{CHANNELS}/{hook['id']}", {"events": ["position"]}, etag="*")
    assert (answer.status, fields(answer)) == (422, ["events"])


@pytest.mark.parametrize(
    ("kind", "config", "secret"),
    [
        ("slack", {"url": "https://hooks.slack.example/services/hidden"}, "hidden"),
        ("telegram", {"chat": "1", "token": "1:hidden"}, "hidden"),
        ("ntfy", {"url": "https://ntfy.example/t", "token": "hidden"}, "hidden"),
        ("traccar", {"url": "https://traccar.example/", "token": "hidden", "lossless": True}, "hidden"),
    ],
)
def test_what_is_secret_is_sealed_and_not_shown(hub: Edge, kind: str, config: dict[str, str], secret: str) -> None:
    channel = made(hub, {"name": "c", "kind": kind, "config": config})["channel"]
    one = f"{CHANNELS}/{channel['id']}"
    assert secret not in json.dumps(channel) + get(hub, one, ADMIN).body.decode()
    row = fetch(hub, "SELECT config::text || encode(sealed, 'escape') FROM channels WHERE id = $1", channel["id"])
    assert secret not in row[0][0]
    assert change(hub, "PATCH", one, {"name": "d", "config": {}}, etag="*").status == 200
    shown, secrets = stored(hub, channel["id"])
    whole = msgspec.to_builtins(joined(kind, json.dumps(shown), secrets))
    assert whole | config == whole


@pytest.mark.parametrize(
    ("kind", "config", "stored_config"),
    [
        (
            "mqtt",
            {"url": "mqtts://me:hid%40den@broker.example:8883"},
            {"url": "mqtts://broker.example:8883", "username": "me", "password": "hid@den"},
        ),
        (
            "nats",
            {"url": "tls://me:hidden@nats.example"},
            {"url": "tls://nats.example", "user": "me", "password": "hidden"},
        ),
        ("nats", {"url": "tls://hidden@nats.example"}, {"url": "tls://nats.example", "token": "hidden"}),
    ],
)
def test_the_login_of_a_url_gets_fields_of_its_own(
    hub: Edge, kind: str, config: dict[str, str], stored_config: dict[str, str]
) -> None:
    channel = made(hub, {"name": "c", "kind": kind, "config": config})["channel"]
    assert "den" not in json.dumps(channel)
    shown, secrets = stored(hub, channel["id"])
    assert (shown | secrets.fields).items() >= stored_config.items()
    one = f"{CHANNELS}/{channel['id']}"
    again = {"url": config["url"].replace("den", "der")}
    assert change(hub, "PATCH", one, {"config": again}, etag="*").status == 200
    assert set(stored(hub, channel["id"])[1].fields.values()) == {
        value.replace("den", "der") for value in stored_config.values() if "den" in value
    }
    both = change(hub, "PATCH", one, {"config": config | {"password": "x"}}, etag="*")
    assert (both.status, fields(both)) == (422, ["config.url"]) and "is given" in both.body.decode()


def test_a_new_server_does_not_get_the_secrets_of_the_old_one(hub: Edge) -> None:
    """Else a changed URL would show what the hub never answers."""
    config = {"url": "mqtts://broker.example", "username": "me", "password": "hidden"}
    one = f"{CHANNELS}/{made(hub, {'name': 'c', 'kind': 'mqtt', 'config': config})['channel']['id']}"
    for url in ("mqtts://other.example", "mqtts://broker.example:443"):
        answer = change(hub, "PATCH", one, {"config": {"url": url}}, etag="*")
        assert (answer.status, fields(answer)) == (422, ["config.password"])
    assert change(hub, "PATCH", one, {"config": {"topic": "fleet"}}, etag="*").status == 200
    # The same secret is given again, as a field or in the URL.
    for again in (
        {"url": "mqtts://second.example", "password": "hidden"},
        {"url": "mqtts://me:hidden@broker.example"},
    ):
        assert change(hub, "PATCH", one, {"config": again}, etag="*").status == 200
    for more in ({"password": "new"}, {"password": None, "url": "mqtts://third.example"}):
        other = {"url": "mqtts://other.example", **more}
        assert change(hub, "PATCH", one, {"config": other}, etag="*").status == 200
    bot = {"name": "b", "kind": "telegram", "config": {"chat": "1", "token": "1:hidden"}}
    one = f"{CHANNELS}/{made(hub, bot)['channel']['id']}"
    answer = change(hub, "PATCH", one, {"config": {"server": "https://bot.example"}}, etag="*")
    assert (answer.status, fields(answer)) == (422, ["config.token"])


def test_a_secret_is_rotated_without_an_interruption(hub: Edge) -> None:
    """N4: what is signed during the rotation verifies with the old and with the new secret."""
    channel = made(hub)
    id, secrets = channel["channel"]["id"], [channel["secret"]]
    for _ in range(3):
        answer = post(hub, f"{CHANNELS}/{id}/secret", None, ADMIN)
        assert answer.status == 200
        secrets.append(answer.json["secret"])
        config, kept = stored(hub, id)
        now = datetime.now(UTC)
        request = webhook(joined("webhook", json.dumps(config), kept), kept, notice(), now)
        for secret in secrets[-2:]:
            Webhook(secret).verify(request.body, request.headers)
        assert request.headers["webhook-signature"].count("v1,") == 2
        later = webhook(joined("webhook", json.dumps(config), kept), kept, notice(), now + timedelta(hours=25))
        assert later.headers["webhook-signature"].count("v1,") == 1
    mail = made(hub, {"name": "m", "kind": "email", "config": {"to": ["a@b.example"]}})
    assert mail["secret"] is None
    assert post(hub, f"{CHANNELS}/{mail['channel']['id']}/secret", None, ADMIN).status == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": "x", "kind": "fax"}, "kind"),
        ({"name": "x", "kind": "webhook"}, "config.url"),
        (HOOK | {"config": {"url": "https://127.0.0.1/"}}, "config.url"),
        (HOOK | {"config": {"url": "http://erp.example/"}}, "config.url"),
        (HOOK | {"config": {"url": "https://[::1"}}, "config.url"),
        (HOOK | {"config": {"url": "https://exa\u2100mple.example/"}}, "config.url"),
        (HOOK | {"config": {"url": "https://me:hidden@erp.example/"}}, "config.url"),
        (HOOK | {"config": {"url": "https://erp.example/", "x": 1}}, "config.x"),
        (HOOK | {"events": ["position"]}, "events"),
        (HOOK | {"events": ["alarm"]}, "events[0]"),
        (HOOK | {"secret": "x"}, "secret"),
        ({"name": "x", "kind": "email", "config": {"to": []}}, "config.to"),
        ({"name": "x", "kind": "email", "config": {"to": ["a@b\nBcc: c@d"]}}, "config.to[0]"),
        (TELEGRAM, "config.server"),
        ({"name": "x", "kind": "webpush", "config": {"x": 1}}, "config.x"),
    ],
)  # fmt: skip
def test_a_wrong_body_makes_nothing(hub: Edge, body: object, field: str) -> None:
    answer = post(hub, CHANNELS, body, ADMIN)
    assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, CHANNELS, ADMIN).json == {"channels": []}


def test_a_wrong_change_changes_nothing(hub: Edge) -> None:
    one = f"{CHANNELS}/{made(hub)['channel']['id']}"
    for body, field in [
        ({"config": {"url": "https://10.0.0.1/"}}, "config.url"),
        ({"config": {"url": None}}, "config.url"),
        ({"state": "failing"}, "state"),
        ({"kind": "slack"}, "kind"),
    ]:
        answer = change(hub, "PATCH", one, body, etag="*")
        assert (answer.status, fields(answer)) == (422, [field])
    assert get(hub, one, ADMIN).headers["etag"] == '"1"'


def test_a_fleet_has_a_limit(hub: Edge) -> None:
    for _ in range(10):
        made(hub)
    answer = post(hub, CHANNELS, HOOK, ADMIN)
    assert answer.status == 409 and "10 channels" in answer.json["detail"]
    assert post(hub, CHANNELS, HOOK, STRANGER).status == 201


def test_active_ends_a_pause_of_the_hub(hub: Edge) -> None:
    id = made(hub)["channel"]["id"]
    fetch(
        hub,
        "UPDATE channels SET state = 'disabled', reason = 'r', failures = 9, failing_since = now(), retry_at = now()",
    )
    assert get(hub, f"{CHANNELS}/{id}", ADMIN).json["reason"] == "r"
    assert post(hub, f"{CHANNELS}/{id}/test", None, ADMIN).status == 409
    changed = change(hub, "PATCH", f"{CHANNELS}/{id}", {"state": "active"}, etag="*").json
    assert (changed["state"], changed["reason"], changed["failingSince"]) == ("active", None, None)
    assert fetch(hub, "SELECT failures, retry_at FROM channels") == [(0, None)]


def test_secrets_of_another_key_are_replaced_by_a_change(hub: Edge) -> None:
    slack = {"name": "s", "kind": "slack", "config": {"url": "https://hooks.slack.example/x"}}
    id = made(hub, slack)["channel"]["id"]
    fetch(hub, "UPDATE channels SET sealed = '\\x00'")
    assert change(hub, "PATCH", f"{CHANNELS}/{id}", {"config": {}}, etag="*").status == 422
    assert change(hub, "PATCH", f"{CHANNELS}/{id}", {"config": slack["config"]}, etag="*").status == 200
    assert stored(hub, id)[1].fields == slack["config"]


def test_only_admins_manage_channels(hub: Edge) -> None:
    one = f"{CHANNELS}/{made(hub)['channel']['id']}"
    asked: list[tuple[str, str, object]] = [
        ("GET", CHANNELS, None), ("GET", one, None), ("POST", CHANNELS, HOOK), ("PATCH", one, {}),
        ("DELETE", one, None),
        ("POST", f"{one}/secret", None), ("POST", f"{one}/test", None), ("POST", f"{one}/replay", {}),
        ("GET", f"{one}/deliveries", None),
    ]  # fmt: skip
    for method, path, body in asked:
        for token in (DISPATCHER, DRIVER, GATEWAY):
            assert change(hub, method, path, body, etag="*", token=token).status == 403, (method, path)
        assert change(hub, method, path, body, etag="*", token="").status == 401
        if path != CHANNELS:
            assert change(hub, method, path, body, etag="*", token=STRANGER).status == 404, (method, path)
    assert get(hub, one, ADMIN).headers["etag"] == '"1"'


def test_kinds_that_people_read_tell_of_disabled_channels_by_default(hub: Edge) -> None:
    chat = {"name": "x", "kind": "slack", "config": {"url": "https://hooks.slack.example/1"}}
    assert made(hub, chat)["channel"]["events"] == ["channel"]
    assert made(hub, chat | {"events": []})["channel"]["events"] == []
    assert made(hub)["channel"]["events"] == []
    assert made(hub, HOOK | {"events": ["channel", "trip"]})["channel"]["events"] == ["channel", "trip"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_the_alert_about_a_disabled_channel_ends_with_its_state(hub: Edge, method: str) -> None:
    id = made(hub)["channel"]["id"]
    fetch(hub, "UPDATE channels SET state = 'disabled' WHERE id = $1", id)
    told = {"kind": "channel.disabled", "title": "t", "text": "x", "severity": "critical", "details": {}}
    insert = (
        "INSERT INTO alerts (id, fleet, rule_id, driver_id, episode, state, at, noticed_at, data) "
        "VALUES (gen_random_uuid(), 'f', $1, '', 'e', 'open', now(), now(), $2)"
    )
    fetch(hub, insert, id, json.dumps(told))
    assert change(hub, "PATCH", f"{CHANNELS}/{id}", {"name": "still"}, etag="*").status == 200
    assert fetch(hub, "SELECT state FROM alerts WHERE rule_id = $1", id)[0][0] == "open"
    body = {"state": "active"} if method == "PATCH" else None
    assert change(hub, method, f"{CHANNELS}/{id}", body, etag="*").status in (200, 204)
    assert fetch(hub, "SELECT state FROM alerts WHERE rule_id = $1", id)[0][0] == "resolved"
    (message,) = fetch(hub, "DELETE FROM alert_messages RETURNING payload")
    assert json.loads(message[0])["event"] == "resolved"
