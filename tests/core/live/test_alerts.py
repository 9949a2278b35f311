"""Alerts reach subscriptions that ask for them, and no other client."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from hub.core.geo.areas import BBox
from hub.core.live.facts.groups import regroup
from hub.core.live.hub import Hub
from hub.core.live.subscriptions import Subscription
from hub.core.nouns import Fix
from hub.core.principal import Principal, Role

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ALERT = b'{"type":"alert"}'


class Screen:
    """A dispatcher with one subscription."""

    def __init__(
        self, hub: Hub, subscription: Subscription, fleet: str = "f", groups: frozenset[str] | None = None
    ) -> None:
        self.heard: list[bytes] = []

        def write(frame: bytes) -> bool:
            self.heard.append(frame)
            return True

        client = hub.connect(Principal(fleet, Role.DISPATCHER, groups=groups), write)
        hub.subscribe(client, subscription)
        self.heard.clear()

    @property
    def alerted(self) -> bool:
        return any(msgspec.json.decode(frame)["type"] == "alert" for frame in self.heard)


@pytest.fixture
def hub() -> Hub:
    hub = Hub(epoch="t")
    hub.publish(hub.fleet("f"), "d", Fix(25.0, 55.0), NOW)
    hub.flush()
    return hub


@pytest.mark.parametrize(
    ("subscription", "expected"),
    [
        (Subscription("s", alerts=True), True),
        (Subscription("s"), False),
        (Subscription("s", drivers=frozenset({"d"}), alerts=True), True),
        (Subscription("s", drivers=frozenset({"e"}), alerts=True), False),
        (Subscription("s", area=BBox(54, 24, 56, 26), alerts=True), True),
        (Subscription("s", area=BBox(54, 24, 55, 24.5), alerts=True), False),
    ],
)
def test_a_subscription_gets_the_alerts_of_its_drivers(hub: Hub, subscription: Subscription, expected: bool) -> None:
    screen = Screen(hub, subscription)
    hub.alert("f", "d", ALERT)
    assert screen.alerted is expected


def test_an_alert_about_a_driver_without_a_position_is_in_no_area(hub: Hub) -> None:
    everyone = Screen(hub, Subscription("s", alerts=True))
    named = Screen(hub, Subscription("s", drivers=frozenset({"new"}), alerts=True))
    area = Screen(hub, Subscription("s", area=BBox(-180, -90, 180, 90), alerts=True))
    hub.alert("f", "new", ALERT)
    assert (everyone.alerted, named.alerted, area.alerted) == (True, True, False)


def test_other_fleets_get_none(hub: Hub) -> None:
    hub.publish(hub.fleet("g"), "d", Fix(25.0, 55.0), NOW)
    other = Screen(hub, Subscription("s", alerts=True), fleet="g")
    hub.alert("f", "d", ALERT)
    hub.alert("unknown", "d", ALERT)
    assert not other.alerted


def test_it_comes_after_the_positions_before_it(hub: Hub) -> None:
    screen = Screen(hub, Subscription("s", alerts=True))
    hub.publish(hub.fleet("f"), "d", Fix(25.1, 55.0), NOW)
    hub.alert("f", "d", ALERT)
    types = [
        msgspec.json.decode(part)["type"]
        for frame in screen.heard
        for part in frame.replace(b"}{", b"}\n{").split(b"\n")
    ]
    assert types[-2:] == ["location", "alert"]


@pytest.mark.parametrize("positions", [True, False])
def test_a_dispatcher_gets_no_alert_of_a_driver_outside_its_groups(hub: Hub, positions: bool) -> None:
    subscription = Subscription("s", alerts=True, positions=positions)
    screen = Screen(hub, subscription, groups=frozenset({"north"}))
    hub.alert("f", "d", ALERT)
    hub.alert("f", "never-seen", ALERT)
    assert not screen.alerted
    regroup(hub, {"f": {"d": frozenset({"north"})}})
    hub.alert("f", "d", ALERT)
    assert screen.alerted
    screen.heard.clear()
    regroup(hub, {"f": {"d": frozenset({"south"})}})
    hub.alert("f", "d", ALERT)
    assert not screen.alerted


def test_a_dispatcher_cannot_ask_for_alerts_of_another_group(hub: Hub) -> None:
    regroup(hub, {"f": {"d": frozenset({"south"})}})
    screen = Screen(hub, Subscription("s", groups=frozenset({"south"}), alerts=True), groups=frozenset({"north"}))
    hub.alert("f", "d", ALERT)
    assert not screen.alerted
