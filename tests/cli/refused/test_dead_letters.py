"""``hub dead-letters``: with the stores of a hub, with and without a recorder."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest
from click.testing import CliRunner

from hub.cli.main import cli
from hub.settings import Settings
from tests.cli.test_main import no_settings
from tests.support.logbook import append, entry, fetch, position, recorded, recording

__all__ = ["no_settings"]  # a fixture that is used for all tests here too


def hub(settings: Settings, *arguments: str, code: int = 0) -> str:
    environ = {"HUB_DATABASE_URL": settings.database_url, "HUB_REDIS_URL": settings.redis_url}
    result = CliRunner().invoke(cli, ["dead-letters", *arguments], env=environ)
    assert result.exit_code == code, result.output
    return result.output


async def bury(settings: Settings) -> None:
    """Two letters of positions that PostgreSQL refuses, and one that cannot be decoded."""
    broken = entry(position())
    broken[b"default"] = b"[{"
    async with recording(settings):
        one, two = entry(position("a", latitude=91.0)), entry(position("b", latitude=92.0), fleet="other")
        for each in (one, two, broken):  # of one batch, those that cannot be decoded come first
            await recorded(settings, await append(settings, each))


async def payloads(settings: Settings) -> dict[int, bytes]:
    rows = await fetch(settings, "SELECT id, payload FROM dead_letters ORDER BY id")
    return {row["id"]: row["payload"] for row in rows}


async def repair(settings: Settings) -> None:
    """The fix of this test: the positions get a place that PostgreSQL takes."""
    await fetch(
        settings,
        "UPDATE dead_letters SET payload = convert_to(replace(convert_from(payload, 'UTF8'), '91.0', '51.0'), 'UTF8')",
    )


async def audited(settings: Settings) -> list[tuple[str, str, str]]:
    rows = await fetch(settings, "SELECT fleet, action, subject_id FROM audit ORDER BY 1, 3")
    return [(row[0], row[1], row[2]) for row in rows]


def test_list_show_and_clear(settings: Settings) -> None:
    asyncio.run(bury(settings))
    lines = hub(settings, "list").splitlines()
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert re.match(r"2  [-0-9]{10}T[:0-9]{8}Z  other +\d+ bytes  .*check constraint", lines[1])
    assert hub(settings, "list", "--limit", "1").splitlines() == lines[:1]
    assert hub(settings, "list", "--fleet", "other").splitlines() == [lines[1]]
    said = hub(settings, "show", "1")
    assert re.match(r"entry \d+-\d+, fleet default: .*check", said)
    assert msgspec.json.decode(said.split("\n\n")[1])["latitude"] == 91.0
    assert "there is no dead letter 9: `hub dead-letters list`" in hub(settings, "show", "9", code=1)
    assert "Aborted" in hub(settings, "clear", code=1)
    assert hub(settings, "clear", "--yes", "--fleet", "other") == "Deleted dead letters: 1\n"
    assert hub(settings, "clear", "--yes") == "Deleted dead letters: 2\n"
    assert hub(settings, "list") == ""
    # Both of the default fleet, whose they are all: none is of an unknown fleet.
    assert asyncio.run(audited(settings)) == [
        ("default", "dead_letter.cleared", "default"),
        ("other", "dead_letter.cleared", "other"),
    ]
    assert "must be 1 to 64" in hub(settings, "list", "--fleet", "a b", code=2)


def test_send(settings: Settings) -> None:
    asyncio.run(bury(settings))
    asyncio.run(repair(settings))

    async def main() -> str:
        async with recording(settings):
            return await asyncio.to_thread(hub, settings, "send", "1", "2", "3", "9", code=1)

    said = asyncio.run(main())
    assert re.search(r"^1  sent as \d+-\d+, and stored$", said, re.MULTILINE)
    assert re.search(r"^2  sent as \d+-\d+, and is the dead letter 4 now: .*check", said, re.MULTILINE)
    assert re.search(r"^3  not sent: this version cannot read it: field default: not JSON: ", said, re.MULTILINE)
    assert "9  there is no such dead letter" in said
    assert [*asyncio.run(payloads(settings))] == [3, 4]
    assert asyncio.run(audited(settings)) == [
        ("default", "dead_letter.sent", "1"),
        ("other", "dead_letter.sent", "2"),
    ]
    rows = asyncio.run(fetch(settings, "SELECT fleet, driver_id, latitude_e7 FROM positions"))
    assert [tuple(row) for row in rows] == [("default", "a", 510000000)]
    state = asyncio.run(fetch(settings, "SELECT lost, damaged_at FROM log_offsets"))
    assert [tuple(row) for row in state] == [(0, None)]


def test_without_a_recorder_it_waits_in_the_log(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.cli.refused.dead_letters.PATIENCE", 0.2)
    asyncio.run(bury(settings))
    asyncio.run(repair(settings))
    assert re.fullmatch(r"1  sent as \d+-\d+, and not read yet: is the hub running\?\n", hub(settings, "send", "1"))

    async def main() -> None:
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position("last"))))

    asyncio.run(main())
    rows = asyncio.run(fetch(settings, "SELECT driver_id FROM positions ORDER BY 1"))
    assert [row["driver_id"] for row in rows] == ["a", "last"]


def test_stores_that_do_not_answer(settings: Settings) -> None:
    away = Settings(redis_url="redis://127.0.0.1:1", database_url=settings.database_url)
    asyncio.run(bury(settings))
    assert "does not answer: " in hub(away, "send", "1", code=1)
    assert 1 in asyncio.run(payloads(settings))
