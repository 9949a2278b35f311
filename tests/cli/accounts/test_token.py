"""``hub token``: signs, lists and revokes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import jwt
import pytest

from hub.core.principal import Role
from hub.embedded.services import Services
from hub.identity.tokens import authenticate
from hub.settings import Settings
from tests.cli.test_main import SECRET, hub, no_settings
from tests.support.api.calls import get
from tests.support.api.fleets import execute, fetch, hub_with
from tests.support.peers import Peer
from tests.support.running import Edge

__all__ = ["no_settings"]  # an autouse fixture


@pytest.fixture(scope="module")
def running(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "cli_tokens") as edge:
        yield edge


def token_hub(running: Edge, *arguments: str, code: int = 0) -> str:
    """What ``hub token …`` prints."""
    result = hub("token", *arguments, HUB_DATABASE_URL=running.settings.database_url, HUB_JWT_SECRET=SECRET)
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.parametrize(
    ("role", "driver"), [("driver", "d-1"), ("dispatcher", None), ("gateway", None), ("admin", None)]
)
def test_the_hub_accepts_the_tokens_of_the_command(running: Edge, role: str, driver: str | None) -> None:
    options = ["--driver", driver] if driver else []
    said = token_hub(running, "--role", role, "--fleet", "north", "--ttl", "30m", *options)
    principal = authenticate(Settings(jwt_secret=SECRET), said.strip())
    assert (principal.role, principal.fleet, principal.driver) == (Role(role), "north", driver)
    claims = jwt.decode(said.strip(), SECRET, algorithms=["HS256"])
    assert claims["exp"] - claims["iat"] == 1800
    assert f"{claims['jti']}  {role}" in token_hub(running, "list", "--fleet", "north")


@pytest.mark.parametrize("by", ["id", "token"])
def test_a_token_is_revoked_by_its_id_or_by_itself(running: Edge, by: str) -> None:
    first, second = (token_hub(running, "add", "--role", "dispatcher", "--fleet", "one").strip() for _ in range(2))
    id = jwt.decode(first, SECRET, algorithms=["HS256"])["jti"]
    with Peer(running.address, headers=[f"Authorization: Bearer {first}"]) as peer:
        peer.say({"type": "ping"})
        assert peer.hear() == {"type": "pong"}
        said = token_hub(running, "revoke", id if by == "id" else first, "--fleet", "one")
        assert said == f"Revoked the token {id}.\n"
        assert peer.closed() == (4501, "revoked")
    assert get(running, "/api/v1/drivers", first).status == 401
    assert get(running, "/api/v1/drivers", second).status == 200
    states = dict(line.split()[0:3:2] for line in token_hub(running, "list", "--fleet", "one").splitlines())
    assert states.pop(id) == "revoked"
    assert "valid" in states.values()
    # Once more changes nothing.
    assert token_hub(running, "revoke", id, "--fleet", "one") == said


def test_a_token_of_another_fleet_is_not_revoked(running: Edge) -> None:
    made = token_hub(running, "--role", "admin", "--fleet", "theirs").strip()
    id = jwt.decode(made, SECRET, algorithms=["HS256"])["jti"]
    for unknown in (id, str(uuid4())):
        said = token_hub(running, "revoke", unknown, "--fleet", "ours", code=1)
        assert f"the fleet ours has no valid token {unknown}: `hub token list --fleet ours` lists them" in said
    assert get(running, "/api/v1/drivers", made).status == 200


def test_a_token_without_an_id(running: Edge) -> None:
    made = token_hub(running, "--role", "admin", "--fleet", "bare", "--unregistered").strip()
    assert get(running, "/api/v1/drivers", made).status == 200
    assert token_hub(running, "list", "--fleet", "bare") == ""
    assert "the token has no id (jti)" in token_hub(running, "revoke", made, code=1)
    for wrong in ("7", "a.b.c", "x"):
        assert "must be an id of `hub token list`, or a token" in token_hub(running, "revoke", wrong, code=2)


def test_an_unregistered_token_needs_no_database() -> None:
    away = {"HUB_DATABASE_URL": "postgresql://127.0.0.1:1/none", "HUB_JWT_SECRET": SECRET}
    refused = hub("token", "--role", "admin", "--fleet", "f", **away)
    assert refused.exit_code == 3
    assert "HUB_DATABASE_URL: the database does not answer" in refused.output
    assert "hub token add --unregistered needs no database" in refused.output
    made = hub("token", "--role", "admin", "--fleet", "f", "--unregistered", **away)
    assert authenticate(Settings(jwt_secret=SECRET), made.output.strip()).credential is None


def test_without_a_fleet_it_is_the_default_one() -> None:
    made = hub("token", "--role", "admin", "--unregistered", HUB_DEFAULT_FLEET="south", HUB_JWT_SECRET=SECRET)
    assert authenticate(Settings(jwt_secret=SECRET), made.output.strip()).fleet == "south"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--role", "driver"], "--driver is required with --role driver"),
        (["--role", "admin", "--driver", "d-1"], "--driver is required with --role driver"),
        (["--role", "admin", "--ttl", "soon"], "must be a number and a unit"),
        (["--role", "admin", "--ttl", "99d"], "must be at most 2678400 s (HUB_JWT_MAX_LIFETIME)"),
        (["--role", "admin", "--fleet", "d 1"], "letters, digits, or any of . _ : -"),
        (["--role", "driver", "--driver", "d 1"], "letters, digits, or any of . _ : -"),
    ],
)
def test_a_token_that_the_hub_refuses_is_not_signed(options: list[str], message: str) -> None:
    result = hub("token", "--fleet", "north", *options, HUB_JWT_SECRET=SECRET)
    assert result.exit_code == 2
    assert message in result.output


def test_rows_of_expired_tokens_are_deleted(running: Edge) -> None:
    insert = "INSERT INTO issued_tokens (id, fleet, role, expires_at) VALUES (gen_random_uuid(), 'old', 'admin', $1)"
    url = running.settings.database_url
    asyncio.run(execute(url, insert.replace("$1", "now() - interval '2 days'")))
    asyncio.run(execute(url, insert.replace("$1", "now() - interval '1 minute'")))
    assert token_hub(running, "list", "--fleet", "old") == ""
    token_hub(running, "--role", "admin", "--fleet", "old")
    assert fetch(running, "SELECT count(*) FROM issued_tokens WHERE fleet = 'old'") == [(2,)]
