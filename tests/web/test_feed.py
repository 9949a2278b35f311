"""The event feed beside the map: alerts as they come, and the way from an alert to its driver, place and moment."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support.hub_process import HubProcess
from tests.web.conftest import NEEDED, OpenScreen
from tests.web.fenced import alarm, alarm_rule, ask, send
from tests.web.guarded import serious
from tests.web.screens import KEPT_SOCKETS, Screen, chromium

NO_TRIPS = "the server responded with a status of 404"

FAKE_NOTIFICATION = """
globalThis.notified = [];
globalThis.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() { return (Notification.permission = "granted"); }
  constructor(title, options) { super(); notified.push({title, ...options}); globalThis.lastNotified = this; }
  close() {}
};
globalThis.tones = 0;
globalThis.AudioContext = class {
  currentTime = 0;
  destination = {};
  async resume() {}
  close() {}
  createOscillator() {
    return { frequency: {}, connect: (to) => to, start() { tones += 1; }, stop() {} };
  }
  createGain() {
    return { gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} }, connect: (to) => to };
  }
};
document.hasFocus = () => false;
"""
"""Chromium without a screen has neither sound nor notifications."""


def open_feed(screen: Screen) -> None:
    screen.ready()
    screen.page.get_by_role("tab", name="Alerts").click()
    screen.page.get_by_role("searchbox", name="Search alerts").wait_for()


def test_an_alert_appears_leads_to_its_driver_and_is_acknowledged(hub: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(hub, "sos-1", "Emergency")
    screen = open_screen(hub)
    screen.forgiven.append(NO_TRIPS)
    open_feed(screen)
    page = screen.page
    send(hub, [alarm("sos-1", -20.0, 57.5)])
    item = page.locator(".feed-item", has_text="sos-1")
    item.wait_for()
    assert "Emergency" in item.inner_text() and "Critical" in item.inner_text()
    expect(page.get_by_role("tab", name="Alerts,")).to_have_accessible_name("Alerts, 1 open alert not acknowledged")
    assert serious(screen) == []

    item.get_by_role("link", name="Show the driver sos-1").click()
    page.locator("#panel").get_by_role("heading", name="sos-1").wait_for()
    screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lng - 57.5) < 1e-3")

    item.get_by_role("button", name="Acknowledge").click()
    item.get_by_text("acknowledged").wait_for()
    item.get_by_role("button", name="Acknowledge").wait_for(state="detached")
    (kept,) = ask(hub, "GET", "/api/v1/alerts?driverId=sos-1")["alerts"]
    assert kept["acknowledgedAt"]
    page.get_by_role("tab", name="Alerts", exact=True).wait_for()


@pytest.mark.thorough
def test_an_alert_leads_to_the_place_and_the_moment(hub: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(hub, "moment-1")
    send(hub, [alarm("moment-1", -21.0, 55.5, speed=10)])
    screen = open_screen(hub)
    screen.forgiven.append(NO_TRIPS)
    open_feed(screen)
    page = screen.page
    item = page.locator(".feed-item", has_text="moment-1")
    item.wait_for()
    send(hub, [{"driverId": "moment-1", "latitude": -22.0, "longitude": 56.5}])
    screen.until(lambda: (ask(hub, "GET", "/api/v1/drivers/moment-1/track") or {"positions": []})["positions"][1:])
    item.get_by_role("link", name="Show the place and the moment").click()
    slider = page.get_by_role("slider", name="Playback time")
    slider.wait_for()
    expect(slider).to_be_in_viewport()
    # The alarm is the first of the two positions: the map and the player are there, not where the driver is now.
    screen.wait("() => Math.abs(hub.map.maplibre.getCenter().lat + 21) < 1e-3")
    assert (
        slider.input_value() == slider.get_attribute("min") or "36 km/h" in page.locator(".player-readout").inner_text()
    )


def test_the_feed_is_filtered_and_worked_with_keys(hub: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(hub, "filter-1", "Emergency")
    alarm_rule(hub, "filter-2", "Test alarm", severity="info")
    send(hub, [alarm("filter-1", -23.0, 57.0), alarm("filter-2", -23.0, 57.0)])
    screen = open_screen(hub)
    screen.forgiven.append(NO_TRIPS)
    screen.ready()
    page = screen.page
    page.get_by_role("tab", name="Drivers").focus()
    page.keyboard.press("ArrowRight")
    page.locator(".feed-item", has_text="filter-2").wait_for()
    page.get_by_role("searchbox", name="Search alerts").press_sequentially("filter-")
    screen.wait("() => document.querySelectorAll('.feed-item').length === 2")
    page.get_by_label("Show alerts of the severity").select_option("Info")
    screen.wait("() => document.querySelectorAll('.feed-item').length === 1")
    page.locator(".feed-item").get_by_role("button", name="Acknowledge").press("Enter")
    page.locator(".feed-item").get_by_text("acknowledged").wait_for()
    page.get_by_label("Show alerts that are").select_option("Not acknowledged")
    page.get_by_text("No matching alerts.").wait_for()
    page.get_by_label("Show alerts of the severity").select_option("Any severity")
    page.locator(".feed-item", has_text="filter-1").get_by_role("link", name="Show the driver filter-1").press("Enter")
    page.locator("#panel").get_by_role("heading", name="filter-1").wait_for()


@pytest.mark.thorough
def test_sound_and_notifications_are_off_until_they_are_wanted(hub: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(hub, "loud-1", "Loud")
    screen = open_screen(hub, before=FAKE_NOTIFICATION)
    screen.forgiven.append(NO_TRIPS)
    open_feed(screen)
    page = screen.page
    sound, notify = (page.get_by_role("button", name=name, exact=True) for name in ("Sound", "Notifications"))
    assert [each.get_attribute("aria-pressed") for each in (sound, notify)] == ["false", "false"]
    send(hub, [alarm("loud-1", -24.0, 57.0)])
    page.locator(".feed-item", has_text="loud-1").wait_for()
    assert page.evaluate("[tones, notified.length]") == [0, 0]

    sound.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(notify).to_be_focused()
    page.keyboard.press("Enter")
    expect(sound).to_have_attribute("aria-pressed", "true")
    expect(notify).to_have_attribute("aria-pressed", "true")
    before = page.evaluate("tones")
    send(hub, [alarm("loud-1", -24.0, 57.1)])
    screen.wait("before => tones > before && notified.length === 1", before)
    (shown,) = page.evaluate("notified")
    assert shown["title"] == "Loud" and "loud-1" in shown["body"]
    page.evaluate("() => void lastNotified.dispatchEvent(new Event('click'))")
    page.locator("#panel").get_by_role("heading", name="loud-1").wait_for()
    page.evaluate("() => localStorage.removeItem('alert-signals')")


@pytest.mark.thorough
def test_a_group_filters_list_map_and_alerts(hub: HubProcess, open_screen: OpenScreen) -> None:
    for name, groups in (("in-1", ["north"]), ("in-2", ["north"]), ("out-1", [])):
        ask(hub, "POST", "/api/v1/fleet/drivers", {"driverId": name, "groups": groups})
        alarm_rule(hub, name)
    send(hub, [alarm(name, -26.0, 57.0) for name in ("in-1", "in-2", "out-1")])
    ask(hub, "PUT", "/api/v1/drivers/in-2/state", {"state": "busy"})
    screen = open_screen(hub)
    screen.ready()
    page = screen.page
    for name in ("in-1", "in-2", "out-1"):
        screen.wait("id => hub.alerts.all().some(({ driverId }) => driverId === id)", name)
    screen.jump(57.0, -26.0, 14)
    page.get_by_label("Show drivers of the group").select_option("north")
    shown = """ids => [
        [...hub.fleet.all()].map(({ driverId }) => driverId),
        hub.map.layer.collection().features.map(({ id }) => id),
    ].every((each) => each.sort().join() === ids)"""
    screen.wait(shown, "in-1,in-2")
    alerted = "ids => [...new Set(hub.alerts.all().map(({ driverId }) => driverId))].sort().join() === ids"
    screen.wait(alerted, "in-1,in-2")
    listed = "ids => [...document.querySelectorAll('.row')].map((row) => row.dataset.driver).join() === ids"
    screen.wait(listed, "in-1,in-2")
    assert serious(screen) == []
    # Positions and alerts that come in are filtered, too.
    send(hub, [alarm("out-1", -26.0, 57.001), {"driverId": "in-1", "latitude": -26.0, "longitude": 57.002}])
    screen.wait("() => hub.fleet.get('in-1').longitude === 57.002")
    assert page.evaluate("() => hub.fleet.get('out-1') ?? null") is None

    page.get_by_label("Show drivers of the state").select_option("Busy")
    screen.wait(shown, "in-2")
    page.reload()
    screen.ready()
    screen.wait(shown, "in-2")
    assert page.url.split("?")[1] == "group=north&state=busy"
    assert page.get_by_label("Show drivers of the group").input_value() == "north"
    page.get_by_label("Show drivers of the state").select_option("Any state")
    page.get_by_label("Show drivers of the group").select_option("All groups")
    screen.wait("() => hub.fleet.get('out-1')?.live && hub.alerts.all().some(({ driverId }) => driverId === 'out-1')")
    assert "?" not in page.url


PUSH_SERVICE = """
PushManager.prototype.subscribe = async function (options) {
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const plain = (bytes) => btoa(String.fromCharCode(...bytes));
  const text = (bytes) => plain(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const key = text(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const keys = { p256dh: key, auth: text(crypto.getRandomValues(new Uint8Array(16))) };
  globalThis.pushOptions = options;
  return { toJSON: () => ({ endpoint: "https://127.0.0.1/push/1", keys }) };
};
"""
"""The push services of browsers cannot be reached here; the worker and its notifications are real."""


@pytest.mark.thorough
@pytest.mark.skipif(
    chromium() is not None and chromium(whole=True) is None and NEEDED not in os.environ,
    reason="the shell has no notifications",
)
def test_a_pushed_alert_is_shown_and_leads_to_its_place(hub: HubProcess, open_screen: OpenScreen) -> None:
    made = ask(hub, "POST", "/api/v1/channels", {"name": "desk", "kind": "webpush", "config": {}})["channel"]
    send(hub, [{"driverId": "push-1", "latitude": -27.0, "longitude": 57.0}])
    screen = open_screen(hub, before=PUSH_SERVICE, worker=True, whole=True)
    screen.forgiven.append(NO_TRIPS)
    # What is not among them is refused, and MapLibre warns of a map without the own position.
    screen.context.grant_permissions(["notifications", "geolocation"])
    devtools = screen.context.new_cdp_session(screen.page)
    registrations: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    devtools.send("ServiceWorker.enable")
    open_feed(screen)
    page = screen.page
    button = page.get_by_role("button", name="Push: desk")
    button.wait_for()
    # With keys, from the button before it.
    page.get_by_role("button", name="Notifications").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.locator(".feed").get_by_text("Alerts of this channel reach this browser").wait_for()
    assert serious(screen) == []
    assert (
        page.evaluate("pushOptions.applicationServerKey") == ask(hub, "GET", "/api/v1/push")["channels"][0]["publicKey"]
    )

    def registered() -> list[str]:
        # Of the profile, so those of hubs that other tests have opened are among them.
        own = [each for each in registrations if each["scopeURL"] == f"{screen.origin}/" and not each["isDeleted"]]
        return [each["registrationId"] for each in own]

    screen.until(registered)
    alert = "28b3acab-bcc7-4a51-aa04-d41b49138ae6"
    told = {"id": f"alert_{alert}_opened", "type": "hub.alert.opened", "title": "SOS", "text": "push-1 sends an alarm"}
    told |= {"severity": "critical", "at": "2026-01-01T00:00:00Z", "driverId": "push-1"}
    message = {
        "origin": f"{screen.origin}/",
        "registrationId": registered()[-1],
        "data": json.dumps(told),
    }
    devtools.send("ServiceWorker.deliverPushMessage", message)
    shown = """async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications();
        return all.map(({ title, tag }) => `${title},${tag}`);
    }"""
    screen.until(lambda: page.evaluate(shown) == [f"SOS,{alert}"])
    (worker,) = screen.context.service_workers
    worker.evaluate(
        """async () => {
            const [notification] = await registration.getNotifications();
            dispatchEvent(new NotificationEvent("notificationclick", { notification }));
        }"""
    )
    page.locator("#panel").get_by_role("heading", name="push-1").wait_for()
    assert page.url.endswith("#/drivers/push-1/at/2026-01-01T00%3A00%3A00Z")
    assert page.evaluate(shown) == []
    button.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button).to_be_focused()
    ask(hub, "DELETE", f"/api/v1/channels/{made['id']}")
    page.evaluate("async () => void (await (await navigator.serviceWorker.ready).unregister())")


@pytest.mark.thorough
def test_alerts_of_a_lost_connection_are_not_missed(hub: HubProcess, open_screen: OpenScreen) -> None:
    alarm_rule(hub, "missed-1")
    screen = open_screen(hub, before=KEPT_SOCKETS)
    open_feed(screen)
    screen.context.set_offline(True)
    screen.lose_connection()
    send(hub, [alarm("missed-1", -25.0, 57.0)])
    screen.until(lambda: ask(hub, "GET", "/api/v1/alerts?driverId=missed-1")["alerts"])
    screen.context.set_offline(False)
    screen.forgiven += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection"]
    screen.page.locator(".feed-item", has_text="missed-1").wait_for()


@pytest.mark.thorough
def test_an_empty_feed_says_what_to_do(own_hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(own_hub)
    open_feed(screen)
    screen.page.get_by_text("No alerts yet.").wait_for()
    for width in (900, 390):
        screen.page.set_viewport_size({"width": width, "height": 780})
        assert serious(screen) == []
        assert screen.page.evaluate("() => document.documentElement.scrollWidth") == width


@pytest.mark.thorough
def test_a_long_feed_scrolls_below_its_tools(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    open_feed(screen)
    screen.page.locator(".feed-body").wait_for()
    # As tall as hundreds of alerts.
    scrolled = screen.page.evaluate(
        """() => {
            const body = document.querySelector(".feed-body");
            body.append(Object.assign(document.createElement("div"), { style: "block-size: 50000px" }));
            body.scrollTop = 40000;
            return [body.scrollTop, body.clientHeight];
        }"""
    )
    assert scrolled[0] == 40_000 and 0 < scrolled[1] < 1_000
