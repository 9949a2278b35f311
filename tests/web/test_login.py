"""Logging in and out on the page: what people see, and what two tabs of a browser share."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Route

from tests.support.hub_process import HubProcess
from tests.web.conftest import OpenScreen
from tests.web.fenced import ask
from tests.web.guarded import PASSWORD, GuardedHub, log_in, logged_in, serious
from tests.web.screens import Screen

REFUSED = "the server responded with a status of 401"
ONCE = "the server responded with a status of 403"
"""What Chromium writes on the console for an answer that the page expects."""


def tab(screen: Screen) -> Screen:
    """Another tab of the same browser: cookies and storage are shared."""
    return Screen(screen.profile, screen.origin)


@pytest.mark.thorough
def test_an_open_hub_asks_nobody(hub: HubProcess, open_screen: OpenScreen) -> None:
    screen = open_screen(hub)
    screen.ready()
    screen.page.get_by_text("Open hub: no login required").wait_for()
    assert screen.page.get_by_role("dialog").count() == 0
    assert screen.page.get_by_role("button", name="Log out").count() == 0
    ask(hub, "POST", "/api/v1/fleet/drivers", {"driverId": "at-home", "name": "At home"})
    screen.page.get_by_role("link", name="Manage").click()
    screen.page.get_by_role("button", name="Phones of at-home").click()
    # What helps is another start of the hub, and no other address.
    screen.page.get_by_text("For phones, start the hub with HUB_JWT_SECRET=auto").wait_for()


def test_a_wrong_password_is_said_in_words_and_the_right_one_opens(
    guarded: GuardedHub, open_screen: OpenScreen
) -> None:
    guarded.user("desk-a", "dispatcher")
    screen = open_screen(guarded)
    screen.forgiven.append(REFUSED)
    page = screen.page
    dialog = page.get_by_role("dialog", name="Log in")
    dialog.wait_for()
    assert page.evaluate("document.activeElement.autocomplete") == "username"
    assert dialog.get_by_label("Password", exact=True).get_attribute("autocomplete") == "current-password"
    assert serious(screen) == []
    page.keyboard.press("Escape")
    assert dialog.is_visible()
    dialog.get_by_role("button", name="Log in").click()
    dialog.get_by_text("Required.").first.wait_for()

    log_in(screen, "desk-a", "a short walk")
    dialog.get_by_role("alert").get_by_text("Wrong user name or password.").wait_for()
    assert screen.sockets == 0
    log_in(screen, "desk-a")
    logged_in(screen, "desk-a")
    dialog.wait_for(state="detached")
    # A dispatcher manages nothing.
    assert page.locator("#account").get_by_text("Dispatcher").is_visible()
    assert page.get_by_role("link", name="Manage").count() == 0
    page.goto(f"{screen.origin}/#/manage")
    assert page.get_by_role("tablist", name="Manage").count() == 0


def test_too_many_attempts_have_to_wait(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    screen = open_screen(guarded)
    screen.forgiven += [REFUSED, "the server responded with a status of 429"]
    body = {"username": "nobody", "password": "not the password"}
    while guarded.ask("POST", "/api/v1/auth/token", body, anonymous=True).status != 429:
        pass
    log_in(screen, "nobody", "not the password")
    screen.page.get_by_text("Too many attempts. Try again in").wait_for()


def test_a_hub_that_is_away_is_said_to_be(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    screen = open_screen(guarded)
    screen.forgiven.append("ERR_INTERNET_DISCONNECTED")
    screen.page.get_by_role("dialog", name="Log in").wait_for()
    screen.context.set_offline(True)
    log_in(screen, "desk-a")
    screen.page.get_by_text("The hub does not respond.").wait_for()
    screen.context.set_offline(False)


def test_a_one_time_password_is_replaced_at_the_first_login(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    _, once = guarded.invite("desk-b", "admin")
    screen = open_screen(guarded)
    screen.forgiven += [ONCE, "the server responded with a status of 422"]
    page = screen.page
    log_in(screen, "desk-b", once)
    page.get_by_text("This is a one-time password.").wait_for()
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("Repeat new password").fill("short")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("Use at least 10 characters.").wait_for()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("The passwords do not match.").wait_for()
    page.get_by_label("Repeat new password").fill(PASSWORD)
    page.keyboard.press("Enter")
    logged_in(screen, "desk-b")
    page.get_by_role("link", name="Manage").wait_for()


def test_a_user_replaces_the_password(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.user("desk-own", "dispatcher")
    login = {"username": "desk-own", "password": PASSWORD}
    elsewhere = guarded.ask("POST", "/api/v1/auth/token", login, anonymous=True).json
    screen = open_screen(guarded)
    screen.forgiven += [ONCE, "the server responded with a status of 422"]
    page = screen.page
    log_in(screen, "desk-own")
    logged_in(screen, "desk-own")
    page.get_by_role("link", name="desk-own").click()
    page.get_by_role("button", name="Change password").click()
    dialog = page.get_by_role("dialog", name="Change password")

    def enter(present: str, new: str, again: str) -> None:
        dialog.get_by_label("Current password").fill(present)
        dialog.get_by_label("New password", exact=True).fill(new)
        dialog.get_by_label("Repeat new password").fill(again)
        page.keyboard.press("Enter")

    new = "a short walk by the river"
    enter(PASSWORD, new, PASSWORD)
    dialog.get_by_text("The passwords do not match.").wait_for()
    enter(PASSWORD, "short", "short")
    dialog.get_by_text("Use at least 10 characters.").wait_for()
    enter("not the password", new, new)
    dialog.get_by_text("Wrong password.").wait_for()
    assert page.evaluate("document.activeElement.name") == "password"
    assert serious(screen) == []
    enter(PASSWORD, new, new)
    page.get_by_text("The password was changed").wait_for()
    assert dialog.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Change password"
    # This session goes on, the other one has ended.
    assert page.evaluate("hub.session.refresh()")
    again = guarded.ask("POST", "/api/v1/auth/refresh", {"refreshToken": elsewhere["refreshToken"]}, anonymous=True)
    assert again.status == 401
    assert guarded.ask("POST", "/api/v1/auth/token", login | {"password": new}, anonymous=True).status == 200


@pytest.mark.thorough
def test_a_reload_keeps_the_session_and_no_script_sees_the_cookie(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.user("desk-c", "dispatcher")
    screen = open_screen(guarded)
    log_in(screen, "desk-c")
    logged_in(screen, "desk-c")
    screen.page.reload()
    logged_in(screen, "desk-c")
    assert screen.page.evaluate("document.cookie") == ""
    assert "ey" not in screen.page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")

    # PostgreSQL is unavailable: the page says so, does not load again before it is back, and then is logged in.
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.method)
        body = {"title": "Service Unavailable", "status": 503, "detail": "PostgreSQL is unavailable."}
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(body))

    screen.forgiven += ["status of 503", "ApiError"]
    screen.page.route("**/api/v1/auth/refresh", refuse)
    screen.page.reload()
    screen.page.get_by_role("alert").wait_for()
    screen.page.evaluate("() => { globalThis.sameLoad = true; }")
    screen.until(lambda: len(asked) >= 2)
    assert screen.page.evaluate("() => globalThis.sameLoad")
    screen.page.unroute("**/api/v1/auth/refresh")
    logged_in(screen, "desk-c")


@pytest.mark.thorough
def test_two_tabs_refresh_at_once_and_both_go_on(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.user("early", "dispatcher")
    first = open_screen(guarded)
    log_in(first, "early")
    logged_in(first, "early")
    second = tab(first)
    second.goto()
    logged_in(second, "early")
    for screen in (first, second):
        screen.page.evaluate("globalThis.asked = Promise.all([hub.session.refresh(), hub.session.refresh()])")
    assert [screen.page.evaluate("asked") for screen in (first, second)] == [[True, True]] * 2
    for screen in (first, second):
        assert screen.page.evaluate("hub.api.get('/api/v1/auth/me').then(({data}) => data.username)") == "early"
        screen.wait("() => hub.connection.state.name === 'live'")
        assert "authenticated" in [message["type"] for message in screen.received]
    # The sockets are those of before, with new tokens.
    assert (first.sockets, second.sockets) == (1, 1)
    assert second.complaints == []


@pytest.mark.thorough
def test_logging_out_in_one_tab_ends_the_other(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    guarded.user("morning", "dispatcher")
    first = open_screen(guarded)
    log_in(first, "morning")
    logged_in(first, "morning")
    second = tab(first)
    # Its socket may end before it hears of the other tab, and then it asks whether the session goes on.
    second.forgiven.append(REFUSED)
    second.goto()
    logged_in(second, "morning")
    first.page.get_by_role("button", name="Log out").click()
    first.page.get_by_role("dialog", name="Log in").wait_for()
    dialog = second.page.get_by_role("dialog", name="Log in")
    dialog.get_by_text("You logged out in another tab.").wait_for()
    # The map stays behind it, and whoever comes back goes on.
    assert second.page.locator("#map canvas").count() == 1
    log_in(second, "morning")
    logged_in(second, "morning")
    logged_in(first, "morning")
    assert second.complaints == []


def test_who_is_disabled_is_out_within_seconds(guarded: GuardedHub, open_screen: OpenScreen) -> None:
    user_id = guarded.user("desk-f", "dispatcher")
    screen = open_screen(guarded)
    screen.forgiven.append(REFUSED)
    log_in(screen, "desk-f")
    logged_in(screen, "desk-f")
    answer = guarded.ask("PATCH", f"/api/v1/users/{user_id}", {"disabled": True}, etag="*")
    assert answer.status == 200
    dialog = screen.page.get_by_role("dialog", name="Log in")
    dialog.get_by_text("Your session has ended. Log in again.").wait_for()
    log_in(screen, "desk-f")
    dialog.get_by_text("Wrong user name or password.").wait_for()
