"""The log is emptied or trimmed under load: no loss is silent, and recording goes on at once.

A hundred drivers send ten points a second each while another client of Redis removes the log. The hub appends again
what it has acked and PostgreSQL does not have. What no hub has any more is counted, and `/readyz`, the metrics and the
log say so.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import redis.asyncio

from hub.embedded.services import run_directory
from hub.logs import Action
from hub.settings import Settings
from hub.stores.postgres.migrate import migrate
from hub.wire.log import LOG_KEY
from tests.fault.processes.test_any_part_killed import INTERVAL, drive, pid_of, stored
from tests.support.hub_process import HubProcess
from tests.support.logbook import append, entry, fetch, position, recorded, recording, until, value, whole

DRIVERS = 100

Client = redis.asyncio.Redis


async def delete(client: Client) -> None:
    await client.delete(LOG_KEY)


async def flush(client: Client) -> None:
    await client.flushall()


async def trim_all(client: Client) -> None:
    await client.xtrim(LOG_KEY, maxlen=0, approximate=False)


async def trim_most(client: Client) -> None:
    await client.xtrim(LOG_KEY, maxlen=2, approximate=False)


async def trim_ahead(client: Client) -> None:
    """Up to the newest entry but one, which is ahead of the recorder."""
    newest = await client.xrevrange(LOG_KEY, count=2)
    await client.xtrim(LOG_KEY, minid=newest[-1][0], approximate=False)


async def cut_out(client: Client) -> None:
    """Entries in the middle, behind the newest and ahead of the recorder; the recorder's entry stays."""
    for entry_id, _ in (await client.xrevrange(LOG_KEY, count=20))[2:10]:
        await client.xdel(LOG_KEY, entry_id)


VARIANTS = [delete, flush, trim_all, trim_most, trim_ahead, cut_out]
SHORT = [delete, trim_ahead, cut_out]


@pytest.mark.parametrize("empty", SHORT, ids=lambda variant: variant.__name__)
async def test_what_a_running_recorder_misses_is_counted(
    empty: Callable[[Client], Awaitable[None]], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    appended = 0

    async def append_entries(number: int) -> None:
        nonlocal appended
        for _ in range(number):
            positions = [position(f"d{n}", appended) for n in range(10)]
            await client.xadd(LOG_KEY, dict(entry(*positions, before=appended)))
            appended += 10

    async with Client.from_url(settings.redis_url) as client:
        # A long rest after each commit, in which entries gather that can vanish.
        settings = msgspec.structs.replace(settings, recorder_max_wait=0.5)
        async with recording(settings) as recorder:
            await append_entries(10)
            await until_true(lambda: recorder.progress.commits > 0)
            await append_entries(30)
            await empty(client)
            for _ in range(10):
                await append_entries(5)
                await asyncio.sleep(0.02)
            await recorded(settings, await append(settings, whole(appended)))
            rows = await value(settings, "SELECT count(*) FROM positions")
            lost = recorder.progress.lost
            assert rows + lost == appended
            assert lost > 0 and recorder.progress.damaged_at > 0
        async with recording(settings) as recorder:
            await until_true(lambda: recorder.progress.lost == lost)  # the next recorder knows it
    output = capsys.readouterr().out
    assert "log_lost" in output
    assert ("log_trimmed" in output) is (empty is not cut_out)


async def test_positions_of_before_the_first_commit_are_counted(settings: Settings) -> None:
    async with Client.from_url(settings.redis_url) as client:
        await client.xadd(LOG_KEY, dict(entry(position(), before=0)))
        await client.flushall()
        async with recording(settings) as recorder:
            await append(settings, entry(position(second=1), before=1), whole(2))
            await until_true(lambda: recorder.progress.lost == 1)


async def test_a_log_that_an_older_recorder_read_is_no_loss(settings: Settings) -> None:
    """Entries without numbers, and numbers that a recorder did not count because it does not know them."""
    async with Client.from_url(settings.redis_url) as client:
        async with recording(settings):
            await recorded(settings, await append(settings, entry(position()), entry(position("d2"))))
        await recorded_by_older(settings, (await client.xadd(LOG_KEY, dict(entry(position("d3"), before=0)))).decode())
        async with recording(settings) as recorder:
            await recorded(settings, await append(settings, entry(position("d4"), before=1)))
            assert (recorder.progress.lost, recorder.progress.damaged_at) == (0, 0.0)
            await client.delete(LOG_KEY)
            await recorded(settings, await append(settings, entry(position("d5"), before=7), whole(8)))
            assert recorder.progress.lost == 5


async def test_a_database_of_before_is_upgraded(settings: Settings) -> None:
    """What its recorder read had no numbers; a new hub counts from nothing on."""
    await fetch(
        settings,
        "ALTER TABLE log_offsets DROP numbers_at, DROP numbers, DROP lost, DROP damaged_at",
    )
    await fetch(settings, "DELETE FROM schema_steps WHERE step = 'step_0001_log_numbers'")
    last = await append(settings, entry(position()), entry(position("d2")))
    await fetch(settings, "INSERT INTO log_offsets (log, last_id) VALUES ($1, $2)", LOG_KEY, last)
    assert await migrate(settings.database_url) == ["step_0001_log_numbers"]
    async with recording(settings) as recorder:
        await recorded(settings, await append(settings, entry(position("d3"))))
        await append(settings, entry(position("d4"), node="new", before=2), whole(3, "new"))
        await until_true(lambda: recorder.progress.lost == 2)


async def recorded_by_older(settings: Settings, entry_id: str) -> None:
    """Move the offset as recorders without numbers do."""
    await fetch(settings, "UPDATE log_offsets SET last_id = $1", entry_id)


async def until_true(condition: Callable[[], bool]) -> None:
    async def asked() -> bool:
        return condition()

    await until(asked)


@pytest.mark.slow
@pytest.mark.parametrize("paused", [False, True], ids=["recording", "paused"])
@pytest.mark.parametrize("empty", VARIANTS, ids=lambda variant: variant.__name__)
async def test_a_loss_under_load(empty: Callable[[Client], Awaitable[None]], paused: bool, tmp_path: Path) -> None:
    hub = HubProcess(Settings(port=0, data_dir=tmp_path / "data", log_level="warning"), tmp_path)
    hub.start()
    try:
        enough = asyncio.Event()
        sending = [asyncio.create_task(drive(hub.url, number, enough, INTERVAL)) for number in range(DRIVERS)]
        await stored(tmp_path / "data", 1)  # the recorder is at work
        await asyncio.sleep(2)
        recorder = pid_of(hub, "recorder")
        assert recorder is not None
        async with Client.from_url(f"unix://{run_directory(tmp_path / 'data')}/redis.sock") as client:
            if paused:
                os.kill(recorder, signal.SIGSTOP)
                await asyncio.sleep(1)
            elif empty is cut_out:
                await asyncio.sleep(0.3)
            await empty(client)
        emptied, at = time.monotonic(), datetime.now(UTC)
        if paused:
            await asyncio.sleep(0.5)
            os.kill(recorder, signal.SIGCONT)
        said = asyncio.create_task(alarm(hub, emptied))
        await asyncio.sleep(4)
        enough.set()
        acked = sum(await asyncio.gather(*sending))
        rows, _ = await stored(tmp_path / "data", acked)
        said_after, line = await said
        counted = await asyncio.to_thread(lost, hub)
    finally:
        hub.stop()
    print(
        f"\n{empty.__name__}{', recorder paused' if paused else ''}: acked {acked}, stored {rows}, "
        f"missing {acked - rows}, counted {counted}, logged after {logged_after(tmp_path / 'hub.log', at):.1f} s, "
        f"/readyz after {said_after:.1f} s: {line}",
        file=sys.stderr,
    )
    assert (rows, counted) == (acked, 0)
    assert line or empty is cut_out  # perhaps the recorder had read what was cut out


@pytest.mark.slow
@pytest.mark.parametrize("kept", [100_000, 50])
async def test_a_loss_after_which_no_driver_sends(kept: int, tmp_path: Path) -> None:
    """A hub keeps ``HUB_MAX_UNLOGGED`` acked positions. More are lost, and counted."""
    settings = Settings(port=0, data_dir=tmp_path / "data", log_level="warning", max_unlogged=kept, retry_after=0.1)
    hub = HubProcess(settings, tmp_path)
    hub.start()
    try:
        enough = asyncio.Event()
        sending = [asyncio.create_task(drive(hub.url, number, enough, INTERVAL)) for number in range(DRIVERS)]
        await stored(tmp_path / "data", 1)
        recorder = pid_of(hub, "recorder")
        assert recorder is not None
        os.kill(recorder, signal.SIGSTOP)
        await asyncio.sleep(1)
        enough.set()
        acked = sum(await asyncio.gather(*sending))
        async with Client.from_url(f"unix://{run_directory(tmp_path / 'data')}/redis.sock") as client:
            await client.delete(LOG_KEY)
        os.kill(recorder, signal.SIGCONT)
        async with asyncio.timeout(60):
            rows = counted = 0
            while rows + counted < acked:
                await asyncio.sleep(0.2)
                rows, _ = await stored(tmp_path / "data", 0)
                counted = await asyncio.to_thread(lost, hub)
    finally:
        hub.stop()
    print(f"\nno driver left, {kept} kept: acked {acked}, stored {rows}, counted {counted}", file=sys.stderr)
    assert counted == acked - rows
    assert (counted > 0) is (kept == 50)


async def alarm(hub: HubProcess, since: float) -> tuple[float, str]:
    """Seconds until `/readyz` says that positions were lost, and how; nothing after 60 s."""
    while (waited := time.monotonic() - since) < 60:
        lines = [line for line in (await asyncio.to_thread(get, hub, "/readyz")).splitlines() if "the log" in line]
        if lines:
            return waited, lines[0]
        await asyncio.sleep(0.1)
    return waited, ""


def logged_after(log: Path, at: datetime) -> float:
    """Seconds until the first line of the log that says it."""
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    said = [
        line["ts"] for line in lines if line["action"] in (Action.LOG_TAIL_LOST, Action.LOG_TRIMMED, Action.LOG_MISSING)
    ]
    return (min(map(datetime.fromisoformat, said)) - at).total_seconds() if said else math.inf


def lost(hub: HubProcess) -> int:
    lines = get(hub, "/metrics").splitlines()
    return next((int(float(line.split()[1])) for line in lines if line.startswith("hub_log_lost_positions_total ")), 0)


def get(hub: HubProcess, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{hub.settings.port}{path}", timeout=10) as answer:
        return answer.read().decode()
