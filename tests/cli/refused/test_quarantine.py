"""``hub quarantine``: with the database of a hub, and with the hub itself for sending."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import asyncpg
from click.testing import CliRunner, Result

from hub.cli.main import cli
from hub.settings import Settings
from hub.stores.postgres.history.quarantine import Payload, add_payloads
from tests.cli.test_main import no_settings
from tests.support.running import Edge, edge, until

__all__ = ["no_settings"]  # a fixture that is used for all tests here too

BODY = b'[{"latitude": 1.5, "longitude": 2.5, "time": 1795000000, "device_id": "bus"}]'


async def fill(url: str, *bodies: bytes, fleet: str = "default") -> list[str]:
    """Ids of payloads with these bodies, oldest first."""
    connection = await asyncpg.connect(url)
    try:
        for second, body in enumerate(bodies):
            instant = datetime(2026, 11, 18, 10, 0, second, tzinfo=UTC)
            payload = Payload(
                fleet, None, instant, "background", "invalid", "latitude", "must be one", 1, "/traccar", "x=1", None,
                "", body,
            )  # fmt: skip
            await add_payloads(connection, [payload], 10**9)
        rows = await connection.fetch("SELECT id FROM quarantine WHERE fleet = $1 ORDER BY received_at", fleet)
        return [str(row["id"]) for row in rows]
    finally:
        await connection.close()


def hub(url: str, *arguments: str, code: int = 0) -> str:
    environ = {"HUB_DATABASE_URL": url}
    result: Result = CliRunner().invoke(cli, ["quarantine", *arguments], env=environ)
    assert result.exit_code == code, result.output
    return result.output


def test_list_show_and_clear(database_url: str) -> None:
    old, new = asyncio.run(fill(database_url, BODY, b"\xff\x00"))
    (other,) = asyncio.run(fill(database_url, BODY, fleet="other"))
    first, second = hub(database_url, "list").splitlines()
    assert first.startswith(f"{new}  2026-11-18T10:00:01Z") and second.startswith(old)
    assert "1 points  latitude: must be one" in first
    assert hub(database_url, "show", old) == f"/traccar?x=1\n\n{BODY.decode()}\n"
    assert "has no payload" in hub(database_url, "show", other, code=1)
    assert "Aborted" in hub(database_url, "clear", code=1)
    assert hub(database_url, "clear", "--yes") == "Deleted payloads: 2\n"
    assert hub(database_url, "list") == ""
    assert len(hub(database_url, "list", "--fleet", "other").splitlines()) == 1


def test_send(settings: Settings) -> None:
    with edge(settings) as running:
        # The hub runs in this process: what it logs at the start would be in the output of the command.
        until(lambda: running.node.identity.directory.current)
        good, bad = asyncio.run(fill(settings.database_url, BODY, b'{"latitude": 95}'))
        url = base(running)
        said = hub(settings.database_url, "send", good, "--url", url)
        assert said == f"{good}  accepted 1, refused 0\n"
        said = hub(settings.database_url, "send", bad, "--url", url, code=1)
        assert said.startswith(f"{bad}  accepted 0, refused 1: latitude must be a latitude")
        assert "404: there is no such payload" in hub(settings.database_url, "send", good, "--url", url, code=1)
        assert running.call(lambda: "bus" in running.node.hub.fleet("default").latest)
    said = hub(settings.database_url, "send", bad, "--url", url, code=1)
    assert "/send: connection refused. Is `hub serve` running?" in said


def base(running: Edge) -> str:
    return "http://{}:{}".format(*running.address)
