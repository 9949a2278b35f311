"""Logging in with an identity provider, and with a second factor, as users see it."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tests.web.conftest import OpenScreen
from tests.web.guarded import PASSWORD, GuardedHub, logged_in, serious
from tests.web.identity_provider import IdentityProvider, install
from tests.web.screens import Screen

MAPPED = False

FONTS = "https://fonts.googleapis.com/"


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    install()
    running = IdentityProvider()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, provider: IdentityProvider) -> Iterator[GuardedHub]:
    process = GuardedHub(
        tmp_path_factory.mktemp("oidc"),
        totp_required="admins",
        # The provider is read for each login, so that an outage shows at once.
        jwks_refresh=0.001,
        oidc_issuer=provider.issuer,
        oidc_client_id="hub",
        oidc_client_secret="a secret of the hub & the provider",
        oidc_label="Staff ID",
    )
    process.start()
    provider.serve(f"http://127.0.0.1:{process.settings.port}")
    yield process
    process.stop()


def code(secret: str, steps: int = 0) -> str:
    """The code of an app, ``steps`` later."""
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), 30)
    return totp.generate(int(time.time()) + 30 * steps).decode()


def at_provider(screen: Screen, person: str) -> None:
    """Log in there, for the first time in this browser, and agree."""
    page = screen.page
    page.get_by_placeholder("Enter any login").fill(person)
    page.get_by_placeholder("and password").fill("any")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_a_required_second_factor_is_set_up_in_the_first_login(hub: GuardedHub, open_screen: OpenScreen) -> None:
    _, once = hub.invite("lee", "admin")
    screen = open_screen(hub)
    screen.forgiven.append("the server responded with a status of 403")
    page = screen.page
    dialog = page.get_by_role("dialog", name="Log in")
    page.get_by_label("User name").fill("lee")
    page.get_by_label("Password", exact=True).fill(once)
    dialog.get_by_role("button", name="Log in", exact=True).click()
    page.get_by_text("This hub requires a second factor.").wait_for()
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("Repeat new password").fill(PASSWORD)
    secret = page.get_by_label("Key for the app").input_value()
    page.get_by_label("Code", exact=True).fill(code(secret))
    assert serious(screen) == []
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Recovery codes").get_by_role("button", name="Close").click()
    logged_in(screen, "lee")


@pytest.mark.thorough
def test_an_account_is_connected_secured_and_used(
    hub: GuardedHub, provider: IdentityProvider, open_screen: OpenScreen
) -> None:
    hub.user("kim", "dispatcher")
    screen = open_screen(hub, "/?kiosk")
    page = screen.page
    screen.forgiven += [
        "the server responded with a status of 401",
        "the server responded with a status of 403",
        # The pages of the provider, and the font that they ask for.
        f"another host: {provider.issuer}/",
        f"({provider.issuer}/",
        FONTS,
    ]
    page.route(f"{FONTS}**", lambda route: route.fulfill(content_type="text/css", body=""))
    dialog = page.get_by_role("dialog", name="Log in")
    with_provider = dialog.get_by_role("button", name="Log in with Staff ID")
    with_provider.wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Log in with Staff ID"
    assert serious(screen) == []

    # A name alone does not connect: the person is called like the user.
    page.keyboard.press("Enter")
    at_provider(screen, "kim")
    dialog.get_by_text("Your account at Staff ID is not connected to a user.").wait_for()
    assert page.url == f"{screen.origin}/?kiosk"

    page.get_by_label("User name").fill("kim")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Log in", exact=True).click()
    # The way to the provider and back has kept the address: this is a display.
    page.locator(".kiosk-state[data-state=live]").wait_for()
    screen.goto()
    logged_in(screen, "kim")
    page.get_by_role("link", name="kim").click()
    page.get_by_role("button", name="Connect the account to Staff ID").click()
    asked = page.get_by_role("dialog", name="Connect to Staff ID")
    asked.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    asked.get_by_text("Wrong password.").wait_for()
    asked.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    # The provider knows the person; the browser comes back to the account.
    page.get_by_text("Your account is connected to Staff ID.").wait_for()
    assert page.url == f"{screen.origin}/#/account"

    page.get_by_role("button", name="Set up the second factor").click()
    asked = page.get_by_role("dialog", name="Set up the second factor")
    asked.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("img", name="QR code of the key").wait_for()
    secret = asked.get_by_label("Key for the app").input_value()
    assert asked.get_by_label("Code", exact=True).get_attribute("autocomplete") == "one-time-code"
    assert serious(screen) == []
    asked.get_by_label("Code", exact=True).fill(code(secret))
    page.keyboard.press("Enter")
    recovery = page.get_by_role("dialog", name="Recovery codes")
    recovery.wait_for()
    codes = recovery.locator("li").all_text_contents()
    assert len(codes) == 10
    assert serious(screen) == []
    recovery.get_by_role("button", name="Close").click()
    page.get_by_text("Recovery codes left: 10.").wait_for()
    page.get_by_role("button", name="Log out").click()

    # The password needs a code now; the login with the provider does not.
    with_provider.wait_for()
    page.get_by_label("User name").fill("kim")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    field = dialog.get_by_label("Code", exact=True)
    field.wait_for()
    assert page.evaluate("document.activeElement.autocomplete") == "one-time-code"
    field.fill("no code")
    page.keyboard.press("Enter")
    dialog.get_by_text("Wrong code, or a code that was used before.").wait_for()
    field.fill(codes[0])
    page.keyboard.press("Enter")
    logged_in(screen, "kim")
    page.get_by_role("button", name="Log out").click()
    with_provider.click()
    logged_in(screen, "kim")
    # The session is like any other: it survives a reload, and the logout is one at the provider, too.
    page.reload()
    logged_in(screen, "kim")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("button", name="Yes, sign me out").click()
    with_provider.wait_for()
    with_provider.click()
    page.get_by_placeholder("Enter any login").wait_for()

    # While the provider is down the page says so, and passwords work.
    provider.stop()
    page.goto(screen.origin)
    with_provider.click()
    dialog.get_by_text("Staff ID does not respond.").wait_for()
    page.get_by_label("User name").fill("kim")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Log in", exact=True).click()
    field.fill(code(secret, 1))
    page.keyboard.press("Enter")
    logged_in(screen, "kim")
