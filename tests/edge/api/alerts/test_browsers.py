"""Browsers subscribe to a webpush channel."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.embedded.services import Services
from tests.edge.api.alerts.test_channels import CHANNELS, HOOK, made
from tests.support.api.calls import get, post
from tests.support.api.fleets import ADMIN, DISPATCHER, DRIVER, STRANGER, change, fetch, fields, hub_with
from tests.support.api.populated import BROWSER_KEYS
from tests.support.running import Edge

BROWSER = {"endpoint": "https://push.example/send/1", "keys": BROWSER_KEYS, "expirationTime": None}


@pytest.fixture(scope="module")
def hub(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "browsers") as running:
        yield running


@pytest.fixture
def path(hub: Edge) -> str:
    fetch(hub, "DELETE FROM channels")
    return f"{CHANNELS}/{made(hub, {'name': 'Browsers', 'kind': 'webpush'})['channel']['id']}/subscriptions"


def test_a_dispatcher_finds_the_channel_and_subscribes(hub: Edge, path: str) -> None:
    (offered,) = get(hub, "/api/v1/push", DISPATCHER).json["channels"]
    assert offered["name"] == "Browsers" and len(offered["publicKey"]) == 87
    answer = post(hub, path, BROWSER, DISPATCHER)
    assert answer.status == 201
    # A page that subscribes again is the same browser.
    assert post(hub, path, BROWSER, DISPATCHER).json == answer.json
    assert post(hub, path, BROWSER | {"endpoint": "https://push.example/send/2"}, DISPATCHER).json != answer.json
    (sealed,) = fetch(hub, "SELECT encode(sealed, 'escape') FROM push_subscriptions LIMIT 1")
    assert "push.example" not in sealed[0]
    test = post(hub, f"{path.removesuffix('subscriptions')}test", None, ADMIN).json
    assert test["queued"] == 2
    one = f"{path}/{answer.json['subscriptionId']}"
    assert change(hub, "DELETE", one, token=DRIVER).status == 403
    assert change(hub, "DELETE", one, token=STRANGER).status == 404
    assert change(hub, "DELETE", one, token=DISPATCHER).status == 204
    assert change(hub, "DELETE", one, token=DISPATCHER).status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"endpoint": "https://127.0.0.1/"}, "endpoint"),
        ({"endpoint": "http://push.example/"}, "endpoint"),
        ({"keys": BROWSER_KEYS | {"p256dh": "B" + "A" * 86}}, "keys"),
        ({"keys": BROWSER_KEYS | {"auth": "A" * 20}}, "keys"),
        ({"keys": {"auth": BROWSER_KEYS["auth"]}}, "keys.p256dh"),
    ],
)
def test_a_browser_that_could_not_be_reached_is_refused(
    hub: Edge, path: str, wrong: dict[str, object], field: str
) -> None:
    answer = post(hub, path, BROWSER | wrong, DISPATCHER)
    assert (answer.status, fields(answer)) == (422, [field])
    assert fetch(hub, "SELECT FROM push_subscriptions") == []


def test_other_channels_take_no_browsers(hub: Edge, path: str) -> None:
    other = f"{CHANNELS}/{made(hub, HOOK)['channel']['id']}/subscriptions"
    assert post(hub, other, BROWSER, DISPATCHER).status == 404
    assert post(hub, path, BROWSER, STRANGER).status == 404
    assert get(hub, "/api/v1/push", STRANGER).json == {"channels": []}
