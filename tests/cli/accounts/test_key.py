"""``hub key``: with the database of a running hub, and without a running hub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.embedded.services import Services
from tests.cli.test_main import SECRET, hub, no_settings, started
from tests.support.api.calls import get
from tests.support.api.fleets import hub_with
from tests.support.running import Edge, until

__all__ = ["no_settings"]  # an autouse fixture


@pytest.fixture(scope="module")
def running(services: Services, template: str) -> Iterator[Edge]:
    with hub_with(services, template, "cli_keys") as edge:
        yield edge


def key_hub(running: Edge, *arguments: str, code: int = 0, **environ: str) -> str:
    """What ``hub key …`` prints."""
    settings = {"HUB_DATABASE_URL": running.settings.database_url, "HUB_JWT_SECRET": SECRET, **environ}
    result = hub("key", *arguments, **settings)
    assert result.exit_code == code, result.output
    return result.output


def key_in(said: str) -> str:
    (key,) = re.findall(r"^  (hub_\S+)$", said, re.MULTILINE)
    return key


def test_a_key_is_made_used_listed_and_revoked(running: Edge) -> None:
    said = key_hub(running, "add", "the ERP", "--role", "dispatcher", "--fleet", "north")
    assert said.startswith(
        "API key of the ERP as dispatcher of the fleet north, valid until it is revoked. It is shown"
    )
    key = key_in(said)
    until(lambda: get(running, "/api/v1/drivers", key).status == 200)
    listed = key_hub(running, "list", "--fleet", "north")
    assert f"{key[:12]}…  dispatcher never used" in listed and listed.endswith(" the ERP\n")
    assert key not in listed
    assert key_hub(running, "list") == ""
    assert key_hub(running, "revoke", "the ERP", "--fleet", "north").startswith("Revoked the API key ")
    until(lambda: get(running, "/api/v1/drivers", key).status == 401)
    assert key_hub(running, "list", "--fleet", "north") == ""


@pytest.mark.parametrize("form", ["key", "prefix", "id"])
def test_of_two_keys_with_one_name_one_is_revoked(running: Edge, form: str) -> None:
    fleet = f"twins-{form}"
    first = key_in(key_hub(running, "add", "twin", "--role", "gateway", "--ttl", "90d", "--fleet", fleet))
    second = key_in(key_hub(running, "add", "twin", "--role", "gateway", "--fleet", fleet))
    (id,) = [line.split()[0] for line in key_hub(running, "list", "--fleet", fleet).splitlines() if first[:12] in line]
    assert f"several API keys twin: use one of the ids {id}, " in key_hub(
        running, "revoke", "twin", "--fleet", fleet, code=1
    )
    text = {"key": first, "prefix": first[:12], "id": id}[form]
    assert key_hub(running, "revoke", text, "--fleet", fleet) == f"Revoked the API key {id}.\n"
    assert second[:12] in key_hub(running, "list", "--fleet", fleet)
    # The whole key is not repeated.
    unknown = key_hub(running, "revoke", first, "--fleet", fleet, code=1)
    assert f"has no API key {first[:12]}: `hub key list` lists them" in unknown


def test_a_refused_command_prints_the_reason(running: Edge) -> None:
    assert "must be one line of 1 to 100 characters" in key_hub(running, "add", "", "--role", "admin", code=2)
    assert "'driver' is not one of" in key_hub(running, "add", "x", "--role", "driver", code=2)
    assert "--fleet" in key_hub(running, "add", "x", "--role", "admin", "--fleet", "a b", code=2)
    assert "such as 90s" in key_hub(running, "add", "x", "--role", "admin", "--ttl", "soon", code=2)
    assert "before the year 10000" in key_hub(running, "add", "x", "--role", "admin", "--ttl", "9999999d", code=2)
    full = {"HUB_MAX_KEYS": "1"}
    key_hub(running, "add", "first", "--role", "admin", "--fleet", "full", **full)
    said = key_hub(running, "add", "second", "--role", "admin", "--fleet", "full", code=1, **full)
    assert "the fleet full has 1 API keys, the most allowed (HUB_MAX_KEYS): `hub key revoke` revokes one" in said


def test_without_a_hub_the_embedded_database_is_started(tmp_path: Path) -> None:
    environ = {"HUB_DATA_DIR": str(tmp_path / "hub"), "HUB_JWT_SECRET": "auto"}
    for arguments, words in ((("add", "ERP", "--role", "admin"), "API key of ERP as admin"), (("list",), "ERP")):
        with started("key", *arguments, **environ) as command:
            said, wrong = command.communicate()
            assert (command.returncode, wrong) == (0, "")
            assert words in said
