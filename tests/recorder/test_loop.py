"""The recorder as a whole, on services that are well; tests/fault has the other days."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys

import pytest
import redis.asyncio

from hub.settings import Settings
from hub.wire.log import LOG_KEY, RECORDER_KEY
from tests.support.logbook import PATIENCE, append, entry, fetch, position, recorded, recording, until, value


async def report_of(settings: Settings) -> dict[str, str]:
    async with redis.asyncio.from_url(settings.redis_url, decode_responses=True) as client:
        return await client.hgetall(RECORDER_KEY)


async def test_records_what_was_there_and_what_comes(settings: Settings) -> None:
    await append(settings, entry(position("a"), position("b")), entry(position("a", second=1), fleet="other"))
    async with recording(settings) as recorder:
        last = await append(settings, entry(position("a", second=2)))
        await recorded(settings, last)
        rows = await fetch(settings, "SELECT fleet, driver_id FROM tracks ORDER BY recorded_at, driver_id")
        assert [tuple(row) for row in rows] == [
            ("default", "a"), ("default", "b"), ("other", "a"), ("default", "a"),
        ]  # fmt: skip
        assert (recorder.progress.rows, recorder.progress.duplicates) == (4, 0)
    assert await value(settings, "SELECT count(*) FROM positions_default") == 0


async def test_goes_on_where_it_stopped(settings: Settings) -> None:
    async with recording(settings):
        await recorded(settings, await append(settings, entry(position("a"))))
    last = await append(settings, entry(position("b")))
    async with recording(settings) as recorder:
        await recorded(settings, last)
        assert (recorder.progress.rows, recorder.progress.duplicates) == (1, 0)


async def test_many_small_entries_share_a_commit(settings: Settings) -> None:
    last = await append(settings, *(entry(position(second=n)) for n in range(500)))
    async with recording(settings) as recorder:
        await recorded(settings, last)
        assert (recorder.progress.rows, recorder.progress.commits) == (500, 1)


async def test_a_batch_is_bounded(settings: Settings) -> None:
    last = await append(settings, *(entry(*(position(second=n * 100 + k) for k in range(100))) for n in range(320)))
    small = Settings(redis_url=settings.redis_url, database_url=settings.database_url, recorder_max_rows=3_000)
    async with recording(small) as recorder:
        await recorded(settings, last)
        assert recorder.progress.rows == 32_000
        assert 32_000 / 6_200 <= recorder.progress.commits <= 11  # a bound, and up to one read more


async def test_trims_behind_the_commit_and_reports(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.recorder.report.KEEP", 0.0)
    last = await append(settings, *(entry(position(second=n)) for n in range(10)))
    await append(settings, entry(position("bad", latitude=91.0)), entry(position()))
    async with recording(settings), redis.asyncio.from_url(settings.redis_url) as client:

        async def trimmed() -> bool:
            return await client.xlen(LOG_KEY) == 1

        await until(trimmed)

        async def reported() -> bool:
            return (await report_of(settings)).get("rows") == "10"

        await until(reported)
        report = await report_of(settings)
        assert report.keys() == {
            "state", "offset", "commits", "rows", "duplicates", "dead_letters", "retries", "last_commit", "error",
            "problem", "failing", "stored", "lost", "damaged_at", "reported_at", "backlog_entries", "lag_seconds",
        }  # fmt: skip
        assert report["state"] == "recording"
        assert report["offset"] > last
        assert (report["dead_letters"], report["duplicates"], report["retries"]) == ("1", "1", "0")
        assert (report["backlog_entries"], report["lag_seconds"]) == ("0", "0.0")


async def test_as_a_process_it_says_what_it_does_and_stops_when_told(settings: Settings) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.recorder", stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HUB_REDIS_URL": settings.redis_url, "HUB_DATABASE_URL": settings.database_url},
    )  # fmt: skip
    try:
        await recorded(settings, await append(settings, entry(position())))
        process.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0
    lines = [json.loads(line) for line in errors.splitlines()]
    assert [line["action"] for line in lines if "partition" not in line] == ["recorder_started", "recorder_stopped"]
    assert {line["process"] for line in lines} == {"recorder"}


@pytest.mark.parametrize("missing", ["HUB_REDIS_URL", "HUB_DATABASE_URL"])
async def test_it_does_not_start_without_its_services(settings: Settings, missing: str) -> None:
    environment = {"HUB_REDIS_URL": settings.redis_url, "HUB_DATABASE_URL": settings.database_url}
    del environment[missing]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hub.recorder", stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment}
    )
    _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 3
    assert errors.decode().startswith(f"{missing}: required by the recorder")
