"""docs/identity.md says what the hub does: its paths, its figures, its reasons, and the conversation in it."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import asyncpg
from redis.asyncio import Redis

from hub.core.audit import ActorKind
from hub.edge.api.accounts import account, oidc, users
from hub.edge.api.accounts import logins as auth
from hub.edge.api.accounts.passwords import PasswordCheck
from hub.edge.api.accounts.second_factor import SecondFactors
from hub.edge.api.registry.database import Registry
from hub.edge.node import Node
from hub.embedded.services import Services
from hub.identity.passwords import LONGEST, SHORTEST, WAITING, Passwords, hash_of
from hub.settings import Settings
from hub.stores.postgres.accounts.sessions import GRACE, KEPT, REMOVED_AT_ONCE
from hub.stores.postgres.accounts.users import add_user
from tests.support.api.calls import call
from tests.support.api.fleets import fetch, hub_with
from tests.support.repository import ROOT

TEXT = (ROOT / "docs/identity.md").read_text()
SAID = " ".join(TEXT.split())


def rows(first: str) -> set[str]:
    """First cells of the tables' rows that match."""
    return set(re.findall(rf"^\| `({first})` \|", TEXT, re.MULTILINE))


async def test_every_path_is_listed() -> None:
    node = Node(Settings(), Redis())
    registry, passwords = Registry(node.settings, node.registry_pool), Passwords()
    check = PasswordCheck(node.settings, registry, passwords, Redis())
    factors = SecondFactors(node.settings, registry)
    operations = [
        *auth.routes(node, registry, check, factors),
        *account.routes(node, registry, check, factors),
        *oidc.routes(node, registry, check, factors),
        *users.routes(node, registry, passwords),
    ]
    there = {f"{operation.method} {operation.path}" for operation in operations}
    assert there <= rows("[A-Z]+ /api/v1/.*?")


def test_every_reason_for_an_end_is_listed() -> None:
    code = "".join(
        (ROOT / path).read_text()
        for path in (
            "hub/edge/api/accounts/account.py",
            "hub/edge/api/accounts/logins.py",
            "hub/edge/api/accounts/users.py",
            "hub/stores/postgres/accounts/users.py",
        )
    )
    ends = re.findall(r"sessions\.end(?:_all)?\((.*?)\)\n", code)
    written = {"reuse", *re.findall(r'"([a-z]+)"', " ".join(ends))}
    assert rows("[a-z]+") - {"admin", "dispatcher", "driver", "gateway"} - set(ActorKind) == written


def test_the_figures_are_those_of_the_code() -> None:
    settings = Settings()
    assert (settings.access_lifetime, settings.session_lifetime) == (15 * 60, 30 * 86_400)
    for words in (
        f"for {GRACE:.0f} seconds after its exchange",
        f"have {SHORTEST} to {LONGEST} characters",
        f"At most {WAITING} passwords wait",
    ):
        assert words in SAID
    assert (KEPT, REMOVED_AT_ONCE) == (86_400, 10)
    for name in ("login_attempts", "login_attempts_per_address", "login_attempts_per_user"):
        assert re.search(rf"^\| {getattr(settings, name)} \| .* \| `HUB_{name.upper()}` \|$", TEXT, re.MULTILINE), name


def test_the_conversation_is_what_is_said(services: Services, template: str) -> None:
    block = re.search(r"(?:^    .*\n)*?    → (?:.*\n)(?:^    .*\n)*", TEXT, re.MULTILINE)
    assert block is not None
    turns = [
        " ".join(turn.split()) for turn in re.split(r"^    (?=[→←])", block[0], flags=re.MULTILINE) if turn.strip()
    ]
    assert len(turns) == 8
    with hub_with(services, template, "test_identity_docs") as hub:
        password = json.loads(turns[0].split(" ", 3)[3])["password"]
        asyncio.run(invite(hub.settings.database_url, password))
        for asked, answered in zip(turns[::2], turns[1::2], strict=True):
            _, method, path, body = asked.split(" ", 3)
            _, status, expected = answered.split(" ", 2)
            answer = call(hub, method, path, body, {"content-type": "application/json"})
            assert answer.status == int(status)
            assert_like(answer.json, json.loads(expected.replace(", …}", ', "…": "…"}').replace(": …", ': "…"')))
        assert fetch(hub, "SELECT count(*) FROM sessions") == [(1,)]


async def invite(url: str, password: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await add_user(connection, "default", "desk", "admin", hash_of(password))
    finally:
        await connection.close()


def assert_like(found: Any, expected: Any) -> None:
    """The same where the document says what it is; "…" is anything, and as a name whatever else there is."""
    if expected == "…":
        return
    if isinstance(expected, dict):
        rest = expected.pop("…", None)
        assert found.keys() >= expected.keys() if rest else found.keys() == expected.keys()
        for name, value in expected.items():
            assert_like(found[name], value)
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_like(one, other)
    else:
        assert found == expected
