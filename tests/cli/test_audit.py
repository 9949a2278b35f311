"""``hub audit``, and the entries of the other commands."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from hub.cli.main import cli
from tests.cli.test_main import SECRET, no_settings
from tests.support.running import PATIENCE

__all__ = ["no_settings"]  # a fixture that is used for all tests here too

Hub = Callable[..., str]


@pytest.fixture
def hub(database_url: str) -> Hub:
    def run(*arguments: str, code: int = 0) -> str:
        environ = {"HUB_DATABASE_URL": database_url, "HUB_JWT_SECRET": SECRET}
        result = CliRunner().invoke(cli, arguments, env=environ)
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_commands_that_change_something_are_recorded(hub: Hub) -> None:
    hub("driver", "add", "d-1", "--name", "Olga")
    hub("driver", "add", "d-1", "--name", "Olga O.")
    hub("driver", "disable", "d-1")
    hub("driver", "revoke", "d-1")
    hub("user", "add", "petra", "--role", "admin")
    hub("user", "add", "paul", "--role", "dispatcher")
    hub("user", "reset", "petra")
    hub("user", "disable", "paul")
    hub("quarantine", "clear", "--yes")
    hub("key", "add", "ERP", "--role", "gateway")
    hub("key", "revoke", "ERP")
    token = hub("token", "--role", "driver", "--driver", "d-1", "--fleet", "default").strip()
    hub("token", "revoke", token)
    hub("driver", "list")
    hub("user", "enable", "nobody-of-this-name", code=1)
    entries = [json.loads(line) for line in hub("audit", "--json").splitlines()]
    assert [entry["action"] for entry in reversed(entries)] == [
        "driver.created", "phone_token.created", "driver.changed", "phone_token.created", "driver.changed",
        "phone_token.revoked", "phone_token.revoked", "user.created", "user.created", "user.password_reset",
        "user.changed", "quarantine.cleared", "api_key.created", "api_key.revoked", "token.issued", "token.revoked",
    ]  # fmt: skip
    assert {(one["actorKind"], one["actorId"], one["requestId"]) for one in entries} == {
        ("command", getpass.getuser(), None)
    }
    assert "Olga" not in json.dumps(entries) and token not in json.dumps(entries)
    revoked, issued = entries[:2]
    assert revoked["subjectId"] == issued["subjectId"]
    assert issued["details"] == {"role": "driver", "driverId": "d-1", "expiresAt": issued["details"]["expiresAt"]}


def test_entries_are_printed_and_filtered(hub: Hub) -> None:
    for driver in ("a", "b"):
        hub("driver", "add", driver, "--fleet", "north")
    hub("driver", "disable", "b", "--fleet", "north")
    assert hub("audit") == ""
    newest, *rest = hub("audit", "--fleet", "north").splitlines()
    assert newest.split()[1:5] == ["command", getpass.getuser(), "driver.changed", "b"]
    assert newest.endswith('{"fields":["disabled"],"disabled":true}')
    assert len(rest) == 4
    assert len(hub("audit", "--fleet", "north", "--limit", "2").splitlines()) == 2
    assert len(hub("audit", "--fleet", "north", "--kind", "driver", "--id", "b").splitlines()) == 2
    assert hub("audit", "--fleet", "north", "--until", "2020-01-01") == ""
    assert len(hub("audit", "--fleet", "north", "--since", "2020-01-01T10:00:00").splitlines()) == 5
    assert "must be one of: alert.acknowledged" in hub("audit", "--action", "x", code=2)
    assert "must be one of: alert, api_key, audit" in hub("audit", "--kind", "x", code=2)


def test_the_database_is_not_blamed_for_a_reader_that_ends_early(hub: Hub, database_url: str) -> None:
    """As in ``hub audit | head -0``."""
    hub("driver", "add", "d-1")
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "hub", "audit"], stdout=writer, stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
            env={**os.environ, "HUB_DATABASE_URL": database_url}, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (1, "")
