"""Users of a hub under test, and how they log in."""

from __future__ import annotations

from typing import Any

from tests.support.api.calls import Answer, call
from tests.support.api.fleets import ADMIN
from tests.support.running import Edge

AUTH = "/api/v1/auth"
USERS = "/api/v1/users"
PASSWORD = "correct horse battery"
JSON = {"content-type": "application/json"}


def post(hub: Edge, path: str, body: object = None, *, token: str = "", **headers: str) -> Answer:
    """A POST as a program sends it; ``sec_fetch_site="…"`` is the header of that name."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return call(hub, "POST", path, {} if body is None else body, {**JSON, **named}, token)


def log_in(hub: Edge, username: str, password: str = PASSWORD, **more: Any) -> Answer:
    return post(hub, f"{AUTH}/token", {"username": username, "password": password, **more})


def invite(hub: Edge, username: str, role: str = "dispatcher", token: str = ADMIN) -> tuple[str, str]:
    """Id and one-time password of a new user."""
    made = post(hub, USERS, {"username": username, "role": role}, token=token)
    assert made.status == 201, made
    return made.json["user"]["userId"], made.json["password"]


def join(hub: Edge, username: str, role: str = "dispatcher", token: str = ADMIN) -> dict[str, Any]:
    """The tokens of a new user who has chosen ``PASSWORD``; ``user.userId`` says who that is."""
    _, once = invite(hub, username, role, token)
    first = log_in(hub, username, once, newPassword=PASSWORD)
    assert first.status == 200, first
    tokens: dict[str, Any] = first.json
    return tokens


def renew(hub: Edge, tokens: dict[str, Any]) -> Answer:
    return post(hub, f"{AUTH}/refresh", {"refreshToken": tokens["refreshToken"]})
