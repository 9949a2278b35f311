"""A hub that asks for logins, with people who may log in."""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from hub.settings import Settings
from tests.identity.test_tokens import SECRET, token
from tests.support.api.calls import Answer
from tests.support.hub_process import HubProcess
from tests.support.running import PATIENCE
from tests.web.screens import Screen

PASSWORD = "a long walk by the sea"
FLEET = "default"


SERIOUS = """async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}"""
"""Only what is found leaves the page: all that axe reports would take as long again."""


class GuardedHub(HubProcess):
    """With services of its own. ``ask`` is the API as an admin has it who has no page."""

    MODULE = "tests.support.quick_hub"

    def __init__(self, folder: Path, **settings: Any) -> None:
        usual = {"port": 0, "map": "offline", "jwt_secret": SECRET, "heartbeat_interval": 1.0}
        super().__init__(Settings(data_dir=folder / "data", **{**usual, **settings}), folder)

    def start(self) -> None:
        super().start()
        # What people enter is kept as soon as the recorder has made the tables.
        deadline = time.monotonic() + PATIENCE
        while self.ask("GET", "/api/v1/users").status == 503:
            assert time.monotonic() < deadline, "there are no tables"
            time.sleep(0.1)

    def ask(self, method: str, path: str, body: object = None, *, etag: str = "", anonymous: bool = False) -> Answer:
        headers = {} if anonymous else {"authorization": f"Bearer {token(role='admin', fleet=FLEET)}"}
        headers |= {"if-match": etag} if etag else {}
        headers |= {"content-type": "application/json"} if body is not None else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.settings.port, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def make(self, path: str, body: object) -> dict[str, Any]:
        """What a POST has made."""
        answer = self.ask("POST", path, body)
        assert answer.status == 201, answer.body
        made: dict[str, Any] = answer.json
        return made

    def invite(self, username: str, role: str) -> tuple[str, str]:
        """A new user's id and one-time password."""
        made = self.make("/api/v1/users", {"username": username, "role": role})
        return made["user"]["userId"], made["password"]

    def user(self, username: str, role: str) -> str:
        """The id of a new user who has chosen ``PASSWORD``."""
        user_id, once = self.invite(username, role)
        body = {"username": username, "password": once, "newPassword": PASSWORD}
        answer = self.ask("POST", "/api/v1/auth/token", body, anonymous=True)
        assert answer.status == 200, answer.body
        return user_id


def log_in(screen: Screen, username: str, password: str = PASSWORD) -> None:
    """Type it, and press the button."""
    screen.page.get_by_label("User name").fill(username)
    screen.page.get_by_label("Password", exact=True).fill(password)
    screen.page.get_by_role("button", name="Log in").click()


def logged_in(screen: Screen, username: str) -> None:
    """Wait until the page says who it is for, and is live."""
    screen.page.locator("#account").get_by_text(username).wait_for()
    screen.page.wait_for_selector("#connection[data-state=live]")


def serious(screen: Screen) -> list[str]:
    """What axe finds that keeps people from using the page as it is now."""
    page = screen.page
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(SERIOUS)
    return found
